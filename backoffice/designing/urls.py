from django.urls import path

from backoffice.designing import proposals, views

urlpatterns = [
    path("", views.forms, name="forms"),
    path("<uuid:form_id>/", views.form, name="form"),
    path("<uuid:form_id>/regeln/", proposals.proposals, name="rules"),
]
