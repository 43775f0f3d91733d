"""A page that says why something of another authority could not be taken or changed."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from forms_engine.sharing.file import SharingRefused


def refused(
    request: HttpRequest, template: str, page: dict[str, Any], form: Any, refusal: SharingRefused
) -> HttpResponse:
    """The page once more, with what was typed and the reasons of the refusal; nothing that was begun is kept."""
    for problem in refusal.problems:
        form.add_error(None, problem)
    return unchanged(render(request, template, page, status=422))


def unchanged(response: HttpResponse) -> HttpResponse:
    """What was begun before a refusal is taken back."""
    transaction.set_rollback(True)
    return response
