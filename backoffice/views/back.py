"""The way back: the list that a clerk came from stands in the address of a case and of every page behind it."""

from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.people import Clerk
from applications.models import Application
from backoffice.queries.case import Neighbours, neighbours
from backoffice.queries.filters import Filters

#: Lists beside the inbox that lead to cases, by the name that an address gives them.
_OTHERS = {
    "briefe": ("backoffice:letters", _("Briefe und Abholung")),
    "stoerungen": ("backoffice:troubles", _("Störungen")),
}


def back_of(request: HttpRequest) -> str:
    """The query, `?` included, that leads back to tab, filters and page; empty where the address names none.

    Read and written anew: nothing that somebody made up goes on into another address.
    """
    if (name := request.GET.get("liste")) in _OTHERS:
        return f"?liste={name}"
    return f"?{Filters.of(request.GET).here}" if "ansicht" in request.GET else ""


def list_of(request: HttpRequest, application: Application, clerk: Clerk) -> Neighbours:
    """The list that the address names, and the cases beside this one in it; without a name the new cases."""
    if (name := request.GET.get("liste", "")) in _OTHERS:
        place, title = _OTHERS[name]
        return Neighbours(title=str(title), address=reverse(place), query=back_of(request), previous="", next="")
    return neighbours(application, Filters.of(request.GET), clerk)


def to_case(request: HttpRequest, reference: str) -> HttpResponseRedirect:
    """On to the page of the case, with the way back."""
    return HttpResponseRedirect(reverse("backoffice:case", args=[reference]) + back_of(request))
