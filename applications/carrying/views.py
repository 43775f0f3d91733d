"""The page on which a person sees what a newer version of the form means for their draft, and decides."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import people
from accounts.signing_in import sign_in_first
from applications.carrying import use_cases
from applications.carrying.queries import lay_over, newer_version
from applications.contents import title_of
from applications.errors import ApplicationError
from applications.filling.wizard import get_draft
from foundation import scope


@require_http_methods(["GET", "HEAD", "POST"])
def carry(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """What has a place, what moved, what has none; then `action` is `carry` or `stay`."""
    person = people.who(request, subject_id=draft_id)
    if person is None:
        return sign_in_first(request)
    refusal = None
    if request.method == "POST":
        try:
            with scope.for_person(person):
                return _decided(request, person, draft_id)
        except ApplicationError as error:
            refusal = error
    with scope.for_person(person, read_only=True):
        draft = get_draft(person, draft_id)
        version = newer_version(draft)
        if version is None:
            return redirect("filling:task-list", draft_id=draft_id)
        title = title_of(draft)
        page = {
            "draft": draft,
            "authority": draft.authority,
            "title": title,
            "carried": lay_over(draft, version, language=_language()),
            "refusal": refusal,
            "crumbs": [(title, "")],
        }
        return render(request, "filling/carry.html", page, status=refusal.status if refusal else 200)


def _decided(request: HttpRequest, person: people.Person, draft_id: UUID) -> HttpResponse:
    draft = get_draft(person, draft_id)
    if request.POST.get("action") == "stay":
        use_cases.stay(draft)
        return redirect("filling:task-list", draft_id=draft_id)
    use_cases.carry_over(
        draft,
        to=_number(request.POST.get("to", "")),
        seen_version=_number(request.POST.get("version", "")),
        confirmed=request.POST.get("confirmed") == "on",
        language=_language(),
    )
    messages.success(request, _("Ihr Antrag ist jetzt auf der neuen Fassung."))
    return redirect("filling:task-list", draft_id=draft_id)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


def _language() -> str:
    return get_language() or "de"
