"""The form as its pages come out of the templates: is every question named, every reference kept, every group one?

The same rules that the tests hold for every page of the portal, asked of what an author made. All questions are shown,
whatever their conditions say, once untouched and once with the complaints of an empty page.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.html import format_html

from forms_engine.compiling import compile_definition
from forms_engine.proofing.findings import Finding, fault, hint
from forms_engine.proofing.markup import Element, read
from forms_engine.step_form import StepForm
from forms_engine.structure import CompiledForm, Step

_LANGUAGE = "de"


def findings(definition: Mapping[str, Any]) -> Iterator[Finding]:
    """A finding for everything on a page that a screen reader cannot name or follow."""
    form = compile_definition(_all_shown(definition))
    with translation.override(_LANGUAGE):
        for step in form.steps:
            untouched = _rendered(form, step, None)
            yield from faults_of(untouched, step.key)
            yield from _same_names(untouched, step.key)
            yield from faults_of(_rendered(form, step, QueryDict("shown=")), step.key)


def _all_shown(raw: Any) -> Any:
    """The same definition without conditions, and with one of each repeated block."""
    if isinstance(raw, list):
        return [_all_shown(each) for each in raw]
    if not isinstance(raw, Mapping):
        return raw
    shown = {key: _all_shown(value) for key, value in raw.items() if key not in ("when", "rules")}
    if "repeat" in shown and "min" in shown["repeat"]:
        shown["repeat"] = shown["repeat"] | {"min": max(1, shown["repeat"]["min"])}
    return shown


def _rendered(form: CompiledForm, step: Step, data: QueryDict | None) -> str:
    step_form = StepForm(form, step, {}, language=_LANGUAGE, data=data)
    complaints = render_to_string("partials/error_summary.html", {"error_list": step_form.error_list})
    questions = render_to_string("forms_engine/step_fields.html", {"form": step_form, "version": 0})
    title = format_html("<h1>{}</h1>", step.title(_LANGUAGE))
    return f"<main>{complaints}{title}{questions}</main>"


def faults_of(markup: str, step: str) -> Iterator[Finding]:
    """What a screen reader cannot name or follow on the page of a step."""
    page = read(markup)
    ids = Counter(each.attributes["id"] for each in page if "id" in each.attributes)
    for each, number in ids.items():
        if number > 1:
            yield _of_page(
                f"Die Kennung „{each}“ steht {number}-mal auf der Seite. Nennen Sie einen Schlüssel anders.", step
            )
    for name in _references(page):
        if name not in ids:
            yield _of_page(f"Ein Verweis führt ins Leere: „{name}“ gibt es auf der Seite nicht.", step)
    yield from _controls(page, step)
    for block in _of(page, "fieldset"):
        legends = [each for each in _of(page, "legend") if each.above is block]
        if len(legends) != 1 or not legends[0].text:
            yield _of_page(f"Die Gruppe „{block.attributes.get('id', '')}“ hat keine Überschrift.", step)
    for button in _of(page, "button"):
        if not (button.text or button.attributes.get("aria-label", "").strip()):
            yield _of_page("Ein Knopf hat keinen Text. Schreiben Sie, was er tut.", step)
    yield from _heading_order(page, step)


def _references(page: list[Element]) -> Iterator[str]:
    for each in page:
        names = [each.attributes.get(name, "") for name in ("aria-describedby", "aria-labelledby")]
        if each.tag == "label":
            names.append(each.attributes.get("for", ""))
        for value in names:
            yield from value.split()


def _controls(page: list[Element], step: str) -> Iterator[Finding]:
    labels = {label.attributes.get("for"): label.text for label in _of(page, "label")}
    lonely: dict[str, None] = {}
    for control in _of(page, "input", "select", "textarea"):
        known = control.attributes
        if known.get("type") == "hidden":
            continue
        if not labels.get(known.get("id")):
            yield _of_page(f"Das Feld „{known.get('name')}“ hat keinen Namen für Vorlesende Programme.", step)
        if not known.get("name") and known.get("type") != "search":  # a box that narrows a list answers nothing
            yield _of_page(f"Das Feld „{known.get('id')}“ hat keinen Namen, unter dem seine Antwort ankommt.", step)
        if known.get("type") == "radio" and not control.is_in("fieldset"):
            lonely[known.get("name", "")] = None
    for name in lonely:
        yield _of_page(f"Die Antworten von „{name}“ stehen nicht in einer Gruppe.", step)


def _heading_order(page: list[Element], step: str) -> Iterator[Finding]:
    before = 0
    for heading in _of(page, "h1", "h2", "h3", "h4", "h5", "h6"):
        level = int(heading.tag[1])
        if not heading.text:
            yield _of_page("Eine Überschrift ist leer.", step)
        # The complaints stand above the page's title, as on every page.
        if before and level > before + 1:
            yield _of_page(f"Vor der Überschrift „{heading.text}“ fehlt eine Ebene.", step)
        before = level


def _same_names(markup: str, step: str) -> Iterator[Finding]:
    page = read(markup)
    names = Counter(label.text for label in _of(page, "label") if not label.is_in("fieldset"))
    names.update(
        legend.text for legend in _of(page, "legend") if legend.above is not None and not legend.above.is_in("fieldset")
    )
    for name, number in names.items():
        if name and number > 1:
            yield hint("same_name", f"„{name}“ heißen in diesem Schritt {number} Fragen. Unterscheiden Sie sie.", step)


def _of(page: list[Element], *tags: str) -> list[Element]:
    return [each for each in page if each.tag in tags]


def _of_page(sentence: str, step: str) -> Finding:
    return fault("accessibility", sentence, step)
