"""The journal follows the table: a line is written after the commit, and one that a crash or a full disk kept out
is added here.
"""

from foundation import erasure
from foundation.erasure import journal
from foundation.erasure.models import Erasure


def complete_journal(using: str) -> int:
    """Adds the erasures of the database that the journal lacks; says how many. Raises `ValueError` for a broken one."""
    known = {(entry.kind, entry.object_id) for entry in journal.kept()}
    written = Erasure.objects.using(using).order_by("at", "pk").values_list("kind", "object_id", "reason")
    missing = [row for row in written.filter(kind__in=list(erasure.erasers)).iterator() if row[:2] not in known]
    journal.append(*(journal.Entry(*row) for row in missing))
    return len(missing)
