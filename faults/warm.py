"""Imported once by the fork server: everything is imported, compiled and laid out before the first process is forked.

Goes the whole way once, so that templates, the form and fonts are known; then lets go of every connection, which
a forked process must not share.
"""

import logging

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connections  # noqa: E402

import hro_portal.celery  # noqa: E402
from faults import person, walk  # noqa: E402

__all__ = ["hro_portal"]


def _go_once() -> None:
    logging.getLogger("httpx").setLevel(logging.WARNING)
    with person.in_process(settings.BASE_URL) as browser:
        letter = person.write(browser, "warm@example.org")
        person.send(browser, letter)
    walk.work_all(letter)
    connections.close_all()  # Celery drops its own after a fork


_go_once()
