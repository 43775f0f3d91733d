"""Operators see what waits and what died, and give the dead a new try. A row holds ids only: all may be shown."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from foundation.operators import OperatorAdmin
from foundation.outbox import working
from foundation.outbox.models import OutboxRow


@admin.register(OutboxRow)
class OutboxAdmin(OperatorAdmin):
    list_display = ("kind", "state", "attempts", "error_code", "due_at", "subject_id", "target")
    list_filter = ("state", "kind", "error_code")
    ordering = ("-id",)
    actions = ("redrive",)

    @admin.action(description="Noch einmal versuchen", permissions=["view"])
    def redrive(self, request: HttpRequest, rows: QuerySet[OutboxRow]) -> None:
        for row in rows.filter(state=OutboxRow.State.DEAD):
            working.redrive(row)
