"""Test applications of a form: its authors begin them here and delete them here; in between they go like others."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts import people
from accounts.people import Clerk
from applications.errors import ApplicationError
from applications.filling.use_cases import TESTS_KEPT_FOR
from applications.testing import queries, use_cases
from authorities.models import Authority
from backoffice.access import author_page
from backoffice.designing.queries import entry as form_entry
from backoffice.designing.queries import used_in
from backoffice.views.inbox import as_uuid
from catalogue.models import Offering
from foundation import scope


@require_http_methods(["GET", "HEAD", "POST"])
@author_page
def trials(request: HttpRequest, clerk: Clerk, form_id: UUID) -> HttpResponse:
    """What was filed, and where it landed. `POST` begins a test for the service `offering`, on the ordinary pages."""
    if request.method == "POST":
        return _begin(request, clerk, form_id)
    with scope.for_person(clerk, read_only=True):
        entry = form_entry(clerk.authority_id, form_id)
        page = {
            "authority": Authority.objects.get(pk=clerk.authority_id),
            "entry": entry,
            "offerings": [each for each in used_in(entry.form) if each.authority_id == clerk.authority_id],
            "filed": queries.filed(form_id, by=clerk),
            "most": queries.MOST,
            "days": TESTS_KEPT_FOR.days,
        }
        return render(request, "backoffice/releasing/trials.html", page)


def _begin(request: HttpRequest, clerk: Clerk, form_id: UUID) -> HttpResponse:
    with scope.for_person(clerk, read_only=True):
        offering = get_object_or_404(
            Offering.objects.select_related("authority", "service"),
            pk=as_uuid(request.POST.get("offering", "")),
            form=form_entry(clerk.authority_id, form_id).form,
            authority_id=clerk.authority_id,
        )
    person = people.who(request)
    if not isinstance(person, people.Applicant):
        raise TypeError(person)
    try:
        draft = use_cases.begin_test(offering, by=person, author=clerk)
    except ApplicationError as error:
        messages.error(request, error.sentence)
        return redirect("backoffice:form-trials", form_id)
    return redirect("filling:task-list", draft_id=draft.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@author_page
def erase(request: HttpRequest, clerk: Clerk, form_id: UUID) -> HttpResponse:
    """Asks first; then every test of the form goes, whoever filed it."""
    with scope.for_person(clerk, read_only=True):
        page = {
            "authority": Authority.objects.get(pk=clerk.authority_id),
            "entry": form_entry(clerk.authority_id, form_id),
        }
        if request.method != "POST":
            return render(request, "backoffice/releasing/erase_trials.html", page)
    number = use_cases.erase_tests(form_id, by=clerk)
    messages.success(
        request,
        ngettext("%(number)s Testantrag ist gelöscht.", "%(number)s Testanträge sind gelöscht.", number)
        % {"number": number},
    )
    return redirect("backoffice:form-trials", form_id)
