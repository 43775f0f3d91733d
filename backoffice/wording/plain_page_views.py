"""An author writes the page in plain words of a service, sees what the rules say, and enters a test."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from accounts.people import Clerk
from backoffice.access import author_page
from backoffice.forms import DayField
from catalogue.models import Offering, PlainPage
from catalogue.plain_pages import pages, rules
from foundation import scope
from foundation.forms import ListsErrors


class PlainPageForm(ListsErrors, forms.Form):
    """One box per part, a sentence per line."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    is_shown = forms.BooleanField(
        label=gettext_lazy("Menschen sehen diese Seite"),
        help_text=gettext_lazy("Solange niemand sie geprüft hat, heißt sie „Einfach erklärt“."),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, heading in pages.PARTS.items():
            self.fields[name] = forms.CharField(
                label=heading,
                required=False,
                max_length=4000,
                widget=forms.Textarea(attrs={"rows": 6}),
                error_messages={"max_length": _("Kürzen Sie den Text auf 4.000 Zeichen.")},
            )

    @property
    def texts(self) -> dict[str, str]:
        """What stands in the boxes, valid or not."""
        return {name: str(self[name].value() or "").replace("\r\n", "\n") for name in pages.PARTS}


class PlainTestForm(ListsErrors, forms.Form):
    """Who has read the page, and when."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    group = forms.CharField(
        label=gettext_lazy("Prüfgruppe"),
        help_text=gettext_lazy("Zum Beispiel: Prüfgruppe der Rostocker Werkstätten"),
        max_length=200,
        error_messages={"required": gettext_lazy("Nennen Sie die Gruppe, die den Text gelesen hat.")},
    )
    tested_on = DayField(label=gettext_lazy("Geprüft am"))


@require_http_methods(["GET", "HEAD", "POST"])
@author_page
def plain_page(request: HttpRequest, clerk: Clerk, offering_id: UUID) -> HttpResponse:
    """The text with what the rules say beside it; saving keeps whatever was written."""
    with scope.for_person(clerk, read_only=request.method != "POST"):
        offering = _offering(clerk, offering_id)
        page = pages.page_of(offering)
        if request.method != "POST":
            return _page(request, offering, page, _form_of(page))
        form = PlainPageForm(request.POST)
        if not form.is_valid():
            return _page(request, offering, page, form, HTTPStatus.UNPROCESSABLE_ENTITY)
        typed = form.cleaned_data
        try:
            pages.write(offering, typed, is_shown=typed["is_shown"], seen=typed["seen"], by_id=clerk.user_id)
        except pages.ChangedMeanwhile:
            again = PlainPageForm(_with_seen(request, page))
            return _page(request, offering, page, again, HTTPStatus.CONFLICT)
    messages.success(request, _("Der Text ist gespeichert."))
    return redirect("backoffice:plain-page", offering_id)


@require_POST
@author_page
def plain_page_tested(request: HttpRequest, clerk: Clerk, offering_id: UUID) -> HttpResponse:
    """A group has tested the page."""
    with scope.for_person(clerk):
        offering = _offering(clerk, offering_id)
        page = pages.page_of(offering)
        form = PlainTestForm(request.POST, auto_id="pruefung_%s")
        if form.is_valid():
            try:
                pages.note_test(offering, **form.cleaned_data, by_id=clerk.user_id)
            except pages.PlainPageRefused as refusal:
                form.add_error(None, str(refusal))
            except pages.ChangedMeanwhile:
                form.add_error(None, _("Der Text hat sich inzwischen geändert. Prüfen Sie ihn noch einmal."))
        if form.errors:
            status = HTTPStatus.UNPROCESSABLE_ENTITY
            return _page(request, offering, page, _form_of(page), status, test_form=form)
    messages.success(request, _("Die Prüfung ist eingetragen. Die Seite heißt jetzt „Leichte Sprache“."))
    return redirect("backoffice:plain-page", offering_id)


def _offering(clerk: Clerk, offering_id: UUID) -> Offering:
    wanted = Offering.objects.select_related("authority", "service")
    return get_object_or_404(wanted, pk=offering_id, authority_id=clerk.authority_id)


def _form_of(page: PlainPage) -> PlainPageForm:
    return PlainPageForm(initial=page.texts | {"is_shown": page.is_shown, "seen": pages.text_digest(page.texts)})


def _with_seen(request: HttpRequest, page: PlainPage) -> Any:
    """What was typed, as an answer to what is stored now."""
    typed = request.POST.copy()
    typed["seen"] = pages.text_digest(page.texts)
    return typed


def _page(
    request: HttpRequest,
    offering: Offering,
    page: PlainPage,
    form: PlainPageForm,
    status: HTTPStatus = HTTPStatus.OK,
    test_form: PlainTestForm | None = None,
) -> HttpResponse:
    found = rules.check(form.texts)
    is_conflict = status == HTTPStatus.CONFLICT
    context = {
        "authority": offering.authority,
        "offering": offering,
        "page": page,
        "state": pages.state_of(page, offering).value,
        "form": form,
        "parts": [(form[name], found[name], page.texts.get(name, "") if is_conflict else "") for name in pages.PARTS],
        "blocking": sum(finding.blocks for findings in found.values() for finding in findings),
        "may_be_tested": pages.is_free_of_blocking(page.texts),
        "test_form": test_form or PlainTestForm(auto_id="pruefung_%s", initial={"seen": pages.text_digest(page.texts)}),
        "is_conflict": is_conflict,
    }
    return render(request, "backoffice/wording/plain_page.html", context, status=status)
