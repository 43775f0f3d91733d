"""Which columns are sealed, and where each value of them belongs: told by the rooms, used for moving to a new key."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, Q


@dataclass(frozen=True)
class Place:
    """What a sealed value is bound to, and the keyset that it is sealed with."""

    keyset: str
    owner: uuid.UUID
    row: uuid.UUID
    field: str

    def bound(self) -> dict[str, Any]:
        """For `vault.seal` and `vault.open_sealed`."""
        return {"owner": self.owner, "row": self.row, "field": self.field}


@dataclass(frozen=True)
class SealedColumn:
    """A column of sealed bytes. `place` is asked with a row, `rows_of` with a keyset: which rows are sealed with it."""

    model: type[Model]
    name: str
    place: Callable[[Any], Place]
    rows_of: Callable[[str], Q]
    related: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.model._meta.label}.{self.name}"


@dataclass(frozen=True)
class Resealed:
    """How many values were sealed again, and which ones nobody can open: a table and the id of a row each."""

    done: int = 0
    lost: frozenset[str] = frozenset()

    def __add__(self, other: "Resealed") -> "Resealed":
        return Resealed(self.done + other.done, self.lost | other.lost)


#: For what is sealed elsewhere than in a column: gets a keyset, moves what is left to its first key, says how it went.
Reseal = Callable[[str], Resealed]

columns: list[SealedColumn] = []
elsewhere: list[Reseal] = []


def declare(*sealed: SealedColumn) -> None:
    """To be called in the module `sealed` of the room whose columns these are, which the vault looks for at start."""
    columns.extend(sealed)


def sealed_with(keyset: str) -> Callable[[str], Q]:
    """For columns of one keyset of the whole portal."""
    return lambda asked: Q() if asked == keyset else Q(pk__in=[])
