"""What is still to be done after a commit (architecture § 2.4). Holds ids only, and so has no row-level security."""

import uuid
from datetime import timedelta
from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from foundation.ids import new_id

#: Promised: what is stuck is shown to people by then.
SHOWN_AFTER = timedelta(minutes=15)


class OutboxQuerySet(models.QuerySet["OutboxRow"]):
    def ready(self) -> Self:
        """Rows that somebody may claim now: due, and held by nobody or by somebody who is gone."""
        return self.filter(Q(lease_until=None) | Q(lease_until__lt=Now()), state=OutboxRow.State.DUE, due_at__lte=Now())

    def for_people(self) -> Self:
        """Rows that people should look at: dead, or not done within the time in which the portal helps itself."""
        late = Now() - SHOWN_AFTER
        failing = Q(attempts__gt=0, created_at__lt=late)
        waiting = Q(due_at__lt=late)
        return self.filter(Q(state=OutboxRow.State.DEAD) | Q(failing | waiting, state=OutboxRow.State.DUE))

    def held(self, token: uuid.UUID | None) -> Self:
        """The row that the holder of this lease may still complete."""
        return self.filter(lease_token=token, state=OutboxRow.State.DUE)


class OutboxRow(models.Model):
    """One effect on one subject at one target. A second wish for the same effect meets `outbox_effect_once`."""

    class State(models.TextChoices):
        DUE = "due"
        DONE = "done"
        DEAD = "dead"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    authority_id = models.UUIDField()
    kind = models.CharField(max_length=60)
    subject_id = models.UUIDField()
    target = models.CharField(max_length=80, blank=True)
    due_at = models.DateTimeField(db_default=Now())
    lease_until = models.DateTimeField(null=True)
    lease_token = models.UUIDField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=4, choices=State, default=State.DUE)
    error_code = models.CharField(max_length=80, blank=True)
    created_at = models.DateTimeField(db_default=Now())

    objects = OutboxQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "Aufgabe der Warteschlange", "Aufgaben der Warteschlange"
        constraints = [
            models.UniqueConstraint(fields=["kind", "subject_id", "target"], name="outbox_effect_once"),
            models.CheckConstraint(condition=Q(state__in=["due", "done", "dead"]), name="outbox_state_known"),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="due"), name="outbox_due"),
            models.Index(fields=["due_at"], condition=Q(state="dead"), name="outbox_dead"),
        ]
