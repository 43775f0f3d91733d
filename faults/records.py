"""What the portal keeps of a case: its rows, its answers, its files. Read and changed as the portal's role."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from faults import scopes
from faults.person import Letter

DAY_SECONDS = 24 * 3600


def now() -> datetime:
    """The database's clock."""
    from foundation import clock

    scopes.reconnect()
    return clock.now()


def sent_at(letter: Letter) -> datetime | None:
    """When the letter became an application; None when it did not."""
    from applications.models import Application

    with scopes.reading():
        return Application.objects.filter(pk=letter.draft_id).values_list("submitted_at", flat=True).first()


def times(letter: Letter) -> list[datetime]:
    """When the application changed its state, and when the trail says that something happened to it."""
    from applications.models import Transition
    from foundation.audit.models import AuditEvent

    with scopes.reading():
        moved = Transition.objects.filter(application_id=letter.draft_id).values_list("at", flat=True)
        written = AuditEvent.objects.filter(object_id=letter.draft_id).values_list("at", flat=True)
        return [*moved, *written]


def history(letter: Letter) -> list[str]:
    """The states that the application came to, in order."""
    from applications.models import Transition

    with scopes.reading():
        steps = Transition.objects.filter(application_id=letter.draft_id).order_by("no")
        return list(steps.values_list("to_state", flat=True))


def decisions(letter: Letter) -> int:
    """How often the case was decided."""
    from applications.models import Decision

    with scopes.reading():
        return Decision.objects.filter(application_id=letter.draft_id).count()


def reference(letter: Letter) -> str:
    """The number by which the office finds the case."""
    from applications.models import Application

    with scopes.reading():
        return Application.objects.get(pk=letter.draft_id).reference


def version_sent(letter: Letter) -> int:
    """The number of the form's version that the application keeps."""
    from applications.models import Application

    with scopes.reading():
        return Application.objects.select_related("form_version").get(pk=letter.draft_id).form_version.no


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

    scopes.reconnect()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return cursor.fetchone()[0]


def verdict_on_receipt(letter: Letter) -> str:
    """What the check page would say of the receipt."""
    from applications.models import Receipt
    from foundation import files, sealing

    with scopes.reading():
        return str(sealing.verify_pdf(files.read(Receipt.objects.get(application_id=letter.draft_id).file)).result)


def path_of_receipt(letter: Letter) -> Path:
    """Where the bytes of the receipt lie."""
    from django.conf import settings

    from applications.models import Receipt

    with scopes.reading():
        return settings.FILES_DIR / Receipt.objects.get(application_id=letter.draft_id).file.storage_key


def breaches(since: datetime | None) -> list[str]:
    """What the invariants say, in words; nothing may wait any more."""
    from hro_portal import invariants

    scopes.reconnect()
    found = invariants.check(files=True, since=since, patience=timedelta(), settled=True)
    return [f"{breach.invariant}: {breach.sentence}" for breach in found]


def spoil_answers(letter: Letter) -> bytes:
    """Makes the sealed answers unreadable, as the owner of the tables; out: what they were."""
    from applications.models import Application

    with scopes.reading():
        kept = bytes(Application.objects.get(pk=letter.draft_id).answers)
    set_answers(letter, kept[:-1] + bytes([kept[-1] ^ 1]))
    return kept


def lengthen_answers(letter: Letter, characters: int) -> bytes:
    """Makes the idea one word of so many letters, as the owner of the tables; out: the answers as they were, sealed."""
    from applications.models import Application

    with scopes.reading():
        application = Application.objects.for_pages().get(pk=letter.draft_id)
        kept = bytes(application.answers)
        answers = application.read_answers() | {"text": "x" * characters}
        sealed = application.seal("answers", answers)
    set_answers(letter, sealed)
    return kept


def set_answers(letter: Letter, answers: bytes) -> None:
    """Past the trigger that keeps them as they were sent."""
    from django.db import connections, transaction

    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute("ALTER TABLE applications_application DISABLE TRIGGER USER")
        cursor.execute("UPDATE applications_application SET answers = %s WHERE id = %s", [answers, letter.draft_id])
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE applications_application ENABLE TRIGGER USER")


def a_day_later(act: Callable[[], int]) -> int:
    """Does something as if all files had been written more than a day earlier."""
    from django.conf import settings

    scopes.reconnect()
    files = [path for path in settings.FILES_DIR.rglob("*") if path.is_file()]
    then = time.time() - DAY_SECONDS - 60
    for path in files:
        os.utime(path, (then, then))
    return act()
