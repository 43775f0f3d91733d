"""Addresses of what authors write about services, under `/backoffice/leistungen/`."""

from django.urls import path

from backoffice.wording import plain_page_views, tariff_views

urlpatterns = [
    path("<uuid:offering_id>/gebuehren/", tariff_views.rates, name="rates"),
    path("<uuid:offering_id>/gebuehren/stichtag/", tariff_views.deciding_date, name="deciding-date"),
    path("<uuid:offering_id>/einfach/", plain_page_views.plain_page, name="plain-page"),
    path("<uuid:offering_id>/einfach/geprueft/", plain_page_views.plain_page_tested, name="plain-page-tested"),
]
