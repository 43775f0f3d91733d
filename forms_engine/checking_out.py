"""One author at a time works on a form: who has it, since when, and how it goes from one to the next.

Runs in a scope of the form's authority.
"""

from contextlib import suppress
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import ProtectedError
from django.db.models.functions import Now

from forms_engine import api
from forms_engine.models import Form, FormVersion
from foundation import audit, clock

#: After so long without a change the form is free again.
ENDS_AFTER = timedelta(days=1)


class EditedElsewhereError(Exception):
    """The form was changed, taken over or published since the author saw it; `current` is how it is now, or None."""

    def __init__(self, current: FormVersion | None) -> None:
        super().__init__("The form is no longer as its author saw it.")
        self.current = current


def holder_of(version: FormVersion) -> UUID | None:
    """Who works on this version, None if nobody does any more."""
    if version.edited_by_id is None or version.edited_at is None or version.published_at is not None:
        return None
    return version.edited_by_id if clock.now() - version.edited_at < ENDS_AFTER else None


def refuse_while_edited(version: FormVersion, *, by: UUID | None) -> None:
    """Raises `api.DefinitionError` while somebody else works on the version."""
    if holder_of(version) not in (None, by):
        raise api.DefinitionError(
            [
                f"An Formular „{version.form.key}“ arbeitet gerade jemand. "
                "Bitten Sie darum, die Bearbeitung zu beenden, oder übernehmen Sie das Formular."
            ]
        )


def check_out(form: Form, *, by: UUID, take_over: bool = False) -> FormVersion:
    """The working version, in the hands of this author. It is made from the newest version if there is none.

    If somebody else has it, it stays with them unless it is taken over; see `edited_by_id`.
    """
    Form.objects.select_for_update().get(pk=form.pk)
    newest = form.versions.order_by("-no").first()
    if newest is None:
        raise EditedElsewhereError(None)
    if newest.published_at is not None:
        version = FormVersion.objects.create(
            form=form,
            authority_id=form.authority_id,
            no=newest.no + 1,
            definition=newest.definition,
            sha256=newest.sha256,
            created_by_id=by,
        )
    else:
        version = newest
    if not take_over and holder_of(version) not in (None, by):
        return version
    FormVersion.objects.filter(pk=version.pk).update(edited_by_id=by, edited_at=Now())
    version.refresh_from_db()
    _note("form.taken_over" if take_over else "form.checked_out", version, by)
    return version


def check_in(form: Form, *, by: UUID) -> None:
    """The author is done for now. Does nothing if somebody else has the form by now."""
    version = _locked(form)
    if version and version.edited_by_id == by:
        FormVersion.objects.filter(pk=version.pk).update(edited_by_id=None, edited_at=None)
        _note("form.checked_in", version, by)


def save(form: Form, definition: dict[str, Any], *, sha256: str, seen: str, by: UUID) -> FormVersion:
    """Keeps a definition that `api.load` accepted, if the form is still as its author saw it and nobody else has it.

    `sha256` is the digest of the definition, `seen` that of what the author saw. Raises EditedElsewhereError.
    """
    version = _locked(form)
    if version is None or version.sha256 != seen or holder_of(version) not in (None, by):
        raise EditedElsewhereError(version)
    changes = {"definition": definition, "sha256": sha256, "edited_by_id": by, "edited_at": Now()}
    FormVersion.objects.filter(pk=version.pk, published_at=None).update(**changes)
    version.refresh_from_db()
    _note("form.edited", version, by)
    return version


def discard(form: Form, *, by: UUID) -> None:
    """Removes the unpublished version, and a form that never had another and is offered nowhere.

    Raises `api.DefinitionError` if somebody else works on the version, or something hangs on it.
    """
    version = _locked(form)
    if version is None:
        return
    refuse_while_edited(version, by=by)
    try:
        version.delete()
    except ProtectedError:
        raise api.DefinitionError(["Zu diesem Entwurf gibt es Anträge. Löschen Sie zuerst die Anträge."]) from None
    _note("form.version_discarded", version, by)
    if not form.versions.exists():
        with suppress(ProtectedError):
            form.delete()


def _locked(form: Form) -> FormVersion | None:
    return FormVersion.objects.select_for_update().filter(form=form, published_at=None).first()


def _note(action: str, version: FormVersion, by: UUID) -> None:
    audit.record(
        action,
        authority_id=version.authority_id,
        object_kind="form",
        object_id=version.form_id,
        actor_id=by,
        version_no=version.no,
    )
