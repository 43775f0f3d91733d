"""Adopting a service of another authority, changing what is one's own, following what they change, going online.

Each runs in a scope of the authority that adopts (or of the system).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q

from authorities import clock
from authorities.models import Authority, Department
from catalogue import describing, fees, poster, tariffs, trail
from catalogue.adopting import part as parts
from catalogue.models import Adoption, Offering, RouteRule, Service, Situation
from catalogue.queries import published_version
from catalogue.use_cases import add_rate
from forms_engine import api as engine
from forms_engine.models import Form, FormVersion, Upstream
from forms_engine.sharing import adopting as sharing
from forms_engine.sharing import file
from forms_engine.sharing.file import Opened, SharingRefused
from forms_engine.sharing.merging import Choices, Merged, merge_values
from forms_engine.use_cases import publish
from foundation import scope
from foundation.sealing import peers

ALREADY_OFFERED = "Die Leistung „{title}“ bieten Sie schon an. Ändern Sie dort, was Sie brauchen."
NAME_TAKEN = "Eine andere Leistung heißt hier schon „{slug}“. Bitten Sie Ihren Betreiber, das zu klären."
NO_DEPARTMENT = "Zu einer Leistung gehört ein Amt. Wählen Sie, wer zuständig ist."
NOTHING_PUBLISHED = "Das Formular ist nicht veröffentlicht. Veröffentlichen Sie es zuerst."


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


# --- own terms -------------------------------------------------------------------------------------------------------


def change_terms(offering: Offering, terms: Mapping[str, Any], *, by: UUID | None) -> Offering:
    """Sets what is our own to say of a service: rates, deadlines, texts.

    Raises SharingRefused for a tariff that does not fit to the form that people fill in.
    """
    if "fee" in terms and (found := _faults_of(terms["fee"], offering)):
        raise SharingRefused(found)
    for name, value in terms.items():
        if name == "fee" and offering.is_active:
            _charge_from_today(offering, value, by)
            continue
        own = parts.own_words(value, offering.service.texts) if name == "texts" else value
        setattr(offering, name, own)
    offering.save(update_fields=[name for name in terms if name != "fee" or not offering.is_active])
    if offering.is_active:
        poster.order(offering)
    trail.record("offering.changed", offering, by_id=by)
    return offering


def _charge_from_today(offering: Offering, fee: dict[str, Any], by: UUID | None) -> None:
    """What people were charged until yesterday stays as it was."""
    if fee != tariffs.today(offering):
        add_rate(offering, fee, valid_from=clock.today(), by_id=by)


def _faults_of(fee: dict[str, Any], offering: Offering) -> list[str]:
    """Offline nobody fills anything in yet: there the tariff is for what we work on."""
    version = (offering.is_active and published_version(offering)) or sharing.ours(offering.form)
    return fees.problems(fee, engine.compile_definition(version.definition))


def put_online(offering: Offering, *, by: UUID | None) -> Offering:
    """People find the service from now on; a form that never was published is published first.

    Raises SharingRefused where the form cannot be filled in, or the tariff does not fit to it.
    """
    version = published_version(offering)
    try:
        if version is None:
            version = publish(sharing.ours(offering.form))
    except engine.DefinitionError as error:
        raise SharingRefused(error.problems) from None
    if found := fees.problems(tariffs.today(offering), engine.compile_definition(version.definition)):
        raise SharingRefused(found)
    if not offering.is_active:
        offering.is_active = True
        offering.save(update_fields=["is_active"])
        poster.order(offering)
        trail.record("offering.put_online", offering, by_id=by)
    return offering


# --- following -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Followed:
    """A form of ours with its origin, its service if it came with one, and what is new there."""

    upstream: Upstream
    adoption: Adoption | None
    newer_form: sharing.Newer | None
    newer_part: dict[str, Any] | None

    @property
    def title(self) -> str:
        """What it is called where it came from."""
        return str(self.upstream.definition["title"]["de"])

    @property
    def has_news(self) -> bool:
        """Something is new that we did not decide on yet."""
        form = self.newer_form and self.newer_form.provenance["sha256"] != self.upstream.stayed_sha256
        part = self.adoption and self.newer_part and parts.digest(self.newer_part) != self.adoption.stayed_sha256
        return bool(form or part)

    @property
    def is_new(self) -> bool:
        """Something is new, whatever we decided."""
        return self.newer_form is not None or self.newer_part is not None

    @property
    def stamp(self) -> str:
        """Changes whenever they publish something."""
        form = self.newer_form.provenance["sha256"] if self.newer_form else "-"
        return f"{form}.{parts.digest(self.newer_part) if self.newer_part else '-'}"


def followed(authority_id: UUID, form_id: UUID | None = None) -> list[Followed]:
    """What an authority has adopted, and what is new there; as many queries for many as for one."""
    upstreams = Upstream.objects.filter(authority_id=authority_id).select_related("authority", "form__upstream_version")
    if form_id is not None:
        upstreams = upstreams.filter(form_id=form_id)
    rows = list(upstreams.order_by("form__key"))
    newer = sharing.newer_of(rows)
    adoptions = Adoption.objects.filter(authority_id=authority_id, offering__form__in=[row.form_id for row in rows])
    by_form = {each.offering.form_id: each for each in adoptions.select_related("offering__service")}
    news = _newer_parts(by_form.values())
    return [Followed(row, by_form.get(row.form_id), newer.get(row.form_id), news.get(row.form_id)) for row in rows]


def _newer_parts(adoptions: Iterable[Adoption]) -> dict[UUID, dict[str, Any]]:
    adoptions = list(adoptions)
    ids = [each.upstream_offering_id for each in adoptions if each.upstream_offering_id]
    theirs = {
        each.pk: each
        for each in Offering.objects.filter(pk__in=ids).select_related("service").prefetch_related("tariffs")
    }
    found = {}
    for each in adoptions:
        offering = theirs.get(each.upstream_offering_id) if each.upstream_offering_id else None
        now = parts.terms_of(offering) if offering else each.newest
        if now and parts.digest(now) != parts.digest(each.base):
            found[each.offering.form_id] = each.base | now
    return found


@dataclass(frozen=True, slots=True)
class Comparison:
    """Both merges; a place of the service begins with `service/`, all others are of the form."""

    form: Merged | None
    part: Merged | None

    @property
    def problems(self) -> list[str]:
        return self.form.problems if self.form else []


SERVICE = "service/"


def compare(follow: Followed, mine: FormVersion, choices: Choices | None = None) -> Comparison:
    """Ours with what they changed since we took over last."""
    choices = choices or {}
    form = sharing.merged(follow.upstream, follow.newer_form, mine, choices) if follow.newer_form else None
    part = None
    if follow.newer_part and follow.adoption:
        inside = {place.removeprefix(SERVICE): side for place, side in choices.items() if place.startswith(SERVICE)}
        base, theirs = parts.only_terms(follow.adoption.base), parts.only_terms(follow.newer_part)
        part = merge_values(base, parts.terms_of(follow.adoption.offering), theirs, inside)
    return Comparison(form, part)


def take_over(follow: Followed, compared: Comparison, *, by: UUID | None) -> bool:
    """Makes both merges ours: the form as its working version, the terms of the service at once.

    Out: whether the terms wait. A tariff that needs the new form is not taken before that is published, and stays
    news until then. Raises SharingRefused where the result does not load.
    """
    if compared.form and follow.newer_form:
        sharing.take_over(follow.upstream, follow.newer_form, compared.form, by=by)
    if not (compared.part and follow.adoption and follow.newer_part):
        return False
    offering, terms = follow.adoption.offering, {"deadline_working_days": None} | compared.part.result
    if compared.form and offering.is_active and _faults_of(terms["fee"], offering):
        return True
    change_terms(offering, terms, by=by)
    note_origin(offering, follow.newer_part, upstream_offering_id=follow.adoption.upstream_offering_id)
    return False


def stay(follow: Followed, *, reason: str, by: UUID | None) -> None:
    """Notes that we do not go along with what is new now."""
    sha256 = follow.newer_form.provenance["sha256"] if follow.newer_form else follow.upstream.stayed_sha256
    sharing.stay(follow.upstream, sha256, reason=reason, by=by)
    if follow.adoption and follow.newer_part:
        follow.adoption.stayed_sha256 = parts.digest(follow.newer_part)
        follow.adoption.save(update_fields=["stayed_sha256"])


def receive(content: Mapping[str, Any], authority: Authority, *, peer: str) -> list[Form]:
    """Notes what a file of an origin brings that we follow; out: our forms for which it is not an old one."""
    forms = sharing.receive(content, authority, peer=peer)
    if "service" in content:
        Adoption.objects.filter(authority=authority, offering__form__in=forms, upstream_offering_id=None).update(
            newest=content["service"]
        )
    return forms


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
