"""The inbox: tabs with counters, and one page of cases."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from accounts.models import StaffRole
from accounts.people import Clerk
from applications.contents import applicant_name_of
from applications.deciding.staff import identified
from applications.deciding.use_cases import can_take_over
from applications.deciding.waiting import unopened
from applications.models import Application
from authorities import clock as calendar
from authorities.models import Department
from backoffice.access import CASE_ROLES
from backoffice.queries.filters import ASKED, DONE, VIEWS, Filters, condition_of, of_view
from backoffice.words import Badge, Due, badge_of, due_of
from catalogue.models import Offering

PAGE_SIZE = 25


@dataclass(frozen=True)
class Tab:
    """A view of the inbox; only closed cases are not counted."""

    label: str
    query: str
    is_current: bool
    count: int | None = None
    is_urgent: bool = False


@dataclass(frozen=True)
class Line:
    """A case in the list."""

    case_id: UUID
    reference: str
    name: str
    title: str
    badge: Badge
    due: Due
    assignee: str
    changed_at: datetime
    is_test: bool
    can_take_over: bool


@dataclass(frozen=True)
class Page:
    """One page of the list; `next_query` is empty on the last one, `previous_query` on the first and on empty ones."""

    lines: list[Line]
    next_query: str
    previous_query: str

    @property
    def can_take_over(self) -> bool:
        return any(line.can_take_over for line in self.lines)


@dataclass(frozen=True)
class Choices:
    """What the filters offer, as (value, label)."""

    services: list[tuple[str, str]]
    colleagues: list[tuple[str, str]]


def tabs(filters: Filters, clerk: Clerk) -> list[Tab]:
    """All tabs; their counters come from one query over the open cases, and one over those that ask. Tests are no work
    and count nowhere.
    """
    counted = [view for view in VIEWS if view not in (DONE, ASKED)]
    cases = Application.objects.visible_to(clerk).real().open()
    counts = cases.aggregate(
        **{view: Count("pk", filter=condition_of(view, clerk) or Q(pk__isnull=False)) for view in counted}
    )
    counts[ASKED] = of_view(ASKED, clerk).filter(is_test=False).count()
    return [
        Tab(
            label=str(label),
            query=Filters(view=view).query(),
            is_current=view == filters.view,
            count=counts.get(view),
            is_urgent=view == "faellig" and bool(counts["faellig"]),
        )
        for view, label in VIEWS.items()
    ]


def page(filters: Filters, clerk: Clerk, *, names: dict[UUID, str]) -> Page:
    """The cases from the place that the filters name; by key, so that no page is slower than the first."""
    cases = list(
        filters.cases(clerk).filter(filters.place()).select_related("authority", "offering__service")[: PAGE_SIZE + 1]
    )
    today = calendar.today()
    shown = cases[:PAGE_SIZE]
    return Page(
        lines=[_line(case, today=today, names=names, clerk=clerk) for case in shown],
        next_query=filters.query(after=filters.place_of(shown[-1])) if len(cases) > PAGE_SIZE else "",
        previous_query=_previous(filters, clerk, shown[0]) if filters.after and shown else "",
    )


def _previous(filters: Filters, clerk: Clerk, first: Application) -> str:
    """Where the page begins that ends before this case: the index is read backwards."""
    before = filters.cases(clerk).filter(filters.before(first)).reverse().only("due_on", "changed_at")
    farthest = list(before[PAGE_SIZE : PAGE_SIZE + 1])
    return filters.query(after=filters.place_of(farthest[0]) if farthest else "")


def colleagues_of(clerk: Clerk) -> dict[UUID, str]:
    """All who work on cases of this authority, so that one can tell them apart."""
    staff = StaffRole.objects.filter(authority_id=clerk.authority_id, role__in=CASE_ROLES)
    return identified(staff.values_list("user_id", flat=True))


def departments_of(clerk: Clerk) -> list[str]:
    """The names of the departments whose cases the clerk sees."""
    return list(Department.objects.filter(pk__in=clerk.department_ids).values_list("name", flat=True))


def choices(clerk: Clerk, names: dict[UUID, str]) -> Choices:
    offerings = Offering.objects.filter(authority_id=clerk.authority_id).select_related("service")
    services = sorted((offering.service.title, offering.service.slug) for offering in offerings)
    others = sorted((name, str(user_id)) for user_id, name in names.items() if user_id != clerk.user_id)
    return Choices(
        services=[(slug, title) for title, slug in services], colleagues=[(user_id, name) for name, user_id in others]
    )


def _line(case: Application, *, today: date, names: dict[UUID, str], clerk: Clerk) -> Line:
    return Line(
        case_id=case.pk,
        reference=case.reference,
        name=applicant_name_of(case),
        title=case.offering.service.title,
        badge=badge_of(case),
        due=due_of(case, today),
        assignee=assignee_name(case, names, clerk),
        changed_at=case.changed_at,
        is_test=case.is_test,
        can_take_over=can_take_over(case),
    )


def assignee_name(case: Application, names: dict[UUID, str], clerk: Clerk) -> str:
    """Who works on the case, as this clerk calls them."""
    if case.assignee_id is None:
        return _("niemand")
    if case.assignee_id == clerk.user_id:
        return _("ich")
    return names.get(case.assignee_id, _("nicht mehr im Amt"))


@dataclass(frozen=True)
class Late:
    """What nobody has taken over for five working days: how many, and the oldest of them."""

    number: int
    references: list[str]


def late_for(clerk: Clerk) -> Late | None:
    """For heads only."""
    headed = clerk.departments_as(StaffRole.Role.HEAD)
    if not headed:
        return None
    cases = unopened(Application.objects.visible_to(clerk).filter(department__in=headed), calendar.today())
    return Late(cases.count(), list(cases.values_list("reference", flat=True)[:5]))
