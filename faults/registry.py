"""The list of faults: each a function with a number and a name, tried one after the other in the same town."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from faults.town import Town

#: Modules that register faults, in the order in which they are tried. What takes longest does not come last, when the
#: other towns have nothing left to do, nor first, beside those that are to be done within a minute.
MODULES = (
    "killing",
    "soak",
    "stores",
    "doubles",
    "poison",
    "renderer",
    "restarts",
    "database",
    "contention",
    "moments",
    "outside",
    "machine",
)

Try = Callable[["Town"], str]


class Untried(Exception):
    """This machine cannot bring the fault about; says why, in German."""


@dataclass(frozen=True)
class Fault:
    """One named fault; `try_it` returns what was tried in words, and raises when the portal did not hold."""

    number: str
    name: str
    try_it: Try
    long: bool


_registered: list[Fault] = []


def fault(number: str, name: str, *, long: bool = False) -> Callable[[Try], Try]:
    """Registers a fault under its number of the fault list; `long` ones are tried with `--long` only."""

    def register(try_it: Try) -> Try:
        _registered.append(Fault(number, name, try_it, long))
        return try_it

    return register


def faults() -> list[Fault]:
    """All of them, in the order of `MODULES`."""
    for module in MODULES:
        import_module(f"faults.{module}")
    return list(_registered)
