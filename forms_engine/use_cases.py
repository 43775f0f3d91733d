"""Making and publishing versions of a form. Runs in a scope of the form's authority (or of the system)."""

import hashlib
import json
from typing import Any
from uuid import UUID

from django.db.models import Max
from django.db.models.functions import Now

from authorities.models import Authority
from forms_engine import api
from forms_engine.checking_out import refuse_while_edited
from forms_engine.models import Form, FormVersion
from forms_engine.publishing import blockers


def digest(definition: dict[str, Any]) -> str:
    """SHA-256 of the definition, independent of how its JSON was written."""
    text = json.dumps(definition, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def add_version(authority: Authority, definition: dict[str, Any], *, by: UUID | None = None) -> FormVersion:
    """A new unpublished version of the form that the definition names; an older unpublished one gives way.

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
        refuse_while_edited(newest, by=by)
        newest.delete()
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
