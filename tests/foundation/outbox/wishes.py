"""What tests of the outbox ask for, and how they let time pass."""

from datetime import timedelta

from foundation import outbox, scope
from foundation.ids import new_id
from foundation.outbox.models import OutboxRow

KIND = "test.effect"


def put(here, **fields):
    with scope.authority(here):
        outbox.put(KIND, authority_id=here, **({"subject_id": new_id()} | fields))
    return OutboxRow.objects.latest("created_at")


def let_pass(row, seconds):
    """As if the row had been written, claimed and put off that much earlier."""
    row.refresh_from_db()
    row.due_at -= timedelta(seconds=seconds)
    row.lease_until = row.lease_until and row.lease_until - timedelta(seconds=seconds)
    row.save(update_fields=["due_at", "lease_until"])


def fail(error):
    def raise_error(row):
        raise error

    return raise_error
