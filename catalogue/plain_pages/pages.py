"""A page in plain words: its parts, its state, writing it and entering a test.

Only a page that a group has tested, and whose service says since then what it said, bears the name *Leichte Sprache*.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from uuid import UUID

from django.db.models.functions import Now

from authorities import clock
from catalogue import tariffs, trail
from catalogue.models import Offering, PlainPage
from catalogue.plain_pages import rules

#: The parts of a page and their headings: German, and plain themselves.
PARTS = {
    "what": "Was ist das?",
    "for_whom": "Für wen ist das?",
    "needed": "Was brauchen Sie?",
    "costs": "Was kostet das?",
    "whom_to_ask": "Wen können Sie fragen?",
}
#: What the page is about; a change of these after the test makes it older than its source.
_SOURCE = (
    *("title", "teaser", "description", "requirements", "documents", "fees", "deadline", "duration", "procedure"),
    "remedy",
)


class State(StrEnum):
    DRAFT = "draft"
    TESTED = "tested"
    OLDER = "older"


@dataclass
class Lines:
    """A sentence, or the points of a list."""

    sentence: str = ""
    points: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Part:
    """A part as people read it."""

    name: str
    heading: str
    lines: list[Lines]


class PlainPageRefused(Exception):
    """Something cannot be done to the page; the text is a German sentence."""


class ChangedMeanwhile(Exception):
    """Somebody changed the page since this person saw it; nothing was saved."""


def page_of(offering: Offering) -> PlainPage:
    """The page of an offering; an empty one that is not saved where nobody has written one yet."""
    found = PlainPage.objects.filter(offering=offering).first()
    return found or PlainPage(offering=offering, authority_id=offering.authority_id)


def public_page_of(offering: Offering) -> PlainPage | None:
    """The page if people may see it."""
    return PlainPage.objects.filter(offering=offering, is_shown=True).first()


def state_of(page: PlainPage, offering: Offering) -> State:
    """Draft, tested, or older than its source: then the service has changed since the test."""
    if page.tested_on is None:
        return State.DRAFT
    return State.TESTED if page.tested_source_sha256 == source_digest(offering) else State.OLDER


def source_digest(offering: Offering) -> str:
    """SHA-256 of all that a page retells: texts of the service, what it costs today, how long it takes, who may."""
    said = {module: offering.service.texts.get(module, {}).get("de") for module in _SOURCE}
    terms = [tariffs.today(offering), offering.deadline_weeks, offering.deadline_working_days, offering.level]
    text = json.dumps([said, terms], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def text_digest(texts: Mapping[str, str]) -> str:
    """By which a page is known to be the one that was seen."""
    text = json.dumps([texts.get(name, "") for name in PARTS], ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def parts(page: PlainPage) -> list[Part]:
    """The parts that hold something, in their order."""
    found = [Part(name, heading, _grouped(page.texts.get(name, ""))) for name, heading in PARTS.items()]
    return [part for part in found if part.lines]


def is_free_of_blocking(texts: Mapping[str, str]) -> bool:
    """Whether a page says something and breaks none of the rules that block."""
    said = {name: texts.get(name, "") for name in PARTS}
    found = [finding for findings in rules.check(said).values() for finding in findings]
    return any(text.strip() for text in said.values()) and not any(finding.blocks for finding in found)


def write(offering: Offering, texts: Mapping[str, str], *, is_shown: bool, seen: str, by_id: UUID) -> PlainPage:
    """Keeps the text. Another text than the tested one is a draft again. Raises ChangedMeanwhile."""
    Offering.objects.select_for_update(of=("self",)).get(pk=offering.pk)
    page = page_of(offering)
    if text_digest(page.texts) != seen:
        raise ChangedMeanwhile
    kept = {name: "\n".join(line.rstrip() for line in texts.get(name, "").splitlines()).strip() for name in PARTS}
    if text_digest(kept) != seen:
        page.tested_by, page.tested_on, page.tested_source_sha256 = "", None, ""
    page.texts, page.is_shown, page.changed_at = kept, is_shown, Now()
    page.save()
    trail.record("plain_page.changed", offering, by_id=by_id)
    return page


def note_test(offering: Offering, *, group: str, tested_on: date, seen: str, by_id: UUID) -> PlainPage:
    """A group has read the page and understood it. Raises PlainPageRefused and ChangedMeanwhile."""
    Offering.objects.select_for_update(of=("self",)).get(pk=offering.pk)
    page = page_of(offering)
    if text_digest(page.texts) != seen:
        raise ChangedMeanwhile
    if not is_free_of_blocking(page.texts):
        raise PlainPageRefused("Der Text hält noch nicht alle festen Regeln ein. Ändern Sie zuerst diese Zeilen.")
    if tested_on > clock.today():
        raise PlainPageRefused("Dieser Tag liegt in der Zukunft. Geben Sie den Tag der Prüfung ein.")
    page.tested_by, page.tested_on, page.tested_source_sha256 = group, tested_on, source_digest(offering)
    page.save()
    trail.record("plain_page.tested", offering, by_id=by_id)
    return page


def _grouped(text: str) -> list[Lines]:
    grouped: list[Lines] = []
    for line in rules.lines_of(text):
        if not line.startswith(rules.ITEM):
            grouped.append(Lines(line))
            continue
        if not grouped or grouped[-1].sentence:
            grouped.append(Lines())
        grouped[-1].points.append(line.removeprefix(rules.ITEM))
    return grouped
