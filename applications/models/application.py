from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from accounts.people import Clerk
from applications.models.owned import Owned, OwnedQuerySet, has_owner, is_marked
from applications.states import FINAL, OPEN, State
from authorities.models import Authority, Department


class ApplicationQuerySet(OwnedQuerySet):
    def of_departments(self, clerk: Clerk) -> Self:
        return self.filter(authority_id=clerk.authority_id, department_id__in=clerk.department_ids)

    def open(self) -> Self:
        return self.filter(state__in=OPEN)

    def for_pages(self) -> Self:
        """With the rows that every page about an application shows."""
        return self.select_related("authority", "department", "offering__service", "offering__owner", "form_version")


class Application(Owned):
    """A submitted application. Its id is the draft's id: a resent submit meets the primary key.

    `state` and `state_no` are the last transition, by foreign key; nothing else can be written there.
    """

    form_sha256 = models.CharField(max_length=64)
    answers_sha256 = models.CharField(max_length=64)
    applicant_name = models.BinaryField(help_text="versiegelt, für Listen")
    contact_email = models.BinaryField(null=True, help_text="versiegelt, für Nachrichten ohne Konto")
    language = models.CharField(max_length=2, default="de")
    level = models.CharField(max_length=6)
    fee = models.DecimalField(max_digits=10, decimal_places=2, null=True)
    privacy_notice = models.JSONField(default=dict, help_text="Datenschutzhinweis, wie er beim Absenden galt (Art. 13)")
    retrieval_consent = models.BooleanField(default=False, help_text="Bekanntgabe durch Abruf, VwVfG § 41 (2a)")
    state = models.CharField(max_length=16, choices=State.choices, default=State.SUBMITTED)
    state_no = models.PositiveIntegerField(default=1)
    department = models.ForeignKey(Department, null=True, on_delete=models.PROTECT)
    assignee_id = models.UUIDField(null=True)
    submitted_at = models.DateTimeField(db_default=Now())
    changed_at = models.DateTimeField(db_default=Now())
    due_on = models.DateField()
    asked_at = models.DateTimeField(null=True, help_text="seit wann eine Frage der Person auf Antwort wartet")

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "Vorgang", "Vorgänge"
        indexes = [
            models.Index(fields=["party_id", "-submitted_at"], name="applications_of_a_party"),
            models.Index(fields=["access_digest"], name="applications_by_code"),
            models.Index(
                fields=["department", "due_on", "id"], condition=Q(state__in=OPEN), name="inbox_open_by_due_date"
            ),
            models.Index(
                fields=["department", "due_on", "id"], condition=Q(state=State.RECEIVED), name="inbox_new_by_due_date"
            ),
            models.Index(
                fields=["department", "due_on", "id"],
                condition=Q(state=State.ACTION_REQUIRED),
                name="inbox_waiting_by_due_date",
            ),
            models.Index(
                fields=["assignee_id", "due_on", "id"], condition=Q(state__in=OPEN), name="inbox_mine_by_due_date"
            ),
            models.Index(
                fields=["department", "-changed_at", "id"],
                condition=~Q(state__in=OPEN),
                name="inbox_done_by_last_change",
            ),
            models.Index(
                fields=["department", "due_on", "id"],
                condition=Q(asked_at__isnull=False),
                name="inbox_questions_by_due_date",
            ),
            models.Index(
                fields=["offering", "changed_at"], condition=Q(state__in=FINAL), name="closed_by_offering_and_time"
            ),
            models.Index(fields=["submitted_at"], condition=Q(is_test=True), name="tests_by_time"),
        ]
        constraints = [has_owner("application_has_an_owner"), is_marked("test_application_is_marked")]

    def __str__(self) -> str:
        return self.reference

    @property
    def office(self) -> Department | Authority:
        """Whom to call; until the case is routed, whoever answers for the service: rules are the authority's own."""
        return self.department or self.offering.owner or self.authority


class SearchTerm(models.Model):
    """A keyed digest of a word that finds an application: works on sealed answers, and by plain equality."""

    pk = models.CompositePrimaryKey("authority_id", "digest", "application_id")
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT)
    digest = models.BinaryField(max_length=12)
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="search_terms")
