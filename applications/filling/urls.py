"""Addresses of a draft."""

from django.urls import path

from applications.filling import views, wizard
from applications.submitting.views import check

app_name = "filling"
urlpatterns = [
    path("leistungen/<slug:authority>/<slug:service>/beginnen/", views.begin, name="begin"),
    path("antrag/<uuid:draft_id>/", views.task_list, name="task-list"),
    path("antrag/<uuid:draft_id>/schritt/<slug:step>/", wizard.step, name="step"),
    path("antrag/<uuid:draft_id>/pruefen/", check, name="check"),
    path("antrag/<uuid:draft_id>/spaeter/", views.later, name="later"),
]
