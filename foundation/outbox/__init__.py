"""The outbox: what must happen after a commit, kept in the same commit (architecture § 2.4).

`put` writes the wish in the caller's transaction; `foundation.outbox.working` fulfils it in a worker. Redis
only carries the hint that there is something to do; a hint that is lost is made good by the sweep.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from foundation.outbox.models import OutboxRow

Effect = Callable[["OutboxRow"], None]


@dataclass(frozen=True)
class Handler:
    """Who does a kind of effect, and in which of Celery's queues."""

    effect: Effect
    queue: str


handlers: dict[str, Handler] = {}


def handler(kind: str, queue: str = "default") -> Callable[[Effect], Effect]:
    """Registers `fn(row)` for a kind; goes into an app's `tasks.py`, which each process imports.

    It runs in the scope of the row's authority, and its effect and the completion of the row are one
    commit. Raising means: once more, later. So it may run twice, and must not mind.
    """

    def register(effect: Effect) -> Effect:
        if kind in handlers:
            raise ValueError(f"Two handlers for {kind}.")
        handlers[kind] = Handler(effect, queue)
        return effect

    return register


def put(
    kind: str, *, authority_id: uuid.UUID, subject_id: uuid.UUID, target: str = "", due_at: datetime | None = None
) -> None:
    """Asks for an effect, at once or at `due_at`. The same effect asked for a second time stays one."""
    from foundation.outbox.hints import hint_after_commit
    from foundation.outbox.models import OutboxRow

    row = OutboxRow(kind=kind, authority_id=authority_id, subject_id=subject_id, target=target)
    if due_at:
        row.due_at = due_at
    OutboxRow.objects.bulk_create([row], ignore_conflicts=True)
    if not due_at:
        hint_after_commit(row)
