from django.urls import path

from hro_portal.urls import handler400, handler403, handler404, handler500, urlpatterns
from tests.frame.test_refusals import go_on_without_the_database, lose_a_key, lose_the_database, refuse

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]
urlpatterns = [
    path("verweigert/", refuse),
    path("ohne-datenbank/", lose_the_database),
    path("ohne-verbindung/", go_on_without_the_database),
    path("ohne-schluessel/", lose_a_key),
    *urlpatterns,
]
