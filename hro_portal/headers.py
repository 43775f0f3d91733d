"""What every answer tells the browser, besides what django-csp, django-permissions-policy and Django itself set.

Stands first among the middlewares, so that static files, error pages and redirects carry it too.
"""

import re
from collections.abc import Callable
from typing import Any

from django.contrib.auth.signals import user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse

#: Media types that are text, and so have to name their letters (ASVS V4.1.1). JSON is always UTF-8 (RFC 8259).
TEXT = re.compile(r"text/|application/(javascript|xml)$|[^;]*\+xml$")
SIGNED_OUT = "_signed_out"


class TellTheBrowser:
    """Middleware: nobody else's page embeds what we answer, text names its letters, sign-out leaves nothing behind."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        media_type = response.get("Content-Type", "")
        if TEXT.match(media_type) and "charset=" not in media_type:
            response["Content-Type"] = f"{media_type}; charset=utf-8"
        if getattr(request, SIGNED_OUT, False):
            # Not "cookies": the chosen theme and language stay, the session's cookie is gone already.
            response["Clear-Site-Data"] = '"cache", "storage"'
        return response


@receiver(user_logged_out, dispatch_uid="hro_portal.headers.clear_site_data")
def remember_sign_out(sender: Any, request: HttpRequest, **kwargs: Any) -> None:
    setattr(request, SIGNED_OUT, True)
