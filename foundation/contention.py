"""Two transactions want the same, PostgreSQL lets one give way: it is tried again before anybody is told."""

import logging
from collections.abc import Callable
from http import HTTPStatus

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse

#: As often as a request is tried in all.
MOST_TRIES = 3
#: serialization_failure and deadlock_detected (PostgreSQL, appendix A): all of the transaction is undone, and the
#: same once more may well succeed. A time-out at a lock is not among them: whoever waited ten seconds is told.
GAVE_WAY = {"40001", "40P01"}
_TRIES, _AGAIN = "portal.tries", "portal.again"

logger = logging.getLogger(__name__)


class TryAgain:
    """Middleware, the innermost one: asks the view again, whose scope has rolled back what it did.

    What the last try comes to is the answer.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        while request.META.pop(_AGAIN, False):
            for _name, files in request.FILES.lists():
                for file in files:
                    file.seek(0)
            response = self.get_response(request)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Out: an answer that nobody sees, if there is another try; None leaves the exception to others."""
        state = getattr(exception.__cause__, "sqlstate", None)
        tries = request.META[_TRIES] = request.META.get(_TRIES, 0) + 1
        if not (isinstance(exception, OperationalError) and state in GAVE_WAY and tries < MOST_TRIES):
            return None
        logger.warning("a transaction gave way to another one (%s): once more", state)
        request.META[_AGAIN] = True
        return HttpResponse(status=HTTPStatus.SERVICE_UNAVAILABLE)
