"""Pages of the portal as a whole: start, help, how it looks, and what is shown when something fails."""

import sys
from collections.abc import Iterator
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from accounts import people
from accounts.adapter import LONGEST_SPAN
from applications.following.queries import running
from authorities.models import Authority, Department
from catalogue import queries as catalogue
from foundation import limits, scope
from foundation.errors import plain_page
from foundation.vault import VaultError
from hro_portal.page import THEMES, home_authority

#: What operators put right while people wait. The second is raised by whoever goes on with a connection that the first
#: one has closed, the third where a key cannot be read.
_COMES_BACK = (OperationalError, InterfaceError, VaultError)
SHOWN_AT_START = 3
OFTEN = 6
ONE_YEAR = 365 * 24 * 3600
SECURITY_TXT_HOLDS = timedelta(days=180)


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Search, what the home authority offers, and first of all what the person has running."""
    authority = home_authority()
    # What has a short address stands on posters, and so is looked for most.
    entries = sorted(catalogue.entries(authority), key=lambda entry: entry.service.short is None)
    page = {
        "authority": authority,
        "often": [entry.offerings[0] for entry in entries[:OFTEN]],
        "situations": catalogue.situations(authority),
    }
    person = people.who(request)
    if not isinstance(person, people.Applicant):
        return render(request, "start.html", page)
    with scope.for_person(person, read_only=True):
        return render(request, "start.html", page | {"running": running(person)[:SHOWN_AT_START]})


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """Whom to call and when: the authority (`behoerde`, else the home authority) and its offices."""
    slug = request.GET.get("behoerde", "")
    authority = get_object_or_404(Authority, slug=slug) if slug else home_authority()
    departments = Department.objects.filter(authority=authority)
    return render(request, "help.html", {"authority": authority, "departments": departments})


@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """Whom to tell of a weakness (RFC 9116, BSI TR-03172-3 A3.1.05). It never expires while the portal runs."""
    expires = (timezone.now() + SECURITY_TXT_HOLDS).replace(hour=0, minute=0, second=0, microsecond=0)
    lines = {
        "Contact": settings.SECURITY_CONTACT,
        "Expires": expires.isoformat(),
        "Preferred-Languages": "de, en",
        "Canonical": f"{settings.BASE_URL}/.well-known/security.txt",
    }
    text = "".join(f"{name}: {value}\n" for name, value in lines.items())
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """Light, dark or as the device says. Kept in a cookie that holds nothing else, so it needs no consent."""
    response = redirect(_safe_next(request))
    theme = request.POST.get("theme", "")
    if theme in THEMES:
        response.set_cookie(
            settings.THEME_COOKIE_NAME, theme, max_age=ONE_YEAR, secure=settings.HTTPS, httponly=True, samesite="Lax"
        )
    return response


def _safe_next(request: HttpRequest) -> str:
    url = request.POST.get("next", "")
    # `redirect` takes a word without a slash for the name of a view.
    own = url.startswith("/") and url_has_allowed_host_and_scheme(url, allowed_hosts={request.get_host()})
    return url if own else "/"


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "errors/403_csrf.html", status=HTTPStatus.FORBIDDEN)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return plain_page(request, "errors/400.html", HTTPStatus.BAD_REQUEST)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "errors/403.html", status=HTTPStatus.FORBIDDEN)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "errors/404.html", status=HTTPStatus.NOT_FOUND)


def too_many(request: HttpRequest, *args: Any) -> HttpResponse:
    """One of allauth's limits refuses a whole page."""
    page = render(request, "errors/429.html", status=HTTPStatus.TOO_MANY_REQUESTS)
    page["Retry-After"] = str(LONGEST_SPAN)
    view = request.resolver_match.view_name if request.resolver_match else "unknown"
    limits.note_refusal(view, limits.client_address(request), seconds=LONGEST_SPAN)
    return page


def server_error(request: HttpRequest) -> HttpResponse:
    """500; or 503 and when to come back, if it is the database or a key that is away."""
    if any(isinstance(error, _COMES_BACK) for error in _chain(sys.exc_info()[1])):
        response = plain_page(request, "errors/503.html", HTTPStatus.SERVICE_UNAVAILABLE)
        response["Retry-After"] = "60"
        return response
    return plain_page(request, "errors/500.html", HTTPStatus.INTERNAL_SERVER_ERROR)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """The error, and those that it came from: a transaction that cannot end hides why."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
