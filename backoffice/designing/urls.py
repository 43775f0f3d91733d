from django.urls import path

from backoffice.designing import editing_views, proposals, starting_views, views

urlpatterns = [
    path("", views.forms, name="forms"),
    path("neu/", starting_views.new, name="new-form"),
    path("einlesen/", starting_views.read_file, name="read-form-file"),
    path("<uuid:form_id>/", views.form, name="form"),
    path("<uuid:form_id>/regeln/", proposals.proposals, name="rules"),
    path("<uuid:form_id>/entwurf-loeschen/", starting_views.discard, name="discard-form-version"),
    path("<uuid:form_id>/bearbeiten/", editing_views.editor, name="edit-form"),
    path("<uuid:form_id>/bearbeiten/vorschau/", editing_views.preview, name="preview-form"),
    path("<uuid:form_id>/bearbeiten/beginnen/", editing_views.begin, name="begin-editing"),
    path("<uuid:form_id>/bearbeiten/uebernehmen/", editing_views.take_over, name="take-over-form"),
    path("<uuid:form_id>/bearbeiten/fertig/", editing_views.finish, name="end-editing"),
]
