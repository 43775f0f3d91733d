from django.urls import path

from applications.issuing import views

app_name = "issuing"

urlpatterns = [
    path("pruefen/", views.check, name="check"),
    path("pruefen/<str:token>/", views.document, name="document"),
]
