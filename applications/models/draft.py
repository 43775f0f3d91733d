from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from django.db import models
from django.db.models.functions import Now

from applications.models.owned import Owned, OwnedQuerySet, has_owner, is_marked
from forms_engine.models import FormVersion


@dataclass(frozen=True)
class TakenOver:
    """What a draft took over from an earlier application of the same party, sent on day `on`.

    `to_check` are keys of steps that nobody has looked at since; `left_out` holds label and reason of each answer
    that was not taken over.
    """

    reference: str
    on: date
    answers: dict[str, Any]
    to_check: list[str] = field(default_factory=list)
    left_out: list[tuple[str, str]] = field(default_factory=list)

    def as_data(self) -> dict[str, Any]:
        return asdict(self) | {"on": self.on.isoformat()}


class Draft(Owned):
    """An application that is still being filled in. It stays on the form version that it began with.

    It carries the reference from its first minute, so that a person notes one number for good.
    `version` counts the saves: a save names the version that it saw, or is a conflict.
    """

    version = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(db_default=Now())
    saved_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    taken_over = models.BinaryField(null=True, help_text="versiegelt: was aus einem früheren Antrag übernommen ist")
    offered_version = models.ForeignKey(
        FormVersion,
        null=True,
        db_index=False,
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
        constraints = [has_owner("draft_has_an_owner"), is_marked("draft_of_a_test_is_marked")]

    def read_taken_over(self) -> TakenOver | None:
        """None for a draft that began empty."""
        if self.taken_over is None:
            return None
        data = self.unseal("taken_over", self.taken_over)
        return TakenOver(**data | {"on": date.fromisoformat(data["on"])})
