"""Rules in German words as rules for machines, where the words leave no doubt. Whatever is said besides makes doubt.

`told` reads the sentences that form authors of the federation write again and again; it answers with rules of the
form that the federation's portal has for translated ones, or with nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeAlias

Rule: TypeAlias = dict[str, Any]

ELEMENT = re.compile(r"\b[FG]\d{8}(?:\d{3})?\b")

_LONGEST = 2000
_ID = r"((?:[FG]\d{8}(?:\d{3})?\.)*[FG]\d{8}(?:\d{3})?)"
_NAMED = _ID + r"(?: ?(?:\"[^\"]*\"|'[^']*'))?"
_THE = r"(?:(?:das|die|im|bei) )?(?:(?:Feld|Datenfeld|Feldgruppe|Datenfeldgruppe) )?"
_VALUE = r"(?:(\d{2,3}|JA|NEIN|Ja|Nein|wahr|falsch)(?: ?(?:\"[^\"]*\"|'[^']*'))?|\"(Ja|Nein)\")"
_OR = r"((?: ODER (?:= )?\d{2,3}(?: ?(?:\"[^\"]*\"|'[^']*'))?)*)"
_EQUAL, _OTHER = r" ?={1,3} ?", r" ?(?:<>|!=) ?"


def told(words: str) -> list[Rule]:
    """The rules in these words; none if a single sentence is not understood."""
    found: list[Rule] = []
    rest = " ".join(words.split())
    if len(rest) > _LONGEST:
        return []
    while rest:
        for pattern, rules in _SENTENCES:
            if match := pattern.match(rest):
                found += rules(match)
                rest = rest[match.end() :].lstrip()
                break
        else:
            return []
    return found


def _rule(effect: str, condition: Any, target: str | None = None) -> Rule:
    return {"action": [effect], "target": target, "condition": condition}


def _is(name: str, value: str, more: str = "") -> Any:
    values = [value, *re.findall(r"ODER (?:= )?(\d{2,3})", more)]
    each = [{"equal": [{"identifier": name}, _literal(one)]} for one in values]
    return each[0] if len(each) == 1 else {"or": each}


def _literal(value: str) -> Any:
    return {"ja": True, "wahr": True, "nein": False, "falsch": False}.get(value.lower(), value)


def _given(match: re.Match[str], number: int) -> str:
    """A value, in whichever of two ways it is written."""
    return match[number] or match[number + 1]


def _required(match: re.Match[str]) -> list[Rule]:
    return [_rule("required", _is(match[1], _given(match, 2), match[4]), match[5])]


def _required_short(match: re.Match[str]) -> list[Rule]:
    return [_rule("required", _is(match[1], match[2]), match[3])]


def _required_beside(match: re.Match[str]) -> list[Rule]:
    return [_rule("required", {"not": {"is_empty": {"identifier": match[1]}}}, match[2])]


def _forbidden_otherwise(match: re.Match[str]) -> list[Rule]:
    return [_rule("forbidden", {"not": _is(match[1], _given(match, 2), match[4])}, match[5])]


def _shown(match: re.Match[str]) -> list[Rule]:
    condition = _is(match[1], _given(match, 2), match[4])
    return [_rule("forbidden", {"not": condition} if match[5].lower() == "aktiviere" else condition, match[6])]


def _filled(names: str) -> list[Any]:
    return [{"not": {"is_empty": {"identifier": name}}} for name in re.findall(_ID, names)]


_Reader: TypeAlias = Callable[[re.Match[str]], list[Rule]]
_SENTENCES: tuple[tuple[re.Pattern[str], _Reader], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), reader)
    for pattern, reader in (
        (
            rf"Wenn {_THE}{_NAMED}{_EQUAL}{_VALUE}{_OR},? dann muss {_THE}{_NAMED} befüllt (?:sein|werden)\.?",
            _required,
        ),
        (
            rf"Wenn {_THE}{_NAMED}{_OTHER}{_VALUE}{_OR},? dann darf {_THE}{_NAMED} nicht befüllt (?:sein|werden)\.?",
            _forbidden_otherwise,
        ),
        (
            rf"Wenn im Datenfeld {_ID} der Wert (\d{{2,3}}) angegeben wurde, dann soll {_ID} zum Pflichtfeld werden\.?",
            _required_short,
        ),
        (
            rf"Wenn {_THE}{_NAMED} nicht leer(?: ist)?, dann darf {_THE}{_NAMED} nicht leer sein\.?",
            _required_beside,
        ),
        (
            rf"Wenn {_THE}{_NAMED}{_EQUAL}{_VALUE}{_OR},? dann (aktiviere|deaktiviere) {_THE}{_NAMED}"
            r"\.?(?= |$)(?! und)",
            _shown,
        ),
        (
            rf"Es muss mindestens eines der Felder ((?:{_NAMED}(?:, | oder | und )?){{2,}}) befüllt sein\.?",
            lambda match: [_rule("validation", {"or": _filled(match[1])})],
        ),
        (
            rf"(?:Es muss entweder|Entweder muss) {_THE}({_NAMED} oder {_THE}{_NAMED}) befüllt (?:sein|werden)\.?",
            lambda match: [_rule("validation", {"xor": _filled(match[1])})],
        ),
    )
)
