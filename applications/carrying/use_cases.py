"""A draft goes on with a newer version of its form: the office may offer it, the person decides."""

from uuid import UUID

from django.db.models import F
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.people import Clerk
from applications.carrying.queries import lay_over, newer_version
from applications.contents import uploads_of
from applications.errors import ApplicationError, VersionConflict
from applications.filling.use_cases import kept_for, remove_file
from applications.models import Draft
from forms_engine.models import Form, FormVersion
from foundation import audit, scope


def carry_over(draft: Draft, *, to: int, seen_version: int, confirmed: bool, language: str) -> Draft:
    """The draft is on version `to` from now on, with the answers that have a place there.

    Files of questions that are gone go with them. Raises ApplicationError `not_confirmed` if something has no place and
    the person did not say that they saw it; VersionConflict if draft or form are not those that they saw.
    """
    locked = Draft.objects.select_for_update(of=("self",)).filter(pk=draft.pk).first()
    version = newer_version(draft)
    if locked is None or version is None or version.no != to or locked.version != seen_version:
        raise VersionConflict(
            "version_conflict",
            _("Der Antrag oder das Formular ist inzwischen anders. Sehen Sie beide noch einmal an."),
        )
    carried = lay_over(draft, version, language=language)
    if carried.fit.homeless and not confirmed:
        raise ApplicationError(
            "not_confirmed",
            _("Bestätigen Sie, dass Sie gelesen haben, was wegfällt. Setzen Sie dazu das Häkchen."),
            422,
        )
    uploads = uploads_of(draft)
    for each in carried.fit.homeless:
        for upload in uploads.get(each.name, ()):
            remove_file(draft, UUID(upload.id))
    before = draft.form_version_id
    Draft.objects.filter(pk=draft.pk).update(
        answers=draft.seal("answers", carried.fit.answers),
        form_version=version,
        offered_version=None,
        version=F("version") + 1,
        saved_at=Now(),
        expires_at=Now() + kept_for(draft),
    )
    audit.record(
        "draft.carried_over",
        authority_id=draft.authority_id,
        object_kind="draft",
        object_id=draft.pk,
        actor_id=draft.acting_user_id,
        for_party_id=draft.party_id,
        before=before,
        after=version.pk,
    )
    draft.refresh_from_db()
    return draft


def stay(draft: Draft) -> None:
    """The person keeps the version that they began with; the offer is not shown again."""
    Draft.objects.filter(pk=draft.pk).update(offered_version=None)


def offer_to_drafts(form: Form, *, by: Clerk) -> int:
    """Offers the newest published version to every draft of this form that is on an older one; how many there are.

    Drafts are seen by their people only, so this marks them in the portal's own scope, without opening any. The form
    has been fetched for the author. Opens its own scope.
    """
    with scope.system("offer a newer version of a form to its drafts"):
        newest = FormVersion.objects.filter(form=form, published_at__isnull=False).defer("definition").latest("no")
        drafts = Draft.objects.real().filter(
            authority_id=by.authority_id, form_version__form=form, form_version__no__lt=newest.no
        )
        number = drafts.update(offered_version=newest)
        audit.record(
            "form.carrying_offered",
            authority_id=by.authority_id,
            object_kind="form_version",
            object_id=newest.pk,
            actor_id=by.user_id,
            drafts=number,
        )
    return number
