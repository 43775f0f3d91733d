from django.urls import path

from backoffice.designing import views

urlpatterns = [
    path("", views.forms, name="forms"),
    path("<uuid:form_id>/", views.form, name="form"),
]
