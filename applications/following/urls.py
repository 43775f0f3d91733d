"""Addresses of a person's own cases."""

from django.urls import path

from applications.asking.views import ask
from applications.following import views

app_name = "following"
urlpatterns = [
    path("antraege/", views.running, name="running"),
    path("antraege/entwuerfe/", views.drafts, name="drafts"),
    path("antraege/entwuerfe/<uuid:draft_id>/loeschen/", views.delete_draft, name="delete-draft"),
    path("antraege/abgeschlossen/", views.finished, name="finished"),
    path("antraege/genehmigungen/", views.permits, name="permits"),
    path("vorgang/", views.find, name="find"),
    path("vorgang/<uuid:application_id>/bescheid/", views.notice_page, name="notice"),
    path("vorgang/<str:reference>/", views.case_page, name="case"),
    path("vorgang/<str:reference>/zugriffe/", views.readers, name="readers"),
    path("vorgang/<str:reference>/antwort/", views.answer, name="answer"),
    path("vorgang/<str:reference>/frage/", ask, name="ask"),
    path("vorgang/<str:reference>/zurueckziehen/", views.withdraw, name="withdraw"),
    path("vorgang/<str:reference>/bestaetigung.pdf", views.receipt_pdf, name="receipt-pdf"),
    path("vorgang/<str:reference>/datei/<uuid:attachment_id>/", views.own_file, name="file"),
]
