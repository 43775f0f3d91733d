"""The designer's page: what is chosen, what its buttons do, and the preview beside it."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.people import Clerk
from authorities.models import Authority
from backoffice.access import author_page
from backoffice.designing import queries
from backoffice.designing.deeds import Done
from backoffice.designing.desk import Desk, step_of
from backoffice.designing.queries import FormEntry
from backoffice.designing.trying import trial
from forms_engine import checking_out
from forms_engine.editing.api import Address
from forms_engine.errors import DefinitionError
from forms_engine.models import FormVersion
from forms_engine.use_cases import digest
from foundation import scope

WIDTHS = {"": "Neben den Eigenschaften", "telefon": "Telefon", "bildschirm": "Bildschirm"}


@require_http_methods(["GET", "HEAD", "POST"])
@author_page
def editor(request: HttpRequest, clerk: Clerk, form_id: UUID) -> HttpResponse:
    """A place of the form, chosen by `ort`; a POST keeps its properties and does what its button says."""
    if request.method == "POST":
        return _post(request, clerk, form_id)
    with scope.for_person(clerk, read_only=True):
        entry = queries.entry(clerk.authority_id, form_id)
        if entry.newest is None:
            raise Http404
        desk = _desk(entry.newest.definition, _place(request, entry.newest.definition))
        return _page(request, clerk, entry, desk, focus=request.GET.get("fokus", ""))


@require_POST
@author_page
def preview(request: HttpRequest, clerk: Clerk, form_id: UUID) -> HttpResponse:
    """The same page with trial values in its preview. Nothing is kept."""
    with scope.for_person(clerk, read_only=True):
        entry = queries.entry(clerk.authority_id, form_id)
        if entry.newest is None:
            raise Http404
        desk = _desk(entry.newest.definition, _place(request, entry.newest.definition))
        return _page(request, clerk, entry, desk, tried=True)


@require_POST
@author_page
def begin(request: HttpRequest, clerk: Clerk, form_id: UUID) -> HttpResponse:
    """The author takes the form to work on it; if somebody else has it, the page says so."""
    with scope.for_person(clerk):
        entry = queries.entry(clerk.authority_id, form_id)
        if entry.newest is None:
            raise Http404
        checking_out.check_out(entry.form, by=clerk.user_id)
    return redirect("backoffice:edit-form", form_id)


@require_http_methods(["GET", "HEAD", "POST"])
@author_page
def take_over(request: HttpRequest, clerk: Clerk, form_id: UUID) -> HttpResponse:
    """Asks before it takes the form from somebody else."""
    with scope.for_person(clerk, read_only=request.method != "POST"):
        entry = queries.entry(clerk.authority_id, form_id)
        holder = queries.holder(entry, clerk.user_id)
        if holder and not holder.is_me:
            if request.method != "POST":
                page = {"authority": Authority.objects.get(pk=clerk.authority_id), "entry": entry, "holder": holder}
                return render(request, "backoffice/designing/take_over.html", page)
            checking_out.check_out(entry.form, by=clerk.user_id, take_over=True)
            messages.success(request, _("Sie haben das Formular übernommen."))
    return redirect("backoffice:edit-form", form_id)


@require_POST
@author_page
def finish(request: HttpRequest, clerk: Clerk, form_id: UUID) -> HttpResponse:
    """The author is done; others may go on."""
    with scope.for_person(clerk):
        checking_out.check_in(queries.entry(clerk.authority_id, form_id).form, by=clerk.user_id)
    messages.success(request, _("Das Formular ist wieder frei für andere."))
    return redirect("backoffice:form", form_id)


# --- posting ---------------------------------------------------------------------------------------------------------


def _post(request: HttpRequest, clerk: Clerk, form_id: UUID) -> HttpResponse:
    button = request.POST.get("tun", "save")
    if button == "save" and request.POST.get("beschriftung", "").strip():
        button = "insert"  # Enter in the box of something new
    with scope.for_person(clerk):
        entry = queries.entry(clerk.authority_id, form_id)
        at = Address.read(request.GET.get("ort", ""))
        working = entry.working
        if working is None or working.sha256 != request.POST.get("seen", ""):
            return HttpResponse(status=204) if _by_itself(request) else _conflict(request, clerk, entry, at)
        desk = _desk(working.definition, at, request.POST)
        if focus := desk.turns_rows(button):
            return _page(request, clerk, entry, desk, focus="" if _by_itself(request) else focus)
        done = desk.carry_out(button)
        if done is None:
            return HttpResponse(status=204) if _by_itself(request) else _page(request, clerk, entry, desk, status=422)
        if button == "look":
            return _page(request, clerk, entry, desk, looked_at=done)
        if button == "take-over":
            checking_out.check_out(entry.form, by=clerk.user_id, take_over=True)
        try:
            checking_out.save(
                entry.form,
                done.definition,
                sha256=digest(done.definition),
                seen=request.POST["seen"],
                by=clerk.user_id,
            )
        except checking_out.EditedElsewhereError:
            return _conflict(request, clerk, queries.entry(clerk.authority_id, form_id), at)
    messages.success(request, done.sentence)
    return HttpResponseRedirect(
        _address("backoffice:edit-form", form_id, done.at, request.GET.get("breite", ""), fokus=done.focus)
    )


def _by_itself(request: HttpRequest) -> bool:
    """Asked by the page while its author types, who needs no complaint yet: the next button tells."""
    return "HX-Request" in request.headers


def _conflict(request: HttpRequest, clerk: Clerk, entry: FormEntry, at: Address) -> HttpResponse:
    """What the form says now beside what was typed; who saves again overwrites this one place, knowing it."""
    if entry.newest is None:
        raise Http404
    definition, is_gone = entry.newest.definition, False
    try:
        desk = Desk(definition, at, request.POST)
        desk.hush()
        typed = desk.properties.said
        now = desk.as_stored().said
    except DefinitionError:
        is_gone, now = True, []
        typed = [(name, str(value)) for name, value in request.POST.items() if name in _TYPED and value]
        desk = Desk(definition, Address(definition["steps"][0]["key"]))
    conflict = {"now": now, "typed": typed, "is_gone": is_gone}
    return _page(request, clerk, entry, desk, status=409, conflict=conflict)


#: What an author typed at a place that has gone since; the rest of it is of no use elsewhere.
_TYPED = {f"{name}_{language}" for name in ("title", "label", "hint", "text", "intro") for language in ("de", "en")}


# --- the page --------------------------------------------------------------------------------------------------------


def _page(
    request: HttpRequest,
    clerk: Clerk,
    entry: FormEntry,
    desk: Desk,
    *,
    status: int = 200,
    focus: str = "",
    tried: bool = False,
    looked_at: Done | None = None,
    conflict: dict[str, Any] | None = None,
) -> HttpResponse:
    holder = queries.holder(entry, clerk.user_id)
    width = request.GET.get("breite", "")
    width = width if width in WIDTHS else ""
    stored: FormVersion | None = entry.newest
    shown = looked_at or Done(desk.definition, desk.at, "")
    page = {
        "authority": Authority.objects.get(pk=clerk.authority_id),
        "entry": entry,
        "desk": desk,
        "here": reverse("backoffice:edit-form", args=[entry.form.pk]),
        "holder": holder,
        "may_edit": bool(holder and holder.is_me) or bool(conflict and entry.working),
        "seen": stored.sha256 if stored else "",
        "error_list": desk.error_list,
        "conflict": conflict,
        "trial": trial(shown.definition, step_of(shown.definition, shown.at), request.POST if tried else None),
        "focus": "" if desk.error_list or conflict else focus,
        "width": width,
        "widths": [
            (words, name == width, _address("backoffice:edit-form", entry.form.pk, desk.at, name))
            for name, words in WIDTHS.items()
        ],
        "query": urlencode({"ort": str(desk.at)} | ({"breite": width} if width else {})),
        "tree_query": f"breite={width}&" if width else "",
    }
    return render(request, "backoffice/designing/desk.html", page, status=status)


def _place(request: HttpRequest, definition: dict[str, Any]) -> Address:
    """What the address of the page chooses; the first step where it says nothing."""
    told = request.GET.get("ort", "")
    return Address.read(told) if told else Address(definition["steps"][0]["key"])


def _desk(definition: dict[str, Any], at: Address, posted: QueryDict | None = None) -> Desk:
    """The chosen place, Http404 where there is none."""
    try:
        return Desk(definition, at, posted)
    except DefinitionError:
        raise Http404 from None


def _address(name: str, form_id: UUID, at: Address, width: str, **more: str) -> str:
    query = {"ort": str(at)} | ({"breite": width} if width in WIDTHS and width else {}) | more
    return f"{reverse(name, args=[form_id])}?{urlencode(query)}"
