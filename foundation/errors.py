"""One kind of refusal for the whole portal: a code for programs, a sentence for people."""

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import get_language_from_request, override

COMES_BACK_SECONDS = 60


class PortalError(Exception):
    """A use case refuses. `code` is stable and safe to log; `sentence` is fit for a citizen.

    `retry_after` is in how many seconds trying again makes sense; what is away (503) is asked for again in a minute.
    """

    def __init__(self, code: str, sentence: str, status: int = 409, *, retry_after: int | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.sentence = sentence
        self.status = status
        away = status == HTTPStatus.SERVICE_UNAVAILABLE
        self.retry_after = COMES_BACK_SECONDS if away and retry_after is None else retry_after


def plain_page(request: HttpRequest, template: str, status: HTTPStatus) -> HttpResponse:
    """A page that needs neither database nor session, since these may be what has failed; in the browser's language."""
    language = get_language_from_request(request)
    with override(language):
        page = render_to_string(template, {"language": language, "sent": request.method == "POST"})
    return HttpResponse(page, status=status)


class PortalErrorMiddleware:
    """Answers a refusal that no view answered with a page of its own. By then the scope has rolled back.

    Django's answer to a wrong method is an empty page; here it says what to do.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not isinstance(response, HttpResponseNotAllowed):
            return response
        page = render(request, "errors/405.html", status=response.status_code)
        page["Allow"] = response["Allow"]
        return page

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, PortalError):
            return None
        page = render(
            request,
            "errors/refused.html",
            {"sentence": exception.sentence, "status": exception.status},
            status=exception.status,
        )
        if exception.retry_after is not None:
            page["Retry-After"] = str(exception.retry_after)
        return page
