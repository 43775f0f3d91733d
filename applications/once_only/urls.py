"""Addresses of what is used again."""

from django.urls import path

from applications.once_only import views

app_name = "once_only"
urlpatterns = [
    path("vorgang/<str:reference>/als-vorlage/", views.copy, name="copy"),
    path("vorgang/<str:reference>/datei/<uuid:attachment_id>/behalten/", views.keep, name="keep"),
]
