"""Imported once by the fork server: everything is imported, compiled and laid out before the first process is forked.

Goes the whole way once, so that templates, the form and fonts are known; then lets go of every connection, which
a forked process must not share.
"""

import gc
import logging

import django

django.setup()

from django.db import connections  # noqa: E402

import hro_portal.celery  # noqa: E402
from faults import ways  # noqa: E402

__all__ = ["hro_portal"]


def _go_once() -> None:
    logging.getLogger("httpx").setLevel(logging.WARNING)
    signed_in = ways.sessions()
    for way in ways.WAYS:
        place = ways.Place(signed_in)
        place.go_on(way.prepare(place))
    connections.close_all()  # Celery drops its own after a fork
    gc.freeze()  # children need not look through, and so copy, what was there before them


_go_once()
