"""An invariant is a function that yields its breaches. The decorator puts it on the list that `check` walks."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import import_module
from typing import Any
from uuid import UUID

from django.db import connection

from foundation import scope

#: Promised: what is stuck is shown to people by then.
PATIENCE = timedelta(minutes=15)
_MODULES = ("cases", "delivery", "walls", "trail", "storage", "contents", "trials")


@dataclass(frozen=True)
class Breach:
    """One promise that does not hold: its name, the row that shows it, and a sentence for whoever runs the portal."""

    invariant: str
    object_id: UUID
    sentence: str


@dataclass(frozen=True)
class Span:
    """What is looked at: cases since a moment (None: all), and for how long the portal may still be at work on one."""

    since: datetime | None = None
    patience: timedelta = PATIENCE

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """The answer of the database; `%(since)s` and `%(patience)s` are known to the question."""
        known: dict[str, Any] = {"since": self.since or "-infinity", "patience": self.patience}
        with connection.cursor() as cursor:
            cursor.execute(sql, known)
            return cursor.fetchall()


Rule = Callable[[Span], Iterator[Breach]]


@dataclass(frozen=True)
class _Listed:
    find: Rule
    opens_files: bool
    when_settled: bool


_listed: list[_Listed] = []


def invariant(*, opens_files: bool = False, when_settled: bool = False) -> Callable[[Rule], Rule]:
    """Puts a rule on the list: asked always, only when files are to be opened, or only when all work should be done."""

    def put(find: Rule) -> Rule:
        _listed.append(_Listed(find, opens_files, when_settled))
        return find

    return put


def check(
    *, files: bool = False, since: datetime | None = None, patience: timedelta = PATIENCE, settled: bool = False
) -> list[Breach]:
    """All breaches. `files` also opens every sealed answer, file and receipt and reads the chain, which takes its time.

    `patience` is how long the portal may be at work before missing work counts; with `settled` nothing may wait.
    """
    with scope.system("the invariants of all cases are checked", read_only=True):
        found = breaches(Span(since, patience), files=files, settled=settled)
    return [*found, *(_of_the_trail() if files else ())]


def _of_the_trail() -> Iterator[Breach]:
    """I6: the chain of each authority holds from its first link to its last; links of the chain are read one by one."""
    from foundation.audit import chain  # models are not there yet when the app is imported

    for broken in chain.verify():
        sentence = f"Die Kette des Protokolls ist gebrochen ({broken.kind}): {broken.sentence}."
        yield Breach("I6 chain_holds", broken.event_id or broken.chain, sentence)


def breaches(span: Span, *, files: bool, settled: bool) -> list[Breach]:
    """What the rules find in the current scope."""
    return [breach for rule in _asked(files=files, settled=settled) for breach in rule(span)]


def _asked(*, files: bool, settled: bool) -> list[Rule]:
    for name in _MODULES:
        import_module(f"hro_portal.invariants.{name}")
    return [rule.find for rule in _listed if (files or not rule.opens_files) and (settled or not rule.when_settled)]
