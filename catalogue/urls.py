"""Addresses of services. The short ones stand last among all addresses of the portal (`hro_portal.urls`)."""

from django.urls import path

from catalogue import views

app_name = "catalogue"
urlpatterns = [
    path("leistungen/", views.services, name="services"),
    path("leistungen/lage/<slug:slug>/", views.situation, name="situation"),
    path("leistungen/<slug:authority>/<slug:service>/", views.service, name="service"),
    path("leistungen/<slug:authority>/<slug:service>/einfach/", views.plain_page, name="plain-page"),
    path("leistungen/<slug:authority>/<slug:service>/datenschutz/", views.privacy_notice, name="privacy"),
    path("leistungen/<slug:authority>/<slug:service>/plakat.pdf", views.poster, name="poster"),
    path("formulare/<slug:authority>/<slug:form>/<int:no>/schema.json", views.answers_schema, name="answers-schema"),
]
