"""Pages that every public authority owes its citizens. `?behoerde=` names another authority than the home one."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from authorities.models import Authority
from catalogue.models import Offering
from hro_portal.page import home_authority
from hro_portal.pages.statements import accessibility_of, imprint_of


@require_safe
def imprint(request: HttpRequest) -> HttpResponse:
    """Who answers for the pages (§ 5 DDG)."""
    authority = _authority(request)
    return _page(request, "imprint", authority, imprint=imprint_of(authority))


@require_safe
def data_protection(request: HttpRequest) -> HttpResponse:
    """What the portal keeps of people, why, and for how long (GDPR Art. 13). Each service has a notice of its own."""
    authority = _authority(request)
    return _page(request, "data_protection", authority, imprint=imprint_of(authority))


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """The statement after the model of the Land's supervisory body (LBGG M-V, BITVO M-V)."""
    authority = _authority(request)
    statement = accessibility_of(authority)
    return _page(request, "accessibility", authority, statement=statement, portal_address=settings.BASE_URL)


@require_safe
def report_a_barrier(request: HttpRequest) -> HttpResponse:
    """On to the service by which a barrier becomes a case with a deadline of six weeks; else to whom to write."""
    authority = _authority(request)
    rows = Offering.objects.select_related("authority", "service")
    offering = rows.filter(authority=authority, service__slug="barriere-melden", is_active=True).first()
    if offering:
        return redirect(offering)
    return redirect(f"{reverse('pages:accessibility')}?behoerde={authority.slug}#rueckmeldung")


@require_safe
def sign_language(request: HttpRequest) -> HttpResponse:
    """The place of the film in German Sign Language, and what it will say."""
    return _page(request, "sign_language", _authority(request))


@require_safe
def simply_explained(request: HttpRequest) -> HttpResponse:
    """The portal in easy words. Not *Leichte Sprache*: none of its readers has tested it yet."""
    return _page(request, "simply_explained", _authority(request))


def _authority(request: HttpRequest) -> Authority:
    slug = request.GET.get("behoerde", "")
    return get_object_or_404(Authority, slug=slug) if slug else home_authority()


def _page(request: HttpRequest, template: str, authority: Authority, **content: Any) -> HttpResponse:
    return render(request, f"pages/{template}.html", {"authority": authority, **content})
