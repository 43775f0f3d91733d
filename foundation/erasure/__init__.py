"""Erasure: what was removed for good is written down by its id, so that a restored backup does not bring it back.

The table is for the database's own laws, the journal (`journal`) outlives a database that is restored from yesterday.
"""

import uuid
from collections.abc import Callable

from django.db import transaction
from django.db.models.functions import Now

Eraser = Callable[[uuid.UUID, str], bool]

erasers: dict[str, Eraser] = {}


def eraser(kind: str) -> Callable[[Eraser], Eraser]:
    """Registers `fn(object_id, reason)`, which erases it if it is there and says whether it was; for `replay`."""

    def register(erase: Eraser) -> Eraser:
        if kind in erasers:
            raise ValueError(f"Two erasers for {kind}.")
        erasers[kind] = erase
        return erase

    return register


def write_down(kind: str, object_id: uuid.UUID, *, authority_id: uuid.UUID | None, reason: str) -> None:
    """Notes an erasure, in the transaction that erases and before it does. Noted again after a restore, it stays one.

    The journal is written after the commit: `replay` erases what it names, so it must not name what stayed because the
    transaction did not end well. A line that is lost in between is added by `completing`, with the next backup.
    """
    from foundation.erasure import journal
    from foundation.erasure.models import Erasure

    # Everybody may leave this note, and people may not read it: nothing of it is asked back.
    Erasure.objects.bulk_create(
        [Erasure(kind=kind, object_id=object_id, authority_id=authority_id, reason=reason, at=Now())],
        ignore_conflicts=True,
    )
    entry = journal.Entry(kind, object_id, reason)
    # What is gone is gone: a full disk must not tell the person that it is not.
    transaction.on_commit(lambda: journal.append(entry), robust=True)
