"""What a person sees right after submitting."""

from django.urls import path

from applications.delivering.views import receipt
from applications.submitting import views

app_name = "submitting"
urlpatterns = [
    path("vorgang/<str:reference>/abgesendet/", views.submitted, name="submitted"),
    path("vorgang/<str:reference>/bestaetigung/", receipt, name="receipt"),
]
