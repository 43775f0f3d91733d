"""A rate changes from a day on, without a new version of the form; what was filed keeps what it was filed with."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client

from applications.models import Application
from authorities import clock
from catalogue import describing, fees, tariffs, use_cases
from catalogue.models import Offering, Poster, Tariff
from catalogue.tasks import order_posters_of_new_rates
from forms_engine import api as engine
from forms_engine.models import FormVersion
from foundation import scope
from foundation.outbox.models import OutboxRow
from hro_portal.demo.city import FORMS, read_json
from tests import filler

pytestmark = pytest.mark.usefixtures("city")


def flat(amount: str) -> dict[str, Any]:
    return {"summary": {"de": f"{amount} € im Jahr"}, "sum": [{"price": amount}]}


def offering_of(slug: str, authority: str = "rostock") -> Offering:
    wanted = Offering.objects.select_related("authority", "service")
    return wanted.get(authority__slug=authority, service__slug=slug)


def put(offering: Offering, amount: str, day: date) -> Tariff:
    """A rate as it lies there, also one that began in the past."""
    with scope.authority(offering.authority_id):
        return Tariff.objects.create(
            offering=offering, authority_id=offering.authority_id, valid_from=day, tariff=flat(amount)
        )


def add(offering: Offering, amount: str, day: date) -> Tariff:
    with scope.authority(offering.authority_id):
        return use_cases.add_rate(offering, flat(amount), valid_from=day)


def test_each_day_has_the_rate_that_began_last() -> None:
    offering = offering_of("gewerbe-anmelden")
    put(offering, "30.00", date(2026, 1, 1))
    put(offering, "35.00", date(2027, 1, 1))
    put(offering, "36.00", date(2027, 1, 1))  # a mistake was mended: the later one holds
    days = [date(2025, 12, 31), date(2026, 1, 1), date(2026, 12, 31), date(2027, 1, 1), date(2040, 1, 1)]
    held = [fees.expected(tariffs.tariff_on(offering, day), {}) for day in days]
    assert held == [Decimal(amount) for amount in ("26.00", "30.00", "30.00", "36.00", "36.00")]
    assert [(rate.first, rate.until, rate.is_replaced) for rate in tariffs.rates(offering)] == [
        (None, date(2026, 1, 1), False),
        (date(2026, 1, 1), date(2027, 1, 1), False),
        (date(2027, 1, 1), date(2027, 1, 1), True),
        (date(2027, 1, 1), None, False),
    ]
    assert fees.expected(tariffs.tariff_on(offering_of("gewerbe-anmelden", "schwerin"), days[-1]), {}) == 30


def test_what_held_is_never_changed_and_no_day_that_has_passed_gets_another_rate() -> None:
    offering = offering_of("gewerbe-anmelden")
    row = add(offering, "30.00", clock.today())
    with pytest.raises(use_cases.RateRefused, match="Dieser Tag ist vorbei"):
        add(offering, "31.00", clock.today() - timedelta(days=1))
    for change in (lambda: Tariff.objects.update(tariff={}), lambda: row.delete()):
        with pytest.raises(DatabaseError), scope.authority(offering.authority_id):
            change()


def test_no_authority_hangs_a_rate_on_the_service_of_another_one() -> None:
    mine, theirs = offering_of("gewerbe-anmelden"), offering_of("gewerbe-anmelden", "schwerin")
    with pytest.raises(DatabaseError, match="row-level security"), scope.authority(mine.authority_id):
        Tariff.objects.create(
            offering=theirs, authority_id=mine.authority_id, valid_from=date(2030, 1, 1), tariff=flat("1.00")
        )


def test_the_answer_to_a_question_may_decide_which_rate_is_charged() -> None:
    offering = offering_of("sondernutzung")
    put(offering, "99.00", date(2027, 1, 1))
    sent = date(2026, 11, 1)
    assert tariffs.expected(offering, {"von": "2027-04-01"}, submitted_on=sent)[1] == offering.fee
    offering.deciding_date = "von"
    assert tariffs.expected(offering, {"von": "2027-04-01"}, submitted_on=sent)[0] == Decimal("99.00")
    assert tariffs.expected(offering, {"von": "2026-12-31"}, submitted_on=sent)[1] == offering.fee
    assert tariffs.expected(offering, {}, submitted_on=sent) == (None, offering.fee)


def test_an_application_keeps_the_fee_that_it_was_filed_with(client: Client) -> None:
    offering = offering_of("wuensche-und-ideen")
    with scope.system("look"):
        versions = FormVersion.objects.count()
    put(offering, "12.00", clock.today())
    draft = filler.begin(client)
    filler.fill_idea(client, draft)
    assert "12,00 €" in client.get(f"{draft}pruefen/", headers={"accept-language": "de"}).content.decode()
    assert filler.submit(client, draft).status_code == 302
    put(offering, "15.00", clock.today())
    with scope.system("look"):
        assert Application.objects.get().fee == Decimal("12.00")
        assert FormVersion.objects.count() == versions


def test_the_service_page_says_what_holds_today(client: Client) -> None:
    offering = offering_of("gewerbe-anmelden")
    put(offering, "41.00", clock.today())
    put(offering, "43.00", clock.today() + timedelta(days=1))
    page = client.get(offering.get_absolute_url()).content.decode()
    assert "41.00 € im Jahr" in page
    assert "43.00" not in page


def test_a_new_poster_is_ordered_on_the_day_on_which_a_rate_begins() -> None:
    offering = offering_of("gewerbe-anmelden")
    put(offering, "41.00", clock.today() + timedelta(days=1))
    order_posters_of_new_rates()
    assert not OutboxRow.objects.filter(kind="poster").exists()
    put(offering, "42.00", clock.today())
    order_posters_of_new_rates()
    assert OutboxRow.objects.get(kind="poster").subject_id == offering.pk
    with scope.system("look"):
        assert not Poster.objects.exists()


def test_a_description_cannot_change_a_rate_that_dated_ones_have_replaced() -> None:
    offering = offering_of("sondernutzung")
    form = engine.compile_definition(read_json(FORMS / "sondernutzung.json"))
    assert tariffs.problems_of_terms(offering, flat("5.00"), "von", form) == []
    assert tariffs.problems_of_terms(offering, flat("5.00"), "zweck", form) == [
        "„zweck“ fragt nicht nach einem Tag. Nennen Sie eine Frage nach einem Datum."
    ]
    put(offering, "6.00", date(2030, 1, 1))
    assert tariffs.problems_of_terms(offering, offering.fee, "", form) == []
    [problem] = tariffs.problems_of_terms(offering, flat("5.00"), "", form)
    assert "Ändern Sie sie im Backoffice unter „Gebühren“" in problem


def test_a_description_names_the_deciding_day_and_leaves_a_chosen_one_alone() -> None:
    [entry] = [each for each in read_json(FORMS.parent / "data" / "services.json") if each["slug"] == "sondernutzung"]
    with scope.system("a test puts a service online"):
        Offering.objects.filter(service__slug="sondernutzung").update(deciding_date="bis")
        describing.put_online([entry], FORMS)
        assert offering_of("sondernutzung").deciding_date == "bis"
        entry["offerings"][0]["deciding_date"] = "von"
        describing.put_online([entry], FORMS)
        assert offering_of("sondernutzung", entry["offerings"][0]["authority"]).deciding_date == "von"
        entry["offerings"][0]["deciding_date"] = "nie"
        with pytest.raises(describing.DescriptionError, match="fragt nicht nach einem Tag"):
            describing.put_online([entry], FORMS)
        Offering.objects.filter(service__slug="sondernutzung").update(deciding_date="")


AMOUNTS = [
    ("hundesteuer-anmelden", "hundesteuer-anmelden", 4),
    ("bewohnerparkausweis", "bewohnerparkausweis", 2),
    ("sondernutzung", "sondernutzung", 7),
]


@pytest.mark.parametrize(("slug", "form", "least"), AMOUNTS)
def test_every_amount_has_a_place_and_words_of_its_own(slug: str, form: str, least: int) -> None:
    fee = offering_of(slug).fee
    found = fees.amounts(fee, engine.compile_definition(read_json(FORMS / f"{form}.json")))
    assert len({amount.label for amount in found}) == len(found) >= least
    doubled = fees.with_amounts(fee, {amount.place: f"{2 * Decimal(amount.value):.2f}" for amount in found})
    again = [Decimal(amount.value) for amount in fees.amounts(doubled, None)]
    assert again == [2 * Decimal(amount.value) for amount in found]
    assert fee == offering_of(slug).fee
