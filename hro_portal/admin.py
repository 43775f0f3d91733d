"""The admin for operators. Its sign-in is the portal's own, so that limits and second factors hold there too."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.apps import AdminConfig
from django.core import checks
from django.http import HttpRequest, HttpResponse


class PortalAdminSite(admin.AdminSite):
    site_header = site_title = "HRO Portal"
    index_title = "Betrieb"

    def has_permission(self, request: HttpRequest) -> bool:
        from accounts import second_factor

        if not super().has_permission(request):
            return False
        second_factor.demand(request)
        return True

    def password_change(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        from django.shortcuts import redirect

        return redirect("account_change_password")

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        from django.contrib.auth.views import redirect_to_login
        from django.core.exceptions import PermissionDenied

        if request.user.is_authenticated and not self.has_permission(request):
            raise PermissionDenied
        return redirect_to_login(request.GET.get("next", request.path))


class PortalAdminConfig(AdminConfig):
    default_site = "hro_portal.admin.PortalAdminSite"

    def ready(self) -> None:
        super().ready()
        from hro_portal import deployment

        checks.register(deployment.fit_for_production, checks.Tags.security, deploy=True)
