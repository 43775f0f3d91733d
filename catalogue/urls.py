"""Addresses of services."""

from django.urls import path

from catalogue import views

app_name = "catalogue"
urlpatterns = [
    path("leistungen/", views.services, name="services"),
    path("leistungen/<slug:authority>/<slug:service>/", views.service, name="service"),
]
