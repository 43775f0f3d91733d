from django.urls import path

from backoffice.sharing import adopting_views, form_views

urlpatterns = [
    path("uebernehmen/", adopting_views.adoptable, name="adoptable"),
    path("uebernehmen/datei/", adopting_views.adopt_file, name="adopt-file"),
    path("uebernehmen/<uuid:offering_id>/", adopting_views.adopt, name="adopt"),
    path("<uuid:form_id>/leistung/", form_views.terms, name="terms"),
    path("<uuid:form_id>/leistung/entfernen/", form_views.remove, name="remove-service"),
    path("<uuid:form_id>/herkunft/", form_views.upstream, name="upstream"),
    path("<uuid:form_id>/weitergeben/", form_views.share, name="share"),
    path("<uuid:form_id>/weitergeben/datei.json", form_views.share_file, name="share-file"),
]
