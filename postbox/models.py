"""A document on its way to a party, by one legal way. Knows no application: `subject_id` is a plain id."""

from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import get_language

from authorities.models import Authority
from foundation.ids import new_id
from postbox import rules

if TYPE_CHECKING:
    from uuid import UUID


class PostboxItemQuerySet(models.QuerySet["PostboxItem"]):
    def of_party(self, party_id: "UUID") -> "PostboxItemQuerySet":
        """What lies in the postbox of a party and was not taken back."""
        return self.filter(party_id=party_id, regime=PostboxItem.Regime.RETRIEVAL)

    def unretrieved(self) -> "PostboxItemQuerySet":
        return self.filter(retrieved_at__isnull=True, ended_at__isnull=True)

    def waiting_for_retrieval(self) -> "PostboxItemQuerySet":
        """What a person was told of and has not opened yet."""
        return self.unretrieved().filter(regime=PostboxItem.Regime.RETRIEVAL, notified_at__isnull=False)

    def letters_to_post(self) -> "PostboxItemQuerySet":
        return self.filter(regime=PostboxItem.Regime.LETTER, posted_on__isnull=True)

    def to_hand_over(self) -> "PostboxItemQuerySet":
        return self.filter(regime=PostboxItem.Regime.PICKUP, handed_over_on__isnull=True)


class PostboxItem(models.Model):
    """A notice and how it is made known (VwVfG § 41).

    `retrieval` (§ 41 (2a)): provided, notified, retrieved by the person; effective on the day after; ended
    when it was not retrieved in ten days. `letter` (§ 41 (2)): posted, effective on the fourth day after.
    `pickup`: handed over at the office, effective at once.
    """

    class Regime(models.TextChoices):
        RETRIEVAL = "retrieval", "Abruf im Postfach"
        LETTER = "letter", "Brief"
        PICKUP = "pickup", "Abholung"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT)
    party_id = models.UUIDField(null=True)
    subject_id = models.UUIDField()
    title = models.CharField(max_length=200, help_text="ohne Angaben zur Person")
    title_in = models.JSONField(default=dict, db_default={}, blank=True, help_text="derselbe je Sprache der Seiten")
    file_id = models.UUIDField()
    regime = models.CharField(max_length=9, choices=Regime.choices)
    provided_at = models.DateTimeField(db_default=Now())
    notified_at = models.DateTimeField(null=True)
    retrieved_at = models.DateTimeField(null=True)
    posted_on = models.DateField(null=True)
    handed_over_on = models.DateField(null=True)
    effective_on = models.DateField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = PostboxItemQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["party_id", "-provided_at"], name="postbox_of_a_party"),
            models.Index(
                fields=["authority", "provided_at"],
                condition=Q(regime="letter", posted_on__isnull=True),
                name="postbox_letters_to_post",
            ),
            models.Index(
                fields=["notified_at"],
                condition=Q(regime="retrieval", retrieved_at__isnull=True, ended_at__isnull=True),
                name="postbox_not_yet_retrieved",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=("subject_id", "file_id"),
                condition=Q(ended_at__isnull=True),
                name="document_on_one_way_at_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(regime="retrieval") | Q(party_id__isnull=False), name="retrieval_needs_a_party"
            ),
            models.CheckConstraint(
                condition=Q(effective_on__isnull=True) | Q(ended_at__isnull=True), name="not_effective_and_ended"
            ),
            models.CheckConstraint(
                condition=Q(effective_on__isnull=True)
                | Q(regime="retrieval", retrieved_at__isnull=False)
                | Q(regime="letter", posted_on__isnull=False)
                | Q(regime="pickup", handed_over_on__isnull=False),
                name="effective_only_after_it_was_made_known",
            ),
        ]

    @property
    def shown_title(self) -> str:
        """The title in the language of the page, else in German, as it stands in the document itself."""
        return self.title_in.get(get_language() or "de") or self.title

    @property
    def retrieve_until(self) -> date | None:
        """The last day for opening it; None while nobody was told yet, or where nothing is to be retrieved."""
        if self.regime != self.Regime.RETRIEVAL or self.notified_at is None:
            return None
        return rules.retrieve_until(timezone.localtime(self.notified_at).date())

    @property
    def is_waiting(self) -> bool:
        """Whether the person was told of it and has not opened it yet."""
        return self.retrieve_until is not None and self.retrieved_at is None and self.ended_at is None
