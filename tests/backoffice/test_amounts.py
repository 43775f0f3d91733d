"""Amounts are read as the form engine reads the numbers of citizens: comma for cents, dots between thousands only."""

from decimal import Decimal

import pytest
from django import forms
from django.test import Client
from django.utils import translation

from accounts.people import Clerk
from applications.models import Application, Decision
from applications.states import State
from backoffice.forms import AmountField
from foundation import scope
from tests.backoffice.cases import address, ruling
from tests.factories import make_application
from tests.frame.pages import Page

READ = {
    "108": "108",
    "108,5": "108.5",
    "108,50": "108.50",
    "1080,50": "1080.50",
    "1.080,50": "1080.50",
    "1 080,50": "1080.50",
    "1\u00a0080,50": "1080.50",
    " 1.080 ": "1080",
    "1.234.567,89": "1234567.89",
    "0": "0",
    "007": "7",
}
REFUSED = (
    *("1e3", "1080.50", "108.5", "1.08", "1.0800", "1,080.50", "1.080.50", "12,345", "108,", ",50", "-1", "−1"),
    *("NaN", "Infinity", "inf", "1_000", "0x10", "٣", "viel", "108 €", "9" * 10, "9" * 400),
)


class Rate(forms.Form):
    amount = AmountField()


@pytest.mark.parametrize(("typed", "amount"), READ.items())
def test_amount_is_read_as_people_write_it(typed: str, amount: str) -> None:
    with translation.override("de"):
        form = Rate({"amount": typed})
        assert form.is_valid(), form.errors
        assert form.cleaned_data["amount"] == Decimal(amount)


@pytest.mark.parametrize("typed", REFUSED)
def test_what_is_no_amount_is_refused_with_an_example_and_kept(typed: str) -> None:
    with translation.override("de"):
        form = Rate({"amount": typed})
        assert form.errors == {"amount": ["Geben Sie einen Betrag ein, zum Beispiel 108,00."]}
        assert form["amount"].value() == typed


@pytest.mark.parametrize(("amount", "shown"), [("1080.50", "1080,50"), ("108.00", "108,00")])
def test_amount_that_stands_in_the_field_can_be_sent_as_it_stands(amount: str, shown: str) -> None:
    with translation.override("de"):
        stands = Rate(initial={"amount": Decimal(amount)})["amount"].subwidgets[0].data["value"]
        assert stands == shown
        assert Rate({"amount": stands}).is_valid()


@pytest.mark.parametrize("typed", ["1.080,50", "1080,50"])
def test_fee_of_a_notice_is_read_the_same_way(client: Client, clerk: Clerk, typed: str) -> None:
    case = make_application(state=State.PROCESSING, assignee_id=clerk.user_id)
    assert client.post(address(case, "entscheiden/"), ruling(case, "decide", fee=typed)).status_code == 302
    with scope.system("look", read_only=True):
        assert Decision.objects.get().fee == Decimal("1080.50")


@pytest.mark.parametrize("typed", ["1e3", "1080.50"])
def test_fee_that_is_no_german_number_is_refused_and_kept(client: Client, clerk: Clerk, typed: str) -> None:
    case: Application = make_application(state=State.PROCESSING, assignee_id=clerk.user_id)
    response = client.post(address(case, "entscheiden/"), ruling(case, "decide", fee=typed))
    assert response.status_code == 422
    page = Page(response)
    assert "Geben Sie einen Betrag ein, zum Beispiel 108,00." in page.text
    assert page.tree.xpath("//input[@name='fee']/@value") == [typed]
