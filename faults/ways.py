"""The ways that are struck: what people and their office did before, and the button that is pressed next.

All through the pages. A way begins behind the effects of what was before, so that each door is struck on one way only.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from http.cookiejar import Cookie
from multiprocessing.connection import Connection

import httpx

from faults import outcome, person, walk
from faults.doors import KINDS
from faults.person import Letter
from faults.visitor import Visitor
from hro_portal.stack.__main__ import DEMO_PASSWORD

CITIZEN, CLERK = "buerger1@example.org", "sachbearbeitung@example.org"
PRESSED, MADE = ("write", "commit", "answer"), ("file", "render", "mail", "hint")
Sessions = Mapping[str, Iterable[Cookie]]


class Place:
    """Who stands before the pages in this process; `sessions` are the cookies of those who are signed in."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    def visitor(self, who: str = "") -> Visitor:
        from django.conf import settings

        browser = person.in_process(settings.BASE_URL)
        for cookie in self._sessions.get(who, ()):
            browser.cookies.jar.set_cookie(cookie)
        return Visitor(browser)

    def press(self, who: str, letter: Letter, path: str, typed: Mapping[str, str], *, at: str = "") -> Letter:
        """The same case with another button, about to be pressed."""
        visitor = self.visitor(who)
        values = visitor.filled(at or path, typed)
        return replace(letter, path=path, values=values, cookies=dict(visitor.browser.cookies))

    def go_on(self, letter: Letter) -> str:
        """Presses the button and does what follows; out: where it led."""
        answer = person.send(self.visitor().browser, letter)
        if answer.status != httpx.codes.FOUND:
            raise RuntimeError(f"{letter.path} was answered with {answer.status}")
        walk.work_all(letter)
        return answer.location


@dataclass(frozen=True)
class Way:
    """One button: how one comes before it, which doors must be met behind it.

    `sends`: it is *absenden*; `saves`: it keeps answers of a draft, and there is no application yet.
    """

    name: str
    prepare: Callable[[Place], Letter]
    kinds: Iterable[str] = PRESSED
    sends: bool = False
    signed_in: bool = True
    saves: bool = False


def _by_guest(place: Place) -> Letter:
    return person.write(place.visitor().browser, "punkt@example.org")


def _with_account(place: Place) -> Letter:
    letter = person.write(place.visitor(CITIZEN).browser, CITIZEN)
    return replace(letter, values={**letter.values, "delivery": "postbox"})


def _saving(place: Place) -> Letter:
    """A draft whose steps are all filled in; the first one is changed, and gets a photo."""
    visitor = place.visitor()
    letter = person.write(visitor.browser, "punkt@example.org", photo=False)
    step = letter.path.replace("pruefen/", "schritt/idee/")
    values = visitor.filled(step, {"text": "Bitte stellen Sie Bänke an die Warnow und nicht an den Neuen Markt."})
    return replace(letter, path=step, values=values, files=person.a_photo())


def _arrived(place: Place) -> tuple[Letter, str]:
    """An application from somebody with an account; out: it, and its reference."""
    letter = _with_account(place)
    return letter, place.go_on(letter).split("/")[2]


def _withdrawing(place: Place) -> Letter:
    letter, reference = _arrived(place)
    return place.press(CITIZEN, letter, f"/vorgang/{reference}/zurueckziehen/", {})


def _taken_over(place: Place) -> tuple[Letter, str]:
    letter, reference = _arrived(place)
    office = f"/backoffice/vorgang/{reference}/"
    place.go_on(place.press(CLERK, letter, f"{office}uebernehmen/", {}, at=office))
    return letter, reference


def _asking_back(place: Place) -> Letter:
    letter, reference = _taken_over(place)
    question = {"text": "Wo genau fehlt eine Bank?", "documents": ""}
    return place.press(CLERK, letter, f"/backoffice/vorgang/{reference}/nachfordern/", question)


def _answering(place: Place) -> Letter:
    asked = _asking_back(place)
    place.go_on(asked)
    case = f"/vorgang/{asked.path.split('/')[3]}/"
    return place.press(CITIZEN, asked, f"{case}antwort/", {"text": "Am Stadthafen, Liegeplatz 84."}, at=case)


def _deciding(regime: str) -> Callable[[Place], Letter]:
    def prepare(place: Place) -> Letter:
        letter, reference = _taken_over(place)
        ruling = {"action": "decide", "outcome": "answered", "reason": "Zwei Bänke kommen.", "regime": regime}
        return place.press(CLERK, letter, f"/backoffice/vorgang/{reference}/entscheiden/", ruling)

    return prepare


def _retrieving(place: Place) -> Letter:
    decided = _deciding("retrieval")(place)
    place.go_on(decided)
    item = f"/postfach/{_item_of(decided)}/"
    return place.press(CITIZEN, decided, f"{item}oeffnen/", {}, at=item)


def _posting(place: Place) -> Letter:
    decided = _deciding("letter")(place)
    place.go_on(decided)
    item = _item_of(decided)
    day = {f"{item}-day": date.today().isoformat()}
    return place.press(CLERK, decided, f"/backoffice/briefe/{item}/", day, at="/backoffice/briefe/")


def _item_of(letter: Letter) -> str:
    from foundation import scope
    from postbox.models import PostboxItem

    with scope.system("a fault is looked at", read_only=True):
        return str(PostboxItem.objects.get(subject_id=letter.draft_id).pk)


WAYS = (
    Way("absenden", _by_guest, KINDS, sends=True, signed_in=False),
    Way("konto", _with_account, KINDS, sends=True),
    Way("speichern", _saving, (*PRESSED, "file"), signed_in=False, saves=True),
    Way("nachfordern", _asking_back, (*PRESSED, "hint", "mail")),
    Way("antworten", _answering),
    Way("abruf", _deciding("retrieval"), (*PRESSED, *MADE)),
    Way("abrufen", _retrieving),
    Way("brief", _deciding("letter"), (*PRESSED, *MADE)),
    Way("aufgeben", _posting),
    Way("zurückziehen", _withdrawing),
)


def prepare(pipe: Connection, name: str) -> None:
    """Goes until before the button, in a process of its own; what is pressed next goes into the pipe, and the draft."""
    way = next(way for way in WAYS if way.name == name)
    letter = way.prepare(Place(sessions() if way.signed_in else {}))
    pipe.send((letter, outcome.draft(letter)))


def sessions() -> Sessions:
    """Those who have an account, signed in anew."""
    found = {}
    for who in (CITIZEN, CLERK):
        visitor = Place({}).visitor()
        visitor.sign_in(who, DEMO_PASSWORD)
        found[who] = tuple(visitor.browser.cookies.jar)
    return found
