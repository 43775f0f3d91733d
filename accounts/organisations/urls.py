"""Addresses of organisations; they stand below the account."""

from django.urls import path

from accounts.organisations import views

urlpatterns = [
    path("", views.organisations, name="organisations"),
    path("neu/", views.found, name="found_organisation"),
    path("einladung/<uuid:invitation_id>/", views.answer, name="answer_invitation"),
    path("<uuid:organisation_id>/", views.organisation, name="organisation"),
    path("<uuid:organisation_id>/bearbeiten/", views.edit, name="edit_organisation"),
    path("<uuid:organisation_id>/einladen/", views.invite, name="invite_member"),
    path("<uuid:organisation_id>/einladung/<uuid:invitation_id>/", views.take_back, name="take_back_invitation"),
    path("<uuid:organisation_id>/zugang/<uuid:membership_id>/beenden/", views.end, name="end_membership"),
]
