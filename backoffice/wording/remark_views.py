"""Clerks remark on a question of a form; its authors see the remarks, and which questions had to be asked again."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from itertools import groupby
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.people import Clerk
from applications.models import Remark
from applications.remarking import queries as remarking
from applications.remarking import use_cases
from authorities.models import Authority
from backoffice.access import author_page, staff_page
from backoffice.designing import queries as forms
from backoffice.designing.queries import FormEntry
from backoffice.forms import RemarkForm
from backoffice.queries.case import cases_of
from backoffice.views.back import back_of, to_case
from backoffice.views.case import notes_look
from catalogue.carried import whereabouts
from forms_engine import api as engine
from forms_engine.models import Form
from forms_engine.moved import label_of
from foundation import paging, scope


@dataclass(frozen=True)
class Question:
    """A question with what is known of it; without a step it is no longer asked."""

    label: str
    step: str
    asked_again: int
    per_cent: int
    remarks: list[remarking.Opened]


@dataclass(frozen=True)
class Line:
    """What the list counts as one: a remark at a question, or a question that the office asked again without one."""

    place: str
    remark: Remark | None

    @property
    def key(self) -> UUID | str:
        return self.remark.pk if self.remark else self.place


@dataclass
class _Said:
    """What is known of one question; `last_at` is the newest version that it was told on, and its path there."""

    asked_again: int = 0
    remarks: list[Remark] = field(default_factory=list)
    last_at: tuple[int, str] = (0, "")


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
@notes_look
def remark(request: HttpRequest, clerk: Clerk, reference: str) -> HttpResponse:
    """A clerk says what could be better about a question; not about the person."""
    with scope.for_person(clerk, read_only=request.method != "POST"):
        application = get_object_or_404(cases_of(clerk), reference=reference)
        form = RemarkForm(request.POST or None, application=application)
        if request.method != "POST" or not form.is_valid():
            status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
            page = {"authority": application.authority, "application": application, "form": form}
            page["back"] = back_of(request)
            return render(request, "backoffice/wording/remark.html", page, status=status)
        use_cases.leave(application, **form.cleaned_data, by=clerk)
    messages.success(request, _("Danke. Wer das Formular schreibt, liest Ihre Anmerkung."))
    return to_case(request, reference)


@require_GET
@author_page
def remarks(request: HttpRequest, clerk: Clerk, form_id: UUID) -> HttpResponse:
    """Remarks per question, page by page, and the share of applications in which the office had to ask again."""
    after = request.GET.get(paging.AFTER, "")
    with scope.for_person(clerk, read_only=True):
        entry = forms.entry(clerk.authority_id, form_id)
        filed, found, asked = remarking.filed_lately(entry.form), _by_place_of_today(entry.form), _asked(entry)
        lines = list(_lines(found, asked))
        shown = paging.in_this_order(lines, lambda line: line.key, after=after)
        page = {
            "authority": Authority.objects.get(pk=clerk.authority_id),
            "entry": entry,
            "filed": filed,
            "months": remarking.MONTHS,
            "page": shown,
            "after": after,
            "questions": _questions(entry, shown.rows, found, asked, filed),
        }
        return render(request, "backoffice/wording/remarks.html", page)


@require_POST
@author_page
def settle(request: HttpRequest, clerk: Clerk, form_id: UUID, remark_id: UUID) -> HttpResponse:
    """The author has seen to a remark; it is removed."""
    with scope.for_person(clerk):
        wanted = Remark.objects.filter(authority_id=clerk.authority_id, form_version__form_id=form_id)
        found = get_object_or_404(wanted.select_related("form_version"), pk=remark_id)
        use_cases.settle(found, by=clerk)
    messages.success(request, _("Erledigt. Die Anmerkung ist gelöscht."))
    where = reverse("backoffice:remarks", args=[form_id])
    after = request.POST.get(paging.AFTER, "")
    return redirect(f"{where}?{urlencode({paging.AFTER: after})}" if after else where)


def _lines(found: Mapping[str, _Said], asked: Collection[str]) -> Iterator[Line]:
    """By question, in the order of the form; questions that it lost come last."""
    for place in [*filter(found.__contains__, asked), *sorted(found.keys() - set(asked))]:
        remarks: Sequence[Remark | None] = found[place].remarks or [None]
        yield from (Line(place, each) for each in remarks)


def _questions(
    entry: FormEntry,
    lines: Sequence[Line],
    found: Mapping[str, _Said],
    asked: Mapping[str, tuple[str, str]],
    filed: int,
) -> list[Question]:
    """The questions of these lines. One whose remarks go on over several pages stands on each of them.

    What was said of a question on an older version stands where the question stands now.
    """
    opened = remarking.opened([line.remark for line in lines if line.remark])
    names = _names_of_lost(entry, asked, {line.place: found[line.place] for line in lines})
    questions = []
    for place, of_question in groupby(lines, lambda line: line.place):
        label, step = asked.get(place, (names.get(place, place), ""))
        number = found[place].asked_again
        remarks = [opened[line.remark.pk] for line in of_question if line.remark]
        questions.append(Question(label, step, number, round(100 * number / filed) if filed else 0, remarks))
    return questions


def _by_place_of_today(form: Form) -> dict[str, _Said]:
    """By path of today; a question whose place another one has taken goes by its version and path of then."""
    places, found = whereabouts(form), defaultdict[str, _Said](_Said)

    def of(no: int, path: str) -> _Said:
        today = places.now(no, path)
        said = found[f"{path} ({no})" if today is None else today]
        said.last_at = max(said.last_at, (no, path))
        return said

    for each in remarking.remarks_of(form):
        of(each.form_version.no, each.path).remarks.append(each)
    for (no, path), count in remarking.asked_again_lately(form).items():
        of(no, path).asked_again += count
    return found


def _asked(entry: FormEntry) -> dict[str, tuple[str, str]]:
    """(label, step) of each question of the newest version, by path."""
    newest = entry.published or entry.working
    if newest is None:
        return {}
    return {
        ".".join(asked.path): (asked.label("de"), step.title("de"))
        for step in engine.compiled(newest).steps
        for asked in step.fields
    }


def _names_of_lost(entry: FormEntry, asked: Collection[str], found: Mapping[str, _Said]) -> dict[str, str]:
    """What the questions that the form lost were called, by their place in `found`. No query if there are none."""
    lost = {place: said.last_at for place, said in found.items() if place not in asked}
    if not lost:
        return {}
    versions = entry.form.versions.filter(no__in={no for no, _path in lost.values()})
    compiled = {version.no: engine.compiled(version) for version in versions}
    return {place: label_of(compiled[no], tuple(path.split("."))) for place, (no, path) in lost.items()}
