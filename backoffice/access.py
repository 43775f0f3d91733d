"""Who may enter: members of staff who work on cases. To everybody else these pages do not exist."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation

from accounts import people
from accounts.models import StaffRole

CASE_ROLES = frozenset({StaffRole.Role.CLERK, StaffRole.Role.HEAD})


def staff_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Calls `view(request, clerk, …)`. Asks a stranger to sign in; a signed-in stranger gets 404."""

    @wraps(view)
    def page(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        clerk = people.clerk_of(request)
        if clerk is None or not clerk.roles & CASE_ROLES:
            raise Http404
        # Clerks' pages are in German only, whatever the browser asks for.
        with translation.override("de"):
            return view(request, clerk, *args, **kwargs)

    return page
