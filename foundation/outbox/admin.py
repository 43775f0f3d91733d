"""Operators see what waits and what died, and give the dead a new try. A row holds ids only: all may be shown."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from foundation.outbox import working
from foundation.outbox.models import OutboxRow


@admin.register(OutboxRow)
class OutboxAdmin(admin.ModelAdmin):
    list_display = ("kind", "state", "attempts", "error_code", "due_at", "subject_id", "target")
    list_filter = ("state", "kind", "error_code")
    ordering = ("-id",)
    actions = ("redrive",)

    @admin.action(description="Noch einmal versuchen", permissions=["view"])
    def redrive(self, request: HttpRequest, rows: QuerySet[OutboxRow]) -> None:
        for row in rows.filter(state=OutboxRow.State.DEAD):
            working.redrive(row)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.admin_site.has_permission(request)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.admin_site.has_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
