from datetime import timedelta
from typing import Self

from django.db import models
from django.db.models.functions import Now


class HeartbeatQuerySet(models.QuerySet["Heartbeat"]):
    def fresh(self, age: timedelta) -> Self:
        return self.filter(at__gt=Now() - age)


class Heartbeat(models.Model):
    """When a part of the portal last showed that it works; one row a part, named like its process."""

    name = models.CharField(primary_key=True, max_length=40)
    at = models.DateTimeField(db_default=Now())

    objects = HeartbeatQuerySet.as_manager()
