"""Giving and taking forms: what a published version consists of, adopting it, and following its origin.

Runs in a scope of the authority that acts (or of the system). Nothing here publishes anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC
from typing import Any
from uuid import UUID

from django.utils import timezone

from authorities.models import Authority
from forms_engine.errors import DefinitionError
from forms_engine.models import Form, FormVersion, Upstream
from forms_engine.sharing import lists
from forms_engine.sharing.file import SharingRefused
from forms_engine.sharing.merging import Choices, Merged, merge_definitions
from forms_engine.use_cases import add_version
from foundation import audit

ALREADY_HERE = "Ein Formular „{key}“ haben Sie schon. Wählen Sie ein anderes Kürzel."
NOT_PUBLISHED = "Diese Fassung ist nicht veröffentlicht. Veröffentlichen Sie sie zuerst."
CHANGED_MEANWHILE = "Das Formular hat sich inzwischen geändert. Prüfen Sie den Vergleich noch einmal."


@dataclass(frozen=True, slots=True)
class Newer:
    """What the origin of a form has published since we adopted it or last took something over."""

    provenance: dict[str, Any]
    definition: dict[str, Any]
    version: FormVersion | None = None
    #: What a file brought; inside an installation everybody has the same lists.
    code_lists: list[dict[str, Any]] = field(default_factory=list)

    @property
    def content(self) -> dict[str, Any]:
        """As in a file, for `lists`."""
        return {name: getattr(self, name) for name in ("provenance", "definition", "code_lists")}


def content_of(version: FormVersion) -> dict[str, Any]:
    """A published version with all that it needs elsewhere: definition, code lists, provenance."""
    if version.published_at is None:
        raise SharingRefused([NOT_PUBLISHED])
    return {
        "provenance": provenance_of(version),
        "definition": version.definition,
        "code_lists": lists.of(version.definition),
    }


def provenance_of(version: FormVersion) -> dict[str, Any]:
    """Who published this version when, and through whose hands it came to them, the last one first."""
    form = version.form
    earlier = Upstream.objects.filter(form=form).first()
    chain = []
    if earlier is not None:
        origin = {name: value for name, value in earlier.provenance.items() if name != "chain"}
        chain = [origin, *earlier.provenance["chain"]][:50]
    published_at = version.published_at or timezone.now()
    return {
        "authority": {"slug": form.authority.slug, "name": form.authority.name},
        "form": form.key,
        "no": version.no,
        "sha256": version.sha256,
        "published_at": published_at.astimezone(UTC).isoformat(timespec="seconds"),
        "chain": chain,
    }


def adopt(
    content: Mapping[str, Any],
    authority: Authority,
    *,
    key: str,
    by: UUID | None,
    version: FormVersion | None = None,
    peer: str = "",
) -> Form:
    """A form of our own that began as theirs, as a working version; out: the form.

    `version` is theirs where it lives in this installation, `peer` the name of a trusted one elsewhere.
    Raises SharingRefused.
    """
    if Form.objects.filter(authority=authority, key=key).exists():
        raise SharingRefused([ALREADY_HERE.format(key=key)])
    definition = dict(content["definition"]) | {"key": key}
    try:
        form = add_version(authority, definition, by=by).form
    except DefinitionError as error:
        raise SharingRefused(error.problems) from None
    lists.take_in(content)
    note_origin(form, content["provenance"], content["definition"], version=version, peer=peer)
    _record("form.adopted", form, by, content["provenance"]["sha256"])
    return form


def note_origin(
    form: Form,
    provenance: Mapping[str, Any],
    definition: Mapping[str, Any],
    *,
    version: FormVersion | None = None,
    peer: str = "",
) -> Upstream:
    """From now on this form follows that one; what both began with is this definition."""
    form.upstream_version = version
    form.save(update_fields=["upstream_version"])
    began = {"authority_id": form.authority_id, "peer": peer, "provenance": provenance, "definition": definition}
    nothing_new = {"newest": None, "stayed_sha256": "", "stayed_reason": "", "stayed_at": None, "stayed_by_id": None}
    return Upstream.objects.update_or_create(form=form, defaults=began | nothing_new)[0]


# --- following -------------------------------------------------------------------------------------------------------


def newer_of(upstreams: Iterable[Upstream]) -> dict[UUID, Newer]:
    """By form: what its origin published since. One query, however many forms; needs `form__upstream_version`."""
    upstreams = list(upstreams)
    followed = {each.form.upstream_version.form_id for each in upstreams if each.form.upstream_version}
    published = FormVersion.objects.filter(form_id__in=followed, published_at__isnull=False)
    newest = {each.form_id: each for each in published.select_related("form__authority").order_by("no")}
    found = {}
    for each in upstreams:
        newer = _newer(each, newest)
        if newer is not None and newer.provenance["sha256"] != each.provenance["sha256"]:
            found[each.form_id] = newer
    return found


def _newer(upstream: Upstream, newest: Mapping[UUID, FormVersion]) -> Newer | None:
    here = upstream.form.upstream_version
    if here is not None and here.form_id in newest:
        version = newest[here.form_id]
        return Newer(_provenance_now(version, upstream), version.definition, version)
    return Newer(**upstream.newest) if upstream.newest else None


def _provenance_now(version: FormVersion, upstream: Upstream) -> dict[str, Any]:
    """Their chain is theirs to read; what we know of it does not change with a version."""
    return upstream.provenance | {
        "no": version.no,
        "sha256": version.sha256,
        "published_at": version.published_at.astimezone(UTC).isoformat(timespec="seconds")
        if version.published_at
        else upstream.provenance["published_at"],
    }


def followers(content: Mapping[str, Any], authority: Authority, *, peer: str) -> list[Upstream]:
    """Where the forms of this authority came from that follow the origin of this file already."""
    provenance = content["provenance"]
    found = Upstream.objects.filter(
        authority=authority,
        peer=peer,
        provenance__authority__slug=provenance["authority"]["slug"],
        provenance__form=provenance["form"],
    )
    return list(found.select_related("form"))


def receive(content: Mapping[str, Any], authority: Authority, *, peer: str) -> list[Form]:
    """Notes what a file of an origin brings that we follow; out: our forms for which it is not an old one.

    A file of the very version that we have may bring lists that begin later: they are taken in at once.
    """
    forms = []
    for upstream in followers(content, authority, peer=peer):
        known = (upstream.newest or {}).get("provenance", upstream.provenance)
        if content["provenance"]["no"] < known["no"]:
            continue
        if content["provenance"]["no"] > known["no"]:
            upstream.newest = {name: content[name] for name in ("provenance", "definition", "code_lists")}
            upstream.save(update_fields=["newest"])
        elif upstream.newest:
            upstream.newest |= {"code_lists": content["code_lists"]}
            upstream.save(update_fields=["newest"])
        else:
            lists.take_in(content)
        forms.append(upstream.form)
    return forms


def ours(form: Form) -> FormVersion:
    """What we work on, else what we published last."""
    return form.versions.latest("no")


def merged(upstream: Upstream, newer: Newer, mine: FormVersion, choices: Choices | None = None) -> Merged:
    """Our definition with what they changed; see `merging`."""
    return merge_definitions(upstream.definition, mine.definition, newer.definition, choices)


def take_over(upstream: Upstream, newer: Newer, result: Merged, *, by: UUID | None) -> FormVersion:
    """Makes the merged definition our working version. Raises SharingRefused where it does not load."""
    if result.problems:
        raise SharingRefused(result.problems)
    version = add_version(upstream.authority, result.result, by=by)
    lists.take_in(newer.content)
    note_origin(upstream.form, newer.provenance, newer.definition, version=newer.version, peer=upstream.peer)
    _record("form.taken_over", upstream.form, by, newer.provenance["sha256"])
    return version


def stay(upstream: Upstream, sha256: str, *, reason: str, by: UUID | None) -> None:
    """We do not go along with this version of theirs; the next one is told again."""
    upstream.stayed_sha256, upstream.stayed_reason = sha256, reason
    upstream.stayed_at, upstream.stayed_by_id = timezone.now(), by
    upstream.save(update_fields=["stayed_sha256", "stayed_reason", "stayed_at", "stayed_by_id"])
    _record("form.stayed", upstream.form, by, sha256)


def _record(action: str, form: Form, by: UUID | None, sha256: str) -> None:
    audit.record(
        action,
        authority_id=form.authority_id,
        object_kind="form",
        object_id=form.pk,
        actor_id=by,
        sha256=sha256,
    )
