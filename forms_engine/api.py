"""The form engine: what other rooms import, and all that they import.

It speaks of definitions and answers. Pure functions: no request, and no database but for the code lists that a form
follows (`forms_engine.following`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils import translation
from django.utils.datastructures import MultiValueDict

from forms_engine.answers import (
    add_instance,
    effective,
    evaluate,
    lookup,
    merge,
    remove_instance,
    visible_steps,
)
from forms_engine.compiling import compile_definition, followed_in, named_in
from forms_engine.conditions import Surroundings
from forms_engine.errors import ConditionError, DefinitionError
from forms_engine.field_types import Upload
from forms_engine.field_types.numbers import from_german, german
from forms_engine.following import MOST_OPTIONS, compiled, holding, lengths, list_today, lists_of, too_long
from forms_engine.loading import load, warnings
from forms_engine.origins import KeptFile, Offer, Origins
from forms_engine.reading import Reading, places
from forms_engine.reusing import LeftOut, open_questions, same_answers, take_over, with_choice
from forms_engine.sheet import Uploads
from forms_engine.step_form import StepForm
from forms_engine.structure import Answers, CompiledForm, Field, Step, Where
from forms_engine.summary import Row, Section, applicant_name, asks_who, contact_email, searchable, summary

__all__ = [
    "MOST_OPTIONS",
    "Answers",
    "CompiledForm",
    "ConditionError",
    "DefinitionError",
    "Field",
    "KeptFile",
    "LeftOut",
    "Offer",
    "Origins",
    "Problem",
    "Row",
    "Section",
    "Step",
    "StepForm",
    "Surroundings",
    "Upload",
    "Uploads",
    "add_instance",
    "applicant_name",
    "asks_who",
    "check",
    "compile_definition",
    "compiled",
    "contact_email",
    "effective",
    "evaluate",
    "file_field",
    "followed_in",
    "from_german",
    "german",
    "holding",
    "lengths",
    "list_today",
    "lists_of",
    "load",
    "lookup",
    "merge",
    "named_in",
    "open_questions",
    "remove_instance",
    "same_answers",
    "searchable",
    "step_form",
    "summary",
    "take_over",
    "too_long",
    "visible_steps",
    "visible_uploads",
    "warnings",
    "with_choice",
]


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that keeps an application from being submitted."""

    step_key: str
    field_id: str
    label: str
    sentence: str


def step_form(
    form: CompiledForm,
    step_key: str,
    answers: Answers,
    *,
    language: str,
    data: MultiValueDict[str, Any] | None = None,
    uploads: Uploads | None = None,
    prefill: Mapping[str, Any] | None = None,
) -> StepForm:
    """A step as a Django form, bound if there is posted `data`.

    `uploads` are the files stored already, by HTML name of their field; `prefill` is a profile (given_name, …) for
    questions that were not asked yet. KeyError if the form has no such step.
    """
    return StepForm(form, form.step(step_key), answers, language=language, data=data, uploads=uploads, prefill=prefill)


def check(
    form: CompiledForm, answers: Answers, uploads: Uploads | None = None, *, language: str = "de"
) -> list[Problem]:
    """The whole form once more, before it is submitted; an empty list means that it may be."""
    problems = []
    with translation.override(language):
        for step in visible_steps(form, answers):
            # Posted from a page that showed nothing: every question is checked with its stored answer.
            checked = step_form(form, step.key, answers, language=language, data=QueryDict("shown="), uploads=uploads)
            problems += [Problem(step.key, *error) for error in checked.error_list]
    return problems


def file_field(form: CompiledForm, name: str) -> Field | None:
    """The file field that HTML calls `name` (with its limits), or None; for storing what was uploaded there."""
    place = _place(form, name)
    return place[0] if place else None


def visible_uploads(form: CompiledForm, answers: Answers, uploads: Uploads) -> Uploads:
    """The files that belong to an application: not those of hidden questions and of instances that were removed."""
    reading = Reading(form, answers)
    return {
        name: files for name, files in uploads.items() if (place := _place(form, name)) and _is_there(reading, *place)
    }


def _place(form: CompiledForm, name: str) -> tuple[Field, Where] | None:
    """The file field that an HTML name means, and the instances that it is in."""
    path: tuple[str, ...] = ()
    where: list[str] = []
    segments = iter(name.split("-"))
    for key in segments:
        path = (*path, key)
        if path not in form.declared:
            return None
        if form.declared[path].repeated[-1]:
            where.append(next(segments, ""))
    node = form.nodes[path]
    return (node, tuple(where)) if isinstance(node, Field) and node.type.name == "file" else None


def _is_there(reading: Reading, field: Field, where: Where) -> bool:
    repeated = reading.form.declared[field.path].repeated
    return reading.shows(field, where) and any(places(reading.answers, field.path, repeated, where))
