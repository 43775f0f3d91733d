"""What the portal keeps: its rows, its hints, its files. Read and changed from the same database, as the portal's role.

For processes in which Django is set up. Faults break connections, so each question looks first whether there is one.
"""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import redis

from faults.person import Letter

if TYPE_CHECKING:
    from foundation.outbox.models import OutboxQuerySet

QUEUES = ("default", "documents")
DAY_SECONDS = 24 * 3600


def now() -> datetime:
    """The database's clock."""
    from foundation import clock

    _reconnect()
    return clock.now()


def rows(letter: Letter) -> list[UUID]:
    """The effects asked for, in the order in which they were."""
    return list(_rows(letter).order_by("created_at", "id").values_list("pk", flat=True))


def unfinished(letter: Letter) -> list[str]:
    """Effects that are not done, with the reason where one is known; `everything` where there is none at all."""
    told = list(_rows(letter).values_list("kind", "state", "error_code"))
    return [f"{kind} is {state} {code}".strip() for kind, state, code in told if state != "done"] or (
        [] if told else ["everything"]
    )


def attempts(letter: Letter) -> dict[str, int]:
    """How often each effect was claimed."""
    return dict(_rows(letter).values_list("kind", "attempts"))


def dead(letter: Letter) -> list[str]:
    """The kinds of effects that were put aside."""
    return list(_rows(letter).filter(state="dead").values_list("kind", flat=True).order_by("kind"))


def change_rows(letter: Letter, **fields: Any) -> None:
    """As if time had passed, or tries had failed."""
    _rows(letter).update(**fields)


def redrive(letter: Letter) -> None:
    """What the operator's action does with the effects that were put aside."""
    from foundation.outbox import working

    for row in _rows(letter).filter(state="dead"):
        working.redrive(row)


def push(letter: Letter) -> None:
    """What failed need not wait for its pause."""
    _rows(letter).filter(state="due", lease_until=None).exclude(error_code="").update(due_at=now())
    for row in _rows(letter).ready():
        hint(row.pk)


def hold(letter: Letter) -> None:
    """What failed rests for an hour, and is as far from being given up as at its first try."""
    _rows(letter).filter(state="due").update(due_at=now() + timedelta(hours=1), attempts=1)


def release(letter: Letter) -> None:
    """What failed is due now."""
    _rows(letter).filter(state="due").update(due_at=now())


def let_leases_pass() -> None:
    """As if the longest lease and the longest pause had passed, for all that waits.

    Who is about to commit the end of its work holds the row itself, and no lease matters any more.
    """
    from django.db import transaction
    from django.db.models import Q

    from applications.models import Line
    from foundation.outbox.models import OutboxRow

    past = now() - timedelta(seconds=1)
    due = OutboxRow.objects.filter(state=OutboxRow.State.DUE)
    with transaction.atomic():
        free = due.filter(pk__in=list(due.select_for_update(skip_locked=True).values_list("pk", flat=True)))
        free.filter(lease_until__isnull=False).update(lease_until=past)
        free.filter(Q(attempts__gt=0) | ~Q(error_code="")).update(due_at=past)
    Line.objects.filter(ask_again_at__isnull=False).update(ask_again_at=past)


def waiting() -> int:
    """How many effects are due, of anybody; those that failed need not wait for their pause."""
    from applications.models import Line
    from foundation.outbox.models import OutboxRow

    due = OutboxRow.objects.filter(state=OutboxRow.State.DUE)
    moment = now()
    due.filter(lease_until=None).exclude(error_code="").update(due_at=moment)
    Line.objects.filter(ask_again_at__gt=moment).update(ask_again_at=moment)
    return due.filter(due_at__lte=moment).count()


def sent_at(letter: Letter) -> datetime | None:
    """When the letter became an application; None when it did not."""
    from applications.models import Application

    with _everything():
        return Application.objects.filter(pk=letter.draft_id).values_list("submitted_at", flat=True).first()


def times(letter: Letter) -> list[datetime]:
    """When the application changed its state, and when the trail says that something happened to it."""
    from applications.models import Transition
    from foundation.audit.models import AuditEvent

    with _everything():
        moved = Transition.objects.filter(application_id=letter.draft_id).values_list("at", flat=True)
        written = AuditEvent.objects.filter(object_id=letter.draft_id).values_list("at", flat=True)
        return [*moved, *written]


def history(letter: Letter) -> list[str]:
    """The states that the application came to, in order."""
    from applications.models import Transition

    with _everything():
        steps = Transition.objects.filter(application_id=letter.draft_id).order_by("no")
        return list(steps.values_list("to_state", flat=True))


def decisions(letter: Letter) -> int:
    """How often the case was decided."""
    from applications.models import Decision

    with _everything():
        return Decision.objects.filter(application_id=letter.draft_id).count()


def reference(letter: Letter) -> str:
    """The number by which the office finds the case."""
    from applications.models import Application

    with _everything():
        return Application.objects.get(pk=letter.draft_id).reference


def version_sent(letter: Letter) -> int:
    """The number of the form's version that the application keeps."""
    from applications.models import Application

    with _everything():
        return Application.objects.select_related("form_version").get(pk=letter.draft_id).form_version.no


def publish_anew(key: str) -> int:
    """A further version of a form of Rostock, with another title; out: its number."""
    from django.db.models import Max

    from authorities.models import Authority
    from forms_engine import use_cases
    from forms_engine.models import FormVersion

    with _changing():
        rostock = Authority.objects.get(slug="rostock")
        newest = FormVersion.objects.filter(form__key=key, form__authority=rostock).latest("no")
        no = FormVersion.objects.filter(form=newest.form_id).aggregate(last=Max("no"))["last"] + 1
        title = {language: f"{text.split(' – ')[0]} – {no}" for language, text in newest.definition["title"].items()}
        return use_cases.publish(use_cases.add_version(rostock, newest.definition | {"title": title})).no


@contextmanager
def withdrawn(service: str) -> Iterator[None]:
    """A service of Rostock is not offered in the meantime."""
    from catalogue.models import Offering

    offering = Offering.objects.filter(authority__slug="rostock", service__slug=service)
    with _changing():
        offering.update(is_active=False)
    try:
        yield
    finally:
        with _changing():
            offering.update(is_active=True)


@contextmanager
def dismissed(email: str) -> Iterator[None]:
    """Somebody of the staff has no role in the meantime."""
    from accounts.models import StaffRole

    with _changing():
        roles = list(StaffRole.objects.filter(user__email=email))
        StaffRole.objects.filter(user__email=email).delete()
    try:
        yield
    finally:
        with _changing():
            StaffRole.objects.bulk_create(roles)


@contextmanager
def locked(letter: Letter, table: str = "applications_draft") -> Iterator[None]:
    """Somebody else holds the row of the draft, or of the case, for as long as this lasts."""
    from django.db import connections, transaction

    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute("SELECT set_config('portal.system', 'a fault', true)")
        cursor.execute(f"SELECT id FROM {table} WHERE id = %s FOR UPDATE", [letter.draft_id])
        assert cursor.fetchone(), "the row is not there"
        yield


def locks_waited_for() -> int:
    """How many sessions stand at a lock that somebody else holds; of these the portal's role sees its own."""
    from django.db import connection

    _reconnect()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return cursor.fetchone()[0]


@contextmanager
def open_until(service: str, seconds: float) -> Iterator[datetime]:
    """A service of Rostock takes applications for so many seconds more; out: until when, by the database's clock."""
    from catalogue.models import Offering

    offering = Offering.objects.filter(authority__slug="rostock", service__slug=service)
    moment = now() + timedelta(seconds=seconds)
    with _changing():
        offering.update(open_until=moment)
    try:
        yield moment
    finally:
        with _changing():
            offering.update(open_until=None)


@contextmanager
def closed_down(authority: str) -> Iterator[None]:
    """An authority is closed in the meantime: no service is offered, and no account of its staff is open."""
    from accounts.models import StaffRole, User
    from catalogue.models import Offering

    offerings = Offering.objects.filter(authority__slug=authority, is_active=True)
    with _changing():
        offered = list(offerings.values_list("pk", flat=True))
        staff = set(StaffRole.objects.filter(authority__slug=authority).values_list("user_id", flat=True))
        people = list(User.objects.filter(pk__in=staff, is_active=True).values_list("pk", flat=True))
        offerings.update(is_active=False)
        User.objects.filter(pk__in=people).update(is_active=False)
    try:
        yield
    finally:
        with _changing():
            Offering.objects.filter(pk__in=offered).update(is_active=True)
            User.objects.filter(pk__in=people).update(is_active=True)


def pause_of(letter: Letter, kind: str, *, tries: int) -> float:
    """For how many seconds an effect rests that has failed so often; 0 while it has not."""
    row = _rows(letter).get(kind=kind)
    if row.state != "due" or row.attempts < tries or row.lease_until or not row.error_code:
        return 0.0
    return max(0.0, (row.due_at - now()).total_seconds())


def let_pass(letter: Letter, seconds: float) -> None:
    """As if so much time had gone by for what waits of this letter: it is older, and due so much earlier."""
    from django.db.models import F

    span = timedelta(seconds=seconds)
    _rows(letter).filter(state="due").update(due_at=F("due_at") - span, created_at=F("created_at") - span)
    for row in _rows(letter).ready():
        hint(row.pk)


def shown_to_people(letter: Letter) -> list[str]:
    """The kinds of effects that clerks find among what the portal could not do by itself."""
    return list(_rows(letter).for_people().values_list("kind", flat=True))


@contextmanager
def without_seal(keyset: str) -> Iterator[None]:
    """The key of a seal is not to be had in the meantime."""
    from django.conf import settings

    key = settings.KEYS_DIR / "seals" / f"{keyset}.p12"
    away = key.rename(key.with_suffix(".away"))
    try:
        yield
    finally:
        away.rename(key)


def verdict_on_receipt(letter: Letter) -> str:
    """What the check page would say of the receipt."""
    from applications.models import Receipt
    from foundation import files, sealing

    with _everything():
        return str(sealing.verify_pdf(files.read(Receipt.objects.get(application_id=letter.draft_id).file)).result)


def path_of_receipt(letter: Letter) -> Path:
    """Where the bytes of the receipt lie."""
    from django.conf import settings

    from applications.models import Receipt

    with _everything():
        return settings.FILES_DIR / Receipt.objects.get(application_id=letter.draft_id).file.storage_key


def breaches(since: datetime | None) -> list[str]:
    """What the invariants say, in words; nothing may wait any more."""
    from hro_portal import invariants

    _reconnect()
    found = invariants.check(files=True, since=since, patience=timedelta(), settled=True)
    return [f"{breach.invariant}: {breach.sentence}" for breach in found]


def spoil_answers(letter: Letter) -> bytes:
    """Makes the sealed answers unreadable, as the owner of the tables; out: what they were."""
    from applications.models import Application

    with _everything():
        kept = bytes(Application.objects.get(pk=letter.draft_id).answers)
    set_answers(letter, kept[:-1] + bytes([kept[-1] ^ 1]))
    return kept


def lengthen_answers(letter: Letter, characters: int) -> bytes:
    """Makes the idea one word of so many letters, as the owner of the tables; out: the answers as they were, sealed."""
    from applications.models import Application

    with _everything():
        application = Application.objects.for_pages().get(pk=letter.draft_id)
        kept = bytes(application.answers)
        answers = application.read_answers() | {"text": "x" * characters}
        sealed = application.seal("answers", answers)
    set_answers(letter, sealed)
    return kept


def error_of(letter: Letter, kind: str) -> str:
    """The code that operators see."""
    return _rows(letter).get(kind=kind).error_code


def set_answers(letter: Letter, answers: bytes) -> None:
    """Past the trigger that keeps them as they were sent."""
    from django.db import connections, transaction

    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute("ALTER TABLE applications_application DISABLE TRIGGER USER")
        cursor.execute("UPDATE applications_application SET answers = %s WHERE id = %s", [answers, letter.draft_id])
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE applications_application ENABLE TRIGGER USER")


def hint(row: UUID) -> None:
    """One more message about this row, in the queue of its kind; also where there is no such row."""
    from foundation.outbox import hints
    from foundation.outbox.models import OutboxRow

    _reconnect()
    hints.hint(OutboxRow.objects.filter(pk=row).first() or OutboxRow(pk=row))


def hints_waiting() -> int:
    with _broker() as broker:
        return sum(broker.llen(name) for name in QUEUES)


def hints_at_work() -> int:
    """Messages that a worker has and has not confirmed."""
    with _broker() as broker:
        return broker.hlen("unacked")


def flush_redis() -> None:
    """Everything in Redis is gone; the workers' connections stay."""
    with _broker() as broker:
        broker.flushall()


def a_day_later(act: Callable[[], int]) -> int:
    """Does something as if all files had been written more than a day earlier."""
    from django.conf import settings

    _reconnect()
    files = [path for path in settings.FILES_DIR.rglob("*") if path.is_file()]
    then = time.time() - DAY_SECONDS - 60
    for path in files:
        os.utime(path, (then, then))
    return act()


def _rows(letter: Letter) -> "OutboxQuerySet":
    from foundation.outbox.models import OutboxRow

    _reconnect()
    return OutboxRow.objects.filter(subject_id=letter.draft_id)


@contextmanager
def _everything() -> Iterator[None]:
    from foundation import scope

    _reconnect()
    with scope.system("a fault is looked at", read_only=True):
        yield


@contextmanager
def _changing() -> Iterator[None]:
    from foundation import scope

    _reconnect()
    with scope.system("a fault changes what people find"):
        yield


def _reconnect() -> None:
    """Faults break connections: one that is broken is found before it is asked (CONN_HEALTH_CHECKS) and replaced."""
    from django.db import connection

    connection.close_if_unusable_or_obsolete()


def _broker() -> "redis.Redis":
    from django.conf import settings

    return redis.Redis.from_url(settings.REDIS_URL.replace("redis+socket://", "unix://", 1))
