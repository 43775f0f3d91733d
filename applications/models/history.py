from django.db import models
from django.db.models.functions import Now

from applications.models.application import Application


class LegalTransition(models.Model):
    """`applications.states.LEGAL` inside the database. Filled by migration; a test holds both equal."""

    pk = models.CompositePrimaryKey("from_state", "to_state")
    from_state = models.CharField(max_length=16)
    to_state = models.CharField(max_length=16)


class Transition(models.Model):
    """One step in the life of an application. Never changed, never removed."""

    class Actor(models.TextChoices):
        APPLICANT = "applicant"
        CLERK = "clerk"
        PORTAL = "portal"

    pk = models.CompositePrimaryKey("application_id", "no")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="transitions")
    no = models.PositiveIntegerField()
    from_state = models.CharField(max_length=16)
    to_state = models.CharField(max_length=16)
    actor = models.CharField(max_length=9, choices=Actor.choices)
    actor_id = models.UUIDField(null=True)
    reason = models.SlugField(blank=True, help_text="ein Wort für Programme, nie Text über Personen")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ("no",)
        constraints = [
            models.UniqueConstraint(fields=("application", "no", "to_state"), name="what_a_state_points_at"),
        ]
