"""Addresses of the pages that every public authority owes its citizens."""

from django.urls import path

from hro_portal.pages import views

app_name = "pages"
urlpatterns = [
    path("impressum/", views.imprint, name="imprint"),
    path("datenschutz/", views.data_protection, name="data-protection"),
    path("barrierefreiheit/", views.accessibility, name="accessibility"),
    path("barriere-melden/", views.report_a_barrier, name="report-a-barrier"),
    path("gebaerdensprache/", views.sign_language, name="sign-language"),
    path("einfach-erklaert/", views.simply_explained, name="simply-explained"),
]
