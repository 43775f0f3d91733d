"""The tour: six pictures from *citizen searches* to *notice read*, each a link into the running demo.

`docs/pictures/make.py` takes the pictures from the real pages.
"""

from dataclasses import dataclass

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from hro_portal.demo.people import PASSWORD

CITIZEN, CLERK = "buerger1@example.org", "sachbearbeitung@example.org"


@dataclass(frozen=True)
class Station:
    """A picture (`static/portal/tour/<picture>.webp`), one sentence, where to look for oneself, and as whom."""

    picture: str
    title: str | Promise
    sentence: str | Promise
    url: str
    person: str = ""

    @property
    def sign_in(self) -> str:
        """The sign-in that leads on to the page."""
        return f"{reverse('account_login')}?next={self.url}"


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
        _("Sie sendet den Antrag ab. In „Meine Anträge“ stehen gleich Nummer und Bestätigung."),
        "/antraege/",
        CITIZEN,
    ),
    Station(
        "bearbeiten",
        _("Antrag bearbeiten"),
        _("Das richtige Amt sieht den Antrag sofort in seinem Eingang."),
        "/backoffice/",
        CLERK,
    ),
    Station("bescheid", _("Bescheid lesen"), _("Lena öffnet den Bescheid in ihrem Postfach."), "/postfach/", CITIZEN),
)


@require_safe
def tour(request: HttpRequest) -> HttpResponse:
    """Only where the demo runs: its links lead to the demo's people."""
    if not settings.DEMO:
        raise Http404
    # Signed in as somebody else, the page behind a station would be empty or not be there.
    signed_in_as = getattr(request.user, "email", "")
    page = {
        "stations": STATIONS,
        "signed_in_as": signed_in_as,
        "citizen": CITIZEN,
        "clerk": CLERK,
        "password": PASSWORD,
    }
    return render(request, "demo/tour.html", page)
