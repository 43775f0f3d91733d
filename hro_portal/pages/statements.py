"""What an authority tells everybody about itself: plain data of its row, in the language of the page.

`Authority.imprint`:       {"represented_by": text, "supervision": text, "data_protection": {"name", "email"}}
`Authority.accessibility`: {"status": "full" | "partial" | "none", "barriers": [{"what": text, "why": text}],
                            "created_on", "reviewed_on": "2026-11-24", "method": "self" | "expert"}
A text is a language map, as everywhere.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import get_language

from authorities.models import Authority


@dataclass(frozen=True)
class Imprint:
    represented_by: str
    supervision: str
    officer: str
    officer_email: str


@dataclass(frozen=True)
class Barrier:
    what: str
    why: str


@dataclass(frozen=True)
class AccessibilityStatement:
    """BITV 2.0 § 7 and the Land's model: how far the pages agree with the rules, what does not, who looked and when."""

    status: str
    barriers: list[Barrier]
    created_on: date | None
    reviewed_on: date | None
    method: str


def imprint_of(authority: Authority) -> Imprint:
    told = authority.imprint
    officer = told.get("data_protection", {})
    return Imprint(
        represented_by=_text(told.get("represented_by", {})),
        supervision=_text(told.get("supervision", {})),
        officer=officer.get("name", ""),
        officer_email=officer.get("email", ""),
    )


def accessibility_of(authority: Authority) -> AccessibilityStatement:
    """An authority that states nothing is not said to be accessible: its status is `none`."""
    told = authority.accessibility
    return AccessibilityStatement(
        status=told.get("status", "none"),
        barriers=[Barrier(_text(each["what"]), _text(each["why"])) for each in told.get("barriers", [])],
        created_on=_day(told.get("created_on")),
        reviewed_on=_day(told.get("reviewed_on")),
        method=told.get("method", "self"),
    )


def _text(by_language: dict[str, str]) -> str:
    return by_language.get(get_language() or "de") or by_language.get("de", "")


def _day(written: Any) -> date | None:
    return date.fromisoformat(written) if written else None
