"""Translated rules of the federation's portal: each is tried with answers that keep and that break it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import date
from functools import cache
from itertools import islice, product
from typing import Any

import pytest

from forms_engine import api
from forms_engine.errors import DefinitionError
from forms_engine.reading import Reading
from forms_engine.structure import CompiledForm, Group, Path
from forms_engine.xdatenfelder import rules
from forms_engine.xdatenfelder.elements import parse
from forms_engine.xdatenfelder.reading import read_schema
from forms_engine.xdatenfelder.schema import Schema
from forms_engine.xdatenfelder.translating import Placed, Translated, translate
from tests.xdatenfelder.schemas import field3, group3, schema3
from tests.xdatenfelder.test_corpus import CORPUS, find

FILE = CORPUS / "rules" / "translated_rules_api.json"
RULES = json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else []
EACH = 1 if os.environ.get("PORTAL_FORMS") == "all" else 5  # `make forms` tries all of them
MOST = 400  # assignments per rule and place


# --- what a rule says, told a second time and independently of the engine --------------------------------------------


def truth(told: dict, values: dict[str, Any]) -> bool | None:
    ((operator, content),) = told.items()
    if operator == "identifier":
        return values[content]
    if operator == "is_empty":
        return values[content["identifier"]] is None
    if operator == "is_valid_date":
        return is_date(*(values[part["identifier"]] for part in content))
    if operator == "not":
        inner = truth(content, values)
        return None if inner is None else not inner
    if operator in ("equal", "not_equal"):
        value, literal = values[content[0]["identifier"]], content[1]
        if value is None:
            return None
        same = value == literal or (isinstance(literal, str) and literal.startswith(f"{value} "))
        return same if operator == "equal" else not same
    parts = [truth(part, values) for part in content]
    if operator == "xor":
        return None if None in parts else parts.count(True) == 1
    decisive = operator == "or"
    return decisive if decisive in parts else None if None in parts else not decisive


def is_date(day: int | None, month: int | None, year: int | None) -> bool | None:
    if day is None or month is None or year is None:
        return None
    try:
        return bool(date(year, month, day))
    except ValueError:
        return False


def identifiers(told: Any) -> Iterator[str]:
    if isinstance(told, dict):
        if "identifier" in told:
            yield told["identifier"]
        else:
            yield from identifiers(list(told.values()))
    elif isinstance(told, list):
        for part in told:
            yield from identifiers(part)


# --- answers -------------------------------------------------------------------------------------------------------


def domain(question: Placed) -> list[Any]:
    item = question.item
    match item["type"]:
        case "yes_no":
            return [True, False]
        case "number":
            least, most = item.get("min", 0), item.get("max", 9999)
            return [number for number in (29, 2, 31, 4, 2023, 2024) if least <= number <= most]
        case "choice":
            return [option["value"] for option in item.get("options", ({"value": "001"},))]
        case "file":
            return [{"_files": ["f1"]}]
        case "date":
            return ["2026-01-02"]
        case "email":
            return ["ada@example.org"]
        case _:
            return ["Angabe"]


def put(answers: dict, form: CompiledForm, path: Path, value: Any) -> None:
    for depth, key in enumerate(path[:-1], start=1):
        if form.declared[path[:depth]].repeated[-1]:
            answers = answers.setdefault(key, [{"_id": "i1"}])[0]
        else:
            answers = answers.setdefault(key, {})
    answers[path[-1]] = value


def assignments(told: dict, bearer: Placed) -> Iterator[tuple[dict[str, Any], dict[Path, Any]]]:
    """(what each identifier of the condition holds, the answers by path)."""
    names = list(dict.fromkeys(identifiers(told)))
    questions = [rules._part(name, bearer).questions()[0] for name in names]
    for values in islice(product(*([None, *domain(question)] for question in questions)), MOST):
        yield (
            dict(zip(names, values, strict=True)),
            {q.path: value for q, value in zip(questions, values, strict=True) if value is not None},
        )


# --- trying --------------------------------------------------------------------------------------------------------


def holds(form: CompiledForm, bearer: Placed, answers: dict) -> bool | None:
    """What the engine says of the one check that this form has at the bearer."""
    node = form.nodes[bearer.scope] if bearer.scope else form
    where = ("i1",) * sum(form.declared[bearer.scope].repeated) if bearer.scope else ()
    first = next(question.path for question in bearer.questions())
    own = [rule for rule in node.rules if rule.at[: len(bearer.path)] == first[: len(bearer.path)]]
    assert len(own) == 1
    return Reading(form, answers).holds(own[0].require, where)


def try_rule(told: dict, schema: Schema) -> set[tuple[str, bool]]:
    """Compares engine and rule at each place for each assignment; tells which outcomes were met."""
    translated = translate(schema, find)
    rules.apply([told], schema, translated)
    assert not [warning for warning in translated.warnings if "wirkt dort nicht" in warning]
    form = api.compile_definition(translated.definition)
    met: set[tuple[str, bool]] = set()
    for bearer in rules._bearers(told, translated.root):
        for values, given in assignments(told["condition"], bearer):
            answers: dict[str, Any] = {}
            for path, value in given.items():
                put(answers, form, path, value)
            met |= set(compare(told, bearer, form, answers, truth(told["condition"], values)))
    return met


def compare(
    told: dict, bearer: Placed, form: CompiledForm, answers: dict, expected: bool | None
) -> Iterator[tuple[str, bool]]:
    (effect,) = told["action"]
    if effect == "validation":
        assert holds(form, bearer, answers) is expected
        if expected is not None:
            yield effect, expected
        return
    target = rules._part(told["target"], bearer)
    if effect == "forbidden":
        where = ("i1",) * sum(form.declared[bearer.scope].repeated) if bearer.scope else ()
        assert shows(form, target, answers, where) is (expected is False)
        if expected is not None:
            yield effect, not expected
        return
    if not target.questions():
        yield from (("required", True), ("required", False))  # a text: nobody can leave it out
        return
    assert (holds(form, bearer, answers) is False) is (expected is True)
    yield effect, expected is not True
    if expected:
        put(answers, form, target.questions()[0].path, domain(target.questions()[0])[0])
        assert holds(form, bearer, answers) is True
        yield effect, True


def shows(form: CompiledForm, target: Placed, answers: dict, where: tuple[str, ...]) -> bool:
    if target.path in form.nodes:
        return Reading(form, answers).shows(form.nodes[target.path], where)
    above = form.nodes[target.path[:-1]]
    assert isinstance(above, Group)
    return Reading(form, answers).shows(next(item for item in above.items if item.path == target.path), where)


@cache
def schema_of(fim_id: str) -> Schema:
    return read_schema(parse((CORPUS / "xdf3" / f"{fim_id}.xdf3.xml").read_bytes()))


@pytest.mark.skipif(not RULES, reason="the translated rules are not here; set PORTAL_CORPUS to them")
@pytest.mark.parametrize("number", range(0, len(RULES), EACH))
def test_a_translated_rule_can_be_kept_and_broken(number):
    told = RULES[number]
    (effect,) = told["action"]
    assert try_rule(told, schema_of(told["schema"])) == {(effect, True), (effect, False)}


# --- small ones of our own -------------------------------------------------------------------------------------------


def apply(told: list[dict], raw: bytes) -> Translated:
    schema = read_schema(parse(raw))
    translated = translate(schema, lambda _: None)
    rules.apply(told, schema, translated)
    return translated


def boat(count: str = "1:1") -> bytes:
    parts = [
        ("1:1", field3("F13000000001", "Motor?", "bool")),
        ("0:1", field3("F13000000002", "Leistung", "num_int")),
    ]
    return schema3((count, group3("G13000000001", "Boot", parts)))


def rule(effect: str, **more: Any) -> dict:
    condition = {"equal": [{"identifier": "self.F13000000001"}, True]}
    return {
        "bearer": "G13000000001",
        "action": [effect],
        "target": "F13000000002",
        "condition": condition,
        "message": "Nennen Sie die Leistung.",
    } | more


def test_a_rule_runs_in_each_instance_of_a_repeated_group():
    form = api.compile_definition(api.load(apply([rule("required")], boat("1:*")).definition))
    boats = [{"_id": "a", "f13000000001": False}, {"_id": "b", "f13000000001": True}]
    assert [problem.field_id for problem in api.check(form, {"g13000000001": boats})] == ["g13000000001-b-f13000000002"]


def test_what_is_forbidden_is_not_shown():
    forbidden = rule("forbidden", condition={"equal": [{"identifier": "F13000000001"}, False]})
    form = api.compile_definition(api.load(apply([forbidden], boat()).definition))
    answers = {"g13000000001": {"f13000000001": False, "f13000000002": 5}}
    assert api.effective(form, answers) == {"g13000000001": {"f13000000001": False}}
    answers["g13000000001"]["f13000000001"] = True
    assert api.effective(form, answers) == answers


def test_rules_that_wait_for_one_another_are_refused_with_the_chain():
    first = rule("forbidden", condition={"equal": [{"identifier": "F13000000002"}, 1]}, target="F13000000001")
    with pytest.raises(api.DefinitionError, match="„Motor\\?“ → „Leistung“ → „Motor\\?“"):
        api.load(apply([first, rule("forbidden")], boat()).definition)


def test_a_rule_about_something_unknown_becomes_a_warning():
    translated = apply([rule("required", target="F99"), rule("required", bearer="G99")], boat())
    assert any("F99 gibt es dort nicht" in warning for warning in translated.warnings)
    assert any("G99" in warning for warning in translated.warnings)
    assert "rules" not in translated.definition


@pytest.mark.asvs("V1.5.2")
@pytest.mark.parametrize(
    "raw",
    [b'[{"condition": {}, "condition": {}}]', b"[" * 200_000, b'[{"condition": NaN}]', b'[{"condition": "\\ud800"}]'],
)
def test_rules_that_mean_two_things_or_cannot_be_stored_are_refused(raw: bytes):
    with pytest.raises(DefinitionError, match="Die Datei mit Regeln"):
        rules.read_rules(raw)
