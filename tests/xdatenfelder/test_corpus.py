"""Every collected schema imports as its nature says; the files are read where they are and never copied."""

import os
import re
from functools import cache
from pathlib import Path

import pytest

from forms_engine import api
from forms_engine.xdatenfelder.api import import_xml, read_rules
from forms_engine.xdatenfelder.code_lists import CodeList, Column, read_code_list
from forms_engine.xdatenfelder.elements import parse
from forms_engine.xdatenfelder.reading import read_schema
from forms_engine.xdatenfelder.schema import DataField, ListReference

CORPUS = Path(os.environ.get("PORTAL_CORPUS", "../shared/data")) / "fim"
FILES = sorted(file for folder in ("xdf2", "xdf3", "own", "tests") for file in (CORPUS / folder).rglob("*.xml"))
RULES = CORPUS / "rules" / "translated_rules_api.json"
LISTS = [file for file in FILES if file.stem.endswith("genericode")]
NO_FORM = {  # files that are made to be refused, and why
    "v2-data/data-group-rule.xml": "fragt nichts",
    "v2-data/duplicate-optional-value.xml": "keine Felder",
    "v2-data/duplicate-required-value.xml": "2-mal",
    "v2-data/minimal.xml": "keine Felder",
    "v2-data/rule.xml": "keine Felder",
    "v2-data/unknown-namespace.xml": "Namensraum",
    "v3-data/": "kein Stammdatenschema|Namensraum",  # single groups
}
collected = pytest.mark.skipif(not FILES, reason="the collected schemas are not here: PORTAL_CORPUS names their folder")
pytestmark = collected


@cache
def _lists() -> tuple[CodeList, ...]:
    return tuple(read_code_list(parse(file.read_bytes())) for file in LISTS)


def find(reference: ListReference) -> CodeList | None:
    known = [kept for kept in _lists() if kept.uri == reference.uri]
    return next((kept for kept in known if reference.version in ("", kept.version)), None)


def _schemas() -> list[Path]:
    return [file for file in FILES if file not in LISTS and not _reason(file)]


def _reason(file: Path) -> str:
    return next((why for part, why in NO_FORM.items() if part in file.as_posix()), "")


@pytest.mark.parametrize("file", _schemas(), ids=lambda file: file.stem)
def test_a_schema_becomes_a_form_with_all_its_questions(file):
    raw = file.read_bytes()
    form = api.compile_definition(api.load(import_xml(raw, (), find).definition))

    asked = [part for part in read_schema(parse(raw)).parts() if isinstance(part, DataField)]
    questions = [field for step in form.steps for field in step.fields]
    own = [field for field in questions if field.fim is None]  # for names and addresses as they are
    assert len(questions) - len(own) == sum(part.kind not in ("label", "hidden") for part in asked)
    assert not any(field.required for field in own)
    assert len({field.path for field in questions}) == len(questions)


@pytest.mark.parametrize("file", [file for file in FILES if _reason(file)], ids=lambda file: file.stem)
def test_what_is_no_form_is_refused_with_its_reason(file):
    with pytest.raises(api.DefinitionError, match=_reason(file)):
        import_xml(file.read_bytes(), (), find)


@pytest.mark.parametrize("file", LISTS, ids=lambda file: file.stem)
def test_a_code_list_has_a_label_for_each_code(file):
    found = read_code_list(parse(file.read_bytes()))
    options = found.options(ListReference(found.uri, found.version))
    assert len(options) == len(found.rows) > 0
    assert all(option.code and option.name for option in options)


JARGON = ("Präzisierung", "hidden", "locked", "verpflichtend", "Datentyp", "obj", "prüfbar")


@pytest.mark.parametrize("file", _schemas(), ids=lambda file: file.stem)
def test_each_sentence_of_the_report_tells_an_author_what_to_do(file):
    warnings = import_xml(file.read_bytes(), read_rules(RULES.read_bytes()), find).warnings
    for sentence in warnings:
        own_words = re.sub("„.*“", "", sentence)  # a schema says what it says
        assert re.search(r"\b(Sie|Ihre|Ihnen)\b", own_words), sentence
        assert not [word for word in JARGON if word in own_words], sentence


COURTS = CodeList(
    "urn:xoev-de:xunternehmen:codeliste:registergerichte",
    "14",
    (Column("Code", True), Column("Name", True)),
    "Code",
    ({"Code": "R1", "Name": "Amtsgericht Rostock"}, {"Code": "S1", "Name": "Amtsgericht Stralsund"}),
)


@pytest.mark.parametrize(
    "file", [file for file in FILES if b"F60000000325" in file.read_bytes()], ids=lambda file: file.stem
)
def test_one_court_of_a_schema_is_filled_from_the_account(file):
    definition = import_xml(
        file.read_bytes(), (), lambda wanted: COURTS if wanted.uri == COURTS.uri else None
    ).definition
    form = api.compile_definition(api.load(definition))
    courts = [field for step in form.steps for field in step.fields if field.fim == "F60000000325"]
    alone = [field for field in courts if not any(form.declared[field.path].repeated)]
    filled = [field for field in courts if field.prefill]
    assert len(filled) == len(alone[:1]), "the others are somebody else's"
    assert set(filled) <= set(alone)
    for field in filled:
        beside = form.nodes[(*field.path[:-1], "f60000000328")]
        assert beside.prefill == "register_number", "court and number are of one company"
        step = next(step.key for step in form.steps if field in step.fields)
        shown = api.step_form(form, step, {}, language="de", prefill={"register_court": "Rostock"})
        assert [slot.raw for slot in shown.sheet.slots if slot.field is field] in ([], ["R1"])


@pytest.mark.parametrize(
    ("name", "block"),
    [
        ("S00000000366", ("g00000002210", "g60000000086")),  # beside the name of the company
        ("S05000001195", ("g05000010677", "g05000010427", "g05000010429")),  # of a legal person, not of a natural one
    ],
)
def test_the_address_of_a_company_goes_where_most_is_asked_of_it(name, block):
    raw = (CORPUS / "xdf3" / f"{name}.xdf3.xml").read_bytes()
    form = api.compile_definition(api.load(import_xml(raw, (), find).definition))
    fields = [field for step in form.steps for field in step.fields]
    of_company = {f.path[:-1] for f in fields if f.prefill == "organisation_street"}
    assert of_company == {block}
    assert [f.path[:-1] for f in fields if f.prefill == "organisation_name"] == [block[: 1 if len(block) == 2 else 3]]
    assert not any(f.prefill == "street" for f in fields if f.path[:-1] == block), "nobody's home is told there"
