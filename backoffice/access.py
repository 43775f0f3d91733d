"""Who may enter: members of staff, by their role. To everybody else these pages do not exist.

Staff are told so in their own frame.
"""

from collections.abc import Callable
from functools import partial, wraps
from http import HTTPStatus
from typing import cast

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation

from accounts import people
from accounts.models import StaffRole
from accounts.people import Clerk
from authorities.models import Authority

CASE_ROLES = frozenset({StaffRole.Role.CLERK, StaffRole.Role.HEAD})
AUTHORS = frozenset({StaffRole.Role.FORM_AUTHOR})
#: Where those begin who have no inbox.
FIRST_PAGES = {
    StaffRole.Role.FORM_AUTHOR: "backoffice:services",
    StaffRole.Role.DATA_PROTECTION: "backoffice:accesses",
    StaffRole.Role.OPERATOR: "backoffice:troubles",
}


class StaffRequest(HttpRequest):
    """A request behind this door: it carries what the navigation may offer."""

    clerk_roles: frozenset[str]


def _page_for(roles: frozenset[str], view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Calls `view(request, clerk, …)`. Asks a stranger to sign in; others get 404."""

    @wraps(view)
    def page(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        clerk = people.clerk_of(request)
        if clerk is None:
            raise Http404
        cast(StaffRequest, request).clerk_roles = clerk.roles
        # Clerks' pages are in German only, whatever the browser asks for.
        with translation.override("de"):
            if not clerk.roles & roles:
                first = next((name for role, name in FIRST_PAGES.items() if role in clerk.roles), None)
                if first and request.path == reverse("backoffice:inbox"):
                    return redirect(first)
                return _not_found(request, clerk)
            try:
                return view(request, clerk, *args, **kwargs)
            except Http404:
                return _not_found(request, clerk)

    return page


def _not_found(request: HttpRequest, clerk: Clerk) -> HttpResponse:
    """The same for what there is not, for what belongs to others and for what other roles do."""
    page = {"authority": Authority.objects.get(pk=clerk.authority_id)}
    return render(request, "backoffice/not_found.html", page, status=HTTPStatus.NOT_FOUND)


staff_page = partial(_page_for, CASE_ROLES)
author_page = partial(_page_for, AUTHORS)
head_page = partial(_page_for, frozenset({StaffRole.Role.HEAD}))
trouble_page = partial(_page_for, CASE_ROLES | {StaffRole.Role.OPERATOR})
answering_page = partial(_page_for, frozenset({StaffRole.Role.HEAD, StaffRole.Role.OPERATOR}))
officer_page = partial(_page_for, frozenset({StaffRole.Role.DATA_PROTECTION}))
rules_page = partial(_page_for, AUTHORS | {StaffRole.Role.HEAD})
