"""Answers made from the limits of each schema are accepted; each limit, broken once, is told at its own question."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.http import QueryDict

from forms_engine import api
from forms_engine.structure import CompiledForm, Field, Group, Item
from forms_engine.xdatenfelder.api import import_xml
from forms_engine.xdatenfelder.code_lists import CodeList, Column
from forms_engine.xdatenfelder.schema import ListReference
from tests.xdatenfelder.test_corpus import FILES, _schemas, find

ALL = os.environ.get("PORTAL_FORMS") == "all"  # `make forms`
QUICK = ("S00000000373.xdf3", "S07000000200.xdf3", "S00000000366.xdf3", "own_minimal_xdf2", "own_minimal_xdf3")
WORDS = ("18055", "ada@example.org", "1", "12345678", "1234567890123", "276000000000001", "A1", "HRB 1", "0381 1234")
pytestmark = pytest.mark.skipif(not FILES, reason="the collected schemas are not here; set PORTAL_CORPUS to them")


def lists(reference: ListReference) -> CodeList:
    """The collected list, else one in its place: most lists are only named."""
    rows = tuple({"code": f"{number:03}", "name": f"Antwort {number}"} for number in range(1, 8))
    columns = (Column("code", True), Column("name", True))
    return find(reference) or CodeList(reference.uri, reference.version, columns, "code", rows)


def valid(field: Field) -> Any:
    limits = field.limits
    match field.type.name:
        case "text" | "multiline":
            fitting = (*WORDS, "A" * max(limits.get("min_length", 1), 1))
            found = next((word for word in reversed(fitting) if _fits(field, word)), None)
            assert found, f"{field.path}: {dict(field.limits)} {field.pattern and field.pattern.pattern}"
            return found
        case "number":
            return limits.get("min", limits.get("max", 3))
        case "decimal" | "currency":
            return f"{float(limits.get('min', limits.get('max', 3))):.2f}"
        case "choice":
            return field.options[0].value
        case "choices":
            return [option.value for option in field.options[: max(limits.get("min", 1), 1)]]
        case "date":
            return limits.get("min", limits.get("max", "2026-01-02"))
        case kind:
            return {
                "yes_no": True,
                "email": "ada@example.org",
                "phone": "0381 1234",
                "postal_code": "18055",
            }[kind]


def _fits(field: Field, word: str) -> bool:
    least, most = field.limits.get("min_length", 0), field.limits["max_length"]
    return least <= len(word) <= most and (field.pattern is None or field.pattern.fullmatch(word) is not None)


def broken(field: Field) -> Iterator[Any]:
    """Wrong answers, one for each limit of the question."""
    limits = field.limits
    match field.type.name:
        case "text" | "multiline":
            if limits.get("min_length", 0) > 1:
                yield "A" * (limits["min_length"] - 1)
            yield "A" * (limits["max_length"] + 1)
            if field.pattern is not None:
                yield "§" * max(limits.get("min_length", 1), 1)
        case "number":
            yield from (limits[key] + step for key, step in (("min", -1), ("max", 1)) if key in limits)
            yield "drei"
        case "choice":
            yield "_gibt_es_nicht"
        case "date":
            yield "2026-02-30"
        case "email" | "phone" | "postal_code":
            yield "§"


class Filled:
    """A form with one valid answer to each question."""

    def __init__(self, form: CompiledForm) -> None:
        self.form = form
        self.uploads: dict[str, list[api.Upload]] = {}
        self.places: list[tuple[Field, str, dict[str, Any], bool]] = []  # question, HTML name, its place, alone?
        self.answers: dict[str, Any] = {}
        for step in form.steps:
            self._fill(step.items, self.answers, "", alone=False)

    def _fill(self, items: tuple[Item, ...], into: dict[str, Any], prefix: str, *, alone: bool) -> None:
        for item in items:
            if isinstance(item, Field):
                self._answer(item, into, f"{prefix}{item.key}", alone)
            elif isinstance(item, Group):
                optional = alone or item.optional
                if item.repeat:
                    names = [f"i{number}" for number in range(max(item.repeat.min, 1))]
                    into[item.key] = [{"_id": name} for name in names]
                    for name, entry in zip(names, into[item.key], strict=True):
                        self._fill(item.items, entry, f"{prefix}{item.key}-{name}-", alone=alone)
                else:
                    below = into.setdefault(item.key, {})
                    self._fill(item.items, below, f"{prefix}{item.key}-", alone=optional)

    def _answer(self, field: Field, into: dict[str, Any], name: str, alone: bool) -> None:
        if field.type.name == "file":
            self.uploads[name] = [api.Upload(id="u1", name="a.pdf", size=1000)]
            into[field.key] = {"_files": ["u1"]}
        else:
            into[field.key] = valid(field)
        self.places.append((field, name, into, alone))

    def problems(self, field: Field) -> list[str]:
        """Where something is wrong in the step of a question."""
        step = next(step for step in self.form.steps if field in step.fields)
        form = api.step_form(
            self.form, step.key, self.answers, language="de", data=QueryDict("shown="), uploads=self.uploads
        )
        return [place for place, _, _ in form.error_list]


def _mine() -> list[Any]:
    return [file for file in _schemas() if ALL or file.name.removesuffix(".xml") in QUICK]


@pytest.mark.parametrize("file", _mine(), ids=lambda file: file.stem)
def test_each_limit_of_a_schema_is_told_at_its_own_question(file):
    form = api.compile_definition(api.load(import_xml(file.read_bytes(), (), lists).definition))
    filled = Filled(form)
    assert api.check(form, filled.answers, filled.uploads) == []
    for field, name, into, alone in filled.places:
        if field.type.name == "file":
            continue
        kept = into.pop(field.key)
        wrong = [place.startswith(name) for place in filled.problems(field)]
        assert wrong in ([[True], []] if alone else [[True]] if field.required else [[]]), (name, "missing")
        for answer in broken(field):
            into[field.key] = answer
            told = filled.problems(field)
            assert len(told) == 1, (name, answer, told)
            assert told[0].startswith(name), (name, answer, told)
        into[field.key] = kept
