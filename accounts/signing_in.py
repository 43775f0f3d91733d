"""What belongs to a sign-in beyond the password: the party, the codes, and what was sent after the time ran out."""

import time
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import update_last_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.dateparse import parse_datetime

from accounts import people, use_cases
from accounts.models import User
from accounts.signals import codes_signed_in
from accounts.sittings import BEGAN
from foundation import limits, vault
from foundation.ids import new_id

LAST_VISIT = "last_visit"
KEPT = "kept"
#: More than the longest page of a form sends with every box full.
KEPT_LIMIT = 64_000
NOT_KEPT = ("csrfmiddlewaretoken",)


def complete_sign_in(sender: type[User], request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Signal handler of `user_logged_in`: the user is a party, and drafts begun without an account come along."""
    use_cases.give_person_party(user)
    request.session[LAST_VISIT] = user.last_login.isoformat() if user.last_login else ""
    request.session[BEGAN] = int(time.time())
    update_last_login(sender, user)
    request.session[people.STAFF] = people.is_staff_member(user.pk)
    codes = people.codes_of(request)
    if codes:
        codes_signed_in.send(sender=User, request=request, user=user, codes=codes)


def last_visit(request: HttpRequest) -> datetime | None:
    """When the person signed in the time before this one; what came after it is new to them."""
    return parse_datetime(request.session.get(LAST_VISIT, ""))


def sign_in_first(request: HttpRequest) -> HttpResponse:
    """Sends somebody whom we do not know (any more) to sign in, and back to this page afterwards.

    If their sitting has ended, the sign-in page says so. What they have just sent is kept, sealed, for
    `take_kept`; files are not, a browser cannot be asked to send them twice.
    """
    query = {"next": request.path}
    if settings.SESSION_COOKIE_NAME in request.COOKIES and request.session.is_empty():
        query["grund"] = "zeit"
    keep_sent(request)
    return HttpResponseRedirect(f"{reverse('account_login')}?{urlencode(query, safe='/')}")


def sign_in_required(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Decorator for pages of signed-in people."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return sign_in_first(request)
        return view(request, *args, **kwargs)

    return guarded


def take_kept(request: HttpRequest, *, path: str = "") -> QueryDict | None:
    """What was sent to `path` (default: this page) after the sitting had ended, once. To be asked only after the
    page's object was fetched for the person, because somebody else may have signed in at the same browser."""
    kept = request.session.get(KEPT)
    if not kept or kept["path"] != (path or request.path):
        return None
    del request.session[KEPT]
    row = UUID(kept["row"])
    body = vault.open_json(people.KEYSET, bytes.fromhex(kept["sealed"]), owner=row, row=row, field=KEPT)
    return QueryDict(body)


def keep_sent(request: HttpRequest) -> bool:
    """Keeps what was posted, sealed, in the session of whoever sent it, until `take_kept`; True if there was any.

    Only for browsers that have been here: pages of ours leave a cookie. Raises `TooMany` for an address that sends too
    often, so that nobody fills the database. Not to be called inside a scope.
    """
    our_cookies = {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME}
    if request.method != "POST" or not our_cookies & request.COOKIES.keys():
        return False
    limits.insist_for_address("keep-sent", request)
    sent = request.POST.copy()
    for name in NOT_KEPT:
        sent.pop(name, None)
    body = sent.urlencode()
    if len(body) > KEPT_LIMIT:
        return False
    row = new_id()
    sealed = vault.seal_json(people.KEYSET, body, owner=row, row=row, field=KEPT)
    request.session[KEPT] = {"path": request.path, "row": str(row), "sealed": sealed.hex()}
    return True
