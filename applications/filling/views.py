"""Pages of a draft: begin, task list, go on later, go on here. The steps themselves are in `wizard`."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts import people
from accounts.signing_in import sign_in_first
from applications.carrying.queries import newer_version
from applications.contents import title_of, uploads_of
from applications.filling import use_cases
from applications.filling.queries import drafts_of, progress_of
from applications.filling.sent import leads_to_application
from applications.filling.wizard import get_draft
from applications.models import Draft
from applications.once_only.known import left_out_in_words
from catalogue.models import Offering
from catalogue.opening import closed_for_a_while
from foundation import limits, scope


@require_POST
def begin(request: HttpRequest, authority: str, service: str) -> HttpResponse:
    """Begins a draft, with or without account; `with=account` leads through the sign-in and back to it.

    Who has one already is shown it first, and says (`anew`) whether a second one is wanted.
    """
    limits.insist_for_address("begin", request)
    offering = get_object_or_404(
        Offering.objects.select_related("authority", "service"),
        authority__slug=authority,
        service__slug=service,
        is_active=True,
    )
    person = people.who(request)
    if person is None and offering.level != Offering.Level.NONE:
        return redirect(f"{reverse('account_login')}?{urlencode({'next': offering.get_absolute_url()})}")
    if isinstance(person, people.Applicant) and not request.POST.get("anew"):
        with scope.for_person(person, read_only=True):
            if there := drafts_of(person, offering):
                return render(request, "filling/draft_there.html", _choice_of(offering, there))
    draft, code = use_cases.begin_draft(offering, by=person if isinstance(person, people.Applicant) else None)
    if code:
        people.remember_code(request, draft.pk, code)
    here = reverse("filling:task-list", args=[draft.pk])
    if request.POST.get("with") == "account" and person is None:
        return redirect(f"{reverse('account_login')}?{urlencode({'next': here})}")
    return redirect(here)


@require_GET
@leads_to_application
def task_list(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """The steps of the draft, and how far each one is."""
    person = people.who(request, subject_id=draft_id)
    if person is None:
        return sign_in_first(request)
    with scope.for_person(person, read_only=True):
        draft = get_draft(person, draft_id)
        progress = progress_of(draft, uploads_of(draft), language=get_language() or "de")
        number, step = next(
            ((number, step) for number, step in enumerate(progress.steps, start=1) if step.state != "done"), (0, None)
        )
        taken, newer = draft.read_taken_over(), newer_version(draft)
        page = _page_of(draft) | {"progress": progress, "next_step": step, "next_number": number, "newer": newer}
        page["offered"] = newer is not None and draft.offered_version_id == newer.pk
        page["closed"] = closed_for_a_while(draft.offering)
        page |= {"taken": taken, "left_out": left_out_in_words(taken) if taken else []}
        return render(request, "filling/task_list.html", page)


@require_GET
@leads_to_application
def later(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Tells how to go on another time: by account, or by reference and code."""
    person = people.who(request, subject_id=draft_id)
    if person is None:
        return sign_in_first(request)
    with scope.for_person(person, read_only=True):
        draft = get_draft(person, draft_id)
        code = people.code_of(request, draft_id) if draft.party_id is None else None
        return render(request, "filling/later.html", _page_of(draft) | {"code": code})


def _choice_of(offering: Offering, there: list[Draft]) -> dict[str, Any]:
    title = offering.service.title
    address = offering.get_absolute_url()
    return {
        "offering": offering,
        "authority": offering.authority,
        "title": title,
        "drafts": there,
        "crumbs": [(title, address), (_("Entwurf ist schon da"), "")],
    }


def _page_of(draft: Draft) -> dict[str, Any]:
    title = title_of(draft)
    return {
        "draft": draft,
        "authority": draft.authority,
        # The rules of the way are the authority's; people are told who answers for the service.
        "department": draft.offering.owner,
        "title": title,
        "is_guest": draft.party_id is None,
        "crumbs": [(title, "")],
    }
