"""One case: read it, take it over, ask back, decide."""

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.people import Clerk
from applications import reading
from applications.contents import applicant_name_of, name_of
from applications.deciding import use_cases
from applications.deciding.notice import decisions, notice_of, preview
from applications.deciding.staff import identified
from applications.errors import ApplicationError
from applications.models import Application
from applications.states import FINAL
from backoffice import forms
from backoffice.access import staff_page
from backoffice.queries import case as queries
from backoffice.views.back import back_of, list_of, to_case
from foundation import audit, scope
from foundation.files.download import as_download
from foundation.files.models import StoredFile
from postbox.models import PostboxItem


def notes_look(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Decorator for forms of one case, which show whose it is: each page of theirs is noted as a look at the case."""

    @wraps(view)
    def noted(request: HttpRequest, clerk: Clerk, reference: str, **kwargs: object) -> HttpResponse:
        response = view(request, clerk, reference, **kwargs)
        if not isinstance(response, HttpResponseRedirect):
            with scope.for_person(clerk, read_only=True):
                application = queries.cases_of(clerk).get(reference=reference)
            record_access("application.read", clerk, application)
        return response

    return noted


@require_GET
@staff_page
def case(request: HttpRequest, clerk: Clerk, reference: str) -> HttpResponse:
    return show_case(request, clerk, reference)


def show_case(
    request: HttpRequest, clerk: Clerk, reference: str, *, refused: dict[UUID, forms.PaymentForm] | None = None
) -> HttpResponse:
    """The page of the case; the day of a payment that was `refused` keeps its place and what was typed."""
    refused = refused or {}
    with scope.for_person(clerk, read_only=True):
        application = get_object_or_404(queries.cases_of(clerk), reference=reference)
        page = queries.case_page(application, clerk)
        came_from = list_of(request, application, clerk)
        context = {
            "authority": application.authority,
            "page": page,
            "notices": [
                {
                    "notice": notice,
                    "payment": refused.get(notice.decision.pk) or forms.PaymentForm.of(notice.decision.pk),
                }
                for notice in page.notices
            ],
            "list": came_from,
            "back": came_from.query,
            "error_list": [error for form in refused.values() for error in form.error_list],
        }
        response = render(request, "backoffice/case.html", context, status=422 if refused else 200)
    record_access("application.read", clerk, application)
    return response


@require_GET
@staff_page
def file(request: HttpRequest, clerk: Clerk, reference: str, attachment_id: UUID) -> HttpResponse:
    with scope.for_person(clerk, read_only=True):
        application = get_object_or_404(queries.cases_of(clerk), reference=reference)
        attachment = get_object_or_404(queries.attachment_of(application, attachment_id))
        response = as_download(attachment.file, name_of(application, attachment))
    record_access("attachment.read", clerk, application, attachment=attachment_id)
    return response


@require_POST
@staff_page
def take_over(request: HttpRequest, clerk: Clerk, reference: str) -> HttpResponse:
    """Who comes too late is told on the page of the case who has it now."""
    try:
        with scope.for_person(clerk):
            application = get_object_or_404(queries.cases_of(clerk), reference=reference)
            if application.assignee_id in (None, clerk.user_id):
                use_cases.take_over(application, by=clerk)
            else:
                colleague_id = _uuid_or_none(request.POST.get("colleague", ""))
                use_cases.take_over_from_colleague(application, colleague_id=colleague_id, by=clerk)
    except ApplicationError as error:
        messages.error(request, _who_has_it(clerk, reference) or error.sentence)
    else:
        messages.success(request, _("Sie haben den Vorgang übernommen."))
    return to_case(request, reference)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
@notes_look
def ask_back(request: HttpRequest, clerk: Clerk, reference: str) -> HttpResponse:
    try:
        with scope.for_person(clerk, read_only=request.method != "POST"):
            application = get_object_or_404(queries.cases_of(clerk), reference=reference)
            if request.method != "POST" and not use_cases.can_work_on(application, clerk):
                return _not_now(request, reference)
            name = applicant_name_of(application)
            form = forms.AskBackForm(
                request.POST or None, initial=forms.first_question(application), application=application
            )
            if request.method != "POST" or not form.is_valid():
                return _answer(request, "backoffice/ask_back.html", application, name, form)
            use_cases.ask_back(application, by=clerk, **form.cleaned_data)
    except ApplicationError as error:
        return _refused(request, "backoffice/ask_back.html", clerk, application, name, form, error)
    messages.success(request, _("Ihre Nachforderung ist abgesendet. Die Bearbeitung ruht bis zur Antwort."))
    return to_case(request, reference)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
@notes_look
def decide(request: HttpRequest, clerk: Clerk, reference: str) -> HttpResponse:
    """The form, the preview of the notice, and the decision; each step keeps what was typed."""
    action = request.POST.get("action", "")
    try:
        with scope.for_person(clerk, read_only=action != "decide"):
            application = get_object_or_404(queries.cases_of(clerk), reference=reference)
            if request.method != "POST" and not use_cases.can_work_on(application, clerk):
                return _not_now(request, reference)
            name = applicant_name_of(application)
            form = forms.DecideForm(
                request.POST or None, initial=forms.first_ruling(application), application=application
            )
            if request.method != "POST" or not form.is_valid() or action == "change":
                return _answer(request, "backoffice/decide.html", application, name, form)
            use_cases.insist_on_own(application, clerk, seen_no=form.cleaned_data["seen_no"])
            ruling = form.ruling
            use_cases.check_ruling(application, ruling)
            if action != "decide":
                notice = preview(application, ruling, by_id=clerk.user_id)
                return _answer(request, "backoffice/preview.html", application, name, form, notice=notice)
            use_cases.decide(application, by=clerk, **form.cleaned_data)
    except ApplicationError as error:
        return _refused(request, "backoffice/decide.html", clerk, application, name, form, error)
    messages.success(request, _("Sie haben entschieden. Der Bescheid wird jetzt erstellt."))
    return to_case(request, reference)


@require_GET
@staff_page
def notice(request: HttpRequest, clerk: Clerk, reference: str) -> HttpResponse:
    """The notice as a page, word for word what stands in the PDF."""
    with scope.for_person(clerk, read_only=True):
        application = get_object_or_404(queries.cases_of(clerk), reference=reference)
        decision = get_object_or_404(decisions().filter(application=application).order_by("-no")[:1])
        context = {"authority": application.authority, "notice": notice_of(decision), "reference": reference}
        context["back"] = back_of(request)
        response = render(request, "backoffice/notice.html", context)
    record_access("notice.read", clerk, application)
    return response


@require_GET
@staff_page
def notice_pdf(request: HttpRequest, clerk: Clerk, reference: str, item_id: UUID) -> HttpResponse:
    with scope.for_person(clerk, read_only=True):
        application = get_object_or_404(queries.cases_of(clerk), reference=reference)
        item = get_object_or_404(PostboxItem, pk=item_id, subject_id=application.pk)
        stored = get_object_or_404(StoredFile, pk=item.file_id)
        response = as_download(stored, f"bescheid-{reference}.pdf")
    record_access("notice.read", clerk, application, item=item_id)
    return response


def _not_now(request: HttpRequest, reference: str) -> HttpResponse:
    """Nobody types a long text only to hear afterwards that it was for nothing."""
    messages.warning(request, _("Das geht gerade nicht. Sehen Sie hier, wer den Vorgang bearbeitet."))
    return to_case(request, reference)


def _answer(
    request: HttpRequest,
    template: str,
    application: Application,
    name: str,
    form: forms.AskBackForm | forms.DecideForm,
    *,
    status: int = 200,
    **more: object,
) -> HttpResponse:
    status = 422 if status == 200 and form.errors else status
    context = {"authority": application.authority, "application": application, "name": name, "form": form, **more}
    context["back"] = back_of(request)
    return render(request, template, context, status=status)


def _refused(
    request: HttpRequest,
    template: str,
    clerk: Clerk,
    application: Application,
    name: str,
    form: forms.AskBackForm | forms.DecideForm,
    error: ApplicationError,
) -> HttpResponse:
    """The form again with what was typed. It says what happened to the case meanwhile and carries the number of that:
    whoever has read it may send the form once more.
    """
    form.add_error(None, error.sentence)
    with scope.for_person(clerk, read_only=True):
        now = get_object_or_404(queries.cases_of(clerk), pk=application.pk)
        news = queries.news_of(now, clerk, seen_no=form.cleaned_data["seen_no"])
    form.data = request.POST.copy()
    form.data["seen_no"] = str(now.state_no)
    return _answer(request, template, now, name, form, status=error.status, news=news)


def _who_has_it(clerk: Clerk, reference: str) -> str:
    """In words, when a colleague works on the case; else empty."""
    with scope.for_person(clerk, read_only=True):
        application = get_object_or_404(queries.cases_of(clerk), reference=reference)
        if application.assignee_id in (None, clerk.user_id) or application.state in FINAL:
            return ""
        name = queries.assignee_name(application, identified([application.assignee_id]), clerk)
    return _("Diesen Vorgang bearbeitet inzwischen %(name)s. Sprechen Sie sich ab.") % {"name": name}


def record_access(action: str, clerk: Clerk, application: Application, **refs: audit.Ref) -> None:
    """Who looked at a case is kept for those who ask: in which role, and with which office the case lay."""
    reading.note(action, application, by=clerk, department=application.department_id, **refs)


def _uuid_or_none(value: str) -> UUID | None:
    try:
        return UUID(value)
    except ValueError:
        return None
