"""What a type of field can do. One object per type, without state."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from django.core.exceptions import ValidationError
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from forms_engine.characters import readable

if TYPE_CHECKING:
    from forms_engine.structure import Field

# What a person typed, before anything is checked: one box, several named boxes, or several ticks.
Raw: TypeAlias = str | dict[str, str] | list[str]


class Refused(ValidationError):
    """A sentence for a person, with the boxes that it is about.

    The boxes are no `params`: with them Django would read each % of the sentence as a place for a value, and sentences
    hold what authors wrote and what people typed.
    """

    def __init__(self, sentence: str, parts: tuple[str, ...]) -> None:
        super().__init__(sentence)
        self.parts = parts


def refused(sentence: str, *parts: str) -> Refused:
    """The sentence for a person; `parts` are the boxes that are wrong, where a field has several."""
    return Refused(sentence, parts)


def wrong_boxes(problem: ValidationError) -> tuple[str, ...]:
    """The boxes that a refusal names."""
    return problem.parts if isinstance(problem, Refused) else ()


class FieldType:
    """A field of one box; `Boxes` has several. Answers are JSON values; raw values are what stands in the boxes."""

    name: str
    control = "input"  # template that shows it
    parts: tuple[str, ...] = ()  # names of its boxes, where there are several
    counted = False  # can {"count": …} be asked?
    html_type = "text"
    inputmode: str | None = None
    capitals = False  # a code, no word: telephones write it in capitals and correct nothing

    # from the browser -------------------------------------------------------------------------------------------------

    def read(self, data: MultiValueDict[str, Any], name: str) -> Raw:
        """What was posted."""
        return readable(str(data.get(name, "")))

    def is_blank(self, raw: Raw) -> bool:
        if isinstance(raw, dict):
            return not any(value.strip() for value in raw.values())
        return not (raw.strip() if isinstance(raw, str) else raw)

    def parse(self, field: Field, raw: Any, language: str) -> Any:
        """The answer in a raw value that is not blank; raises ValidationError with a sentence."""
        raise NotImplementedError

    def keep(self, field: Field, raw: Raw) -> Any:
        """What a draft keeps of a raw value that is not valid yet."""
        return raw

    def gone(self, field: Field, answer: Any) -> list[str]:
        """The codes of a stored answer that the field offers no more."""
        return []

    def keep_gone(self, kept: Any, codes: list[str]) -> Any:
        """What a draft keeps (see `keep`), with these codes that the field offers no more."""
        return kept

    def needs(self, field: Field, part: str) -> bool:
        """Must this box be filled for an answer, whatever stands in the others?"""
        return True

    # from the answers -------------------------------------------------------------------------------------------------

    def raw(self, answer: Any) -> Raw:
        """What stands in the boxes for an answer (or for what a draft kept)."""
        return answer if isinstance(answer, str) else ""

    def comparable(self, answer: Any) -> Any:
        """The answer for conditions; None if there is none."""
        return answer if isinstance(answer, str) and answer else None

    def literal(self, value: Any) -> Any:
        """A literal of a condition in the terms of this type; None if it does not fit."""
        return self.comparable(value)

    def count(self, answer: Any) -> int:
        return len(answer) if isinstance(answer, list) else 0

    def text(self, field: Field, answer: Any, language: str) -> str:
        """The answer in words."""
        return str(answer)

    def from_profile(self, profile: Mapping[str, Any], key: str) -> Any:
        """What a profile knows for a field with this `prefill`; None if nothing."""
        return profile.get(key)

    # sentences --------------------------------------------------------------------------------------------------------

    def missing(self) -> str:
        """The sentence for a required field that is empty."""
        return _("Füllen Sie dieses Feld aus.")

    def missing_parts(self, raw: Raw) -> tuple[str, ...]:
        """The boxes to mark when the field is empty."""
        return ()


class Boxes(FieldType):
    """A field of several named boxes, some of them ticks; its answer is an object of texts, true and false."""

    control = "boxes"
    ticks: tuple[str, ...] = ()  # which of `parts` are ticked, not typed

    def read(self, data: MultiValueDict[str, Any], name: str) -> Raw:
        return {part: readable(str(data.get(f"{name}_{part}", ""))) for part in self.parts}

    def raw(self, answer: Any) -> Raw:
        kept = answer if isinstance(answer, dict) else {}
        return {part: "true" if kept.get(part) is True else str(kept.get(part) or "") for part in self.parts}

    def comparable(self, answer: Any) -> str | None:
        return self.line(answer) or None

    def literal(self, value: Any) -> Any:
        return value if isinstance(value, str) else None

    def text(self, field: Field, answer: Any, language: str) -> str:
        return self.line(answer)

    def line(self, answer: Any) -> str:
        """The answer in one line; empty if there is none."""
        raise NotImplementedError
