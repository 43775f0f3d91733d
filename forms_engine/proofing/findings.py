"""What proofing says of a definition."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Level(Enum):
    FAULT = "fault"  # keeps the form from being published
    HINT = "hint"


@dataclass(frozen=True, slots=True)
class Finding:
    """One German sentence and where it belongs: a step by its key, a question or group by its path, or the form.

    `place` says the same in the words that people see; empty for the form as a whole.
    """

    level: Level
    rule: str  # T1 to T12, or the name of the check
    sentence: str
    step: str = ""
    path: str = ""
    place: str = ""

    @property
    def is_fault(self) -> bool:
        return self.level is Level.FAULT

    @property
    def is_wording(self) -> bool:
        """Is it about how something is said? An official schema brings its own words."""
        return self.rule == "same_answer" or (self.rule.startswith("T") and self.rule[1:].isdigit())


def fault(rule: str, sentence: str, step: str = "", path: str = "") -> Finding:
    return Finding(Level.FAULT, rule, sentence, step, path)


def hint(rule: str, sentence: str, step: str = "", path: str = "") -> Finding:
    return Finding(Level.HINT, rule, sentence, step, path)
