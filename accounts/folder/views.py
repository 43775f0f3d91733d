"""Pages of the folder. A document that is not one's own is not found."""

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.door import for_account
from accounts.errors import AccountError
from accounts.folder import use_cases
from accounts.folder.details import read
from accounts.folder.forms import DocumentForm, UploadForm, as_initial
from accounts.folder.queries import Kept, document_of, documents_of
from accounts.people import Applicant
from accounts.signing_in import take_kept
from foundation import files, limits, scope
from foundation.files.download import as_download


@require_safe
@never_cache
@for_account
def documents(request: HttpRequest, person: Applicant) -> HttpResponse:
    with scope.for_person(person, read_only=True):
        rows = documents_of(person)
    return render(request, "accounts/folder/list.html", {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@for_account
def add(request: HttpRequest, person: Applicant) -> HttpResponse:
    """Takes a file into the folder. What is wrong with it is said at its field; it is to be chosen once more then."""
    if request.method != "POST":
        return render(request, "accounts/folder/add.html", {"form": UploadForm(initial=_kept_words(request))})
    limits.insist_for_address("upload", request)
    form = UploadForm(request.POST, request.FILES)
    if form.is_valid() and _keep(request, form, person):
        messages.success(request, _("Das Dokument liegt in Ihren Unterlagen."))
        return redirect("folder:list")
    return render(request, "accounts/folder/add.html", {"form": form}, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def _kept_words(request: HttpRequest) -> dict[str, str]:
    """What was typed before the sitting ended."""
    typed = take_kept(request)
    return {name: str(typed[name]) for name in typed} if typed else {}


def _keep(request: HttpRequest, form: UploadForm, person: Applicant) -> bool:
    upload = form.cleaned_data["file"]
    try:
        files.require_room_at_authority(None, upload.name)
        taken = files.take(upload, name=upload.name, limits=use_cases.LIMITS)
        with scope.for_person(person):
            document = use_cases.keep(taken, form.details(taken.name), by=person)
            if read(document) != form.details(taken.name):  # it was there already, under other words
                use_cases.change(document, form.details(taken.name), by=person)
    except (files.FileRefused, AccountError) as refusal:
        form.add_error("file", refusal.sentence)
        return False
    for sentence in taken.told:
        messages.info(request, sentence)
    return True


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@for_account
def edit(request: HttpRequest, person: Applicant, document_id: UUID) -> HttpResponse:
    """Another title, kind or day."""
    with scope.for_person(person, read_only=request.method != "POST"):
        kept = _own(person, document_id)
        form = DocumentForm(request.POST if request.method == "POST" else None, initial=as_initial(kept.details))
        if form.is_valid():
            use_cases.change(kept.document, form.details(kept.details.name), by=person)
    if form.is_bound and form.is_valid():
        messages.success(request, _("Die Angaben zum Dokument sind gespeichert."))
        return redirect("folder:list")
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(request, "accounts/folder/edit.html", {"form": form, "kept": kept}, status=status)


@require_safe
@never_cache
@for_account
def download(request: HttpRequest, person: Applicant, document_id: UUID) -> HttpResponse:
    with scope.for_person(person, read_only=True):
        kept = _own(person, document_id)
        return as_download(kept.document.file, kept.details.name)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@for_account
def remove(request: HttpRequest, person: Applicant, document_id: UUID) -> HttpResponse:
    """Asks first, since nothing brings it back."""
    with scope.for_person(person, read_only=request.method != "POST"):
        kept = _own(person, document_id)
        if request.method == "POST":
            use_cases.remove(kept.document, by=person)
    if request.method != "POST":
        return render(request, "accounts/folder/remove.html", {"kept": kept})
    messages.success(request, _("Das Dokument ist gelöscht."))
    return redirect("folder:list")


def _own(person: Applicant, document_id: UUID) -> Kept:
    kept = document_of(person, document_id)
    if kept is None:
        raise Http404
    return kept
