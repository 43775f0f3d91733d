"""A sitting lasts for 30 minutes after the last request and 12 hours in all, without a write at each request."""

import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

LAST_SEEN = "last_seen"
BEGAN = "began"
#: How far behind the stored time may be; the session lives so much longer than the sitting that people are told of.
COARSENESS_SECONDS = 60


class KeepSitting:
    """Stores once a minute that the person was here, which moves the end of the sitting."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        session = request.session
        if not session.is_empty() and time.time() - session.get(BEGAN, time.time()) > settings.SITTING_SECONDS_IN_ALL:
            session.flush()
        response = self.get_response(request)
        if not session.is_empty() and BEGAN not in session:
            session[BEGAN] = int(time.time())
        if not session.is_empty() and time.time() - session.get(LAST_SEEN, 0) > COARSENESS_SECONDS:
            session[LAST_SEEN] = int(time.time())
        return response
