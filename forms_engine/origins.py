"""Where it comes from what stands in a question, and what else could: told by the caller, shown at the field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from forms_engine.field_types import Raw
from forms_engine.structure import Answers


@dataclass(frozen=True, slots=True)
class Offer:
    """An earlier answer that the person may take: what would stand in the boxes, in words, and from where."""

    raw: Raw
    text: str
    origin: str


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file that the person keeps elsewhere and may attach where its `kind` (pdf, jpg, png) and size fit.

    `is_outdated` asks them to look twice.
    """

    id: str
    title: str
    about: str
    url: str
    kind: str
    size: int
    is_outdated: bool


@dataclass(frozen=True, slots=True)
class Origins:
    """`profile` says for a prefill key where its value comes from; `taken` are answers that were taken over from
    `taken_from`; `offers` are earlier answers by the HTML name of the question.
    """

    profile: Mapping[str, str] = field(default_factory=dict)
    taken: Answers = field(default_factory=dict)
    taken_from: str = ""
    offers: Mapping[str, Sequence[Offer]] = field(default_factory=dict)
    kept_files: Sequence[KeptFile] = ()
