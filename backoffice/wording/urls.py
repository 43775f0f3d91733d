from django.urls import path

from backoffice.wording import remark_views, translation_views

urlpatterns = [
    path("<uuid:form_id>/sprachen/", translation_views.languages, name="languages"),
    path("<uuid:form_id>/sprachen/<str:step>/", translation_views.language_step, name="language-step"),
    path("<uuid:form_id>/rueckmeldungen/", remark_views.remarks, name="remarks"),
    path("<uuid:form_id>/rueckmeldungen/<uuid:remark_id>/erledigt/", remark_views.settle, name="settle-remark"),
]
