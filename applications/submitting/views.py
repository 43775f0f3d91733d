"""The last page of a draft, and the first of an application."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_http_methods

from accounts import people
from accounts.signing_in import sign_in_first
from applications.contents import title_of, uploads_of
from applications.delivering.receipt import next_steps
from applications.errors import ApplicationError, VersionConflict
from applications.filling.queries import progress_of
from applications.following.door import Citizen, for_case, own_case
from applications.models import Draft
from applications.submitting.use_cases import (
    Declaration,
    NotComplete,
    NotDeclared,
    already_submitted,
    fee_as_text,
    fee_of,
    submit_application,
)
from authorities import clock as calendar
from catalogue import fees
from catalogue.opening import closed_for_a_while
from forms_engine import api as engine
from foundation import limits, scope


@require_http_methods(["GET", "POST"])
def check(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Every answer once more, and the button that files the application (OZG § 9a (2) and (3))."""
    person = people.who(request, subject_id=draft_id)
    if person is None or isinstance(person, people.Clerk):
        return sign_in_first(request)
    refusal = None
    if request.method == "POST":
        limits.insist_for_address("submit", request)
        try:
            with scope.for_person(person):
                application = submit_application(_draft(person, draft_id), _declaration(request), by=person)
            return redirect("submitting:submitted", reference=application.reference)
        except (NotComplete, VersionConflict, ApplicationError) as error:
            refusal = error
            if error.status == 404:
                raise
    with scope.for_person(person, read_only=True):
        draft = Draft.objects.visible_to(person).select_related(*_WITH).filter(pk=draft_id).first()
        if draft is None:
            application = already_submitted(Draft(pk=draft_id), by=person)
            return redirect("submitting:submitted", reference=application.reference)
        return render(request, "filling/check.html", _check_page(request, draft, refusal), status=_status(refusal))


_WITH = ("authority", "offering__service", "offering__owner", "form_version")


def _draft(person: people.Person, draft_id: UUID) -> Draft:
    """The draft; where there is none any more, its id, for the answer to a resent form."""
    found = Draft.objects.visible_to(person).select_related(*_WITH).filter(pk=draft_id).first()
    return found or Draft(pk=draft_id)


def _declaration(request: HttpRequest) -> Declaration:
    seen = request.POST.get("version", "")
    return Declaration(
        seen_version=int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else -1,
        confirmed=request.POST.get("confirmed") == "on",
        delivery=request.POST.get("delivery", ""),
        language=get_language() or "de",
        seen_fee=fee[:20] if (fee := request.POST.get("fee")) is not None else None,
    )


def _check_page(request: HttpRequest, draft: Draft, refusal: ApplicationError | None) -> dict[str, object]:
    language = get_language() or "de"
    form, uploads = engine.compiled(draft.form_version), uploads_of(draft)
    answers = draft.read_answers()
    fee, tariff = fee_of(draft, engine.effective(form, answers), on=calendar.today())
    return {
        "draft": draft,
        "authority": draft.authority,
        "department": draft.offering.owner,
        "title": title_of(draft),
        "progress": progress_of(draft, uploads, language=language),
        "sections": engine.summary(form, answers, language=language, uploads=uploads),
        "closed": closed_for_a_while(draft.offering),
        "fee": fee,
        "fee_seen": fee_as_text(fee),
        "fee_period": fees.period(tariff),
        "refusal": refusal,
        "missing": refusal.missing if isinstance(refusal, NotDeclared) else {},
        "may_retrieve": draft.party_id is not None,
        "chosen_delivery": request.POST.get("delivery", ""),
    }


def _status(refusal: ApplicationError | None) -> int:
    return refusal.status if refusal else 200


@require_GET
@for_case
def submitted(request: HttpRequest, person: Citizen, reference: str) -> HttpResponse:
    """The application has arrived: its reference, and what happens next."""
    with scope.for_person(person, read_only=True):
        application = own_case(person, reference)
        page = {
            "application": application,
            "authority": application.authority,
            "department": application.office,
            "title": title_of(application),
            "next_steps": next_steps(application),
            "receipt": getattr(application, "receipt", None),
            "code": people.code_of(request, application.pk),
        }
        return render(request, "submitting/submitted.html", page)
