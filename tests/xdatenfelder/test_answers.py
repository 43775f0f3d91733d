"""Answers made from the limits of each schema are accepted, filed, and valid under the published JSON Schema; each
limit, broken once, is told at its own question, and by the JSON Schema where it has words for it.
"""

from __future__ import annotations

import os
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from forms_engine import api
from forms_engine.json_schema.api import schema_of_answers
from forms_engine.xdatenfelder.api import import_xml
from forms_engine.xdatenfelder.code_lists import CodeList, Column
from forms_engine.xdatenfelder.schema import ListReference
from tests.xdatenfelder.making import Filled, broken
from tests.xdatenfelder.test_corpus import CORPUS, _schemas, collected, find
from tests.xdatenfelder.test_rules import RULES

ALL = os.environ.get("PORTAL_FORMS") == "all"  # `make forms`
QUICK = (
    *("S00000000373.xdf3", "S07000000200.xdf3", "S00000000366.xdf3", "S00000000395.xdf3", "S00000000371.xdf3"),
    *("S05000001195.xdf3", "S05000058V1.0_xdf2", "own_minimal_xdf2", "own_minimal_xdf3", "select"),
)
RULED = sorted({rule["schema"] for rule in RULES if (CORPUS / "xdf3" / f"{rule['schema']}.xdf3.xml").exists()})
SEEDS = range(5 if ALL else 2)
pytestmark = collected


def lists(reference: ListReference) -> CodeList:
    """The collected list, else one in its place: most lists are only named."""
    rows = tuple({"code": f"{number:03}", "name": f"Antwort {number}"} for number in range(1, 8))
    columns = (Column("code", True), Column("name", True))
    return find(reference) or CodeList(reference.uri, reference.version, columns, "code", rows)


def _mine() -> list[Any]:
    return [file for file in _schemas() if ALL or file.name.removesuffix(".xml") in QUICK]


def form_of(file: Any) -> api.CompiledForm:
    return api.compile_definition(api.load(import_xml(file.read_bytes(), (), lists).definition))


def validator(form: api.CompiledForm) -> Draft202012Validator:
    schema = schema_of_answers(form, "https://portal.example/schema.json")
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)


def test_ten_of_them_are_tried_each_time():
    assert len(_mine()) >= 10


@pytest.mark.parametrize("file", _mine(), ids=lambda file: file.stem)
def test_random_valid_answers_are_filed_and_agree_with_the_json_schema(file):
    form = form_of(file)
    schema = validator(form)
    for seed in SEEDS:
        filled = Filled(form, seed)
        assert api.check(form, filled.answers, filled.uploads) == []
        assert filled.filed() == filled.answers
        assert [error.json_path for error in schema.iter_errors(filled.answers)] == []


@pytest.mark.skipif(not RULES, reason="the translated rules are not here; set PORTAL_CORPUS to them")
@pytest.mark.parametrize("fim_id", RULED if ALL else RULED[:3])
def test_what_is_filed_under_translated_rules_agrees_with_the_json_schema(fim_id):
    """Conditions hide questions and checks require others: whatever may be submitted is valid."""
    raw = (CORPUS / "xdf3" / f"{fim_id}.xdf3.xml").read_bytes()
    form = api.compile_definition(api.load(import_xml(raw, RULES, lists).definition))
    schema, filed = validator(form), 0
    for seed in range(30):
        filled = Filled(form, seed)
        for field, name, into, _ in filled.places:
            if not field.required and filled.chance.random() < 0.3:
                into.pop(field.key)
                filled.uploads.pop(name, None)
        if api.check(form, filled.answers, filled.uploads) == []:
            filed += 1
            submitted = api.effective(form, filled.answers)
            assert [error.json_path for error in schema.iter_errors(submitted)] == [], seed
    assert filed


@pytest.mark.parametrize("file", _mine(), ids=lambda file: file.stem)
def test_each_limit_of_a_schema_is_told_at_its_own_question(file):
    form = form_of(file)
    filled, schema = Filled(form), validator(form)
    for field, name, into, alone in filled.places:
        if field.type.name == "file":
            continue
        kept = into.pop(field.key)
        wrong = [place.startswith(name) for place in filled.problems(field)]
        assert wrong in ([[True], []] if alone else [[True]] if field.required else [[]]), (name, "missing")
        top = field.path[0]
        assert _whole(schema, api.effective(form, filled.answers), top) == (wrong == []), (name, "missing")
        for answer, is_said in broken(field):
            into[field.key] = answer
            told = filled.problems(field)
            assert len(told) == 1, (name, answer, told)
            assert told[0].startswith(name), (name, answer, told)
            places = {tuple(str(part) for part in error.path) for error in _errors(schema, filled.answers, top)}
            assert len(places) == is_said, (name, answer, places)
            assert not is_said or field.key in next(iter(places)), (name, answer, places)
        into[field.key] = kept


def _errors(schema: Draft202012Validator, answers: dict[str, Any], top: str) -> list[Any]:
    """What the schema says of the part of the answers that was changed; all of them each time would take hours."""
    part = schema.schema["properties"][top]
    return list(schema.evolve(schema=part).descend(answers.get(top), part, path=top, schema_path=top))


def _whole(schema: Draft202012Validator, answers: dict[str, Any], top: str) -> bool:
    under_conditions = schema.schema.get("allOf", ())
    if not all(schema.evolve(schema=clause).is_valid(answers) for clause in under_conditions):
        return False
    if top not in answers:
        return top not in schema.schema.get("required", ())
    return not _errors(schema, answers, top)
