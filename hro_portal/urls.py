"""Every address of the portal."""

from django.contrib import admin
from django.urls import include, path
from django.views.i18n import set_language

from catalogue.views import short_address
from hro_portal import views
from hro_portal.demo.tour import tour
from hro_portal.demo.views import outgoing_mail

urlpatterns = [
    path("", views.start, name="start"),
    path(".well-known/security.txt", views.security_txt, name="security-txt"),
    path("hilfe/", views.help_page, name="help"),
    path("darstellung/", views.set_theme, name="theme"),
    path("sprache/", set_language, name="set_language"),
    path("", include("hro_portal.pages.urls")),
    path("konto/", include("accounts.urls")),
    path("", include("catalogue.urls")),
    path("", include("applications.filling.urls")),
    path("", include("applications.carrying.urls")),
    path("", include("applications.submitting.urls")),
    path("", include("applications.following.urls")),
    path("", include("applications.once_only.urls")),
    path("", include("applications.issuing.urls")),
    path("unterlagen/", include("accounts.folder.urls")),
    path("postfach/", include("postbox.urls")),
    path("backoffice/", include("backoffice.urls")),
    path("admin/", admin.site.urls),
    path("rundgang/", tour, name="tour"),
    path("demo/post/", outgoing_mail, name="demo-mail"),
    path("", include("hro_portal.health.urls")),
    # Last, so that no short address of a service can hide a page.
    path("<slug:short>/", short_address, name="short-address"),
]

handler400 = "hro_portal.views.bad_request"
handler403 = "hro_portal.views.forbidden"
handler404 = "hro_portal.views.not_found"
handler429 = "hro_portal.views.too_many"
handler500 = "hro_portal.views.server_error"
