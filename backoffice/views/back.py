"""The way back: the list that a clerk came from stands in the address of a case and of every page behind it."""

from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse

from backoffice.queries.filters import Filters


def back_of(request: HttpRequest) -> str:
    """The query, `?` included, that leads back to tab, filters and page; empty where the address names none.

    Read and written anew by `Filters`: nothing that somebody made up goes on into another address.
    """
    return f"?{Filters.of(request.GET).here}" if "ansicht" in request.GET else ""


def to_case(request: HttpRequest, reference: str) -> HttpResponseRedirect:
    """On to the page of the case, with the way back."""
    return HttpResponseRedirect(reverse("backoffice:case", args=[reference]) + back_of(request))
