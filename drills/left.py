"""Looks for the ids of what is gone: in whatever column of whatever table they stand, with dashes or without."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Set
from typing import Any

#: Where an id may stand after an erasure, and why. All of them hold ids only.
MAY_REMEMBER = {
    ("erasure_erasure", "object_id"): "the list of erasures: a backup that is restored must not bring them back",
    ("audit_auditevent", "actor_id"): "the trail: who did it",
    ("audit_auditevent", "for_party_id"): "the trail: for whom",
    ("audit_auditevent", "object_id"): "the trail: with what",
    ("audit_auditevent", "refs"): "the trail: with what else",
    ("portal_cache", "cache_key"): "a limit of allauth: runs out within minutes, swept in the night",
}
_ID = re.compile(r"(?<![0-9a-f])[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}(?![0-9a-f])")


def ids_in(value: Any) -> set[str]:
    """All ids in a value of PostgreSQL's JSON, without dashes."""
    text = value if isinstance(value, str) else json.dumps(value)
    return {found.replace("-", "") for found in _ID.findall(text.lower())}


def plain(ids: Iterable[Any]) -> set[str]:
    """Ids as they are compared here."""
    return {str(each).replace("-", "") for each in ids}


def columns_naming(row: Mapping[str, Any], gone: Set[str]) -> list[str]:
    return [column for column, value in row.items() if ids_in(value) & gone]


def in_rows(table: str, rows: Iterable[Mapping[str, Any]], gone: Set[str]) -> Iterator[str]:
    """`table.column` wherever a row names one of them and is not meant to remember it."""
    found = {(table, column) for row in rows for column in columns_naming(row, gone)}
    yield from sorted(".".join(each) for each in found - MAY_REMEMBER.keys())
