"""The tour: six pictures from *citizen searches* to *notice read*, each a link into the running demo.

`docs/pictures/make.py` takes the pictures from the real pages.
"""

from dataclasses import dataclass

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from hro_portal.demo.people import PASSWORD

CITIZEN, CLERK = "buerger1@example.org", "sachbearbeitung@example.org"
SIGN_IN = "/konto/anmelden/?next="


@dataclass(frozen=True)
class Station:
    """A picture (`static/portal/tour/<picture>.webp`), one sentence, and where to look for oneself."""

    picture: str
    title: str | Promise
    sentence: str | Promise
    url: str


DOGS = "/leistungen/rostock/hundesteuer-anmelden/"
STATIONS = (
    Station(
        "suchen",
        _("Leistung suchen"),
        _("Lena sucht nach „Hund“ und findet sofort die richtige Leistung."),
        "/leistungen/?q=hund",
    ),
    Station("lesen", _("Leistung lesen"), _("Sie liest zuerst, was es kostet und wie lange es dauert."), DOGS),
    Station(
        "ausfuellen",
        _("Antrag ausfüllen"),
        _("Sie füllt den Antrag aus, und was wir schon wissen, steht da."),
        f"{DOGS}#beginnen",
    ),
    Station(
        "absenden",
        _("Antrag absenden"),
        _("Sie sendet den Antrag ab und hat gleich eine Nummer und eine Bestätigung."),
        f"{SIGN_IN}/antraege/",
    ),
    Station(
        "bearbeiten",
        _("Antrag bearbeiten"),
        _("Das richtige Amt sieht den Antrag sofort in seinem Eingang."),
        f"{SIGN_IN}/backoffice/",
    ),
    Station("bescheid", _("Bescheid lesen"), _("Lena öffnet den Bescheid in ihrem Postfach."), f"{SIGN_IN}/postfach/"),
)


@require_safe
def tour(request: HttpRequest) -> HttpResponse:
    """Only where the demo runs: its links lead to the demo's people."""
    if not settings.DEMO:
        raise Http404
    page = {"stations": STATIONS, "citizen": CITIZEN, "clerk": CLERK, "password": PASSWORD}
    return render(request, "demo/tour.html", page)
