"""Authors find what other authorities offer, and take it over, from this portal or from a file."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.people import Clerk
from authorities.models import Authority
from backoffice.access import author_page
from backoffice.sharing.contents import told
from backoffice.sharing.forms import AdoptForm, FileForm, pack, unpack
from backoffice.sharing.refusing import refused
from catalogue.adopting import following, use_cases
from catalogue.models import Offering
from forms_engine.models import FormVersion
from forms_engine.sharing import adopting, file, lists
from forms_engine.sharing.file import SharingRefused
from foundation import limits, paging, scope

#: Looking into a file costs a process.
TRIES = {"tries": 30, "seconds": 15 * 60}


@require_GET
@author_page
def adoptable(request: HttpRequest, clerk: Clerk) -> HttpResponse:
    """What we adopted, with news of it, and what other authorities offer."""
    with scope.for_person(clerk, read_only=True):
        authority = Authority.objects.get(pk=clerk.authority_id)
        page = {
            "authority": authority,
            "followed": following.followed(authority.pk),
            "page": paging.in_this_order(
                use_cases.offered_by_others(authority), lambda row: row[0].pk, after=request.GET.get(paging.AFTER, "")
            ),
        }
        return render(request, "backoffice/sharing/adoptable.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
@author_page
def adopt(request: HttpRequest, clerk: Clerk, offering_id: UUID) -> HttpResponse:
    """A service of another authority as a whole: what comes along, and taking it."""
    theirs, version, content = _theirs(clerk, offering_id)
    with scope.for_person(clerk, read_only=request.method != "POST"):
        authority = Authority.objects.get(pk=clerk.authority_id)
        form = AdoptForm(request.POST or None, authority=authority, initial={"key": version.form.key})
        page = {"authority": authority, "form": form, "theirs": theirs, "told": told(content)}
        page["has_it"] = Offering.objects.filter(authority=authority, service=theirs.service).exists()
        if request.method != "POST" or not form.is_valid():
            return render(request, "backoffice/sharing/adopt.html", page, status=422 if form.errors else 200)
        try:
            adopted = use_cases.adopt(
                content, authority, **form.cleaned_data, by=clerk.user_id, offering=theirs, version=version
            )
        except SharingRefused as refusal:
            return refused(request, "backoffice/sharing/adopt.html", page, form, refusal)
    messages.success(request, _("Sie haben die Leistung übernommen. Setzen Sie jetzt Ihre Gebühren und Texte."))
    return redirect("backoffice:terms", adopted.form_id)


def _theirs(clerk: Clerk, offering_id: UUID) -> tuple[Offering, FormVersion, dict[str, Any]]:
    """What another authority offers to everybody; Http404 else."""
    offered = use_cases.offered_by_another(clerk.authority_id, offering_id)
    if offered is None:
        raise Http404
    return offered


@require_http_methods(["GET", "HEAD", "POST"])
@author_page
def adopt_file(request: HttpRequest, clerk: Clerk) -> HttpResponse:
    """A signed file: who signed it and what is inside; then adopting it, or noting what is new in it."""
    with scope.for_person(clerk, read_only=True):
        authority = Authority.objects.get(pk=clerk.authority_id)
    page: dict[str, Any] = {"authority": authority, "form": FileForm()}
    if request.method != "POST":
        return render(request, "backoffice/sharing/adopt_file.html", page)
    if not limits.allow("shared-file", str(clerk.user_id), **TRIES):
        page["form"] = form = FileForm({}, {})
        form.errors.clear()
        form.add_error(None, _("Das waren zu viele Dateien. Warten Sie 15 Minuten, und versuchen Sie es noch einmal."))
        return render(request, "backoffice/sharing/adopt_file.html", page, status=429)
    if "packed" in request.POST:
        raw = unpack(request.POST["packed"])
    else:
        page["form"] = form = FileForm(request.POST, request.FILES)
        if not form.is_valid():
            return render(request, "backoffice/sharing/adopt_file.html", page, status=422)
        raw = form.cleaned_data["file"]
    try:
        opened = use_cases.open_file(raw)
    except SharingRefused as refusal:
        page["form"] = FileForm({}, {})
        page["form"].errors.clear()
        for problem in refusal.problems:
            page["form"].add_error(None, problem)
        return render(request, "backoffice/sharing/adopt_file.html", page, status=422)
    page |= {"opened": opened, "packed": pack(raw), "told": told(opened.content)}
    return _take_file(request, clerk, authority, opened, page)


def _take_file(
    request: HttpRequest, clerk: Clerk, authority: Authority, opened: file.Opened, page: dict[str, Any]
) -> HttpResponse:
    template, content = "backoffice/sharing/adopt_file.html", opened.content
    wants = request.POST.get("action", "")
    # Nothing of an unknown signer is ever written.
    wants = wants if not opened.refusal and wants in ("adopt", "receive") else ""
    with scope.for_person(clerk, read_only=not wants):
        here = use_cases.version_here(opened)
        peer = "" if here else opened.signer.peer
        followers = adopting.followers(content, authority, peer=peer) if not here else []
        page |= {"followers": followers, "is_own": here is not None and here.authority_id == authority.pk}
        page["differences"] = lists.differences(content) if not here else []
        form = AdoptForm(
            request.POST if wants == "adopt" else None,
            authority=authority,
            with_service="service" in content,
            initial={"key": content["provenance"]["form"]},
        )
        page["form"] = form
        if wants == "receive" and followers:
            forms = following.receive(content, authority, peer=peer)
        elif wants != "adopt" or not form.is_valid():
            return render(request, template, page, status=422 if form.errors else 200)
        else:
            try:
                said = {"department": None} | form.cleaned_data
                taken = use_cases.adopt_content(content, authority, **said, by=clerk.user_id, version=here, peer=peer)
            except SharingRefused as refusal:
                return refused(request, template, page, form, refusal)
    if wants == "receive":
        if not forms:
            messages.info(request, _("Diese Fassung kennen Sie schon, oder Sie haben eine neuere."))
            return redirect("backoffice:adoptable")
        messages.success(request, _("Die neue Fassung ist vorgemerkt. Vergleichen Sie sie mit Ihrer."))
        return redirect("backoffice:upstream", forms[0].pk)
    if "service" not in content:
        messages.success(request, _("Sie haben das Formular übernommen. Es ist jetzt Ihr Entwurf."))
        return redirect("backoffice:form", taken.pk)
    messages.success(request, _("Sie haben die Leistung übernommen. Setzen Sie jetzt Ihre Gebühren und Texte."))
    return redirect("backoffice:terms", taken.pk)
