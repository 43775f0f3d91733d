"""Whatever is posted to a form of the portal, box by box: it is judged, and nothing is broken or changed silently.

The forms are those of `expected.TABLE`; what else a box holds is what its page offers and what the table sends. The
steps of the city's own forms have a test of their own (`tests/input/test_forms.py`).
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from http.cookies import SimpleCookie
from urllib.parse import quote_plus, urlsplit

import pytest
from django.http import HttpResponse
from hypothesis import HealthCheck, given
from hypothesis import settings as runs
from hypothesis import strategies as st
from lxml import html

from applications.models import Application
from applications.states import State
from forms_engine.characters import readable
from foundation import scope
from tests.factories import make_application
from tests.following.rows import ask
from tests.walls.asking import ADDRESSES, Address, body_of, undone
from tests.walls.expected import TABLE
from tests.walls.test_matrix import rightful
from tests.walls.world import OFFICES, ROSTOCK, SERVICES, Person, Things, World

FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=grenze"
Boxes = list[tuple[str, str]]

#: What every box is sent once: letters of DIN 91379, and blanks that may go at the ends only.
NAME = "  Łucja  Kogge "
LONG = "ä" * 10_000
WORDS = st.text(st.characters(), max_size=40) | st.sampled_from(
    [
        *(
            "\x00",
            "Kogge\x00",
            "\ud800",
            "\udfff Kogge",
            "\ufffe",
            "\u202egnp.exe\u202c",
            "\u2066x",
            "\u200b",
            "\ufeff",
        ),
        *("", " ", NAME, "e\u0301 und \u00e9", "eins\r\nzwei\rdrei\n", LONG, "x" * 10_000, "' OR 1=1 --"),
        *(
            "-1",
            "0",
            "1e400",
            "NaN",
            "9" * 40,
            "1.234,50",
            "٣",
            "2026-02-30",
            "0000-00-00",
            "31.12.9999",
            "9999-12-31T23:59",
        ),
        *(
            "true",
            "[]",
            '{"a": NaN}',
            "{{ 7|add:7 }}",
            "%(x)s",
            "{x}",
            "<script>alert(1)</script>",
            "..//../etc/passwd",
        ),
        *(
            "a@b",
            "x" * 300 + "@example.org",
            "//evil.example",
            "javascript:alert(1)",
            "01980000-0000-7000-8000-00000000ffff",
        ),
    ]
)
HOW = st.sampled_from(["instead", "instead", "instead", "missing", "doubled", "file", "multipart"])

#: Examples at one address: two for each of its boxes, but not more than that.
MOST = 8
#: What a valid post holds beside what the page says: boxes of pages that are not shown at the address itself.
USUAL = {
    "account_signup": {"email": "neu@example.org", "password1": "drei-woerter-im-wind-2026"},
    "account_login": {"login": "citizen@example.org", "password": "x", "next": "/"},
    "account_reset_password": {"email": "citizen@example.org"},
    "account_reauthenticate": {"password": "x", "next": "/"},
    "mfa_reauthenticate": {"code": "123456"},
    "mfa_authenticate": {"code": "123456"},
    "act_for": {"next": "/"},
    "theme": {"next": "/"},
    "set_language": {"next": "/"},
    "filling:begin": {"anew": "1"},
    "found_organisation": {"name": "Watt GmbH", "legal_form": "gmbh"}
    | {
        "form-0-street": "Am Strom",
        "form-0-house_number": "1",
        "form-0-postal_code": "18119",
        "form-0-city": "Rostock",
    },
    "profile": {
        "street": "Am Strom",
        "house_number": "1",
        "postal_code": "18119",
        "city": "Rostock",
        "phone": "0381 1",
    },
    "backoffice:take-over": {"colleague": "01980000-0000-7000-8000-00000000ffff"},
    "backoffice:filter": {"ansicht": "offen", "leistung": "hundesteuer-anmelden", "status": "", "amt": ""},
    "backoffice:try-again": {"kind": "receipt", "error": "x", "row": "01980000-0000-7000-8000-00000000ffff"},
    "backoffice:decide": {
        "reason": "Weil.",
        "regime": "letter",
        "place": "Markt",
        "conditions": "Leise.",
        "fee": "1,50",
        "fee_due_on": (date.today() + timedelta(days=30)).isoformat(),
    },
    "backoffice:ask-back": {"documents": "Foto"},
    "backoffice:tell-affected": {
        "leistung": "hundesteuer-anmelden",
        "von": "2026-01-01T00:00",
        "bis": "2026-01-02T00:00",
    }
    | {"announcement": "01980000-0000-7000-8000-00000000ffff", "number": "1", "subject": "Störung", "text": "Hallo"}
    | {"action": "send"},
}
#: Boxes that belong to a button of their own: they are tried, and no other post holds them.
OF_ANOTHER_BUTTON = {"following:answer": ["delete_file"]}
#: What a form says that it has kept is shown at the same address again.
SHOWS_WHAT_IS_KEPT = {
    "profile",
    "edit_organisation",
    "folder:edit",
    "backoffice:plain-page",
}
#: What was written is read there afterwards, by the same person.
READ_AT = {
    **dict.fromkeys(("following:ask", "following:answer"), "following:case"),
    **dict.fromkeys(("backoffice:reply", "backoffice:ask-back"), "backoffice:case"),
    "backoffice:decide": "backoffice:notice",
}
#: The boxes of those whose text is read there.
READ = {"text", "documents", "reason", "place", "conditions"}
#: Steps have a test of their own.
TRIED = [
    address
    for address in ADDRESSES
    if address.name in TABLE and TABLE[address.name].methods != "G" and address.name != "filling:step"
]


@pytest.fixture(scope="module")
def at_work(world: World) -> dict[str, Things]:
    """Cases of the citizen that are not over: one with an open question, and one that the clerk works on."""
    own, clerk = world.things["citizen"], world.people["clerk"]
    asked, worked_on = _case(world, State.ACTION_REQUIRED), _case(world, State.PROCESSING)
    question = ask(asked, "Was ist mit dem Chip?", ["Foto"], date.today() + timedelta(days=9))
    with scope.system("a test lets a clerk work"):
        Application.objects.filter(pk=worked_on.pk).update(assignee_id=clerk.user_id)
    office = replace(own, reference=worked_on.reference, application_id=worked_on.pk)
    return {
        "following:answer": replace(own, reference=asked.reference, application_id=asked.pk, decision_id=question.pk),
        **dict.fromkeys(("backoffice:ask-back", "backoffice:decide"), office),
    }


def _case(world: World, state: State) -> Application:
    with scope.system("a test looks", read_only=True):
        party_id = Application.objects.get(pk=world.things["citizen"].application_id).party_id
    return make_application(
        service=SERVICES[ROSTOCK], department=OFFICES[ROSTOCK], party_id=party_id, state=state, name="Zzzcitizen, Lena"
    )


def test_every_address_that_takes_a_post_is_tried() -> None:
    names = {address.name for address in TRIED}
    assert {name for name, row in TABLE.items() if row.methods != "G"} == names | {"filling:step"}
    assert names >= USUAL.keys() | READ_AT.keys() | SHOWS_WHAT_IS_KEPT


@pytest.mark.asvs("V2.2.1", "V2.2.2", "V16.5.1")
@pytest.mark.parametrize("address", TRIED, ids=lambda address: address.name)
def test_no_post_breaks_a_page_or_is_changed_silently(
    world: World, at_work: dict[str, Things], address: Address, settings: object
) -> None:
    settings.LIMIT_PER_ADDRESS = 0
    person, things = rightful(world, address)
    if address.name in at_work:
        things = at_work[address.name]
        person = world.people["clerk" if address.name.startswith("backoffice:") else "citizen"]
    form = Form(person, address, things)
    usual = form.usual()
    names = sorted({name for name, _ in usual} | form.unticked) or ["next"]
    names += OF_ANOTHER_BUTTON.get(address.name, [])

    @runs(
        max_examples=min(max(4, 2 * len(names)), MOST),
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(name=st.sampled_from(names), text=WORDS, how=HOW)
    def try_one(name: str, text: str, how: str) -> None:
        with undone():
            assert list(form.faults(usual, name, text, how)) == []

    try_one()
    for name in names:
        with undone():
            assert list(form.faults(usual, name, NAME, "instead")) == []
    assert form.compared or address.name not in SHOWS_WHAT_IS_KEPT | READ_AT.keys()


class Form:
    """What one person may post to one address."""

    def __init__(self, person: Person, address: Address, things: Things) -> None:
        self.person, self.address, self.things = person, address, things
        self.path = address.of(things)
        self.unticked: set[str] = set()
        self.compared = 0

    def usual(self) -> Boxes:
        """What a browser would send of the forms that lead here, filled in as the table says."""
        row, fields = TABLE[self.address.name], vars(self.things)
        sends = {key.format(**fields): value.format(**fields) for key, value in row.sends.items()}
        filled = USUAL.get(self.address.name, {}) | sends
        page = None if row.methods == "P" else self.get(self.path)
        shown = max(self.forms(page), key=lambda boxes: len(filled.keys() & {name for name, _, _ in boxes}), default=[])
        others = [each for each in shown if each[0] not in filled and each[0] != "csrfmiddlewaretoken"]
        self.unticked = {name for name, value, kind in others if kind in TICKED and not value}
        return [(name, value) for name, value, kind in others if value or kind not in TICKED] + list(filled.items())

    def faults(self, usual: Boxes, name: str, text: str, how: str) -> Iterator[str]:
        """A sentence for each thing that went wrong."""
        answer = self.post(changed(usual, name, text, how), how)
        told = f"{self.address.name} {name}={text[:60]!a} {how}: {answer.status_code}"
        if answer.status_code >= 500:
            yield told
        if how not in ("instead", "multipart") or not text.strip():
            return
        if answer.status_code == 422:
            yield from (f"{told}, and the box holds {there!a}" for there in self.lost(answer, name, text))
        if answer.status_code == 302:
            yield from (f"{told}, and kept was {there!a}" for there in self.changed(name, text))

    def lost(self, answer: HttpResponse, name: str, text: str) -> Iterator[str]:
        """What was refused stands in its box, so that it can be mended."""
        for box, value, kind in self.boxes(answer):
            if box == name and kind in TYPED and not same(value, text):
                yield value

    def changed(self, name: str, text: str) -> Iterator[str]:
        if self.address.name in SHOWS_WHAT_IS_KEPT:
            for box, value, kind in self.boxes(self.get(self.path)):
                if box == name and kind in TYPED:
                    self.compared += 1
                    if not same(value, text):
                        yield value
        if self.address.name in READ_AT and name in READ:
            page = next(each for each in ADDRESSES if each.name == READ_AT[self.address.name])
            read = html.fromstring(body_of(self.get(page.of(self.things)))).text_content()
            self.compared += 1
            if flat(text) not in flat(read):
                yield "not on the page"

    def get(self, path: str) -> HttpResponse:
        self.person.client.cookies = SimpleCookie(self.person.cookies)
        return self.person.client.get(path, TABLE[self.address.name].query)

    def post(self, boxes: Boxes, how: str) -> HttpResponse:
        self.person.client.cookies = SimpleCookie(self.person.cookies)
        if how in ("file", "multipart"):
            return self.person.client.post(self.path, multipart(boxes, how), content_type=MULTIPART)
        return self.person.client.post(self.path, encoded(boxes), content_type=FORM)

    def boxes(self, answer: HttpResponse) -> Iterator[tuple[str, str, str]]:
        return (box for form in self.forms(answer) for box in form)

    def forms(self, answer: HttpResponse | None) -> Iterator[list[tuple[str, str, str]]]:
        """(name, value, kind) of what a browser would send to this address, for each form of the page."""
        body = body_of(answer) if answer else ""
        if answer is None or not body or not answer["Content-Type"].startswith("text/html"):
            return
        for form in html.fromstring(body).xpath("//form[translate(@method, 'POST', 'post') = 'post']"):
            if urlsplit(form.get("action") or self.path).path == self.path:
                yield list(_boxes(form))


def _boxes(form: html.FormElement) -> Iterator[tuple[str, str, str]]:
    sent = {name for name, _value in form.form_values()}
    for box in form.xpath(".//*[@name]"):
        kind = box.get("type", "text") if box.tag == "input" else box.tag
        if box.get("name") in sent or kind in (*TYPED, *TICKED, "file"):
            # A line break right behind <textarea> belongs to the markup, not to the text (HTML 4.10.11).
            value = box.get("value") if box.tag == "button" else box.value
            yield box.get("name"), (value or "").removeprefix("\n"), kind


TICKED = ("checkbox", "radio")
#: Boxes that show what was typed into them.
TYPED = ("text", "email", "tel", "search", "url", "textarea", "date", "number", "datetime-local")


def changed(usual: Boxes, name: str, text: str, how: str) -> Boxes:
    """The boxes with one of them missing, doubled, or holding something else."""
    if how == "missing":
        return [(box, value) for box, value in usual if box != name]
    if how == "doubled":
        return [*usual, (name, text), (name, text)]
    return [(box, value) for box, value in usual if box != name] + [(name, text)]


def encoded(boxes: Boxes) -> bytes:
    """As a browser sends it, and as it cannot: half a pair of surrogates is sent as its three bytes."""
    return "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in boxes).encode()


def _quoted(text: str) -> str:
    return quote_plus(text.encode("utf-8", "surrogatepass"))


def multipart(boxes: Boxes, how: str) -> bytes:
    """The same as parts; `file`: the last one, which is the changed one, is a file."""
    parts = []
    for number, (name, value) in enumerate(boxes, 1):
        file = b'; filename="x.txt"' if how == "file" and number == len(boxes) else b""
        head = b'Content-Disposition: form-data; name="' + name.encode("utf-8", "surrogatepass") + b'"' + file
        parts.append(b"--grenze\r\n" + head + b"\r\n\r\n" + value.encode("utf-8", "surrogatepass") + b"\r\n")
    return b"".join(parts) + b"--grenze--\r\n"


def same(shown: str, typed: str) -> bool:
    """But for NFC, ends of lines and blanks at the ends; what no page can show stands there as its mark."""
    return _plain(shown) in (_plain(typed), _plain(readable(typed)))


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", "\n".join(text.splitlines())).strip()


def flat(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())
