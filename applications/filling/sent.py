"""The pages of a draft that was sent: back in the browser, or from a bookmark."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts import people
from applications.models import Application
from foundation import scope


def leads_to_application(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The view of a draft; where the draft has become an application of this person, the way to that one."""

    @wraps(view)
    def view_or_redirect(request: HttpRequest, draft_id: UUID, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, draft_id=draft_id, **kwargs)
        except Http404:
            person = people.who(request, subject_id=draft_id)
            if person is None or isinstance(person, people.Clerk):
                raise
            with scope.for_person(person, read_only=True):
                reference = (
                    Application.objects.visible_to(person)
                    .filter(pk=draft_id)
                    .values_list("reference", flat=True)
                    .first()
                )
            if reference is None:
                raise
            return redirect("submitting:submitted", reference=reference)

    return view_or_redirect
