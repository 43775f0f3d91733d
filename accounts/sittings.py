"""A sitting lasts for 30 minutes after the last request, without a write at each request."""

import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

LAST_SEEN = "last_seen"
#: How far behind the stored time may be; the session lives so much longer than the sitting that people are told of.
COARSENESS_SECONDS = 60


class KeepSitting:
    """Stores once a minute that the person was here, which moves the end of the sitting."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        session = request.session
        if not session.is_empty() and time.time() - session.get(LAST_SEEN, 0) > COARSENESS_SECONDS:
            session[LAST_SEEN] = int(time.time())
        return response
