"""What is known of a stored file; its bytes lie sealed in `settings.FILES_DIR` (architecture § 6, row 24)."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from foundation.ids import new_id


class StoredFile(models.Model):
    """One sealed file. `authority_id` and `subject_id` are plain numbers; the name belongs to whoever attached it.

    A file in somebody's folder belongs to no authority: `subject_id` is the party, and it is sealed as theirs.
    """

    class Verdict(models.TextChoices):
        CLEAN = "clean"
        UNCHECKED = "unchecked"
        PENDING = "pending"
        INFECTED = "infected"
        REFUSED = "refused"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    authority_id = models.UUIDField(null=True)
    subject_id = models.UUIDField()
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    media_type = models.CharField(max_length=60)
    verdict = models.CharField(max_length=9, choices=Verdict)
    storage_key = models.CharField(max_length=60, unique=True)
    keyset = models.CharField(max_length=40)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(verdict__in=["clean", "unchecked", "pending", "infected", "refused"]),
                name="stored_file_verdict_is_one",
            ),
            models.CheckConstraint(condition=models.Q(sha256__regex="^[0-9a-f]{64}$"), name="stored_file_sha256"),
        ]
        indexes = [
            models.Index(fields=["subject_id"], name="stored_file_of_subject"),
            models.Index(fields=["authority_id", "created_at"], name="stored_file_of_day"),
            models.Index(fields=["created_at"], name="stored_file_waiting", condition=models.Q(verdict="pending")),
        ]

    @property
    def owner_id(self) -> uuid.UUID:
        """Whom its bytes are sealed for."""
        return self.authority_id or self.subject_id

    @property
    def can_be_served(self) -> bool:
        """Only what a scanner passed is handed out; the demo, which has none, says *nicht geprüft* beside it."""
        return self.verdict == self.Verdict.CLEAN or (settings.DEMO and self.verdict == self.Verdict.UNCHECKED)
