"""What waits in an office: new, unopened for some working days, due. Counted for the daily mail and for heads."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Count, Q
from django.utils import timezone

from applications.models import Application
from applications.models.application import ApplicationQuerySet
from applications.states import State
from authorities import clock as calendar
from authorities.models import Department
from foundation import mail, outbox

DIGEST = "digest"
REMINDED_AFTER = 2
"""Working days after which the office is told that nobody took an application over."""
LATE_AFTER = 5
"""Working days after which the head sees it on the first page."""


@dataclass(frozen=True)
class Waiting:
    """Numbers only: a mail to an office holds nothing about a person. Open test applications stand beside the rest, and
    are no reason for a mail.
    """

    new: int
    unopened: int
    due: int
    tests: int = 0

    def __bool__(self) -> bool:
        return bool(self.new or self.unopened or self.due)


def ask_for_digests() -> int:
    """Asks for one mail to each office, on working days; says to how many. Twice on a day changes nothing."""
    today = calendar.today()
    if not calendar.is_working_day(today):
        return 0
    departments = list(Department.objects.values_list("pk", "authority_id"))
    for department_id, authority_id in departments:
        outbox.put(DIGEST, authority_id=authority_id, subject_id=department_id, target=today.isoformat())
    return len(departments)


def send_digest(department_id: UUID, *, effect: UUID) -> None:
    """Tells an office how much waits, if anything does; runs in the scope of its authority.

    `effect` is the outbox row that asks for it.
    """
    department = Department.objects.select_related("authority").get(pk=department_id)
    waiting = waiting_in(department_id, calendar.today())
    if waiting:
        context = {"authority": department.authority, "department": department, "waiting": waiting}
        mail.send("digest", context, to=department.email, language="de", effect=effect)


def waiting_in(department_id: UUID, today: date) -> Waiting:
    cases = Application.objects.filter(department_id=department_id).open()
    due = Q(due_on__lte=today) & ~Q(state=State.ACTION_REQUIRED)
    real = Q(is_test=False)
    counted = cases.aggregate(
        new=Count("pk", filter=real & Q(state=State.RECEIVED)),
        unopened=Count("pk", filter=real & _unopened(REMINDED_AFTER, today)),
        due=Count("pk", filter=real & due),
        tests=Count("pk", filter=~real),
    )
    return Waiting(**counted)


def unopened(cases: ApplicationQuerySet, today: date, *, working_days: int = LATE_AFTER) -> ApplicationQuerySet:
    """Those that nobody has taken over for so many working days, the oldest first; no tests."""
    return cases.real().filter(_unopened(working_days, today)).order_by("submitted_at", "id")


def _unopened(working_days: int, today: date) -> Q:
    day = today
    while calendar.working_days_between(day, today) < working_days:
        day -= timedelta(days=1)
    end = timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))
    return Q(state=State.RECEIVED, submitted_at__lt=end)
