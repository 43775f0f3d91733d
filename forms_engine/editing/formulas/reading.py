"""The formula of a calculated field as its author types it: `laenge * breite + Summe(zimmer.flaeche) / 2,5`.

    sum     = product { ("+" | "-") product }
    product = factor  { ("*" | "/") factor }
    factor  = "-" factor | number | name | word "(" name ")" | "(" sum ")"

What is stored is the formula of the engine. A name is the whole path of a question, so it means the same wherever the
formula stands; the words before a bracket say what becomes of several answers:

* `hunde.gewicht`: one answer; in the group *hunde* the one of the same dog
* `Summe(hunde.gewicht)`: of all there are; where the formula stands in a repeated group around it, of that instance
* `Gesamtsumme(hunde.gewicht)`: of all there are, from within the group
* `Anzahl(hunde)` and `Gesamtanzahl(…)`: how many instances, options or files
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from forms_engine.editing.formulas.operands import COUNT, SUM, TOTAL, TOTAL_COUNT, Operands
from forms_engine.editing.formulas.signs import OPERATORS, USUAL
from forms_engine.suggestions import closest

Raw: TypeAlias = Any  # a formula as the definition holds it

_FUNCTIONS = {name.casefold(): name for name in (SUM, TOTAL, COUNT, TOTAL_COUNT)}
_LONGEST, _DEEPEST = 2_000, 40
_TOKEN = re.compile(r"(?P<number>[0-9][0-9.,]*)|(?P<word>[^\W0-9][\w.]*)|(?P<sign>[-+*/:()×·÷−–])|(?P<other>\S)")
_NUMBER = re.compile(r"([0-9]{1,15})(?:,([0-9]{1,12}))?")


class FormulaError(Exception):
    """A sentence for the author: where the text of a formula is wrong, and what to write."""


def formula_of(text: str, known: Operands) -> Raw:
    """The formula that a text says. Raises FormulaError."""
    if len(text) > _LONGEST:
        raise FormulaError(f"Die Formel ist zu lang. Schreiben Sie höchstens {_LONGEST} Zeichen.")
    raw = _Parser(text.replace("\r\n", "\n"), known).formula()
    if _depth(raw) > _DEEPEST:
        raise FormulaError("Die Formel ist zu tief geschachtelt. Schreiben Sie sie mit weniger Klammern.")
    return raw


def _depth(raw: Raw) -> int:
    level, depth = [raw], 0
    while level:
        depth += 1
        contents = [content for each in level if isinstance(each, Mapping) for content in each.values()]
        level = [part for content in contents if isinstance(content, list) for part in content]
    return depth


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str  # number, word, sign, other; end
    text: str
    start: int

    @property
    def place(self) -> str:
        return f"Zeichen {self.start + 1}, „{self.text}“" if self.text else "Am Ende"


class _Parser:
    """One text, read from left to right."""

    def __init__(self, text: str, known: Operands) -> None:
        found = [_Token(str(match.lastgroup), match[0], match.start()) for match in _TOKEN.finditer(text)]
        self._tokens = [*found, _Token("end", "", len(text))]
        self._next = 0
        self._open: list[_Token] = []
        self._known = known

    def formula(self) -> Raw:
        raw = self._chain(("+", "-"))
        if self._sign == ")":
            raise self._wrong("Zu dieser Klammer fehlt die öffnende. Schreiben Sie „(“ davor, oder löschen Sie sie.")
        if self._token.kind != "end":
            raise self._unexpected()
        return raw

    @property
    def _token(self) -> _Token:
        return self._tokens[self._next]

    @property
    def _sign(self) -> str:
        token = self._token
        return USUAL.get(token.text, token.text) if token.kind == "sign" else ""

    def _chain(self, signs: tuple[str, str]) -> Raw:
        """Operands with these signs between them; of the same sign in a row they are parts of one operation."""
        raw, joined = self._operand(signs), ""
        while self._sign in signs:
            operator = OPERATORS[self._sign]
            self._next += 1
            part = self._operand(signs)
            if operator == joined:
                raw[operator].append(part)
            else:
                raw, joined = {operator: [raw, part]}, operator
        return raw

    def _operand(self, signs: tuple[str, str]) -> Raw:
        return self._chain(("*", "/")) if "+" in signs else self._factor()

    def _factor(self) -> Raw:
        token, sign = self._token, self._sign
        if token.kind == "number":
            self._next += 1
            return _number(token)
        if token.kind == "word":
            return self._named()
        if sign == "-":
            return self._negative()
        if sign == "(":
            return self._in_brackets()
        raise self._unexpected()

    def _negative(self) -> Raw:
        self._enter()
        raw = self._factor()
        self._open.pop()
        if isinstance(raw, Mapping) or str(raw).startswith("-"):
            return {"difference": [0, raw]}
        return -raw if isinstance(raw, int) else f"-{raw}"

    def _in_brackets(self) -> Raw:
        self._enter()
        raw = self._chain(("+", "-"))
        self._close()
        return raw

    def _enter(self) -> None:
        self._open.append(self._token)
        if len(self._open) > _DEEPEST:
            raise self._wrong("Die Formel ist zu tief geschachtelt. Schreiben Sie sie mit weniger Klammern.")
        self._next += 1

    def _close(self) -> None:
        opened = self._open.pop()
        if self._sign == ")":
            self._next += 1
        elif self._token.kind == "end":
            raise self._wrong(f"Die Klammer bei Zeichen {opened.start + 1} ist nicht geschlossen. Schreiben Sie „)“.")
        else:
            raise self._unexpected()

    def _named(self) -> Raw:
        token = self._token
        self._next += 1
        if self._sign != "(":
            return self._known_as(token, token.text, token.text)
        function = _FUNCTIONS.get(token.text.casefold())
        if function is None:
            raise _at(token, f"Vor einer Klammer steht ein Rechenzeichen oder {', '.join(_FUNCTIONS.values())}.")
        self._enter()
        name = self._token
        if name.kind != "word":
            raise self._wrong(f"In die Klammer von {function} gehört ein Feld, zum Beispiel {self._example(function)}.")
        self._next += 1
        self._close()
        return self._known_as(name, f"{function}({name.text})", name.text)

    def _example(self, function: str) -> str:
        fitting = [each.text for each in self._known.usable if each.text.startswith(f"{function}(")]
        return fitting[0] if fitting else f"{function}(hunde.gewicht)"

    def _known_as(self, token: _Token, text: str, path: str) -> Raw:
        for operand in self._known.usable:
            if operand.text == text:
                return dict(operand.raw)
        raise _at(token, self._not_known(text, path))

    def _not_known(self, text: str, path: str) -> str:
        """Why this cannot be reckoned with, and what can be written in its place."""
        instead = [operand.text for operand in self._known.usable if operand.path == path]
        if instead:
            return f"„{text}“ geht an dieser Stelle nicht. Schreiben Sie {' oder '.join(instead)}."
        kind = self._known.others.get(path)
        if kind == "calculated":
            return "Mit berechneten Feldern lässt sich nicht weiterrechnen. Schreiben Sie hier deren Formel aus."
        if kind:
            return "Damit lässt sich nicht rechnen. Nehmen Sie ein Feld, das nach einer Zahl fragt."
        return f"Dieses Feld gibt es nicht.{self._meant(path)}"

    def _meant(self, word: str) -> str:
        """Who leaves out the group, or types the label, means this; else what is written most like it."""
        last = word.casefold()
        for operand in self._known.usable:
            label = operand.label.rpartition(" › ")[2]
            if last in (operand.path.rpartition(".")[2], label.casefold()):
                return f" Meinen Sie „{operand.text}“?"
        return closest(last, [operand.text for operand in self._known.usable]) or " Nehmen Sie eines aus der Liste."

    def _unexpected(self) -> FormulaError:
        token, before = self._token, self._tokens[self._next - 1] if self._next else None
        if token.kind == "other":
            return self._wrong("Dieses Zeichen gehört in keine Formel. Rechnen Sie mit + - * / und Klammern.")
        after_value = before is not None and (before.kind in ("number", "word") or before.text == ")")
        if after_value and token.kind != "end":
            return self._wrong("Davor fehlt ein Rechenzeichen. Schreiben Sie + - * oder /.")
        return self._wrong("Hier fehlt eine Zahl oder ein Feld. Schreiben Sie zum Beispiel 2,5 oder einen Schlüssel.")

    def _wrong(self, sentence: str) -> FormulaError:
        return _at(self._token, sentence)


def _at(token: _Token, sentence: str) -> FormulaError:
    return FormulaError(f"{token.place}: {sentence}")


def _number(token: _Token) -> int | str:
    """Whole, or with a decimal comma. A point is refused: 1.500 is a thousand to one and a fraction to another."""
    match = _NUMBER.fullmatch(token.text)
    if match is None:
        raise _at(token, "Schreiben Sie Zahlen ohne Punkt und mit Komma, zum Beispiel 1500 oder 12,50.")
    return f"{match[1]}.{match[2]}" if match[2] else int(match[1])
