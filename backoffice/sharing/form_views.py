"""One form of ours: the terms of its service, where it came from and what is new there, and giving it away."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.people import Clerk
from authorities.models import Authority
from backoffice.access import author_page
from backoffice.designing import queries as designing
from backoffice.sharing.contents import told
from backoffice.sharing.forms import ServiceForm, StayForm, TermsForm
from backoffice.sharing.refusing import refused, unchanged
from backoffice.sharing.words import Words
from catalogue.adopting import following, use_cases
from catalogue.adopting.part import only_terms, terms_of
from catalogue.adopting.terms import change_terms, put_online
from catalogue.beginning import ServiceRefused, begin_service, may_remove, remove_service
from catalogue.models import Offering
from forms_engine.models import FormVersion
from forms_engine.sharing import adopting, file, lists, merging
from forms_engine.sharing.file import SharingRefused
from foundation import scope


@require_http_methods(["GET", "HEAD", "POST"])
@author_page
def terms(request: HttpRequest, clerk: Clerk, form_id: UUID) -> HttpResponse:
    """Our own rates, deadlines and texts of the service of a form; and putting it online."""
    with scope.for_person(clerk, read_only=request.method != "POST"):
        page = _frame(clerk, form_id)
        offering = _offering_of(clerk, form_id)
        page["offering"] = offering
        page["may_remove"] = offering is not None and may_remove(offering)
        if offering is None:
            return _begin_service(request, clerk, page)
        wants_online = request.POST.get("action") == "online"
        bound = request.POST if request.method == "POST" and not wants_online else None
        mine = adopting.ours(offering.form)
        page["form"] = form = TermsForm(bound, offering=offering, definition=mine.definition)
        try:
            if wants_online:
                put_online(offering, by=clerk.user_id)
            elif bound is None or not form.is_valid():
                return render(request, "backoffice/sharing/terms.html", page, status=422 if form.errors else 200)
            else:
                change_terms(offering, form.terms(), by=clerk.user_id)
        except SharingRefused as refusal:
            if not bound:
                page["form"] = form.as_kept(mine.definition)
            return refused(request, "backoffice/sharing/terms.html", page, page["form"], refusal)
    done = _("Die Leistung ist online.") if wants_online else _("Ihre Angaben zur Leistung sind gespeichert.")
    messages.success(request, done)
    return redirect("backoffice:terms", form_id)


def _begin_service(request: HttpRequest, clerk: Clerk, page: dict[str, Any]) -> HttpResponse:
    """A form that no service uses yet gets one of its own, offline until its texts are there."""
    form, begins = page["entry"].form, request.POST.get("action") == "begin"
    initial = {"title": page["entry"].title, "audience": ["citizens"], "level": Offering.Level.NONE}
    page["form"] = typed = ServiceForm(request.POST if begins else None, authority=page["authority"], initial=initial)
    if not begins or not typed.is_valid():
        status = 422 if begins else 409 if request.method == "POST" else 200
        return render(request, "backoffice/sharing/terms.html", page, status=status)
    try:
        begin_service(form, **typed.cleaned_data, by_id=clerk.user_id)
    except ServiceRefused as refusal:
        typed.add_error("title", str(refusal))
        return render(request, "backoffice/sharing/terms.html", page, status=422)
    messages.success(request, _("Die Leistung ist angelegt. Schreiben Sie jetzt, was bei Ihnen gilt."))
    return redirect("backoffice:terms", form.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@author_page
def remove(request: HttpRequest, clerk: Clerk, form_id: UUID) -> HttpResponse:
    """Asks before a service goes that was begun and never was online."""
    with scope.for_person(clerk, read_only=request.method != "POST"):
        page = _frame(clerk, form_id)
        offering = _offering_of(clerk, form_id)
        if offering is None or not may_remove(offering):
            return redirect("backoffice:terms", form_id)
        if request.method != "POST":
            return render(request, "backoffice/sharing/remove_service.html", page | {"offering": offering})
        try:
            remove_service(offering, by_id=clerk.user_id)
        except ServiceRefused as refusal:
            messages.error(request, str(refusal))
            return unchanged(redirect("backoffice:terms", form_id))
    messages.success(request, _("Die Leistung ist entfernt. Das Formular ist noch da."))
    return redirect("backoffice:terms", form_id)


@require_http_methods(["GET", "HEAD", "POST"])
@author_page
def upstream(request: HttpRequest, clerk: Clerk, form_id: UUID) -> HttpResponse:
    """Where the form came from; what is new there, beside what we changed ourselves; taking it over or staying."""
    with scope.for_person(clerk, read_only=request.method != "POST"):
        page = _frame(clerk, form_id)
        found = following.followed(clerk.authority_id, form_id)
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
        compared = following.compare(follow, mine, choices)
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
            following.stay(follow, reason=form.cleaned_data["reason"], by=clerk.user_id)
            done = _("Sie bleiben bei Ihrer Fassung. Zur nächsten neuen Fassung sagen wir Ihnen Bescheid.")
        else:
            try:
                waits = following.take_over(follow, compared, by=clerk.user_id)
            except SharingRefused as refusal:
                page["problems"] = refusal.problems
                return unchanged(render(request, "backoffice/sharing/upstream.html", page, status=422))
            done = _("Die neue Fassung ist in Ihrem Entwurf. Veröffentlicht ist sie noch nicht.")
            if waits:
                done = _(
                    "Die neue Fassung ist in Ihrem Entwurf. Die Gebühr passt erst zu ihr: "
                    "Veröffentlichen Sie das Formular, und übernehmen Sie dann die Gebühr."
                )
    messages.success(request, done)
    return redirect("backoffice:upstream", form_id)


@require_GET
@author_page
def share(request: HttpRequest, clerk: Clerk, form_id: UUID) -> HttpResponse:
    """What another installation gets of this form, and the way to the file."""
    with scope.for_person(clerk, read_only=True):
        page = _frame(clerk, form_id)
        offering = _offering_of(clerk, form_id)
        if page["entry"].published:
            page["told"] = told(_own_content(offering, page["entry"].published))
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


def _frame(clerk: Clerk, form_id: UUID) -> dict[str, Any]:
    return {
        "authority": Authority.objects.get(pk=clerk.authority_id),
        "entry": designing.entry(clerk.authority_id, form_id),
    }


def _offering_of(clerk: Clerk, form_id: UUID) -> Offering | None:
    found = Offering.objects.filter(authority_id=clerk.authority_id, form_id=form_id)
    return found.select_related("authority", "service", "form").order_by("pk").first()


def _own_content(offering: Offering | None, version: FormVersion) -> dict[str, Any]:
    version = FormVersion.objects.select_related("form__authority").get(pk=version.pk)
    return use_cases.content_of(offering, version) if offering else adopting.content_of(version)


def _in_words(follow: following.Followed, mine: FormVersion, compared: following.Comparison) -> dict[str, Any]:
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
            place = f"{following.SERVICE}{each.place}"
            conflicts.append(replace(words.conflict(each), place=place))
            chosen[place] = each.chosen
    return {
        "theirs": [words.change(each) for each in theirs],
        "ours": [words.change(each) for each in ours],
        "conflicts": [(each, chosen[each.place]) for each in conflicts],
        "problems": compared.problems,
        "differences": lists.differences(newer.content) if newer and not newer.version else [],
    }
