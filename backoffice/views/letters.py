"""The print list: letters to post, documents to hand over at the counter."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.people import Clerk
from authorities import clock as calendar
from authorities.models import Authority
from backoffice.access import staff_page
from backoffice.forms import DayForm
from backoffice.queries import letters as queries
from foundation import scope
from postbox import use_cases
from postbox.errors import PostboxError
from postbox.models import PostboxItem


@require_GET
@staff_page
def print_list(request: HttpRequest, clerk: Clerk) -> HttpResponse:
    return _list(request, clerk)


@require_POST
@staff_page
def send_out(request: HttpRequest, clerk: Clerk, item_id: UUID) -> HttpResponse:
    """Notes the day on which a letter was posted or a document was handed over."""
    form = DayForm(request.POST, prefix=str(item_id), auto_id="%s")
    try:
        with scope.for_person(clerk):
            item = get_object_or_404(queries.items_of(clerk), pk=item_id)
            if form.is_valid():
                _note(item, form, clerk)
    except PostboxError as error:
        form.add_error("day", error.sentence)
    if form.errors:
        return _list(request, clerk, refused={item_id: form}, status=422)
    messages.success(request, _("Der Tag ist eingetragen."))
    return redirect("backoffice:letters")


def _note(item: PostboxItem, form: DayForm, clerk: Clerk) -> None:
    if item.regime == PostboxItem.Regime.PICKUP:
        use_cases.hand_over(item, on=form.cleaned_data["day"], by=clerk)
    else:
        use_cases.post_letter(item, posted_on=form.cleaned_data["day"], by=clerk)


def _list(
    request: HttpRequest, clerk: Clerk, *, refused: dict[UUID, DayForm] | None = None, status: int = 200
) -> HttpResponse:
    """The page; a form that was refused keeps its place and what was typed."""
    refused = refused or {}
    with scope.for_person(clerk, read_only=True):
        today = calendar.today()

        def rows(found: list[queries.Outgoing]) -> list[dict[str, Any]]:
            return [{"out": out, "form": refused.get(out.item.pk) or _form(out.item.pk, today)} for out in found]

        letters, pickups = queries.letters(clerk), queries.pickups(clerk)
        context = {
            "authority": Authority.objects.get(pk=clerk.authority_id),
            "letters": rows(letters.rows),
            "pickups": rows(pickups.rows),
            "more_letters": letters.has_more,
            "more_pickups": pickups.has_more,
            "most": queries.MOST,
            "error_list": [error for form in refused.values() for error in form.error_list],
        }
        return render(request, "backoffice/letters.html", context, status=status)


def _form(item_id: UUID, today: date) -> DayForm:
    return DayForm(initial={"day": today}, prefix=str(item_id), auto_id="%s")
