"""Adopting a service of another authority, from this installation or from a file.

Each runs in a scope of the authority that adopts (or of the system).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import Q

from authorities.models import Authority, Department
from catalogue import describing, fees, trail
from catalogue.adopting import part as parts
from catalogue.models import Adoption, Offering, RouteRule, Service, Situation
from catalogue.queries import published_version
from forms_engine import api as engine
from forms_engine.models import Form, FormVersion
from forms_engine.sharing import adopting as sharing
from forms_engine.sharing import file
from forms_engine.sharing.file import Opened, SharingRefused
from foundation import scope
from foundation.sealing import peers

ALREADY_OFFERED = "Die Leistung „{title}“ bieten Sie schon an. Ändern Sie dort, was Sie brauchen."
NAME_TAKEN = "Eine andere Leistung heißt hier schon „{slug}“. Bitten Sie Ihren Betreiber, das zu klären."
NO_DEPARTMENT = "Zu einer Leistung gehört ein Amt. Wählen Sie, wer zuständig ist."


def content_of(offering: Offering, version: FormVersion) -> dict[str, Any]:
    """The whole service for a file or an adoption: its form, and beside it the service as this authority offers it.

    Routes are those that the scope may see. Raises SharingRefused.
    """
    rules = list(offering.route_rules.all())
    content = sharing.content_of(version)
    return content | {"service": parts.part_of(offering, conditions=[rule.condition for rule in rules])}


def offered_by_another(authority_id: UUID, offering_id: UUID) -> tuple[Offering, FormVersion, dict[str, Any]] | None:
    """An offering of another authority that people can apply for, its form and its whole content; None else.

    Opens its own scope: the origins of what they offer are theirs alone, and come along all the same.
    """
    with scope.system("read what another authority offers to all", read_only=True):
        offerings = Offering.objects.filter(is_active=True).exclude(authority_id=authority_id)
        theirs = offerings.select_related("authority", "service", "owner").filter(pk=offering_id).first()
        newest = published_version(theirs) if theirs else None
        if theirs is None or newest is None:
            return None
        version = FormVersion.objects.select_related("form__authority").get(pk=newest.pk)
        content = content_of(theirs, version)
    # Where their applications go inside of their house is not public.
    content["service"]["routes"] = []
    return theirs, version, content


def check_content(content: Mapping[str, Any]) -> None:
    """Raises SharingRefused unless the service in a file could stand in a description of our own."""
    try:
        parts.check(content["service"])
    except describing.DescriptionError as error:
        raise SharingRefused(error.problems) from None
    if problems := fees.problems(content["service"]["fee"], engine.compile_definition(content["definition"])):
        raise SharingRefused(problems)


def open_file(raw: bytes) -> Opened:
    """A signed file with a form and maybe its service, checked; to be called outside of any scope.

    Raises SharingRefused.
    """
    opened = file.read(raw)
    if "service" in opened.content:
        check_content(opened.content)
    return opened


def adopt_content(
    content: Mapping[str, Any],
    authority: Authority,
    department: Department | None,
    *,
    key: str,
    by: UUID | None,
    version: FormVersion | None,
    peer: str,
) -> Form:
    """What a file holds: the whole service, which wants a department, or the form alone. Raises SharingRefused."""
    if "service" not in content:
        return sharing.adopt(content, authority, key=key, by=by, version=version, peer=peer)
    if department is None:
        raise SharingRefused([NO_DEPARTMENT])
    return adopt(content, authority, department, key=key, by=by, version=version, peer=peer).form


def version_here(opened: Opened) -> FormVersion | None:
    """The very version where an authority of this installation signed it: then it is followed without files."""
    if opened.signer.peer != peers.HERE:
        return None
    said = opened.content["provenance"]
    return FormVersion.objects.filter(
        form__authority__slug=said["authority"]["slug"],
        form__key=said["form"],
        no=said["no"],
        sha256=said["sha256"],
        published_at__isnull=False,
    ).first()


def adopt(
    content: Mapping[str, Any],
    authority: Authority,
    department: Department,
    *,
    key: str,
    by: UUID | None,
    offering: Offering | None = None,
    version: FormVersion | None = None,
    peer: str = "",
) -> Offering:
    """The service at our authority: offline, with a working version of its form and copies of tariff and texts.

    `offering` and `version` are theirs where they are of this installation. Raises SharingRefused.
    """
    part = content["service"]
    if version and not offering:
        offering = Offering.objects.filter(form_id=version.form_id, service__key=part["key"]).first()
    service = offering.service if offering else _service(part)
    if Offering.objects.filter(authority=authority, service=service).exists():
        raise SharingRefused([ALREADY_OFFERED.format(title=service.title)])
    form = sharing.adopt(content, authority, key=key, by=by, version=version, peer=peer)
    terms = {name: value for name, value in parts.only_terms(part).items() if name != "texts"}
    adopted = Offering.objects.create(
        authority=authority,
        service=service,
        form=form,
        owner=department,
        is_active=False,
        texts=parts.own_words(part["texts"], service.texts),
        **terms,
    )
    RouteRule.objects.create(authority=authority, offering=adopted, position=0, department=department)
    note_origin(adopted, part, upstream_offering_id=offering.pk if offering else None)
    trail.record("offering.adopted", adopted, by_id=by)
    return adopted


def note_origin(adopted: Offering, part: Mapping[str, Any], *, upstream_offering_id: UUID | None) -> Adoption:
    """From now on this offering follows that one; what both began with is this."""
    began = {
        "authority_id": adopted.authority_id,
        "upstream_offering_id": upstream_offering_id,
        "base": part,
        "newest": None,
        "stayed_sha256": "",
    }
    return Adoption.objects.update_or_create(offering=adopted, defaults=began)[0]


def _service(part: Mapping[str, Any]) -> Service:
    """The service of this portal that the file means, by its LeiKa key; a new one if there is none."""
    known = Service.objects.filter(key=part["key"]).first()
    if known is not None:
        return known
    if Service.objects.filter(slug=part["slug"]).exists():
        raise SharingRefused([NAME_TAKEN.format(slug=part["slug"])])
    service = Service.objects.create(
        slug=part["slug"],
        key=part["key"],
        texts=part["texts"],
        audience=part.get("audience", [Situation.Audience.CITIZENS]),
    )
    for slug in part.get("situations", []):  # one after the other: the first one is the main one
        service.situations.add(*Situation.objects.filter(slug=slug))
    return service


def offered_by_others(authority: Authority) -> list[tuple[Offering, bool]]:
    """(what others offer, whether we do, too), by title; people can apply for all of it today."""
    mine = set(Offering.objects.filter(authority=authority).values_list("service_id", flat=True))
    theirs = (
        Offering.objects.filter(~Q(authority=authority), is_active=True)
        .select_related("authority", "service")
        .defer("service__words")
    )
    rows = sorted(theirs, key=lambda each: (each.service.title.casefold(), each.authority.sort_key))
    return [(each, each.service_id in mine) for each in rows]
