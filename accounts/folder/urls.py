"""Addresses of the folder."""

from django.urls import path

from accounts.folder import views

app_name = "folder"
urlpatterns = [
    path("", views.documents, name="list"),
    path("neu/", views.add, name="add"),
    path("<uuid:document_id>/", views.edit, name="edit"),
    path("<uuid:document_id>/datei/", views.download, name="file"),
    path("<uuid:document_id>/loeschen/", views.remove, name="remove"),
]
