from django.urls import path

from backoffice.sharing import views

urlpatterns = [
    path("uebernehmen/", views.adoptable, name="adoptable"),
    path("uebernehmen/datei/", views.adopt_file, name="adopt-file"),
    path("uebernehmen/<uuid:offering_id>/", views.adopt, name="adopt"),
    path("<uuid:form_id>/leistung/", views.terms, name="terms"),
    path("<uuid:form_id>/herkunft/", views.upstream, name="upstream"),
    path("<uuid:form_id>/weitergeben/", views.share, name="share"),
    path("<uuid:form_id>/weitergeben/datei.json", views.share_file, name="share-file"),
]
