"""What a service costs from which day on: rates, a new one, and the day that decides."""

from datetime import date
from http import HTTPStatus
from typing import Any, cast
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from accounts.people import Clerk
from authorities import clock as calendar
from backoffice.access import author_page
from backoffice.forms import DayField
from backoffice.wording.forms import RateForm
from catalogue import fees, queries, tariffs, use_cases
from catalogue.models import Offering
from forms_engine import api as engine
from foundation import scope
from foundation.forms import ListsErrors


class PreviewForm(ListsErrors, forms.Form):
    tag = DayField(label=gettext_lazy("Was gilt am"))


class DecidingForm(ListsErrors, forms.Form):
    """The question whose answer decides which rate is charged."""

    deciding_date = forms.ChoiceField(
        label=gettext_lazy("Diese Angabe entscheidet"),
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": gettext_lazy("Wählen Sie eine der Angaben aus der Liste.")},
    )

    def __init__(self, *args: Any, form: engine.CompiledForm | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        days = tariffs.days_that_may_decide(form) if form else []
        cast(forms.ChoiceField, self.fields["deciding_date"]).choices = [
            ("", _("Der Tag, an dem jemand den Antrag absendet")),
            *days,
        ]


@require_http_methods(["GET", "HEAD", "POST"])
@author_page
def rates(request: HttpRequest, clerk: Clerk, offering_id: UUID) -> HttpResponse:
    """All rates of a service, what holds on a day, and a new rate from a day on."""
    with scope.for_person(clerk, read_only=request.method != "POST"):
        offering = _offering(clerk, offering_id)
        form = _form_of(offering)
        rates_so_far = tariffs.rates(offering)
        rate_form = RateForm(request.POST or None, tariff=rates_so_far[-1].tariff, form=form)
        if request.method == "POST" and rate_form.is_valid():
            try:
                day = rate_form.cleaned_data["valid_from"]
                use_cases.add_rate(offering, rate_form.tariff, valid_from=day, by_id=clerk.user_id)
            except use_cases.RateRefused as refusal:
                rate_form.add_error("valid_from", str(refusal))
            else:
                messages.success(request, _("Die neue Gebühr ist eingetragen."))
                return redirect("backoffice:rates", offering_id)
        page = _page(request, offering, form, rates_so_far) | {"rate_form": rate_form}
        status = HTTPStatus.UNPROCESSABLE_ENTITY if rate_form.errors else HTTPStatus.OK
        return render(request, "backoffice/wording/rates.html", page, status=status)


@require_POST
@author_page
def deciding_date(request: HttpRequest, clerk: Clerk, offering_id: UUID) -> HttpResponse:
    """Which day decides what a service costs."""
    with scope.for_person(clerk):
        offering = _offering(clerk, offering_id)
        form = _form_of(offering)
        chosen = DecidingForm(request.POST, form=form)
        if not chosen.is_valid():
            so_far = tariffs.rates(offering)
            page = _page(request, offering, form, so_far) | {
                "rate_form": RateForm(tariff=so_far[-1].tariff, form=form),
                "deciding_form": chosen,
            }
            return render(request, "backoffice/wording/rates.html", page, status=HTTPStatus.UNPROCESSABLE_ENTITY)
        use_cases.choose_deciding_date(offering, chosen.cleaned_data["deciding_date"], by_id=clerk.user_id)
    messages.success(request, _("Eingetragen. Das gilt für alle Anträge ab jetzt."))
    return redirect("backoffice:rates", offering_id)


def _offering(clerk: Clerk, offering_id: UUID) -> Offering:
    wanted = Offering.objects.select_related("authority", "service")
    return get_object_or_404(wanted, pk=offering_id, authority_id=clerk.authority_id)


def _form_of(offering: Offering) -> engine.CompiledForm | None:
    version = queries.published_version(offering)
    return engine.compiled(version) if version else None


def _page(
    request: HttpRequest, offering: Offering, form: engine.CompiledForm | None, so_far: list[tariffs.Rate]
) -> dict[str, Any]:
    asked = PreviewForm(request.GET if "tag" in request.GET else None)
    day: date = asked.cleaned_data["tag"] if asked.is_valid() else calendar.today()
    if not asked.is_bound:
        asked = PreviewForm(initial={"tag": day})
    held = tariffs.tariff_on(offering, day)
    return {
        "authority": offering.authority,
        "offering": offering,
        "rates": [(rate, fees.summary(rate.tariff)) for rate in reversed(so_far)],
        "preview_form": asked,
        "day": day,
        "held": fees.summary(held),
        "held_amounts": fees.amounts(held, form),
        "deciding_form": DecidingForm(initial={"deciding_date": offering.deciding_date}, form=form),
    }
