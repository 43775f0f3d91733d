"""How forms come and go: made from a title, read from a file, an unpublished version removed."""

from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.people import Clerk
from authorities.models import Authority
from backoffice.access import author_page
from backoffice.designing import queries
from backoffice.designing.forms import FileForm, NewForm
from catalogue.importing import Report, Target, import_form
from forms_engine import checking_out
from forms_engine.editing import api as editing
from forms_engine.errors import DefinitionError
from forms_engine.models import Form
from forms_engine.use_cases import add_version
from foundation import scope


@require_http_methods(["GET", "HEAD", "POST"])
@author_page
def new(request: HttpRequest, clerk: Clerk) -> HttpResponse:
    """Makes a form of one step from its title, in the hands of its author."""
    typed = NewForm(request.POST if request.method == "POST" else None)
    with scope.for_person(clerk, read_only=request.method != "POST"):
        authority = Authority.objects.get(pk=clerk.authority_id)
        if not typed.is_valid():
            status = 422 if typed.is_bound else 200
            return render(
                request, "backoffice/designing/new.html", {"authority": authority, "form": typed}, status=status
            )
        taken = set(Form.objects.filter(authority=authority).values_list("key", flat=True))
        key = editing.key_from(typed.cleaned_data["title"], taken, joint="-", longest=60)
        definition = editing.new_form(key, typed.cleaned_data["title"])
        version = add_version(authority, definition, by=clerk.user_id)
        checking_out.check_out(version.form, by=clerk.user_id)
    messages.success(request, _("Das Formular ist angelegt. Es hat einen Schritt mit einer Frage."))
    return redirect("backoffice:edit-form", version.form_id)


@require_http_methods(["GET", "HEAD", "POST"])
@author_page
def discard(request: HttpRequest, clerk: Clerk, form_id: UUID) -> HttpResponse:
    """Asks before it removes the unpublished version, and with it a form that never had another."""
    with scope.for_person(clerk, read_only=request.method != "POST"):
        entry = queries.entry(clerk.authority_id, form_id)
        if entry.working is None:
            return redirect("backoffice:form", form_id)
        if request.method != "POST":
            page = {"authority": Authority.objects.get(pk=clerk.authority_id), "entry": entry}
            return render(request, "backoffice/designing/discard.html", page)
        try:
            checking_out.discard(entry.form, by=clerk.user_id)
        except DefinitionError as error:
            messages.error(request, " ".join(error.problems))
            return redirect("backoffice:form", form_id)
    messages.success(request, _("Der Entwurf ist gelöscht."))
    return redirect("backoffice:form", form_id) if entry.published else redirect("backoffice:forms")


@require_http_methods(["GET", "HEAD", "POST"])
@author_page
def read_file(request: HttpRequest, clerk: Clerk) -> HttpResponse:
    """Takes in a definition, a schema or a code list as a working version, and tells what became of it."""
    typed = FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm()
    with scope.for_person(clerk, read_only=True):
        authority = Authority.objects.get(pk=clerk.authority_id)
    report, made = None, None
    if typed.is_valid():
        told = typed.cleaned_data
        target = Target(
            authority=authority,
            service=None,
            department=None,
            publish=False,
            rules=told["rules"],
            by=clerk.user_id,
            valid_from=told["valid_from"],
        )
        report = _read(told["file"].read(), target)
        report.file = Path(told["file"].name).name
        with scope.for_person(clerk, read_only=True):
            made = Form.objects.filter(authority=authority, key=report.form).first() if report.form else None
    page = {"authority": authority, "form": typed, "report": report, "made": made}
    refused = typed.is_bound and (report is None or not report.ok)
    return render(request, "backoffice/designing/read_file.html", page, status=422 if refused else 200)


def _read(content: bytes, target: Target) -> Report:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "datei"
        file.write_bytes(content)
        return import_form(file, target)
