"""A condition as a German sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from forms_engine.editing.asking import COMPARISONS, Question, in_words

_JOINED = {"and": " und ", "or": " oder "}
_SUBJECTS = {"step": "Der Schritt erscheint", "group": "Die Gruppe erscheint", "static": "Der Text erscheint"}


def sentence(kind: str, condition: Mapping[str, Any] | None, questions: Sequence[Question]) -> str:
    """When something of this kind (`step` or a type) is shown."""
    subject = _SUBJECTS.get(kind, "Die Frage erscheint")
    if condition is None:
        return f"{subject} immer."
    return f"{subject}, wenn {_words(condition, {question.name: question for question in questions})}."


def _words(condition: Mapping[str, Any], known: Mapping[str, Question]) -> str:
    ((operator, content),) = condition.items()
    match operator:
        case "and" | "or":
            return _JOINED[operator].join(_part(each, known) for each in content)
        case "xor":
            return "genau eines davon zutrifft: " + "; ".join(_words(each, known) for each in content)
        case "not":
            return _negated(content, known)
        case "is_empty":
            return f"{_operand(content, known)} leer ist"
        case "in":
            return _contained(content, known)
        case "starts_with":
            return f"{_operand(content[0], known)} mit „{content[1]}“ beginnt"
        case "letter_between":
            return f"{_operand(content[0], known)} mit {content[1]} bis {content[2]} beginnt"
        case "in_area":
            return f"{_operand(content[0], known)} im Gebiet „{content[1]}“ liegt"
    return _compared(operator, content, known)


def _part(condition: Mapping[str, Any], known: Mapping[str, Question]) -> str:
    """In brackets where something else is joined in it."""
    words = _words(condition, known)
    return f"({words})" if condition.keys() & {"and", "or", "xor"} else words


def _negated(condition: Mapping[str, Any], known: Mapping[str, Question]) -> str:
    match condition:
        case {"is_empty": operand}:
            return f"{_operand(operand, known)} ausgefüllt ist"
        case {"in": [str(value), {"answer": name}]}:
            return f"{_operand({'answer': name}, known)} {_value(value, name, known)} nicht enthält"
    return f"nicht gilt: {_words(condition, known)}"


def _contained(content: Sequence[Any], known: Mapping[str, Question]) -> str:
    match content:
        case [{"answer": name}, list(values)]:
            return f"{_operand(content[0], known)} {' oder '.join(_value(v, name, known) for v in values)} ist"
        case [value, {"answer": name}]:
            return f"{_operand(content[1], known)} {_value(value, name, known)} enthält"
    return f"{_operand(content[0], known)} in {_operand(content[1], known)} steht"


def _compared(operator: str, content: Sequence[Any], known: Mapping[str, Question]) -> str:
    left, right = content
    name = _name(left) or _name(right)
    kind = known[name].kind if name in known else ""
    phrase = COMPARISONS.get(kind, COMPARISONS["number"]).get(operator, operator).removeprefix("ist").strip()
    value = _operand(right, known) if isinstance(right, dict) else _value(right, name, known)
    subject = _operand(left, known) if isinstance(left, dict) else _value(left, name, known)
    return " ".join(word for word in (subject, phrase, value, "ist") if word)


def _name(operand: Any) -> str:
    if not isinstance(operand, dict):
        return ""
    return str(operand.get("answer") or f"#{operand.get('count')}")


def _operand(operand: Any, known: Mapping[str, Question]) -> str:
    if not isinstance(operand, dict):
        return f"„{operand}“"
    name = _name(operand)
    return f"„{known[name].label}“" if name in known else f"„{name.lstrip('#')}“"


def _value(value: Any, name: str, known: Mapping[str, Question]) -> str:
    if isinstance(value, bool):
        return "„Ja“" if value else "„Nein“"
    question = known.get(name)
    if question is None:
        return f"„{value}“"
    return f"„{dict(question.options).get(str(value)) or in_words(question, value)}“"
