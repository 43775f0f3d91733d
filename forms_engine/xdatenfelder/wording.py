"""Rules in German words as rules for machines, where the words leave no doubt. Whatever is said besides makes doubt.

`told` reads the sentences that form authors of the federation write again and again; it answers with rules of the
form that the federation's portal has for translated ones, or with nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, TypeAlias

from forms_engine.xdatenfelder.harmonised import plain_id

Rule: TypeAlias = dict[str, Any]
#: What elements are called, by their plain id: names without marks are left out where they are the element's own.
Names: TypeAlias = Mapping[str, Collection[str]]

ELEMENT = re.compile(r"\b[FG]\d{8}(?:\d{3})?\b")

_LONGEST = 2000
_MARKS = r"(?: ?(?:\"[^\"]*\"|'[^']*'))?"  # a name in marks, of an element or a code
_PLAIN_ID = r"(?:[FG]\d{8}(?:\d{3})?\.)*[FG]\d{8}(?:\d{3})?"
_ID = rf"({_PLAIN_ID})"
_NAMED = _ID + _MARKS
_THE = r"(?:(?:das|die|im|bei) )?(?:(?:Feld|Felder|Datenfeld|Feldgruppe|Datenfeldgruppe) )*"
_EACH = rf"{_THE}{_PLAIN_ID}{_MARKS}"
_MANY = rf"({_EACH}(?:(?:, ?| oder | und ){_EACH})*)"
_CODE = rf"\d{{2,3}}(?: ?- [^,\"=]*?(?= ODER |,| DANN )|{_MARKS})"
_ONE = rf"(?:{_CODE}|JA|NEIN|WAHR|FALSCH|\"[^\"]+\")"
_EQUAL, _OTHER = r" ?={1,3} ?", r" ?(?:<>|!=) ?"
_VALUES = rf"({_ONE}(?: ODER (?:= )?{_ONE})*)"
_NOT_VALUES = rf"({_ONE}(?: (?:ODER|UND) (?:<> ?|!= ?)?{_ONE})*)"
_EMPTY = r"\"\""
_DAY_EXAMPLE = r"(?: D\.h\. es muss z\.B\. [0-9.]+ oder der [0-9.]+ verhindert werden, da diese keine korrekten "


def told(words: str, names: Names | None = None) -> list[Rule]:
    """The rules in these words; none if a single sentence is not understood."""
    found: list[Rule] = []
    rest = " ".join(words.split())
    if len(rest) > _LONGEST:
        return []
    rest = _without(names or {}, rest)
    while rest:
        read = next((read for sentence in _SENTENCES if (read := sentence(rest))), None)
        if read is None:
            return []
        rules, end = read
        found += rules
        rest = rest[end:].lstrip(" ,")
    return found


def _without(names: Names, words: str) -> str:
    """The words without the names that stand unmarked behind the ids they belong to."""
    parts, position = [], 0
    for found in ELEMENT.finditer(words):
        if found.start() < position:
            continue
        parts.append(words[position : found.end()])
        position = found.end()
        for name in sorted(names.get(plain_id(found[0]), ()), key=len, reverse=True):
            behind = re.match(rf" {re.escape(name)}(?!\w)", words[position:], re.IGNORECASE)
            if behind:
                position += behind.end()
                break
    return "".join([*parts, words[position:]])


#: The rules that a text begins with, and where in the text they end.
_Read: TypeAlias = tuple[list[Rule], int]


# --- what a sentence says --------------------------------------------------------------------------------------------


def _rule(effect: str, condition: Any, target: str | None = None) -> Rule:
    return {"action": [effect], "target": target, "condition": condition}


def _ids(words: str) -> list[str]:
    """The ids in a list of elements, each with what is in front of it: `G1.F2`."""
    return re.findall(_PLAIN_ID, re.sub(r"\"[^\"]*\"|'[^']*'", "", words))


def _is(name: str, values: str) -> Any:
    """The condition that an element has one of these values."""
    each = [{"equal": [{"identifier": name}, value]} for value in _literals(values)]
    return each[0] if len(each) == 1 else {"or": each}


def _literals(values: str) -> list[Any]:
    """The values in the words; a code without the name beside it, a name in marks without them."""
    found = re.findall(
        rf"(\d{{2,3}}){_MARKS}(?: ?- [^,\"=]*?(?= ODER |$))?|\"([^\"]+)\"|(JA|NEIN|WAHR|FALSCH)", values, re.I
    )
    return [_literal(code or marked or word) for code, marked, word in found]


def _literal(value: str) -> Any:
    return {"ja": True, "wahr": True, "nein": False, "falsch": False}.get(value.lower(), value)


def _empty(name: str) -> Any:
    return {"is_empty": {"identifier": name}}


def _filled(names: str) -> list[Any]:
    return [{"not": _empty(name)} for name in _ids(names)]


def _valid_day(match: re.Match[str]) -> list[Rule]:
    return [_rule("validation", {"is_valid_date": [{"identifier": match[part]} for part in (1, 2, 3)]})]


# --- what is shown, hidden, required under a condition ---------------------------------------------------------------

_ACTIONS = (
    ("hide", re.compile(rf"deaktiviere {_MANY}|blende {_MANY} aus|zeige {_MANY} nicht(?: an)?", re.IGNORECASE)),
    (
        "show",
        re.compile(
            rf"(?:aktiviere|zeige) (als Pflicht(?:felder|feld|angabe)? )?{_MANY}"
            r"( als Pflicht(?:felder|feld|angabe)?)?(?: an)?(?! nicht)",
            re.IGNORECASE,
        ),
    ),
    ("require", re.compile(r"mache (?:es|sie) zu einer Pflichtangabe", re.IGNORECASE)),
)
_AND = re.compile(r" und ", re.IGNORECASE)
_END = re.compile(r"\.?(?= |,|$)(?! und\b)", re.IGNORECASE)
_IF = re.compile(rf"Wenn {_THE}{_NAMED}{_EQUAL}{_VALUES}(?: ist)?,? (?:dann )?", re.IGNORECASE)
_ELSE = re.compile(
    rf"[,.]? (?:(?:ansonsten|sonst) (?:zeige (?:das Feld|die Felder|{_MANY}) )?nicht(?: an)?"
    rf"|(?:wenn|bei) (?:{_THE}{_NAMED})?({_EQUAL}|{_OTHER}){_VALUES}(?: ist)?,? (?:dann )?"
    rf"(?:zeige {_MANY} nicht(?: an)?|blende {_MANY} aus))",
    re.IGNORECASE,
)


def _deeds(text: str) -> Iterator[tuple[str, list[str], int]]:
    """What is done, to which elements, and where in the text it ends; ends before what is not understood."""
    position = 0
    shown: list[str] = []
    while True:
        done = next(((deed, match) for deed, verb in _ACTIONS if (match := verb.match(text, position))), None)
        if done is None:
            return
        deed, match = done
        groups = [group for group in match.groups() if group]
        ids = _ids(" ".join(groups)) if deed != "require" else shown
        if not ids:
            return
        shown = ids if deed == "show" else shown
        yield deed, ids, match.end()
        if deed == "show" and len(groups) > 1:
            yield "require", ids, match.end()
        joined = _AND.match(text, match.end())
        if joined is None:
            return
        position = joined.end()


def _conditional(text: str) -> _Read | None:
    """`Wenn F1 = 001, dann zeige F2 als Pflicht an und deaktiviere F3, sonst zeige F2 nicht an.`"""
    condition = _IF.match(text)
    deeds = list(_deeds(text[condition.end() :])) if condition else []
    if condition is None or not deeds:
        return None
    end = condition.end() + deeds[-1][2]
    if otherwise := _ELSE.match(text, end):
        if not _is_the_other_half(
            otherwise, condition, [each for deed, ids, _ in deeds if deed == "show" for each in ids]
        ):
            return None
        end = otherwise.end()
    ending = _END.match(text, end)
    if ending is None:
        return None
    holds = _is(condition[1], condition[2])
    effects = {"show": ("forbidden", {"not": holds}), "hide": ("forbidden", holds), "require": ("required", holds)}
    return [_rule(*effects[deed], target) for deed, ids, _ in deeds for target in ids], ending.end()


def _is_the_other_half(otherwise: re.Match[str], condition: re.Match[str], shown: list[str]) -> bool:
    """Does the second half say what the first one does? Another question, target or value, and nobody knows."""
    first, named, operator, values, *more = otherwise.groups()
    hidden = _ids(" ".join(group for group in (first, *more) if group))
    if not shown or (hidden and [_last(each) for each in hidden] != [_last(each) for each in shown]):
        return False
    if named and _last(named) != _last(condition[1]):
        return False
    return not operator or (_literals(values) == _literals(condition[2])) == (operator.strip() in ("<>", "!="))


def _last(name: str) -> str:
    return plain_id(name.rpartition(".")[2])


# --- the sentences ---------------------------------------------------------------------------------------------------

_Reader: TypeAlias = Callable[[str], _Read | None]


def _sentence(pattern: str, rules: Callable[[re.Match[str]], list[Rule]]) -> _Reader:
    compiled = re.compile(pattern, re.IGNORECASE)

    def read(text: str) -> _Read | None:
        match = compiled.match(text)
        return (rules(match), match.end()) if match else None

    return read


_SAID: tuple[tuple[str, Callable[[re.Match[str]], list[Rule]]], ...] = (
    (
        rf"Wenn {_THE}{_NAMED}{_EQUAL}{_VALUES},? dann muss {_THE}{_NAMED} befüllt (?:sein|werden)\.?",
        lambda match: [_rule("required", _is(match[1], match[2]), match[3])],
    ),
    (
        rf"Wenn {_THE}{_NAMED}{_OTHER}{_NOT_VALUES},? dann darf {_THE}{_NAMED} nicht befüllt (?:sein|werden)\.?",
        lambda match: [_rule("forbidden", {"not": _is(match[1], match[2])}, match[3])],
    ),
    (
        rf"Wenn im Datenfeld {_ID} der Wert ({_CODE}) angegeben wurde, dann soll {_ID} zum Pflichtfeld werden\.?",
        lambda match: [_rule("required", _is(match[1], match[2]), match[3])],
    ),
    (
        rf"Wenn im Datenfeld {_ID} der Wert {_EMPTY} angegeben wurde, dann soll {_ID} zum Pflichtfeld werden\.?",
        lambda match: [_rule("required", _empty(match[1]), match[2])],
    ),
    (
        rf"Wenn im Datenfeld {_ID} nicht der Wert {_EMPTY} angegeben wurde, dann soll {_ID} zum Pflichtfeld werden\.?",
        lambda match: [_rule("required", {"not": _empty(match[1])}, match[2])],
    ),
    (
        rf"Wenn {_THE}{_NAMED} {_VALUES} angegeben wird, dann wird {_THE}{_NAMED} (?:zur|eine) Pflichtangabe\.?",
        lambda match: [_rule("required", _is(match[1], match[2]), match[3])],
    ),
    (
        rf"{_THE}{_NAMED} ist ein Pflichtfeld, wenn eines der (?:folgenden )?Felder {_MANY} mit {_VALUES} "
        r"belegt ist\.?",
        lambda match: [_rule("required", {"or": [_is(each, match[3]) for each in _ids(match[2])]}, match[1])],
    ),
    (
        rf"Wenn {_THE}{_NAMED} nicht leer(?: ist)?, dann darf {_THE}{_NAMED} nicht leer sein\.?",
        lambda match: [_rule("required", {"not": _empty(match[1])}, match[2])],
    ),
    (
        rf"Es muss mindestens eines der Felder ((?:{_NAMED}(?:, | oder | und )?){{2,}}) befüllt sein\.?",
        lambda match: [_rule("validation", {"or": _filled(match[1])})],
    ),
    (
        rf"(?:Es muss entweder|Entweder muss) {_THE}({_NAMED} oder {_THE}{_NAMED}) befüllt (?:sein|werden)\.?",
        lambda match: [_rule("validation", {"xor": _filled(match[1])})],
    ),
    (
        rf"Wenn alle drei Felder {_NAMED}, {_NAMED} und {_NAMED} befüllt sind,? muss die Validität des sich ergebenden "
        rf"Kalenderdatums sichergestellt werden\.?{_DAY_EXAMPLE}Datumsangaben sind\.?)?",
        _valid_day,
    ),
)
_SENTENCES: tuple[_Reader, ...] = (*(_sentence(pattern, rules) for pattern, rules in _SAID), _conditional)
