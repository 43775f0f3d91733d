"""What a service is beside its form, as plain data: texts, tariff, terms. Goes into the file of a shared form."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from catalogue import describing, tariffs
from catalogue.models import Offering, Situation

#: What an authority that adopts a service begins with, may change, and follows.
TERMS = (
    *("level", "is_answered", "fee", "deadline_weeks", "deadline_working_days", "retention_months", "privacy"),
    "texts",
)
#: The words by which everybody knows and finds the service are the same everywhere.
_SHARED_TEXTS = frozenset({"title", "keywords"})


def part_of(offering: Offering, *, conditions: list[Any] | None = None) -> dict[str, Any]:
    """The service as this authority offers it. `conditions` of its routes are a proposal: departments are its own."""
    service = offering.service
    return {
        "slug": service.slug,
        "key": service.key,
        "audience": service.audience or [Situation.Audience.CITIZENS],
        "situations": [situation.slug for situation in service.situations.all()],
        "routes": conditions or [],
    } | terms_of(offering)


def terms_of(offering: Offering) -> dict[str, Any]:
    """The same without what never changes by adopting."""
    own = {name: getattr(offering, name) for name in TERMS if name != "texts"} | {"fee": tariffs.today(offering)}
    return {name: value for name, value in own.items() if value is not None} | {"texts": offering.all_texts}


def only_terms(part: Mapping[str, Any]) -> dict[str, Any]:
    return {name: part[name] for name in TERMS if name in part}


def digest(part: Mapping[str, Any]) -> str:
    """SHA-256 of what can be followed."""
    return hashlib.sha256(json.dumps(only_terms(part), sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def own_words(texts: Mapping[str, Any], of_service: Mapping[str, Any]) -> dict[str, Any]:
    """Those modules that say something else than the service itself does."""
    return {name: text for name, text in texts.items() if name not in _SHARED_TEXTS and text != of_service.get(name)}


def check(part: Mapping[str, Any]) -> None:
    """Raises `describing.DescriptionError` unless a city could have described this service itself."""
    known = {*TERMS, "slug", "key", "audience", "situations", "routes"}
    if unknown := sorted(set(part) - known):
        raise describing.DescriptionError([f"Leistung: Das gibt es hier nicht: {', '.join(unknown)}."])
    if missing := sorted({"slug", "key", "texts", "level", "fee", "privacy"} - set(part)):
        raise describing.DescriptionError([f"Leistung: Es fehlt: {', '.join(missing)}."])
    conditions = part.get("routes", [])
    routes = [{"department": "x"} | ({"condition": each} if each is not None else {}) for each in conditions]
    terms = {name: value for name, value in only_terms(part).items() if name != "texts"}
    entry = {name: part[name] for name in ("slug", "key", "audience", "situations", "texts") if name in part}
    offering = {"authority": "x", "routes": routes or [{"department": "x"}]} | terms
    describing.check([entry | {"form": "x", "offerings": [offering]}])
