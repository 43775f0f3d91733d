"""Making and publishing versions of a form. Runs in a scope of the form's authority (or of the system)."""

import hashlib
import json
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models.functions import Now

from authorities.models import Authority
from forms_engine import api, translations
from forms_engine.checking_out import refuse_while_edited
from forms_engine.models import Form, FormVersion, TranslationLook
from forms_engine.proofing import refusals
from forms_engine.publishing import about_to_publish, was_published
from foundation import audit, clock, scope


class ChangedMeanwhile(Exception):
    """Somebody changed the form since this person saw it; nothing was saved."""


def digest(definition: dict[str, Any]) -> str:
    """SHA-256 of the definition, independent of how its JSON was written."""
    text = json.dumps(definition, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def add_version(authority: Authority, definition: dict[str, Any], *, by: UUID | None = None) -> FormVersion:
    """The version of its form that is worked on becomes this definition; a new one if all are published.

    A definition that is already the newest version, or the newest published one, is that version. Raises
    `api.DefinitionError`, also while somebody else works on the unpublished one.
    """
    checked = api.load(definition)
    form, _ = Form.objects.get_or_create(authority=authority, key=checked["key"])
    sha256 = digest(checked)
    newest = form.versions.order_by("-no").first()
    published = form.versions.exclude(published_at=None).order_by("-no").first()
    for known in (published, newest):
        if known is not None and known.sha256 == sha256:
            return known
    if newest is not None and newest.published_at is None:
        return _work_on(newest, checked, by=by)
    no = newest.no + 1 if newest else 1
    return FormVersion.objects.create(
        form=form, authority=authority, no=no, definition=checked, sha256=sha256, created_by_id=by
    )


def _work_on(version: FormVersion, definition: dict[str, Any], *, by: UUID | None) -> FormVersion:
    """The unpublished version becomes this definition, which `api.load` accepted."""
    refuse_while_edited(version, by=by)
    version.definition, version.sha256, version.created_by_id = definition, digest(definition), by
    version.save(update_fields=["definition", "sha256", "created_by_id"])
    return version


def publish(
    version: FormVersion,
    *,
    reason: str = "",
    by: UUID | None = None,
    foreign_words: bool = False,
    is_followed: bool = True,
) -> FormVersion:
    """From now on new drafts begin on this version, and it never changes again.

    `is_followed`: what names its questions from outside goes along; not where the caller says all of that anew.
    Raises `api.DefinitionError` with the faults that proofing finds (`foreign_words` as in `proofing.refusals`), and
    where something outside cannot go along.
    """
    if version.published_at is not None:
        return version
    locked = FormVersion.objects.select_for_update().get(pk=version.pk)
    if locked.published_at is None:
        if found := refusals(locked.definition, foreign_words=foreign_words):
            raise api.DefinitionError(found)
        about_to_publish.send(FormVersion, version=locked, by=by, only_try=False, said_anew=not is_followed)
        FormVersion.objects.filter(pk=version.pk).update(
            published_at=Now(), published_by_id=by, reason=reason or locked.reason, publish_at=None, publish_sha256=""
        )
        _record("form.published", version, by)
        was_published.send(FormVersion, version=locked)
    version.refresh_from_db()
    return version


def schedule(version: FormVersion, *, at: datetime, reason: str, by: UUID) -> FormVersion:
    """Publishes this version, as it is now, by itself at that time. Raises `api.DefinitionError` if it has faults or
    if the time is over by the database's clock.
    """
    locked = FormVersion.objects.select_for_update().get(pk=version.pk)
    if locked.published_at is not None:
        raise api.DefinitionError(["Diese Version ist schon veröffentlicht."])
    if at <= clock.now():
        raise api.DefinitionError(["Dieser Zeitpunkt ist vorbei. Wählen Sie einen in der Zukunft."])
    if found := refusals(locked.definition):
        raise api.DefinitionError(found)
    about_to_publish.send(FormVersion, version=locked, by=by, only_try=True, said_anew=False)
    locked.publish_at, locked.publish_sha256, locked.publish_failed_at = at, locked.sha256, None
    locked.reason, locked.published_by_id = reason, by
    locked.save(update_fields=["publish_at", "publish_sha256", "publish_failed_at", "reason", "published_by_id"])
    _record("form.scheduled", locked, by)
    return locked


def unschedule(version: FormVersion, *, by: UUID) -> FormVersion:
    """The version is not published by itself. No error if it was not going to be."""
    locked = FormVersion.objects.select_for_update().get(pk=version.pk)
    if locked.published_at is None and locked.publish_at is not None:
        locked.publish_at, locked.publish_sha256, locked.publish_failed_at = None, "", None
        locked.save(update_fields=["publish_at", "publish_sha256", "publish_failed_at"])
        _record("form.unscheduled", locked, by)
    return locked


def publish_due() -> list[UUID]:
    """Publishes what is due, each in a transaction of its own, for beat; the versions published.

    What has faults by now, or is not what was planned any more, stays as it is and says so to its authors.
    """
    with scope.system("find form versions that are due"):
        due = FormVersion.objects.filter(published_at=None, publish_failed_at=None, publish_at__lte=Now())
        found = list(due.order_by("publish_at").values_list("pk", flat=True)[:50])
    return [version_id for version_id in found if _publish_one(version_id)]


def _publish_one(version_id: UUID) -> bool:
    with scope.system("publish a form version on its day"):
        version = (
            FormVersion.objects.select_for_update(skip_locked=True)
            .filter(pk=version_id, published_at=None, publish_failed_at=None, publish_at__lte=Now())
            .first()
        )
        if version is None:
            return False
        try:
            if version.sha256 != version.publish_sha256:
                raise api.DefinitionError(["Die Version ist seit der Planung geändert."])
            publish(version, by=version.published_by_id)
        except api.DefinitionError:
            FormVersion.objects.filter(pk=version_id).update(publish_failed_at=Now())
            _record("form.not_published", version, None)
            return False
        return True


def _record(action: str, version: FormVersion, by: UUID | None) -> None:
    audit.record(
        action,
        authority_id=version.authority_id,
        object_kind="form_version",
        object_id=version.pk,
        actor_id=by,
        form=version.form_id,
        no=version.no,
    )


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
    reworded = translations.with_wordings(newest.definition, changed)
    if newest.published_at is None:
        version = _work_on(newest, api.load(reworded), by=by)
    else:
        version = add_version(form.authority, reworded, by=by)
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
