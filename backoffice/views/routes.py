"""A dry run of routing for those who answer for its rules: where a given application goes, and why."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.people import Clerk
from applications.delivering.routing import way_of
from applications.models import Application
from authorities.models import Authority
from backoffice.access import rules_page
from backoffice.views.case import record_access
from forms_engine.wording import Wording
from foundation import scope
from foundation.ids import parse_reference


@require_GET
@rules_page
def routes(request: HttpRequest, clerk: Clerk) -> HttpResponse:
    """Shows rules and what they say; of the application no more than its reference and its service."""
    asked = request.GET.get("vorgang", "").strip()[:40]
    with scope.for_person(clerk, read_only=True):
        context: dict[str, object] = {
            "authority": Authority.objects.get(pk=clerk.authority_id),
            "asked": asked,
        }
        application = (
            Application.objects.for_pages()
            .filter(authority_id=clerk.authority_id, reference=parse_reference(asked) or asked)
            .first()
        )
        if application:
            way = way_of(application)
            words = Wording(application.form_version.definition)
            context |= {
                "application": application,
                "way": way,
                "rules": [
                    (checked, words.condition(checked.condition) if checked.condition else "")
                    for checked in way.checked
                ],
            }
        response = render(request, "backoffice/routes.html", context, status=200 if application or not asked else 404)
    if application:
        record_access("application.route_tried", clerk, application)
    return response
