from django.urls import include, path

from backoffice.releasing import limits
from backoffice.views import (
    accesses,
    case,
    copies,
    faults,
    inbox,
    letters,
    messages,
    payments,
    revoking,
    routes,
    services,
    troubles,
)
from backoffice.wording import remark_views

app_name = "backoffice"

urlpatterns = [
    path("", inbox.inbox, name="inbox"),
    path("filtern/", inbox.filter_inbox, name="filter"),
    path("uebernehmen/", inbox.take_over_selected, name="take-over-selected"),
    path("vorgang/<str:reference>/", case.case, name="case"),
    path("vorgang/<str:reference>/uebernehmen/", case.take_over, name="take-over"),
    path("vorgang/<str:reference>/nachfordern/", case.ask_back, name="ask-back"),
    path("vorgang/<str:reference>/anmerken/", remark_views.remark, name="remark"),
    path("vorgang/<str:reference>/antworten/", messages.reply, name="reply"),
    path("vorgang/<str:reference>/frage-erledigt/", messages.settle, name="settle"),
    path("vorgang/<str:reference>/entscheiden/", case.decide, name="decide"),
    path("vorgang/<str:reference>/datei/<uuid:attachment_id>/", case.file, name="file"),
    path("vorgang/<str:reference>/bescheid/", case.notice, name="notice"),
    path("vorgang/<str:reference>/bescheid/<uuid:item_id>.pdf", case.notice_pdf, name="notice-pdf"),
    path("vorgang/<str:reference>/kopie.<str:kind>", copies.copy, name="copy"),
    path("vorgang/<str:reference>/zahlung/<uuid:decision_id>/", payments.payment, name="payment"),
    path("vorgang/<str:reference>/widerrufen/<uuid:decision_id>/", revoking.revocation, name="revoke"),
    path("zugriffe/", accesses.accesses, name="accesses"),
    path("wege/", routes.routes, name="routes"),
    path("leistungen/", services.services, name="services"),
    path("leistungen/<uuid:offering_id>/geprueft/", services.note_review, name="note-review"),
    path("leistungen/<uuid:offering_id>/annahme/", limits.limits, name="offering-limits"),
    path("leistungen/", include("backoffice.wording.service_urls")),
    path("stoerungen/", troubles.troubles, name="troubles"),
    path("stoerungen/nochmal/", troubles.try_again, name="try-again"),
    path("stoerungen/betroffene/", faults.affected, name="affected"),
    path("stoerungen/betroffene/schreiben/", faults.tell_affected, name="tell-affected"),
    path("formulare/", include("backoffice.designing.urls")),
    path("formulare/", include("backoffice.releasing.urls")),
    path("formulare/", include("backoffice.sharing.urls")),
    path("formulare/", include("backoffice.wording.urls")),
    path("briefe/", letters.print_list, name="letters"),
    path("briefe/<uuid:item_id>/", letters.send_out, name="send-out"),
]
