"""What holds for every request: it is text before anything reads it, and its answer stays with the person.

Django turns broken UTF-8 into replacement characters without a word and passes NUL on to the database,
which then fails; both would change or lose what people typed.
"""

from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import unquote_to_bytes

from django.http import HttpRequest, HttpResponse

from foundation.errors import plain_page

FORM = "application/x-www-form-urlencoded"
FORMS = (FORM, "multipart/form-data", "")


class RefuseMalformedInput:
    """Middleware: addresses and form bodies that are not valid UTF-8 or hold NUL get a 400 page.

    What is sent as anything but a form (JSON, plain text) gets 415: no page reads it, and Django would drop it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not (_is_text(_address(request)) and _has_text_body(request)):
            return plain_page(request, "errors/400.html", HTTPStatus.BAD_REQUEST)
        if request.method == "POST" and request.content_type not in FORMS:
            return plain_page(request, "errors/400.html", HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
        return self.get_response(request)


class StoreNothingPersonal:
    """Middleware: what was answered to somebody with a session, also by ending it, is not left behind in the browser.

    On a shared computer the next person presses "back" (ASVS V14.3.2). A view that sets Cache-Control wins.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        came_with_one = not request.session.is_empty()
        response = self.get_response(request)
        has_one = came_with_one or not request.session.is_empty()
        if has_one and not response.has_header("Cache-Control"):
            response["Cache-Control"] = "no-store, private"
        return response


def _address(request: HttpRequest) -> bytes:
    """Path and query as bytes; WSGI hands the path on decoded as Latin-1."""
    path = request.META.get("PATH_INFO", "").encode("latin-1", "replace")
    return path + b"?" + _unquoted(request.META.get("QUERY_STRING", "").encode("latin-1", "replace"))


def _has_text_body(request: HttpRequest) -> bool:
    """Multipart bodies are left to the forms, which refuse U+FFFD and NUL with a sentence at the field."""
    return request.content_type != FORM or _is_text(_unquoted(request.body))


def _unquoted(encoded: bytes) -> bytes:
    return unquote_to_bytes(encoded.replace(b"+", b" "))


def _is_text(data: bytes) -> bool:
    if b"\x00" in data:
        return False
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
