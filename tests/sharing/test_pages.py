"""The pages on which an author takes over, follows, and sets own terms."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from applications.models import Draft
from authorities.models import Authority
from catalogue.models import Offering, Service
from forms_engine.models import FormVersion, Upstream
from forms_engine.use_cases import add_version, publish
from foundation import scope
from foundation.audit.models import AuditEvent
from foundation.ids import new_id
from tests.backoffice.designer import author_of
from tests.factories import make_clerk
from tests.forms_engine.definitions import field
from tests.frame.pages import Page
from tests.sharing.conftest import Berth, berth_form, forget
from tests.sharing.desk import office, page_of, take, taken, text_of

#: Session and user: 2. The roles in a scope of their own, and the departments: 6. The page in its scope: opening and
#: closing 4; authority, origins, their newest versions, adoptions, theirs with their rates, the day, what we offer,
#: what others offer: 9.
LIST_QUERIES = 21


def terms_data(page: Page, **changes: str) -> dict[str, str]:
    """What the browser would send of the page's form."""
    data = {each.get("name"): each.get("value", "") for each in page.tree.xpath("//main//input[@name]")}
    data |= {each.get("name"): each.text_content().strip() for each in page.tree.xpath("//main//textarea[@name]")}
    return data | {"action": "save"} | changes


# --- lists -----------------------------------------------------------------------------------------------------------


def test_list_asks_no_more_for_more(author: Client, berth: Berth) -> None:
    taken(author, berth)
    author.get(reverse("backoffice:adoptable"))
    with CaptureQueriesContext(connection) as few:
        page_of(author.get(reverse("backoffice:adoptable")))
    for number in (2, 3):
        with scope.system("a test needs more"):
            upstream = Upstream.objects.select_related("form__upstream_version").get(
                form__key=berth.key, authority__slug="schwerin"
            )
            upstream.form.pk, upstream.form.key = new_id(), f"{berth.key}-{number}"
            upstream.form.save(force_insert=True)
            upstream.form_id = upstream.form.pk
            upstream.save(force_insert=True)
    with CaptureQueriesContext(connection) as many:
        page = page_of(author.get(reverse("backoffice:adoptable")))
    assert len(page.tree.xpath("//section[1]//tbody/tr")) == 3
    assert len(few) == len(many) == LIST_QUERIES


def test_list_tells_what_others_offer_and_what_is_new_there(author: Client, berth: Berth) -> None:
    before = text_of(author.get(reverse("backoffice:adoptable")))
    assert "Bootsliegeplatz beantragen: Rostock" in before
    assert "Noch nichts." in before
    taken(author, berth)
    assert "Version 1nichts Neues" in text_of(author.get(reverse("backoffice:adoptable")))
    berth.publish(berth_form(berth.key, label="Zwei"))
    assert "Neue Fassung von Hanse- und Universitätsstadt Rostock" in text_of(
        author.get(reverse("backoffice:adoptable"))
    )


# --- adopting --------------------------------------------------------------------------------------------------------


def test_page_says_what_comes_along_and_leads_to_the_own_terms(author: Client, berth: Berth) -> None:
    address = f"/backoffice/formulare/uebernehmen/{berth.offering.pk}/"
    text = text_of(author.get(address))
    for part in ("Schritt boot", "30 € im Jahr", "24 Monate", "4 Wochen", "Version 1"):
        assert part in text
    response = take(author, berth)
    adopted = Offering.objects.get(authority__slug="schwerin", service=berth.offering.service)
    assert response["Location"] == f"/backoffice/formulare/{adopted.form_id}/leistung/"
    assert "Diese Leistung bieten Sie schon an." in text_of(author.get(address))
    with scope.system("a test looks", read_only=True):
        deeds = list(AuditEvent.objects.order_by("at").values_list("action", flat=True))
    assert deeds[-2:] == ["form.adopted", "offering.adopted"]


def test_without_department_or_with_a_taken_key_nothing_is_adopted_and_nothing_lost(
    author: Client, berth: Berth
) -> None:
    assert "Wählen Sie ein Amt." in text_of(take(author, berth, department=""), 422)
    assert "Erlaubt sind kleine Buchstaben" in text_of(take(author, berth, key="Mit Leer"), 422)
    rostocks = Authority.objects.get(slug="rostock").departments.order_by("sort_key")[0]
    assert "Wählen Sie ein Amt." in text_of(take(author, berth, department=str(rostocks.pk)), 422)
    with scope.system("a test needs a form"):
        add_version(Authority.objects.get(slug="schwerin"), berth_form(f"{berth.key}-da"))
    page = page_of(take(author, berth, key=f"{berth.key}-da"), 422)
    assert "haben Sie schon" in page.tree.text_content()
    assert page.tree.xpath("string(//input[@name='key']/@value)") == f"{berth.key}-da"
    assert not Offering.objects.filter(authority__slug="schwerin", service=berth.offering.service).exists()


def test_own_unknown_and_offline_services_are_not_there(author: Client, berth: Berth) -> None:
    adopted = taken(author, berth)
    for offering_id in (adopted.pk, new_id()):
        assert author.get(f"/backoffice/formulare/uebernehmen/{offering_id}/").status_code == 404
    for name in ("terms", "upstream", "share", "share-file"):
        assert author.get(reverse(f"backoffice:{name}", args=[berth.offering.form_id])).status_code == 404
        assert author.get(reverse(f"backoffice:{name}", args=[new_id()])).status_code == 404


# --- a service of our own --------------------------------------------------------------------------------------------


@pytest.fixture
def own_form(author: Client) -> Iterator[FormVersion]:
    """A form of Schwerin's that no service uses; gone again after the test."""
    key = f"eigen-{new_id().hex[-10:]}"
    with scope.system("a test needs a form"):
        version = add_version(Authority.objects.get(slug="schwerin"), berth_form(key))
    yield version
    forget(key)


def begun(author: Client, version: FormVersion, **more: Any) -> Any:
    data = {"title": version.form.key, "audience": ["citizens"], "level": "none", "department": office()}
    return author.post(f"/backoffice/formulare/{version.form_id}/leistung/", data | {"action": "begin"} | more)


def test_an_author_begins_a_service_and_puts_it_online(author: Client, own_form: FormVersion) -> None:
    address = f"/backoffice/formulare/{own_form.form_id}/leistung/"
    assert "Noch keine Leistung nutzt dieses Formular" in text_of(author.get(address))
    assert begun(author, own_form)["Location"] == address
    with scope.system("a test looks"):
        offering = Offering.objects.select_related("authority", "service").get(form=own_form.form_id)
        assert (offering.is_active, offering.level, offering.service.audience) == (False, "none", ["citizens"])
        (route,) = offering.route_rules.all()
        assert (str(route.department_id), route.condition) == (office(), None)
        assert AuditEvent.objects.filter(action="offering.begun", object_id=offering.pk).count() == 1
    public = offering.get_absolute_url()
    assert Client().get(public).status_code == 404
    refused = page_of(author.post(address, {"action": "online"}), 422)
    assert "Schreiben Sie zuerst unter „Das gilt bei Ihnen“, worum es geht" in refused.tree.text_content()
    kept = terms_data(page_of(author.get(address)), csrfmiddlewaretoken="")
    assert terms_data(refused, csrfmiddlewaretoken="") == kept, "what is kept stays in its boxes"
    said = {"text-teaser": "Ein Platz.", "deadline_weeks": "6"}
    said |= {f"privacy-{name}": "Wasserrecht" for name in ("purpose", "legal_basis", "recipients")}
    assert author.post(address, terms_data(page_of(author.get(address)), **said)).status_code == 302
    assert author.post(address, {"action": "online"}).status_code == 302
    shown = Client(headers={"accept-language": "de"}).get(public).content.decode()
    for words in ("Ein Platz.", "kostenlos", "Ohne Konto weiter"):
        assert words in shown
    with scope.system("a test looks"):
        own_form.refresh_from_db()
        who = User.objects.get(email="forms@example.org").pk
    assert (own_form.published_by_id, own_form.reason) == (who, "Mit der Leistung online gestellt")


@pytest.mark.parametrize(
    ("amount", "fee"),
    [
        ("", {"summary": {"de": "kostenlos", "en": "free of charge"}}),
        ("12,5", {"summary": {"de": "12,50 €", "en": "€12.50"}, "sum": [{"price": "12.50"}]}),
    ],
)
def test_a_service_may_have_a_fixed_fee(
    author: Client, own_form: FormVersion, amount: str, fee: dict[str, Any]
) -> None:
    begun(author, own_form, amount=amount)
    with scope.system("a test looks"):
        assert Offering.objects.get(form=own_form.form_id).fee == fee
    labels = page_of(author.get(f"/backoffice/formulare/{own_form.form_id}/leistung/")).tree.xpath("//main//label")
    assert any("in Euro" in label.text_content() for label in labels) is bool(amount)


def test_what_a_service_needs_is_told_at_its_box_and_nothing_is_lost(author: Client, own_form: FormVersion) -> None:
    told = begun(author, own_form, title="", audience=[], level="", department="", amount="viel")
    text = text_of(told, 422)
    sentences = ("Geben Sie einen Namen ein", "für wen die Leistung ist", "ob die Leistung", "Wählen Sie ein Amt.")
    for sentence in (*sentences, "zum Beispiel 108,00"):
        assert sentence in text
    page = page_of(begun(author, own_form, title="Liegeplatz am Kai", department=""), 422)
    assert page.tree.xpath("string(//input[@name='title']/@value)") == "Liegeplatz am Kai"
    with scope.system("a test looks"):
        assert not Offering.objects.filter(form=own_form.form_id).exists()


def test_a_service_of_this_name_is_told_and_stays(author: Client, own_form: FormVersion, berth: Berth) -> None:
    text = text_of(begun(author, own_form, title=berth.key), 422)
    assert "gibt es im Portal schon. Nennen Sie Ihre anders, oder übernehmen Sie jene." in text
    assert Offering.objects.get(service=berth.offering.service) == berth.offering


def test_what_was_begun_by_mistake_is_removed_after_a_question(author: Client, own_form: FormVersion) -> None:
    begun(author, own_form, amount="5")
    address = f"/backoffice/formulare/{own_form.form_id}/leistung/"
    assert page_of(author.get(address)).count(f"//a[@href='{address}entfernen/']") == 1
    assert "Möchten Sie die Leistung" in text_of(author.get(f"{address}entfernen/"))
    assert Offering.objects.filter(form=own_form.form_id).exists()
    assert author.post(f"{address}entfernen/")["Location"] == address
    assert not Offering.objects.filter(form=own_form.form_id).exists()
    assert not Service.objects.filter(slug=own_form.form.key).exists()
    assert begun(author, own_form)["Location"] == address, "the name is free again"


def test_what_was_online_or_was_taken_over_or_tried_is_not_removed(
    author: Client, own_form: FormVersion, berth: Berth
) -> None:
    adopted = taken(author, berth)
    theirs = f"/backoffice/formulare/{adopted.form_id}/leistung/"
    assert author.post(f"{theirs}entfernen/")["Location"] == theirs
    begun(author, own_form)
    with scope.system("a test needs a published form"):
        publish(own_form)
        mine = Offering.objects.get(form=own_form.form_id)
    base = f"/backoffice/formulare/{own_form.form_id}"
    address = f"{base}/leistung/entfernen/"
    begun_test = author.post(f"{base}/testantraege/", {"offering": mine.pk})
    assert drafts_of(mine) == 1
    assert begun_test["Location"].startswith("/antrag/")
    assert "gibt es noch Testanträge oder Testentwürfe. Löschen Sie diese zuerst." in text_of(
        author.post(address, follow=True)
    )
    author.post(f"{base}/testantraege/loeschen/")
    assert drafts_of(mine) == 0
    with scope.system("it was online"):
        Offering.objects.filter(pk=mine.pk).update(is_active=True)
    assert author.post(address)["Location"] == f"{base}/leistung/"
    assert Offering.objects.filter(pk__in=(adopted.pk, mine.pk)).count() == 2


def drafts_of(offering: Offering) -> int:
    with scope.system("a test looks"):
        return Draft.objects.filter(offering=offering).count()


def test_others_begin_no_service(own_form: FormVersion) -> None:
    rostock = author_of("rostock@example.org", "Ruth", authority="rostock")
    assert begun(rostock, own_form).status_code == 404
    user, _clerk = make_clerk("desk@example.org", authority="schwerin", department=None)
    desk = Client()
    desk.force_login(user)
    assert begun(desk, own_form).status_code == 404


# --- own terms -------------------------------------------------------------------------------------------------------


def test_own_rates_are_set_and_the_service_goes_online_with_them(author: Client, berth: Berth) -> None:
    adopted = taken(author, berth)
    address = f"/backoffice/formulare/{adopted.form_id}/leistung/"
    page = page_of(author.get(address))
    labels = [" ".join(each.text_content().split()) for each in page.tree.xpath("//label")]
    assert "1 Jahr, in Euro" in labels
    changes = {"amount-0": "25", "amount-1": "45,5", "summary": "25 € im Jahr", "text-fees": "25 € oder 45,50 €."}
    response = author.post(address, terms_data(page, **changes))
    assert response.status_code == 302, text_of(response, 422)
    adopted.refresh_from_db()
    assert adopted.fee["sum"][0]["price"]["amounts"] == {"1": "25.00", "2": "45.50"}
    assert adopted.fee["summary"] == {"de": "25 € im Jahr"}, "the English words would say the old rate"
    assert adopted.texts == {"fees": {"de": ["25 € oder 45,50 €."]}}
    public = adopted.get_absolute_url()
    assert Client().get(public).status_code == 404
    assert author.post(address, {"action": "online"}).status_code == 302
    shown = Client(headers={"accept-language": "de"}).get(public).content.decode()
    assert "25 € im Jahr" in shown
    assert "25 € oder 45,50 €." in shown
    rostocks = Client(headers={"accept-language": "de"}).get(berth.offering.get_absolute_url()).content.decode()
    assert "30 € im Jahr" in rostocks
    assert "45,50" not in rostocks


@pytest.mark.parametrize("amount", ["", "kostenlos", "1000.00", "1e3", "-5", "1,005"])
def test_amount_that_is_none_is_told_and_kept(author: Client, berth: Berth, amount: str) -> None:
    adopted = taken(author, berth)
    address = f"/backoffice/formulare/{adopted.form_id}/leistung/"
    page = page_of(author.get(address))
    answer = page_of(author.post(address, terms_data(page, **{"amount-0": amount, "summary": "Neu"})), 422)
    assert "zum Beispiel 108,00" in answer.tree.text_content()
    assert answer.tree.xpath("string(//input[@name='summary']/@value)") == "Neu"


def test_tariff_that_no_longer_fits_to_the_form_does_not_go_online(author: Client, berth: Berth) -> None:
    adopted = taken(author, berth)
    with scope.system("a test breaks the form"):
        without = berth_form(berth.key)
        del without["steps"][0]["items"][1]
        add_version(adopted.authority, without)
    answer = author.post(f"/backoffice/formulare/{adopted.form_id}/leistung/", {"action": "online"})
    assert "Die Gebühr nennt „dauer“" in text_of(answer, 422)
    adopted.refresh_from_db()
    assert not adopted.is_active
    with scope.system("a test looks", read_only=True):
        assert not FormVersion.objects.filter(form=adopted.form_id, published_at__isnull=False).exists()


# --- following -------------------------------------------------------------------------------------------------------


def conflicting(author: Client, berth: Berth) -> tuple[str, Page]:
    """We and they renamed the same question; they ask one more. Out: the address, and the page that tells it."""
    adopted = taken(author, berth)
    with scope.system("a test changes"):
        add_version(adopted.authority, berth_form(berth.key, label="Name laut Hafenamt"))
    berth.publish(berth_form(berth.key, label="Name laut Bootsschein", more=(field("text", "hafen"),)))
    address = f"/backoffice/formulare/{adopted.form_id}/herkunft/"
    return address, page_of(author.get(address))


def seen(page: Page) -> str:
    return page.tree.xpath("string(//input[@name='seen']/@value)")


def ours_now(address: str) -> list[str]:
    with scope.system("a test looks", read_only=True):
        version = FormVersion.objects.filter(form=address.split("/")[3]).order_by("-no")[0]
    assert version.published_at is None, "nothing is published by itself"
    return [item["label"]["de"] for item in version.definition["steps"][0]["items"]]


def test_three_views_and_the_choice_of_the_author(author: Client, berth: Berth) -> None:
    address, page = conflicting(author, berth)
    sections = [" ".join(each.text_content().split()) for each in page.tree.xpath("//form//section")]
    assert "Frage „Hafen“" in sections[0]
    assert "Name laut Hafenamt" in sections[1]
    assert "Vorher: Name des Bootes" in sections[2]
    place = "item:name/label/de"
    chosen = page.tree.xpath("//input[@name=$place and @checked]/@value", place=place)
    assert chosen == ["ours"]
    data = {"seen": seen(page), "action": "take_over", place: "theirs"}
    assert author.post(address, data).status_code == 302
    assert ours_now(address) == ["Name laut Bootsschein", "Dauer", "Hafen"]
    assert "Dort gibt es nichts Neues." in text_of(author.get(address))


def test_ours_is_the_default(author: Client, berth: Berth) -> None:
    address, page = conflicting(author, berth)
    assert author.post(address, {"seen": seen(page), "action": "take_over"}).status_code == 302
    assert ours_now(address) == ["Name laut Hafenamt", "Dauer", "Hafen"]


def test_who_compared_an_older_state_compares_again(author: Client, berth: Berth) -> None:
    address, page = conflicting(author, berth)
    berth.publish(berth_form(berth.key, label="Drei"))
    answer = author.post(address, {"seen": seen(page), "action": "take_over", "item:name/label/de": "theirs"})
    assert "inzwischen geändert" in text_of(answer, 409)
    assert ours_now(address) == ["Name laut Hafenamt", "Dauer"]


def test_staying_wants_a_reason_and_takes_the_hint_away(author: Client, berth: Berth) -> None:
    address, page = conflicting(author, berth)
    answer = author.post(address, {"seen": seen(page), "action": "stay", "reason": " "})
    assert "Schreiben Sie, warum Sie bei Ihrer Fassung bleiben." in text_of(answer, 422)
    reason = "Unser Hafenamt fragt anders."
    assert author.post(address, {"seen": seen(page), "action": "stay", "reason": reason}).status_code == 302
    assert reason in text_of(author.get(address))
    assert "Sie bleiben bei Ihrer Fassung" in text_of(author.get(reverse("backoffice:adoptable")))
    assert ours_now(address) == ["Name laut Hafenamt", "Dauer"]


def test_form_of_ones_own_has_no_origin(author: Client) -> None:
    own = Offering.objects.filter(authority__slug="schwerin").order_by("pk")[0]
    address = reverse("backoffice:upstream", args=[own.form_id])
    assert "selbst angelegt" in text_of(author.get(address))
    assert author.post(address, {"action": "stay"}).status_code == 409
