"""Which cases a clerk looks at: a view, filters and a place in the list, all of it in the address."""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext_lazy as _

from accounts.people import Clerk
from applications import search
from applications.models import Application
from applications.states import OPEN, State
from authorities import clock as calendar
from authorities.models import Authority
from backoffice.words import DUE_SOON_WORKING_DAYS

VIEWS = {
    "neu": _("Neu"),
    "meine": _("Meine"),
    "faellig": _("Fällig"),
    "wartet": _("Wartet auf Antragstellende"),
    "fragen": _("Fragen"),
    "offen": _("Alle offenen"),
    "erledigt": _("Erledigt"),
}
DONE, ASKED = "erledigt", "fragen"
STATES = (State.RECEIVED, State.PROCESSING, State.ACTION_REQUIRED)
MINE, NOBODY = "ich", "niemand"
#: Test applications stand among the others, unless somebody hides them or wants them alone.
WITHOUT_TESTS, ONLY_TESTS = "ohne", "nur"
MOST_WORDS = 5
#: As `place_of` writes it: a day or a time, and the id of a case.
_PLACE = re.compile(r"[0-9T:.+-]{10,32}_[0-9a-f-]{36}")


@dataclass(frozen=True)
class Filters:
    """`words` are keyed digests in hex: an address never holds a name. `after` is a place in the order."""

    view: str = "neu"
    service: str = ""
    state: str = ""
    assignee: str = ""
    words: tuple[str, ...] = ()
    after: str = ""
    tests: str = ""

    @classmethod
    def of(cls, query: QueryDict) -> "Filters":
        """From an address; what it does not know counts as not chosen."""
        view, state = query.get("ansicht", ""), query.get("stand", "")
        return cls(
            view=view if view in VIEWS else "neu",
            service=query.get("leistung", "")[:80],
            state=state if state in STATES else "",
            assignee=_known_assignee(query.get("bearbeitung", "")),
            words=tuple(word for word in query.get("wort", "").split(".") if _is_digest(word))[:MOST_WORDS],
            after=after if _PLACE.fullmatch(after := query.get("nach", "")) else "",
            tests=tests if (tests := query.get("test", "")) in (WITHOUT_TESTS, ONLY_TESTS) else "",
        )

    @property
    def is_narrowed(self) -> bool:
        return bool(self.service or self.state or self.assignee or self.words or self.tests)

    def searching(self, text: str, authority: Authority) -> "Filters":
        """With what somebody typed into the search, as digests."""
        digests = search.digests_of(text, keyset=authority.keyset)[:MOST_WORDS]
        return replace(self, words=tuple(digest.hex() for digest in digests), after="")

    def query(self, *, after: str = "") -> str:
        """The query string of this list, from its beginning or from a place in it."""
        values = {
            "ansicht": self.view,
            "leistung": self.service,
            "stand": self.state,
            "bearbeitung": self.assignee,
            "test": self.tests,
            "wort": ".".join(self.words),
            "nach": after,
        }
        return urlencode({name: value for name, value in values.items() if value})

    @property
    def here(self) -> str:
        """The query string of the page of this list where the reader is."""
        return self.query(after=self.after)

    def cases(self, clerk: Clerk) -> QuerySet[Application]:
        """All cases of this list in its order, wherever the reader is in it."""
        cases = of_view(self.view, clerk)
        if self.service:
            cases = cases.filter(offering__service__slug=self.service)
        if self.state:
            cases = cases.filter(state=self.state)
        if self.assignee == NOBODY:
            cases = cases.filter(assignee_id__isnull=True)
        elif self.assignee:
            cases = cases.filter(assignee_id=clerk.user_id if self.assignee == MINE else self.assignee)
        if self.tests:
            cases = cases.filter(is_test=self.tests == ONLY_TESTS)
        for word in self.words:
            cases = cases.filter(
                search_terms__digest=bytes.fromhex(word), search_terms__authority_id=clerk.authority_id
            )
        return cases.order_by(*self.order)

    @property
    def order(self) -> tuple[str, str]:
        return ("-changed_at", "id") if self.view == DONE else ("due_on", "id")

    def beyond(self, case: Application) -> Q:
        """What comes after this case in the order."""
        return self._beyond(case.changed_at if self.view == DONE else case.due_on, case.pk)

    def before(self, case: Application) -> Q:
        if self.view == DONE:
            return Q(changed_at__gte=case.changed_at) & (Q(changed_at__gt=case.changed_at) | Q(id__lt=case.pk))
        return Q(due_on__lte=case.due_on) & (Q(due_on__lt=case.due_on) | Q(id__lt=case.pk))

    def place(self) -> Q:
        """What comes after the place that the address names; everything if it names none."""
        value, _, case_id = self.after.partition("_")
        try:
            key = parse_datetime(value) if self.view == DONE else parse_date(value)
            return self._beyond(key, UUID(case_id)) if key else Q()
        except ValueError:
            return Q()

    def place_of(self, case: Application) -> str:
        key = case.changed_at if self.view == DONE else case.due_on
        return f"{key.isoformat()}_{case.pk}"

    def _beyond(self, key: date | datetime, case_id: UUID) -> Q:
        # The range first: it is what the index is entered by.
        if self.view == DONE:
            return Q(changed_at__lte=key) & (Q(changed_at__lt=key) | Q(id__gt=case_id))
        return Q(due_on__gte=key) & (Q(due_on__gt=key) | Q(id__gt=case_id))


def of_view(view: str, clerk: Clerk) -> QuerySet[Application]:
    """The cases of a tab, as the partial indexes of `Application` know them."""
    cases = Application.objects.visible_to(clerk)
    if view == DONE:
        return cases.exclude(state__in=OPEN)
    if view == ASKED:  # a decided case may have one too
        return cases.filter(asked_at__isnull=False)
    return cases.open().filter(condition_of(view, clerk))


def condition_of(view: str, clerk: Clerk) -> Q:
    """What makes an open case belong to a tab; a case that waits for its applicant is not due."""
    match view:
        case "neu":
            return Q(state=State.RECEIVED)
        case "meine":
            return Q(assignee_id=clerk.user_id)
        case "faellig":
            soon = calendar.add_working_days(calendar.today(), DUE_SOON_WORKING_DAYS)
            return Q(due_on__lte=soon) & ~Q(state=State.ACTION_REQUIRED)
        case "wartet":
            return Q(state=State.ACTION_REQUIRED)
    return Q()


def _known_assignee(value: str) -> str:
    if value in (MINE, NOBODY):
        return value
    try:
        return str(UUID(value))
    except ValueError:
        return ""


def _is_digest(word: str) -> bool:
    return len(word) == 24 and all(letter in "0123456789abcdef" for letter in word)
