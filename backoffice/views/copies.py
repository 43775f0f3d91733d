"""A case copied out in one click."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from accounts.people import Clerk
from applications.deciding.staff import names_of
from applications.models import Application, Receipt
from backoffice import copies
from backoffice.access import staff_page
from backoffice.queries.case import CasePage, case_page, cases_of
from backoffice.views.case import record_access
from foundation import scope
from foundation.files.download import as_download

_TYPES = {"json": "application/json", "csv": "text/csv; charset=utf-8"}


@require_GET
@staff_page
def copy(request: HttpRequest, clerk: Clerk, reference: str, kind: str) -> HttpResponse:
    """`kind` is json, csv or pdf; the PDF is the receipt, and 404 until a worker has made it."""
    with scope.for_person(clerk, read_only=True):
        application = get_object_or_404(cases_of(clerk), reference=reference)
        name = f"vorgang-{reference}.{kind}"
        if kind == "pdf":
            receipt = get_object_or_404(Receipt.objects.select_related("file"), application=application)
            response = as_download(receipt.file, name)
        elif kind in _TYPES:
            response = _download(
                copies.as_csv(application) if kind == "csv" else copies.as_json(_page_of(application, clerk)),
                name,
                _TYPES[kind],
            )
        else:
            raise Http404
    record_access("application.copied", clerk, application, kind=kind)
    return response


def _download(content: bytes, name: str, media_type: str) -> HttpResponse:
    response = HttpResponse(content, content_type=media_type, headers={"X-Content-Type-Options": "nosniff"})
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    response["Cache-Control"] = "private, no-store"
    return response


def _page_of(application: Application, clerk: Clerk) -> CasePage:
    """A copy leaves the house: it says the names of clerks, and never the addresses of their accounts."""
    return case_page(application, clerk, called=names_of)
