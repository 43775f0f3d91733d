"""The texts of a form in German and English beside each other, one page per step."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from accounts.people import Clerk
from authorities.models import Authority
from backoffice.access import author_page
from backoffice.designing import queries
from backoffice.designing.queries import FormEntry
from forms_engine import api as engine
from forms_engine.models import FormVersion
from forms_engine.translations import WHOLE_FORM, Age, Wording, digest, wordings
from forms_engine.use_cases import ChangedMeanwhile, change_wordings, translation_ages
from foundation import scope

ROLES = {
    "title": gettext_lazy("Titel"),
    "intro": gettext_lazy("Einleitung"),
    "label": gettext_lazy("Bezeichnung"),
    "text": gettext_lazy("Text"),
    "hint": gettext_lazy("Hinweis"),
    "instance": gettext_lazy("Name einer Wiederholung"),
    "add": gettext_lazy("Knopf zum Hinzufügen"),
    "missing": gettext_lazy("Satz, wenn die Antwort fehlt"),
    "wrong": gettext_lazy("Satz, wenn die Antwort falsch ist"),
    "message": gettext_lazy("Meldung"),
}


@dataclass(frozen=True)
class StepEntry:
    """A step in the list: how many texts it has, and how many of them need a look."""

    key: str
    title: str
    number: int
    open: int


@dataclass
class Line:
    """One text in the page: what is stored, and what stands in the boxes."""

    stored: Wording
    age: Age
    source: str
    translation: str
    error: str = ""
    is_new_meanwhile: bool = False

    @property
    def name(self) -> str:
        """Of its boxes in HTML: stays the same as long as the text keeps its place."""
        return f"t{digest(self.stored.path)[:16]}"

    @property
    def was(self) -> str:
        """Of the words that this page shows, so that a box that nobody touched is known as such."""
        return _fingerprint(self.stored.source, self.stored.translation)

    @property
    def role(self) -> str:
        return str(ROLES.get(self.stored.role, self.stored.role))

    @property
    def has_changed(self) -> bool:
        return (self.source, self.translation) != (self.stored.source, self.stored.translation)


@require_GET
@author_page
def languages(request: HttpRequest, clerk: Clerk, form_id: UUID) -> HttpResponse:
    """The steps of a form, and how many texts of each have no English or an older one."""
    with scope.for_person(clerk, read_only=True):
        entry = queries.entry(clerk.authority_id, form_id)
        newest = _newest(entry)
        page = {
            "authority": Authority.objects.get(pk=clerk.authority_id),
            "entry": entry,
            "steps": _steps(newest, translation_ages(entry.form)),
        }
        return render(request, "backoffice/wording/languages.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
@author_page
def language_step(request: HttpRequest, clerk: Clerk, form_id: UUID, step: str) -> HttpResponse:
    """The texts of one step; with `offene` only those that need a look."""
    with scope.for_person(clerk, read_only=request.method != "POST"):
        entry = queries.entry(clerk.authority_id, form_id)
        if request.method != "POST":
            return _page(request, clerk, entry, step, _lines(entry, step))
        lines = _lines(entry, step, typed=request.POST)
        if any(line.error for line in lines):
            return _page(request, clerk, entry, step, lines, HTTPStatus.UNPROCESSABLE_ENTITY)
        try:
            change_wordings(
                entry.form,
                {line.stored.path: (line.source, line.translation) for line in lines if line.has_changed},
                looked_at=[line.stored.path for line in lines if line.name == request.POST.get("right")],
                seen=request.POST.get("seen", ""),
                by=clerk.user_id,
            )
        except ChangedMeanwhile:
            return _page(request, clerk, entry, step, lines, HTTPStatus.CONFLICT)
        except engine.DefinitionError as error:
            return _page(request, clerk, entry, step, lines, HTTPStatus.UNPROCESSABLE_ENTITY, error.problems)
    messages.success(request, _("Die Texte sind gespeichert. Menschen sehen sie, sobald Sie veröffentlichen."))
    return _back(request, form_id, step)


def _back(request: HttpRequest, form_id: UUID, step: str) -> HttpResponse:
    query = f"?{urlencode({'offene': '1'})}" if _only_open(request) else ""
    answer = HttpResponse(status=HTTPStatus.FOUND)
    answer["Location"] = reverse("backoffice:language-step", args=[form_id, step]) + query
    return answer


def _page(
    request: HttpRequest,
    clerk: Clerk,
    entry: FormEntry,
    step: str,
    lines: list[Line],
    status: HTTPStatus = HTTPStatus.OK,
    problems: list[str] | None = None,
) -> HttpResponse:
    only_open = _only_open(request)
    shown = [line for line in lines if not only_open or line.age != Age.CURRENT or line.has_changed or line.error]
    faults = [("", "", problem) for problem in problems or []]
    page = {
        "authority": Authority.objects.get(pk=clerk.authority_id),
        "entry": entry,
        "seen": _newest(entry).sha256,
        "step": step,
        "step_title": _title_of(_newest(entry), step),
        "lines": shown,
        "only_open": only_open,
        "is_conflict": status == HTTPStatus.CONFLICT,
        "error_list": faults + [(f"{line.name}-de", line.stored.owner, line.error) for line in shown if line.error],
    }
    return render(request, "backoffice/wording/language_step.html", page, status=status)


def _only_open(request: HttpRequest) -> bool:
    return (request.POST if request.method == "POST" else request.GET).get("offene") == "1"


def _newest(entry: FormEntry) -> FormVersion:
    newest = entry.working or entry.published
    if newest is None:
        raise Http404
    return newest


def _steps(version: FormVersion, ages: Mapping[str, Age]) -> list[StepEntry]:
    found = wordings(version.definition)
    keys = [WHOLE_FORM, *(step["key"] for step in version.definition["steps"])]
    return [
        StepEntry(
            key,
            _title_of(version, key),
            sum(each.step == key for each in found),
            sum(each.step == key and ages[each.path] != Age.CURRENT for each in found),
        )
        for key in keys
    ]


def _title_of(version: FormVersion, step: str) -> str:
    if step == WHOLE_FORM:
        return _("Das ganze Formular")
    titles = {each["key"]: each["title"]["de"] for each in version.definition["steps"]}
    if step not in titles:
        raise Http404
    return titles[step]


def _lines(entry: FormEntry, step: str, typed: Mapping[str, Any] | None = None) -> list[Line]:
    version = _newest(entry)
    _title_of(version, step)
    ages = translation_ages(entry.form)
    found = [each for each in wordings(version.definition) if each.step == step]
    lines = [Line(each, ages[each.path], each.source, each.translation) for each in found]
    for line in lines:
        _take(line, typed or {})
    return lines


def _take(line: Line, typed: Mapping[str, Any]) -> None:
    """What was typed for this text, unless nobody touched it: then what is stored now stays, whoever wrote it."""
    if f"{line.name}-de" not in typed:
        return
    source, translation = (_as_one_types(typed.get(f"{line.name}-{language}", "")) for language in ("de", "en"))
    was = typed.get(f"{line.name}-was", "")
    if was == _fingerprint(source, translation):
        return
    line.source, line.translation = source, translation
    line.is_new_meanwhile = was != line.was
    if not source:
        line.error = _("Schreiben Sie den deutschen Text. Ohne ihn fehlt die Frage im Formular.")


def _as_one_types(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


def _fingerprint(source: str, translation: str) -> str:
    return digest(f"{_as_one_types(source)}\0{_as_one_types(translation)}")[:16]
