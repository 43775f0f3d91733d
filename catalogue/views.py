"""The list of services, and the page of one service at one authority."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from authorities.models import Authority
from catalogue import fees, queries
from catalogue.models import Offering


@require_safe
def services(request: HttpRequest) -> HttpResponse:
    """All services, or those of one authority (`behoerde`), or those that a search (`q`) finds."""
    text = request.GET.get("q", "").strip()[:100]
    slug = request.GET.get("behoerde", "")
    chosen = get_object_or_404(Authority, slug=slug) if slug else None
    page = {
        "text": text,
        "chosen": chosen,
        "authorities": Authority.objects.all(),
        "offerings": queries.offerings(chosen, text),
        "crumbs": [(_("Leistungen"), "")],
    }
    return render(request, "catalogue/services.html", page)


@require_safe
def service(request: HttpRequest, authority: str, service: str) -> HttpResponse:
    """What the service is, what it costs, how long it takes, what to have at hand, and the two ways to begin."""
    offering = get_object_or_404(
        Offering.objects.select_related("authority", "service"),
        authority__slug=authority,
        service__slug=service,
        is_active=True,
    )
    page = {
        "offering": offering,
        "service": offering.service,
        "authority": offering.authority,
        "fee": fees.summary(offering.fee),
        "modules": _modules(offering),
        "needs_account": offering.level != Offering.Level.NONE,
        "crumbs": [(_("Leistungen"), reverse("catalogue:services")), (offering.service.title, "")],
    }
    return render(request, "catalogue/service.html", page)


def _modules(offering: Offering) -> list[tuple[str, str, list[str]]]:
    """(id, heading, paragraphs) of the modules that this service has, in the order of XZuFi."""
    headings = {
        "description": _("Was ist das?"),
        "requirements": _("Voraussetzungen"),
        "deadline": _("Fristen"),
        "legal_basis": _("Rechtsgrundlagen"),
    }
    found = []
    for module, heading in headings.items():
        text = offering.service.text(module)
        if text:
            found.append((module, heading, [text] if isinstance(text, str) else text))
    return found
