"""Works the outbox in the test's own process, the way a worker would."""

from foundation.outbox import working
from foundation.outbox.models import OutboxRow


def drain() -> int:
    """Works all rows that are due, and those that they ask for; says how many. Fails when an effect failed."""
    worked = 0
    while ready := list(OutboxRow.objects.ready().order_by("created_at").values_list("pk", flat=True)):
        worked += sum(working.work(row_id) for row_id in ready)
    failed = list(OutboxRow.objects.exclude(error_code="").values_list("kind", "error_code"))
    assert not failed, failed
    return worked
