"""Who did what, and who read what: rows that nobody changes or removes (architecture § 6, rows 26 and 27)."""

from django.contrib.postgres.indexes import BrinIndex
from django.db import models

from foundation.ids import new_id


class AuditEvent(models.Model):
    """One deed. `authority_id` is a plain number: the corridor knows no authority; `refs` holds ids and codes only."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    authority_id = models.UUIDField(null=True)
    at = models.DateTimeField()
    actor_id = models.UUIDField(null=True)
    for_party_id = models.UUIDField(null=True)
    action = models.CharField(max_length=80)
    object_kind = models.CharField(max_length=40)
    object_id = models.UUIDField()
    refs = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["object_id", "at"], name="audit_event_of_object"),
            BrinIndex(fields=["at"], name="audit_event_by_time"),
        ]


class AuditLink(models.Model):
    """The place of an event in its authority's chain; written after the deed, by the portal itself."""

    pk = models.CompositePrimaryKey("authority_id", "no")
    authority_id = models.UUIDField()
    no = models.BigIntegerField()
    event = models.OneToOneField(AuditEvent, on_delete=models.PROTECT)
    prev_hash = models.BinaryField(max_length=32)
    hash = models.BinaryField(max_length=32)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(no__gt=0), name="audit_link_counts_from_one")]
