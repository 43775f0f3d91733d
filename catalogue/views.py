"""Ways to a service – search, letters, situations – and the page of one service at one authority."""

import json
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from authorities.models import Authority
from catalogue import fees, opening, privacy, queries, search, tariffs
from catalogue.models import Offering, Situation
from catalogue.plain_pages import pages
from forms_engine import api as engine
from forms_engine.json_schema.api import MEDIA_TYPE, schema_of_answers
from forms_engine.models import FormVersion
from foundation import scope
from foundation.files.download import as_download

Crumbs = list[tuple[str, str]]
#: What `zielgruppe` may be.
AUDIENCES = {"buerger": Situation.Audience.CITIZENS, "unternehmen": Situation.Audience.BUSINESSES}


@dataclass(frozen=True)
class Module:
    """A part of the service page; `kind` is `prose`, `points`, `ticks` or `steps`."""

    id: str
    heading: str
    lines: list[str]
    kind: str


@require_safe
def services(request: HttpRequest) -> HttpResponse:
    """All services by letter, or those that a search (`q`) finds.

    `behoerde` leaves those of one authority, `zielgruppe` those for some people.
    """
    text = request.GET.get("q", "").strip()[:100]
    slug = request.GET.get("behoerde", "")
    chosen = get_object_or_404(Authority, slug=slug) if slug else None
    audience = request.GET.get("zielgruppe", "")
    authorities = list(Authority.objects.all())
    home = next(each for each in authorities if each.slug == settings.HOME_AUTHORITY)
    entries = queries.entries(chosen, audience=AUDIENCES.get(audience, ""))
    situations = queries.situations(chosen or home, audience=AUDIENCES.get(audience, ""))
    page = {
        "text": text,
        "chosen": chosen,
        "authority": chosen or home,
        "audience": audience,
        "audiences": [("buerger", _("Bürgerinnen und Bürger")), ("unternehmen", _("Unternehmen und Vereine"))],
        "authorities": authorities,
        "situations": search.find_situations(text, situations) if text else situations,
        "letters": queries.by_letter(entries),
        "found": search.find(text, entries) if text else None,
        "crumbs": [(_("Leistungen"), "")],
    }
    return render(request, "catalogue/services.html", page)


@require_safe
def situation(request: HttpRequest, slug: str) -> HttpResponse:
    """The services for one part of life or of business."""
    here = get_object_or_404(Situation, slug=slug)
    page = {
        "situation": here,
        "entries": queries.entries(situation=here),
        "crumbs": [(_("Leistungen"), reverse("catalogue:services")), (here.title, "")],
    }
    return render(request, "catalogue/situation.html", page)


@require_safe
def service(request: HttpRequest, authority: str, service: str) -> HttpResponse:
    """What the service is, what it costs, how long it takes, what to have at hand, and the two ways to begin."""
    offering = _offering(authority, service)
    fee = fees.summary(tariffs.today(offering))
    plain = pages.public_page_of(offering)
    asks_who = _asks_who(offering)
    duration = offering.duration if asks_who else ""
    page = {
        "offering": offering,
        "asks_who": asks_who,
        "duration": duration,
        "closed": opening.told_to_visitors(offering),
        "service": offering.service,
        "authority": offering.authority,
        "fee": fee,
        "modules": _modules(offering, fee, duration),
        "needs_account": offering.level != Offering.Level.NONE,
        "has_poster": hasattr(offering, "poster"),
        "plain_name": _plain_name(pages.state_of(plain, offering)) if plain else "",
        "crumbs": [*_crumbs_above(offering), (offering.service.title, "")],
    }
    return render(request, "catalogue/service.html", page)


@require_safe
def plain_page(request: HttpRequest, authority: str, service: str) -> HttpResponse:
    """The service in plain words; called Leichte Sprache only while it is tested and not older than its source."""
    offering = _offering(authority, service)
    plain = pages.public_page_of(offering)
    if plain is None:
        raise Http404
    state = pages.state_of(plain, offering)
    name = _plain_name(state)
    page = {
        "offering": offering,
        "authority": offering.authority,
        "name": name,
        "page": plain,
        "parts": pages.parts(plain),
        "is_tested": state is pages.State.TESTED,
        "is_older": state is pages.State.OLDER,
        "crumbs": [*_crumbs_above(offering), (offering.service.title, offering.get_absolute_url()), (name, "")],
    }
    return render(request, "catalogue/plain_page.html", page)


def _plain_name(state: pages.State) -> str:
    return _("Leichte Sprache") if state is pages.State.TESTED else _("Einfach erklärt")


@require_safe
def privacy_notice(request: HttpRequest, authority: str, service: str) -> HttpResponse:
    """What happens to the data of those who apply (GDPR Art. 13), before they do."""
    offering = _offering(authority, service)
    with scope.party(scope.NOBODY, read_only=True):
        version = queries.published_version(offering)
    if version is None:
        raise Http404
    page = {
        "notice": privacy.notice_of(offering, get_language() or "de", version=version),
        "offering": offering,
        "authority": offering.authority,
        "crumbs": [
            *_crumbs_above(offering),
            (offering.service.title, offering.get_absolute_url()),
            (_("Datenschutz"), ""),
        ],
    }
    return render(request, "catalogue/privacy.html", page)


@require_safe
def poster(request: HttpRequest, authority: str, service: str) -> HttpResponse:
    """The poster as PDF; 404 as long as no worker has made it."""
    offering = _offering(authority, service)
    if not hasattr(offering, "poster"):
        raise Http404
    with scope.authority(offering.authority_id, read_only=True):
        return as_download(offering.poster.file, f"{service}-{authority}.pdf")


@require_safe
def short_address(request: HttpRequest, short: str) -> HttpResponse:
    """From the short address on a poster or in a letter to the service page of the home authority."""
    return redirect(
        get_object_or_404(
            Offering.objects.select_related("authority", "service"),
            authority__slug=settings.HOME_AUTHORITY,
            service__short=short,
            is_active=True,
        )
    )


@require_safe
def answers_schema(request: HttpRequest, authority: str, form: str, no: int) -> HttpResponse:
    """The JSON Schema of what this published version of a form submits: for receivers, and the same for ever."""
    with scope.party(scope.NOBODY, read_only=True):
        version = get_object_or_404(
            FormVersion, authority__slug=authority, form__key=form, no=no, published_at__isnull=False
        )
    schema = schema_of_answers(engine.compiled(version), settings.BASE_URL + request.path)
    response = HttpResponse(json.dumps(schema, ensure_ascii=False, indent=1), content_type=MEDIA_TYPE)
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


def _asks_who(offering: Offering) -> bool:
    """`queries.asks_who` for a page that anybody may read; opens a scope only where there is something to ask."""
    if not offering.is_answered:
        return True
    with scope.party(scope.NOBODY, read_only=True):
        return queries.asks_who(offering)


def _offering(authority: str, service: str) -> Offering:
    return get_object_or_404(
        Offering.objects.select_related("authority", "service", "owner", "poster"),
        authority__slug=authority,
        service__slug=service,
        is_active=True,
    )


def _crumbs_above(offering: Offering) -> Crumbs:
    situation = queries.main_situation(offering.service)
    crumbs = [(_("Leistungen"), reverse("catalogue:services"))]
    return [*crumbs, (situation.title, situation.get_absolute_url())] if situation else crumbs


def _modules(offering: Offering, fee: str, duration: str) -> list[Module]:
    """What this service has of XZuFi's modules, in XZuFi's order. The office stands beside them."""
    given: dict[str, Any] = {
        "description": (_("Was ist das?"), "prose"),
        "requirements": (_("Voraussetzungen"), "points"),
        "documents": (_("Legen Sie das bereit"), "ticks"),
        "fees": (_("Kosten"), "prose"),
        "deadline": (_("Fristen"), "prose"),
        "duration": (_("Dauer"), "prose"),
        "procedure": (_("So läuft es ab"), "steps"),
        "legal_basis": (_("Rechtsgrundlagen"), "points"),
        "remedy": (_("Rechtsbehelf"), "prose"),
        "forms": (_("Formulare"), "points"),
    }
    always = {"fees": fee, "duration": duration}
    modules = []
    for name, (heading, kind) in given.items():
        lines = offering.lines(name) or ([always[name]] if always.get(name) else [])
        if lines:
            modules.append(Module(name, heading, lines, kind if len(lines) > 1 or kind == "ticks" else "prose"))
    return modules
