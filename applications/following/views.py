"""The person's pages about their cases. Each view fetches through the person and calls one use case."""

from collections.abc import Callable
from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts import people
from accounts.door import for_account
from accounts.people import Applicant
from accounts.signing_in import last_visit, take_kept
from applications import reading
from applications.contents import name_of, title_of
from applications.deciding.notice import notice_of
from applications.errors import ApplicationError
from applications.filling.use_cases import discard_draft
from applications.following import case, door, queries, use_cases
from applications.following.door import Citizen, for_case
from applications.following.forms import AnswerForm, FindForm
from applications.models import Application, Attachment, Draft
from foundation import files, ids, limits, paging, scope
from foundation.files.download import as_download

#: My page names the drafts that were saved last; all of them stand under their tab.
SHOWN_DRAFTS = 3
#: And the permits that end first; all of them stand on a page of their own.
SHOWN_PERMITS = 5
TRIES = {"tries": 10, "seconds": 15 * 60}
#: Codes have 80 bits: this stops a flood, not a guess. If it were low, anybody could lock the owner out.
TRIES_OF_A_REFERENCE = {"tries": 1_000, "seconds": 15 * 60}


@require_safe
@never_cache
@for_account
def running(request: HttpRequest, person: Applicant) -> HttpResponse:
    after = request.GET.get(paging.AFTER, "")
    with scope.for_person(person, read_only=True):
        cases = queries.running_page(person, since=last_visit(request), after=after)
        page = {"counters": queries.counters(person), "page": cases}
        if cases.is_first:
            page |= {"drafts": queries.drafts(person, size=SHOWN_DRAFTS).rows}
            page |= {"permits": queries.permits(person, size=SHOWN_PERMITS)}
    mine = [row for row in cases.rows if row.needs_person]
    ours = [row for row in cases.rows if not row.needs_person]
    return render(request, "following/running.html", page | {"mine": mine, "ours": ours})


@require_safe
@never_cache
@for_account
def drafts(request: HttpRequest, person: Applicant) -> HttpResponse:
    return _list(request, "following/drafts.html", person, queries.drafts)


@require_safe
@never_cache
@for_account
def finished(request: HttpRequest, person: Applicant) -> HttpResponse:
    return _list(request, "following/finished.html", person, queries.finished)


@require_safe
@never_cache
@for_account
def permits(request: HttpRequest, person: Applicant) -> HttpResponse:
    return _list(request, "following/permits.html", person, queries.permits)


def _list(request: HttpRequest, template: str, person: Applicant, rows: Callable[..., paging.Page]) -> HttpResponse:
    """One of the person's lists: the page of it that was asked for, and the counters of all."""
    with scope.for_person(person, read_only=True):
        found = rows(person, after=request.GET.get(paging.AFTER, ""))
        page = {"counters": queries.counters(person), "page": found}
    return render(request, template, page)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@for_account
def delete_draft(request: HttpRequest, person: Applicant, draft_id: UUID) -> HttpResponse:
    """Asks first, since nothing brings a draft back."""
    with scope.for_person(person, read_only=request.method != "POST"):
        own = Draft.objects.visible_to(person).select_related("authority", "offering__service")
        draft = get_object_or_404(own, pk=draft_id)
        if request.method != "POST":
            page = {"draft": draft, "title": title_of(draft), "authority": draft.authority}
            return render(request, "following/delete_draft.html", page)
        discard_draft(draft)
    messages.success(request, _("Der Entwurf ist gelöscht."))
    return redirect("following:drafts")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def find(request: HttpRequest) -> HttpResponse:
    """Follow a case or go on with a draft, with reference and code, without an account."""
    asked_for = request.GET.get("nummer", "")[:40]
    form = FindForm(request.POST or None, initial={"nummer": asked_for})
    page = {"form": form, "reference": ids.parse_reference(asked_for)}
    if not form.is_valid():
        return render(request, "following/find.html", page, status=_status_of(form))
    reference, digest = form.pair
    if not _may_try(request, reference):
        form.refuse_for_now()
        refused = render(request, "following/find.html", page, status=HTTPStatus.TOO_MANY_REQUESTS)
        refused["Retry-After"] = str(limits.wait(TRIES["seconds"]))
        return refused
    application_id, draft_id = door.find_by_code(reference, digest)
    found = application_id or draft_id
    if found is None:
        form.refuse()
        return render(request, "following/find.html", page, status=_status_of(form))
    people.remember_code(request, found, form.cleaned_data["code"])
    return redirect("following:case", reference) if application_id else redirect("filling:task-list", draft_id)


def _may_try(request: HttpRequest, reference: str | None) -> bool:
    """One count stops a machine, whichever cases it tries; only what it lets pass counts against the case."""
    if not limits.allow("find-by-address", limits.client_address(request), **TRIES):
        return False
    return reference is None or limits.allow("find-by-reference", reference, **TRIES_OF_A_REFERENCE)


@require_safe
@never_cache
@for_case
def case_page(request: HttpRequest, person: Citizen, reference: str) -> HttpResponse:
    with scope.for_person(person, read_only=True):
        page = case.case_page(door.own_case(person, reference), person=person)
    reading.note("application.read", page.application, by=person)
    if page.question is None:
        return _show(request, page, None)
    typed = take_kept(request, path=reverse("following:answer", args=[reference]))
    return _show(request, page, AnswerForm(page.question, initial={"text": typed.get("text", "") if typed else ""}))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@for_case
def answer(request: HttpRequest, person: Citizen, reference: str) -> HttpResponse:
    """Answers what the office asked. Files are kept one by one, so that a fault elsewhere loses none."""
    if request.method != "POST":
        return redirect("following:case", reference)
    with scope.for_person(person, read_only=True):
        application = door.own_case(person, reference)
        question = case.open_question(application, asked=request.POST.get("question", ""))
    refused = _keep_files(request, person, application, question)
    if "delete_file" in request.POST:
        return _remove_file(request, person, application, question)
    with scope.for_person(person, read_only=True):
        page = case.case_page(door.own_case(person, reference), person=person)
    form = AnswerForm(page.question or question, data=request.POST, files=request.FILES, refused=refused)
    if not form.is_valid():
        return _show(request, page, form)
    with scope.for_person(person):
        use_cases.answer_correction(application, question=question.request, text=form.cleaned_data["text"], by=person)
    messages.success(request, _("Ihre Antwort ist angekommen. Wir bearbeiten Ihren Vorgang weiter."))
    return redirect("following:case", reference)


def _remove_file(
    request: HttpRequest, person: Citizen, application: Application, question: case.Question
) -> HttpResponse:
    """Takes one uploaded file back and shows the form again, with the text as it was."""
    chosen = request.POST["delete_file"]
    for file in question.files:
        if str(file.attachment.pk) == chosen:
            use_cases.remove_correction_file(application, question=question.request, attachment_id=file.attachment.pk)
            messages.success(request, _("Die Datei „%(name)s“ ist gelöscht.") % {"name": file.name})
    with scope.for_person(person, read_only=True):
        page = case.case_page(door.own_case(person, application.reference), person=person)
    form = AnswerForm(page.question or question, initial={"text": request.POST.get("text", "")})
    return _show(request, page, form)


def _keep_files(
    request: HttpRequest, person: Citizen, application: Application, question: case.Question
) -> dict[int, str]:
    """Stores what was uploaded, each file by itself; the sentences of those that were refused, by document."""
    refused = {}
    if request.FILES:
        limits.insist_for_address("upload", request)
    for no in range(len(question.documents)):
        if upload := request.FILES.get(f"document-{no}"):
            try:
                files.require_room_at_authority(application.authority_id, upload.name or "")
                taken = files.take(upload, name=upload.name or "", limits=use_cases.LIMITS)
                with scope.for_person(person):
                    use_cases.add_correction_file(application, question=question.request, no=no, taken=taken)
                for sentence in taken.told:
                    messages.info(request, sentence)
            except files.FileRefused as refusal:
                refused[no] = refusal.sentence
    return refused


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@for_case
def withdraw(request: HttpRequest, person: Citizen, reference: str) -> HttpResponse:
    """Asks first; then takes the application back."""
    with scope.for_person(person, read_only=request.method != "POST"):
        application = door.own_case(person, reference)
        if request.method != "POST":
            page = {"application": application, "title": title_of(application)}
            page |= {"authority": application.authority, "is_answered": application.offering.is_answered}
            return render(request, "following/withdraw.html", page)
        use_cases.withdraw_application(application, by=person)
    is_answered = application.offering.is_answered
    done = _("Sie haben die Mitteilung zurückgezogen.") if is_answered else _("Sie haben den Antrag zurückgezogen.")
    messages.success(request, done)
    return redirect("following:case", reference)


@require_safe
@never_cache
@for_case
def readers(request: HttpRequest, person: Citizen, reference: str) -> HttpResponse:
    """Who at the office looked at the case: role and office, no names (GDPR Art. 15)."""
    with scope.for_person(person, read_only=True):
        application = door.own_case(person, reference)
    log = reading.looks_of_office(application, after=reading.Place.of(request.GET.get("nach", "")))
    reading.note("readlog.read", application, by=person)
    page = {"application": application, "title": title_of(application), "authority": application.authority}
    return render(request, "following/readers.html", page | {"log": log})


@require_safe
@never_cache
@for_case
def own_file(request: HttpRequest, person: Citizen, reference: str, attachment_id: UUID) -> HttpResponse:
    """A file that the person added themselves."""
    with scope.for_person(person, read_only=True):
        application = door.own_case(person, reference)
        own = Attachment.objects.filter(application_id=application.pk).select_related("file")
        attachment = get_object_or_404(own, pk=attachment_id)
        response = as_download(attachment.file, name_of(application, attachment))
    reading.note("attachment.read", application, by=person, attachment=attachment_id)
    return response


@require_safe
@never_cache
@for_case
def receipt_pdf(request: HttpRequest, person: Citizen, reference: str) -> HttpResponse:
    with scope.for_person(person, read_only=True):
        application = door.own_case(person, reference)
        made = getattr(application, "receipt", None)
        if made is None:
            return render(request, "following/receipt_waits.html", {"application": application}, status=404)
        response = as_download(made.file, f"{application.reference}.pdf")
    reading.note("receipt.read", application, by=person)
    return response


@require_safe
@never_cache
def notice_page(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """The notice in the words of its PDF, once it has been made known to the person."""
    person = people.who(request, subject_id=application_id)
    if person is None:
        return redirect_to_login(request.get_full_path())
    with scope.for_person(person, read_only=True):
        application = get_object_or_404(Application.objects.visible_to(person).for_pages(), pk=application_id)
        document = next(iter(case.documents_of(application, person)[-1:]), None)
        decision = application.decisions.order_by("-no").first()
        if decision is None or not case.is_made_known(document):
            raise ApplicationError(
                "not_made_known", _("Dieses Dokument ist noch nicht geöffnet. Sehen Sie in Ihr Postfach.")
            )
        notice = notice_of(decision)
    reading.note("notice.read", application, by=person)
    page = {"notice": notice, "document": document, "authority": application.authority}
    girocode = notice.payment.girocode_address if notice.payment and not notice.is_test else ""
    return render(request, "following/notice.html", page | {"girocode": girocode})


def _show(request: HttpRequest, page: case.CasePage, form: AnswerForm | None) -> HttpResponse:
    application = page.application
    shown = {"page": page, "form": form, "authority": application.authority, "department": application.office}
    return render(request, "following/case.html", shown, status=_status_of(form))


def _status_of(form: FindForm | AnswerForm | None) -> int:
    faulty = form is not None and form.is_bound and not form.is_valid()
    return HTTPStatus.UNPROCESSABLE_ENTITY if faulty else HTTPStatus.OK
