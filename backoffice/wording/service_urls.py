"""Addresses of what authors write about services, under `/backoffice/leistungen/`."""

from django.urls import path

from backoffice.wording import tariff_views

urlpatterns = [
    path("<uuid:offering_id>/gebuehren/", tariff_views.rates, name="rates"),
    path("<uuid:offering_id>/gebuehren/stichtag/", tariff_views.deciding_date, name="deciding-date"),
]
