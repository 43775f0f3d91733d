"""What the pages in `/admin/` have in common: operators look; what they may change, a page says itself."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse


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
