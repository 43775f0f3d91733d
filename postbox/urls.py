"""Addresses of a person's postbox."""

from django.urls import path

from postbox import views

app_name = "postbox"
urlpatterns = [
    path("", views.items, name="list"),
    path("<uuid:item_id>/", views.item, name="item"),
    path("<uuid:item_id>/oeffnen/", views.retrieve, name="retrieve"),
    path("<uuid:item_id>/dokument.pdf", views.document, name="document"),
]
