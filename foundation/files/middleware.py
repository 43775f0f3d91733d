"""Where bodies with files are read: before anything else asks for them, and with a page for what is not taken."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render
from django.utils.translation import gettext as _

from foundation.files.arriving import MOST_REQUEST_BYTES, BodyRefused


class ReceiveFiles:
    """Middleware, before the one against forged requests: that one would read the body without a word to people."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if request.method != "POST" or request.content_type != "multipart/form-data":
            return None
        try:
            request.POST  # noqa: B018 - reading it is what it is for
        except BodyRefused as refusal:
            return _page(request, refusal.reason, refusal.status)
        except MultiPartParserError:
            return _page(request, "cut", 400)
        except TooManyFilesSent:
            return _page(request, "too-many", 413)
        return None


def _page(request: HttpRequest, reason: str, status: int) -> HttpResponse:
    sentences = {
        "cut": _("Ihre Angaben sind nicht vollständig angekommen. Gehen Sie zurück und senden Sie sie noch einmal."),
        "names": _(
            "Der Name einer Datei ist beschädigt. Gehen Sie zurück und geben Sie der Datei einen anderen Namen. "
            "Wählen Sie sie dann noch einmal."
        ),
        "too-big": _(
            "Ihre Dateien sind zusammen größer als %(limit)s MB. "
            "Gehen Sie zurück und senden Sie sie in mehreren Schritten."
        )
        % {"limit": MOST_REQUEST_BYTES // 1_000_000},
        "too-many": _(
            "Mehr als %(most)s Dateien auf einmal nehmen wir nicht an. Gehen Sie zurück und wählen Sie weniger."
        )
        % {"most": settings.DATA_UPLOAD_MAX_NUMBER_FILES},
    }
    return render(request, "errors/refused.html", {"sentence": sentences[reason]}, status=status)
