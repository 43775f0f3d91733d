"""Patterns of RE2 that mean the same to readers of JSON Schema (ECMA-262 with `u`), whatever their language."""

from __future__ import annotations

import re

_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
#: What is escaped alike everywhere. The negated classes differ: letters of other languages are a `\W` to some only.
_SAME = frozenset("dws.\\/()[]{}*+?^$|nt-")
_OWN_WAYS = re.compile(r"\(\?(?!:)|\[\[:|\[\^[^\]]*\\[dws]|(?<!\\)\[[^\]]*(?<!\\)\[|[*+?}]\+")
_DASH_OUTSIDE = re.compile(r"\\-(?![^\[]*\])")


def portable(pattern: str) -> str | None:
    """The pattern for a whole text, as JSON Schema wants it; None where readers might understand it differently."""
    if not _SAME.issuperset(_ESCAPE.findall(pattern)) or _OWN_WAYS.search(pattern) or _DASH_OUTSIDE.search(pattern):
        return None
    try:
        re.compile(pattern)
    except re.error:
        return None
    return f"^(?:{pattern})$"
