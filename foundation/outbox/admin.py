"""Operators see what waits and what died, and give the dead a new try. A row holds ids only: all may be shown."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from foundation.operators import OperatorAdmin, asked, said
from foundation.outbox import working
from foundation.outbox.models import OutboxRow


@admin.register(OutboxRow)
class OutboxAdmin(OperatorAdmin):
    fields = (
        said("Aufgabe", "kind"),
        said("Stand", "state"),
        said("Versuche", "attempts"),
        said("Fehler", "error_code"),
        said("Fällig", "due_at"),
        said("Gegenstand", "subject_id"),
        said("Ziel", "target"),
    )
    readonly_fields = list_display = fields
    list_filter = (
        ("state", asked("Stand", admin.ChoicesFieldListFilter)),
        ("kind", asked("Aufgabe", admin.AllValuesFieldListFilter)),
        ("error_code", asked("Fehler", admin.AllValuesFieldListFilter)),
    )
    ordering = ("-id",)
    actions = ("redrive",)

    @admin.action(description="Noch einmal versuchen", permissions=["view"])
    def redrive(self, request: HttpRequest, rows: QuerySet[OutboxRow]) -> None:
        dead = list(rows.filter(state=OutboxRow.State.DEAD))
        others = rows.count() - len(dead)
        for row in dead:
            working.redrive(row)
        told = f"Aufgaben, die es noch einmal versuchen: {len(dead)}. Nicht gescheitert waren: {others}."
        messages.add_message(request, messages.SUCCESS if dead else messages.WARNING, told)
