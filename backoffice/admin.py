"""What operators see of applications: where each one stands, never what stands in it."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from applications.models import Application
from foundation import scope
from foundation.operators import OperatorAdmin, asked, rendered, said


@admin.register(Application)
class ApplicationAdmin(OperatorAdmin):
    """Read-only and without a sealed field. Its views run in a scope of their own, rendering included."""

    fields = (
        said("Nummer im System", "id"),
        said("Vorgangsnummer", "reference"),
        "kind",
        said("Behörde", "authority"),
        said("Amt", "department"),
        "service",
        said("Fassung des Formulars", "form_version_id"),
        said("Prüfsumme des Formulars", "form_sha256"),
        said("Prüfsumme der Angaben", "answers_sha256"),
        said("Vertrauensniveau", "level"),
        said("Stand", "state"),
        said("Schritte bisher", "state_no"),
        said("Eingegangen", "submitted_at"),
        said("Geändert", "changed_at"),
        said("Frist", "due_on"),
    )
    readonly_fields = fields
    list_display = (
        said("Vorgangsnummer", "reference"),
        "kind",
        "authority_name",
        "department_name",
        "service",
        said("Stand", "state"),
        said("Frist", "due_on"),
        said("Eingegangen", "submitted_at"),
    )
    list_filter = (
        ("state", asked("Stand", admin.ChoicesFieldListFilter)),
        ("authority", asked("Behörde", admin.RelatedFieldListFilter)),
    )
    list_select_related = ("authority", "department", "offering__service")
    search_fields = ("=reference",)
    ordering = ("-submitted_at",)
    actions = None
    show_full_result_count = False

    @admin.display(description="Art")
    def kind(self, application: Application) -> str:
        return "Test" if application.is_test else "Antrag"

    @admin.display(description="Behörde")
    def authority_name(self, application: Application) -> str:
        return application.authority.name

    @admin.display(description="Amt")
    def department_name(self, application: Application) -> str:
        return application.department.name if application.department else "–"

    @admin.display(description="Leistung")
    def service(self, application: Application) -> str:
        return application.offering.service.title

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        with scope.system("an operator lists applications", read_only=True):
            return rendered(super().changelist_view(request, extra_context))

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        with scope.system("an operator looks where an application stands", read_only=True):
            return rendered(super().changeform_view(request, object_id, form_url, extra_context))

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        with scope.system("an operator looks who touched an application in the admin", read_only=True):
            return rendered(super().history_view(request, object_id, extra_context))

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        raise PermissionDenied
