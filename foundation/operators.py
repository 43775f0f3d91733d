"""What the pages in `/admin/` have in common: operators look; what they may change, a page says itself."""

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest, HttpResponse


def said(description: str, field: str) -> Any:
    """A column or line that shows a field under a German name and is sorted by it; choices in their words."""

    @admin.display(description=description, ordering=field)
    def shown(row: Model) -> Any:
        in_words = getattr(row, f"get_{field}_display", None)
        return in_words() if in_words else getattr(row, field)

    shown.__name__ = field
    return shown


def asked(description: str, base: type[admin.FieldListFilter]) -> type[admin.FieldListFilter]:
    """A filter of Django's under a German name."""

    class Named(base):  # type: ignore[valid-type,misc]  # the class to name is known only here
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self.title = description

    return Named


class OperatorAdmin(admin.ModelAdmin):
    """Whoever may enter may look; nothing is added, changed or deleted."""

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


def rendered(response: HttpResponse) -> HttpResponse:
    """Admin views answer lazily; the rows have to be read while the scope is open."""
    render = getattr(response, "render", None)
    return render() if render else response
