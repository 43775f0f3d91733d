"""Making and publishing versions of a form. Runs in a scope of the form's authority (or of the system)."""

import hashlib
import json
from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from django.db.models import Max
from django.db.models.functions import Now

from authorities.models import Authority
from forms_engine import api, translations
from forms_engine.models import Form, FormVersion, TranslationLook
from forms_engine.publishing import blockers
from foundation import audit


class ChangedMeanwhile(Exception):
    """Somebody changed the form since this person saw it; nothing was saved."""


def digest(definition: dict[str, Any]) -> str:
    """SHA-256 of the definition, independent of how its JSON was written."""
    text = json.dumps(definition, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def add_version(authority: Authority, definition: dict[str, Any], *, by: UUID | None = None) -> FormVersion:
    """A new unpublished version of the form that the definition names; an older unpublished one gives way.

    A definition that is already the newest version is that version. Raises `api.DefinitionError`.
    """
    checked = api.load(definition)
    form, _ = Form.objects.get_or_create(authority=authority, key=checked["key"])
    sha256 = digest(checked)
    newest = form.versions.order_by("-no").first()
    if newest is not None and newest.sha256 == sha256:
        return newest
    form.versions.filter(published_at=None).delete()
    last_no = form.versions.aggregate(last=Max("no"))["last"] or 0
    return FormVersion.objects.create(
        form=form, authority=authority, no=last_no + 1, definition=checked, sha256=sha256, created_by_id=by
    )


def publish(version: FormVersion) -> FormVersion:
    """From now on new drafts begin on this version, and it never changes again.

    Raises `api.DefinitionError` if people could not fill it in.
    """
    if version.published_at is None:
        if missing := blockers(version.definition):
            raise api.DefinitionError(missing)
        FormVersion.objects.filter(pk=version.pk, published_at=None).update(published_at=Now())
        version.refresh_from_db(fields=["published_at"])
    return version


def change_wordings(
    form: Form, changed: Mapping[str, tuple[str, str]], *, looked_at: Collection[str], seen: str, by: UUID
) -> FormVersion:
    """Other words at these paths (German, English), in the version that is worked on; a published one gets a successor.

    `looked_at` are the paths whose translation is right as it stands now; whoever writes one has looked at it. `seen`
    is the `sha256` of the newest version that the person saw. Raises ChangedMeanwhile and `api.DefinitionError`.
    """
    Form.objects.select_for_update(of=("self",)).get(pk=form.pk)
    newest = form.versions.order_by("-no")[0]
    if newest.sha256 != seen:
        raise ChangedMeanwhile
    before = {each.path: each for each in translations.wordings(newest.definition)}
    version = add_version(form.authority, translations.with_wordings(newest.definition, changed), by=by)
    after = {each.path: each for each in translations.wordings(version.definition)}
    written = {path for path in changed if path in after and after[path].translation != before[path].translation}
    TranslationLook.objects.bulk_create(
        (
            TranslationLook(
                form=form,
                authority_id=form.authority_id,
                path=path,
                source_sha256=after[path].pair.source_sha256,
                translation_sha256=after[path].pair.translation_sha256,
                by_id=by,
            )
            for path in sorted(written | {path for path in looked_at if path in after})
            if after[path].translation
        ),
        ignore_conflicts=True,
    )
    audit.record(
        "form.wording_changed", authority_id=form.authority_id, object_kind="form", object_id=form.pk, actor_id=by
    )
    return version


def translation_ages(form: Form) -> dict[str, translations.Age]:
    """How the translations of the newest version stand to their sources, by path. Two queries."""
    chain = list(form.versions.order_by("no").values_list("definition", flat=True))
    rows = form.translation_looks.values_list("path", "source_sha256", "translation_sha256")
    return translations.ages(chain, [translations.Look(*row) for row in rows])
