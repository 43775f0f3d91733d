"""The address at which a draft is carried over."""

from django.urls import path

from applications.carrying import views

app_name = "carrying"
urlpatterns = [path("antrag/<uuid:draft_id>/fassung/", views.carry, name="carry")]
