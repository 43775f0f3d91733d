"""The outbox: what must happen after a commit, kept in the same commit (architecture § 2.4).

`put` writes the wish in the caller's transaction; `foundation.outbox.working` fulfils it in a worker. Redis
only carries the hint that there is something to do; a hint that is lost is made good by the sweep.
"""

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from foundation.outbox.models import OutboxRow

Effect = Callable[["OutboxRow"], None]
Finish = Callable[[], None]
Ask = Callable[["OutboxRow"], Finish]

MOST_ATTEMPTS = 12
#: The queue of what names no other, and of kinds that nobody knows.
DEFAULT = "default"


@dataclass(frozen=True)
class Handler:
    """Who does a kind of effect, in which of Celery's queues, and how often it is tried."""

    effect: Effect | None = None
    queue: str = DEFAULT
    ask: Ask | None = None
    most_attempts: int = MOST_ATTEMPTS

    def begin(self, row: "OutboxRow") -> Finish:
        """What is left to do in the commit of the row. Who asks somebody outside does that now, in no transaction."""
        if self.ask is not None:
            return self.ask(row)
        if self.effect is None:
            raise LookupError("A handler without anything to do.")
        return partial(self.effect, row)


class NotNow(Exception):
    """Raised by an effect that may not be tried before `until`: it comes again then, and not sooner or later."""

    def __init__(self, until: datetime, code: str) -> None:
        super().__init__(code)
        self.until, self.code = until, code


handlers: dict[str, Handler] = {}


def handler(kind: str, queue: str = DEFAULT) -> Callable[[Effect], Effect]:
    """Registers `fn(row)` for a kind; goes into an app's `tasks.py`, which each process imports.

    It runs in the scope of the row's authority, and its effect and the completion of the row are one
    commit. Raising means: once more, later. So it may run twice, and must not mind.
    """

    def register(effect: Effect) -> Effect:
        _register(kind, Handler(effect, queue))
        return effect

    return register


def asker(kind: str, *, most_attempts: int, queue: str = DEFAULT) -> Callable[[Ask], Ask]:
    """Registers `fn(row)` for a kind whose effect lies outside of the portal, such as another program.

    It runs in no transaction and opens scopes of its own, so that nobody waits in the database while it asks. What it
    returns runs in the scope of the row's authority, in one commit with the completion of the row.
    """

    def register(ask: Ask) -> Ask:
        _register(kind, Handler(queue=queue, ask=ask, most_attempts=most_attempts))
        return ask

    return register


def _register(kind: str, handler: Handler) -> None:
    if kind in handlers:
        raise ValueError(f"Two handlers for {kind}.")
    handlers[kind] = handler


def put_for_all(kind: str, *, authority_id: uuid.UUID, subject_ids: Iterable[uuid.UUID], target: str) -> None:
    """Asks for the same effect on many subjects. The sweep finds them: thousands of hints would make the asker wait."""
    from foundation.outbox.models import OutboxRow

    rows = (OutboxRow(kind=kind, authority_id=authority_id, subject_id=each, target=target) for each in subject_ids)
    OutboxRow.objects.bulk_create(rows, batch_size=1000, ignore_conflicts=True)


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
