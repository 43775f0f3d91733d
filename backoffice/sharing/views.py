"""Authors take services of other authorities, follow them, set their own terms, and give theirs away as a file."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.people import Clerk
from authorities.models import Authority
from backoffice.access import author_page
from backoffice.designing import queries as designing
from backoffice.sharing.forms import AdoptForm, FileForm, StayForm, TermsForm, pack, unpack
from backoffice.sharing.words import Words
from catalogue import fees
from catalogue.adopting import use_cases
from catalogue.adopting.part import only_terms, terms_of
from catalogue.models import Offering, in_language
from forms_engine.models import FormVersion
from forms_engine.sharing import adopting, file, lists, merging
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
            "followed": use_cases.followed(authority.pk),
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
        page = {"authority": authority, "form": form, "theirs": theirs, "told": _told(content)}
        page["has_it"] = Offering.objects.filter(authority=authority, service=theirs.service).exists()
        if request.method != "POST" or not form.is_valid():
            return render(request, "backoffice/sharing/adopt.html", page, status=422 if form.errors else 200)
        try:
            adopted = use_cases.adopt(
                content, authority, **form.cleaned_data, by=clerk.user_id, offering=theirs, version=version
            )
        except SharingRefused as refusal:
            return _refused(request, "backoffice/sharing/adopt.html", page, form, refusal)
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
    page |= {"opened": opened, "packed": pack(raw), "told": _told(opened.content)}
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
            forms = use_cases.receive(content, authority, peer=peer)
        elif wants != "adopt" or not form.is_valid():
            return render(request, template, page, status=422 if form.errors else 200)
        else:
            try:
                said = {"department": None} | form.cleaned_data
                taken = use_cases.adopt_content(content, authority, **said, by=clerk.user_id, version=here, peer=peer)
            except SharingRefused as refusal:
                return _refused(request, template, page, form, refusal)
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


@require_GET
@author_page
def share(request: HttpRequest, clerk: Clerk, form_id: UUID) -> HttpResponse:
    """What another installation gets of this form, and the way to the file."""
    with scope.for_person(clerk, read_only=True):
        page = _frame(clerk, form_id)
        offering = _offering_of(clerk, form_id)
        if page["entry"].published:
            page["told"] = _told(_own_content(offering, page["entry"].published))
            page["offering"] = offering
        return render(request, "backoffice/sharing/share.html", page)


@require_GET
@author_page
def share_file(request: HttpRequest, clerk: Clerk, form_id: UUID) -> HttpResponse:
    """The signed file of the newest published version."""
    with scope.for_person(clerk, read_only=True):
        frame = _frame(clerk, form_id)
        version = frame["entry"].published
        if version is None:
            raise Http404
        content = _own_content(_offering_of(clerk, form_id), version)
    raw = file.write(content, keyset=frame["authority"].keyset)
    response = HttpResponse(raw, content_type="application/json")
    name = f"{frame['authority'].slug}-{version.form.key}-{version.no}.json"
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    response["Cache-Control"] = "private, no-store"
    return response


def _own_content(offering: Offering | None, version: FormVersion) -> dict[str, Any]:
    version = FormVersion.objects.select_related("form__authority").get(pk=version.pk)
    return use_cases.content_of(offering, version) if offering else adopting.content_of(version)


@require_http_methods(["GET", "HEAD", "POST"])
@author_page
def terms(request: HttpRequest, clerk: Clerk, form_id: UUID) -> HttpResponse:
    """Our own rates, deadlines and texts of the service of a form; and putting it online."""
    with scope.for_person(clerk, read_only=request.method != "POST"):
        page = _frame(clerk, form_id)
        offering = _offering_of(clerk, form_id)
        page["offering"] = offering
        if offering is None:
            return render(
                request, "backoffice/sharing/terms.html", page, status=409 if request.method == "POST" else 200
            )
        wants_online = request.POST.get("action") == "online"
        bound = request.POST if request.method == "POST" and not wants_online else None
        mine = adopting.ours(offering.form)
        page["form"] = form = TermsForm(bound, offering=offering, definition=mine.definition)
        try:
            if wants_online:
                use_cases.put_online(offering, by=clerk.user_id)
            elif bound is None or not form.is_valid():
                return render(request, "backoffice/sharing/terms.html", page, status=422 if form.errors else 200)
            else:
                use_cases.change_terms(offering, form.terms(), by=clerk.user_id)
        except SharingRefused as refusal:
            page["form"] = form if bound else TermsForm({}, offering=offering, definition=mine.definition)
            if not bound:
                page["form"].errors.clear()
            return _refused(request, "backoffice/sharing/terms.html", page, page["form"], refusal)
    done = _("Die Leistung ist online.") if wants_online else _("Ihre Angaben zur Leistung sind gespeichert.")
    messages.success(request, done)
    return redirect("backoffice:terms", form_id)


@require_http_methods(["GET", "HEAD", "POST"])
@author_page
def upstream(request: HttpRequest, clerk: Clerk, form_id: UUID) -> HttpResponse:
    """Where the form came from; what is new there, beside what we changed ourselves; taking it over or staying."""
    with scope.for_person(clerk, read_only=request.method != "POST"):
        page = _frame(clerk, form_id)
        found = use_cases.followed(clerk.authority_id, form_id)
        if not found:
            return render(
                request, "backoffice/sharing/upstream.html", page, status=409 if request.method == "POST" else 200
            )
        [follow] = found
        page |= {"follow": follow, "stay": StayForm()}
        if not follow.is_new:
            return render(
                request, "backoffice/sharing/upstream.html", page, status=409 if request.method == "POST" else 200
            )
        mine = adopting.ours(page["entry"].form)
        seen = f"{follow.stamp}.{mine.sha256}"
        choices = {place: side for place, side in request.POST.items() if side in ("ours", "theirs")}
        compared = use_cases.compare(follow, mine, choices)
        page |= {"seen": seen, "compared": compared, **_in_words(follow, mine, compared)}
        if request.method != "POST":
            return render(request, "backoffice/sharing/upstream.html", page)
        if request.POST.get("seen") != seen:
            page["problems"] = [adopting.CHANGED_MEANWHILE]
            return render(request, "backoffice/sharing/upstream.html", page, status=409)
        if request.POST.get("action") == "stay":
            page["stay"] = form = StayForm(request.POST)
            if not form.is_valid():
                return render(request, "backoffice/sharing/upstream.html", page, status=422)
            use_cases.stay(follow, reason=form.cleaned_data["reason"], by=clerk.user_id)
            done = _("Sie bleiben bei Ihrer Fassung. Zur nächsten neuen Fassung sagen wir Ihnen Bescheid.")
        else:
            try:
                waits = use_cases.take_over(follow, compared, by=clerk.user_id)
            except SharingRefused as refusal:
                page["problems"] = refusal.problems
                return _unchanged(render(request, "backoffice/sharing/upstream.html", page, status=422))
            done = _("Die neue Fassung ist in Ihrem Entwurf. Veröffentlicht ist sie noch nicht.")
            if waits:
                done = _(
                    "Die neue Fassung ist in Ihrem Entwurf. Die Gebühr passt erst zu ihr: "
                    "Veröffentlichen Sie das Formular, und übernehmen Sie dann die Gebühr."
                )
    messages.success(request, done)
    return redirect("backoffice:upstream", form_id)


# --- what the pages have in common -----------------------------------------------------------------------------------


def _frame(clerk: Clerk, form_id: UUID) -> dict[str, Any]:
    return {
        "authority": Authority.objects.get(pk=clerk.authority_id),
        "entry": designing.entry(clerk.authority_id, form_id),
    }


def _offering_of(clerk: Clerk, form_id: UUID) -> Offering | None:
    found = Offering.objects.filter(authority_id=clerk.authority_id, form_id=form_id)
    return found.select_related("authority", "service", "form").order_by("pk").first()


def _told(content: dict[str, Any]) -> dict[str, Any]:
    """What comes along, counted and named."""
    definition, part = content["definition"], content.get("service")
    told: dict[str, Any] = {
        "provenance": content["provenance"],
        "title": definition["title"]["de"],
        "steps": [step["title"]["de"] for step in definition["steps"]],
        "rules": len(definition.get("rules", [])),
        "lists": [_list_in_words(each) for each in content["code_lists"]],
    }
    if part:
        told |= {
            "service": in_language(part["texts"].get("title", {})),
            "modules": len(part["texts"]),
            "fee": fees.summary(part["fee"]),
            "retention": part.get("retention_months"),
            "weeks": part.get("deadline_weeks"),
            "has_notice": bool(part["privacy"]),
            "routes": len([each for each in part.get("routes", []) if each]),
        }
    return told


def _list_in_words(each: dict[str, Any]) -> str:
    day = each.get("valid_from")
    since = ", " + _("gilt ab %(day)s") % {"day": f"{date.fromisoformat(day):%d.%m.%Y}"} if day else ""
    return f"{each['uri']} ({each['version']}{since})"


def _in_words(follow: use_cases.Followed, mine: FormVersion, compared: use_cases.Comparison) -> dict[str, Any]:
    """The three views of a comparison: theirs, ours, and where both touched the same."""
    base, newer = follow.upstream.definition, follow.newer_form
    newest = newer.definition if newer else base
    words = Words(base, newest, mine.definition)
    theirs = merging.changes_of_definition(base, newest) if follow.newer_form else []
    ours = merging.changes_of_definition(base, mine.definition)
    conflicts = [words.conflict(each) for each in compared.form.conflicts] if compared.form else []
    chosen = {each.place: each.chosen for each in compared.form.conflicts} if compared.form else {}
    if follow.adoption:
        began = only_terms(follow.adoption.base)
        ours += merging.changes_of_values(began, only_terms(terms_of(follow.adoption.offering)))
    if follow.newer_part and compared.part:
        theirs += merging.changes_of_values(began, only_terms(follow.newer_part))
        for each in compared.part.conflicts:
            place = f"{use_cases.SERVICE}{each.place}"
            conflicts.append(replace(words.conflict(each), place=place))
            chosen[place] = each.chosen
    return {
        "theirs": [words.change(each) for each in theirs],
        "ours": [words.change(each) for each in ours],
        "conflicts": [(each, chosen[each.place]) for each in conflicts],
        "problems": compared.problems,
        "differences": lists.differences(newer.content) if newer and not newer.version else [],
    }


def _refused(
    request: HttpRequest, template: str, page: dict[str, Any], form: Any, refusal: SharingRefused
) -> HttpResponse:
    for problem in refusal.problems:
        form.add_error(None, problem)
    return _unchanged(render(request, template, page, status=422))


def _unchanged(response: HttpResponse) -> HttpResponse:
    """What was begun before a refusal is taken back."""
    transaction.set_rollback(True)
    return response
