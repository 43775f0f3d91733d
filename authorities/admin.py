"""What operators set for a department: the address of its own program. All else comes with the city's data."""

from typing import Any

from django.contrib import admin
from django.db.models import URLField
from django.http import HttpRequest, HttpResponse

from authorities.models import Department
from foundation import audit, scope
from foundation.operators import OperatorAdmin, asked, rendered, said


@admin.register(Department)
class DepartmentAdmin(OperatorAdmin):
    """One field to change, written down in the trail."""

    fields = ("authority_name", said("Amt", "name"), "endpoint")
    readonly_fields = ("authority_name", fields[1])
    list_display = (fields[1], "authority_name", "endpoint")
    list_filter = (("authority", asked("Behörde", admin.RelatedFieldListFilter)),)
    list_select_related = ("authority",)
    search_fields = ("name",)
    ordering = ("authority__sort_key", "sort_key")
    actions = None
    formfield_overrides = {URLField: {"assume_scheme": "https"}}

    @admin.display(description="Behörde")
    def authority_name(self, department: Department) -> str:
        return department.authority.name

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        with scope.system("an operator sets the address of a department's program"):
            return rendered(super().changeform_view(request, object_id, form_url, extra_context))

    def save_model(self, request: HttpRequest, obj: Department, form: Any, change: bool) -> None:
        obj.save(update_fields=["endpoint"])
        audit.record(
            "department.endpoint_set",
            authority_id=obj.authority_id,
            object_kind="department",
            object_id=obj.pk,
            actor_id=request.user.pk,
            host=form.cleaned_data["endpoint"].split("/")[2] if form.cleaned_data["endpoint"] else "",
        )

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_view_permission(request, obj)
