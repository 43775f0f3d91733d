from django.db import models
from django.db.models.functions import Now

from applications.models.owned import Owned, OwnedQuerySet, has_owner
from forms_engine.models import FormVersion


class Draft(Owned):
    """An application that is still being filled in. It stays on the form version that it began with.

    It carries the reference from its first minute, so that a person notes one number for good.
    `version` counts the saves: a save names the version that it saw, or is a conflict.
    """

    version = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(db_default=Now())
    saved_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    offered_version = models.ForeignKey(
        FormVersion,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="welche Fassung das Amt anbietet; die Person entscheidet",
    )

    objects = OwnedQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["party_id", "-saved_at"], name="drafts_of_a_party"),
            models.Index(fields=["access_digest"], name="drafts_by_code"),
            models.Index(fields=["expires_at"], name="drafts_that_expire"),
        ]
        constraints = [has_owner("draft_has_an_owner")]
