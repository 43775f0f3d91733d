from django.urls import path

from backoffice.wording import translation_views

urlpatterns = [
    path("<uuid:form_id>/sprachen/", translation_views.languages, name="languages"),
    path("<uuid:form_id>/sprachen/<str:step>/", translation_views.language_step, name="language-step"),
]
