from django.urls import path

from backoffice.releasing import views

urlpatterns = [
    path("<uuid:form_id>/versionen/", views.versions, name="form-versions"),
    path("<uuid:form_id>/versionen/<int:no>/", views.version, name="form-version"),
    path("<uuid:form_id>/unterschied/", views.difference, name="form-difference"),
]
