from django.urls import path

from backoffice.releasing import publishing, rehearsal, trial_views, views

urlpatterns = [
    path("<uuid:form_id>/versionen/", views.versions, name="form-versions"),
    path("<uuid:form_id>/versionen/<int:no>/", views.version, name="form-version"),
    path("<uuid:form_id>/versionen/anbieten/", views.offer, name="form-offer"),
    path("<uuid:form_id>/unterschied/", views.difference, name="form-difference"),
    path("<uuid:form_id>/veroeffentlichen/", publishing.publishing, name="form-publish"),
    path("<uuid:form_id>/probelauf/", rehearsal.rehearsal, name="form-rehearsal"),
    path("<uuid:form_id>/testantraege/", trial_views.trials, name="form-trials"),
    path("<uuid:form_id>/testantraege/loeschen/", trial_views.erase, name="erase-trials"),
]
