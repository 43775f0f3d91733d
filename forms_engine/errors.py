"""What can go wrong with a definition, in sentences for its author."""

from __future__ import annotations


class DefinitionError(Exception):
    """A form definition is not acceptable; `problems` are German sentences, each with the place in the JSON."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


class ConditionError(Exception):
    """A condition cannot be understood; the text is a German sentence without the place."""
