"""What is told in the end: a table for people, a file for programs."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

WIDTH = 118


@dataclass(frozen=True)
class Row:
    """One line of the table: which fault, what was tried, what did not hold (nothing: it held).

    `points` names each door that was struck at, in order; it is in the file only.
    """

    fault: str
    name: str
    tried: str
    wrong: tuple[str, ...]
    seconds: float
    untried: bool = False
    points: tuple[str, ...] = ()

    @property
    def held(self) -> bool:
        return not self.wrong

    @property
    def _verdict(self) -> str:
        return "fehlt" if self.untried else "hält" if self.held else "BRICHT"

    def __str__(self) -> str:
        head = f"{self.fault:<12}{self._verdict:<8}{self.seconds:>6.1f} s  {self.name}: {self.tried}"
        return "\n".join([head, *(f"{'':<20}{line[:WIDTH]}" for line in self.wrong)])


def summary(rows: Sequence[Row]) -> str:
    """The last lines of the run."""
    broken = [row.fault for row in rows if not row.held]
    tried = [row for row in rows if not row.untried]
    told = f"{len(tried) - len(broken)} von {len(tried)} Fehlern gehalten"
    if len(tried) < len(rows):
        told += f", {len(rows) - len(tried)} nicht versucht"
    return f"\n{told}." if not broken else f"\n{told}. Nicht gehalten: {', '.join(broken)}."


def write(file: Path, rows: Sequence[Row]) -> None:
    """The same as JSON."""
    file.parent.mkdir(parents=True, exist_ok=True)
    data = [asdict(row) | {"held": row.held} for row in rows]
    file.write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n")
