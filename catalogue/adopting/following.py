"""What changed where an adopted service came from: seen beside ours, taken over, or left alone.

In a scope of the authority that adopted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from authorities.models import Authority
from catalogue.adopting import part as parts
from catalogue.adopting import terms, use_cases
from catalogue.models import Adoption, Offering
from forms_engine.models import Form, FormVersion, Upstream
from forms_engine.sharing import adopting as sharing
from forms_engine.sharing.merging import Choices, Merged, merge_values

#: Begins each place of a comparison that is of the service; all others are of the form.
SERVICE = "service/"


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
    offering, merged = follow.adoption.offering, {"deadline_working_days": None} | compared.part.result
    if compared.form and offering.is_active and terms.faults_of(merged["fee"], offering):
        return True
    terms.change_terms(offering, merged, by=by)
    use_cases.note_origin(offering, follow.newer_part, upstream_offering_id=follow.adoption.upstream_offering_id)
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
