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
from lxml import html

from forms_engine.compiling import compile_definition
from forms_engine.proofing.findings import Finding, fault, hint
from forms_engine.step_form import StepForm
from forms_engine.structure import CompiledForm, Step

_LANGUAGE = "de"
_REFERENCES = "//@aria-describedby | //@aria-labelledby | //label/@for"
_CONTROLS = "//input[not(@type='hidden')] | //select | //textarea"


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


def _rendered(form: CompiledForm, step: Step, data: QueryDict | None) -> html.HtmlElement:
    step_form = StepForm(form, step, {}, language=_LANGUAGE, data=data)
    complaints = render_to_string("forms_engine/error_list.html", {"form": step_form}) if step_form.error_list else ""
    questions = render_to_string("forms_engine/step_fields.html", {"form": step_form, "version": 0})
    title = format_html("<h1>{}</h1>", step.title(_LANGUAGE))
    return html.fromstring(f"<main>{complaints}{title}{questions}</main>")


def faults_of(page: html.HtmlElement, step: str) -> Iterator[Finding]:
    """What a screen reader cannot name or follow on the page of a step."""
    ids = Counter(page.xpath("//@id"))
    for each, number in ids.items():
        if number > 1:
            yield _of_page(
                f"Die Kennung „{each}“ steht {number}-mal auf der Seite. Nennen Sie einen Schlüssel anders.", step
            )
    for names in page.xpath(_REFERENCES):
        for name in names.split():
            if name not in ids:
                yield _of_page(f"Ein Verweis führt ins Leere: „{name}“ gibt es auf der Seite nicht.", step)
    labels = {label.get("for"): _words(label) for label in page.iter("label")}
    for control in page.xpath(_CONTROLS):
        if not labels.get(control.get("id")):
            yield _of_page(f"Das Feld „{control.get('name')}“ hat keinen Namen für Vorlesende Programme.", step)
        if not control.get("name"):
            yield _of_page(f"Das Feld „{control.get('id')}“ hat keinen Namen, unter dem seine Antwort ankommt.", step)
    for block in page.iter("fieldset"):
        legends = block.findall("legend")
        if len(legends) != 1 or not _words(legends[0]):
            yield _of_page(f"Die Gruppe „{block.get('id')}“ hat keine Überschrift.", step)
    yield from _lonely_choices(page, step)
    for button in page.iter("button"):
        if not (_words(button) or (button.get("aria-label") or "").strip()):
            yield _of_page("Ein Knopf hat keinen Text. Schreiben Sie, was er tut.", step)
    yield from _heading_order(page, step)


def _lonely_choices(page: html.HtmlElement, step: str) -> Iterator[Finding]:
    for name in dict.fromkeys(page.xpath("//input[@type='radio']/@name")):
        if not page.xpath("//fieldset[.//input[@type='radio' and @name=$name]]", name=name):
            yield _of_page(f"Die Antworten von „{name}“ stehen nicht in einer Gruppe.", step)


def _heading_order(page: html.HtmlElement, step: str) -> Iterator[Finding]:
    before = 0
    for heading in page.xpath("//h1 | //h2 | //h3 | //h4 | //h5 | //h6"):
        level, words = int(heading.tag[1]), _words(heading)
        if not words:
            yield _of_page("Eine Überschrift ist leer.", step)
        # The complaints stand above the page's title, as on every page.
        if before and level > before + 1:
            yield _of_page(f"Vor der Überschrift „{words}“ fehlt eine Ebene.", step)
        before = level


def _same_names(page: html.HtmlElement, step: str) -> Iterator[Finding]:
    names = Counter(
        _words(each)
        for each in page.xpath("//label[not(ancestor::fieldset)] | //fieldset[not(ancestor::fieldset)]/legend")
    )
    for name, number in names.items():
        if name and number > 1:
            yield hint("same_name", f"„{name}“ heißen in diesem Schritt {number} Fragen. Unterscheiden Sie sie.", step)


def _of_page(sentence: str, step: str) -> Finding:
    return fault("accessibility", sentence, step)


def _words(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())
