"""The receipt as a web page: the same words as the PDF, as soon as the application is there."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from applications import reading
from applications.delivering.receipt import content_of
from applications.following.door import Citizen, for_case, own_case
from foundation import scope


@require_safe
@never_cache
@for_case
def receipt(request: HttpRequest, person: Citizen, reference: str) -> HttpResponse:
    with scope.for_person(person, read_only=True):
        application = own_case(person, reference)
        made = getattr(application, "receipt", None)
        content = content_of(application)
        page = {
            "receipt": content,
            "authority": application.authority,
            "file": made.file if made else None,
            "crumbs": [
                (content.title, reverse("following:case", args=[reference])),
                (_("Eingangsbestätigung"), ""),
            ],
        }
        response = render(request, "following/receipt.html", page)
    reading.note("receipt.read", application, by=person)
    return response
