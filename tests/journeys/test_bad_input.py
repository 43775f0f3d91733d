"""What people get wrong, and what others try: each gets its own clear answer, and nothing typed is lost."""

from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import forms, office, papers
from tests.journeys.conftest import Arrive
from tests.journeys.posting import Sender
from tests.journeys.records import Records
from tests.journeys.visitor import Visitor

TEXT = "Was möchten Sie uns sagen"


def test_empty_step_is_told_above_and_at_each_box(arrive: Arrive, script: bool) -> None:
    person = arrive(script=script)
    forms.begin_idea(person)
    person.fill("Um welchen Ort geht es?", "Neuer Markt")
    person.save()
    person.at("Ihr Wunsch oder Ihre Idee", fault=True)
    summary = person.page.locator("#fehler")
    expect(summary).to_be_focused()
    expect(summary.get_by_role("link")).to_have_count(2)
    expect(person.page.get_by_label("Um welchen Ort geht es?")).to_have_value("Neuer Markt")
    for link in summary.get_by_role("link").all():
        label, _, sentence = link.inner_text().partition(": ")
        expect(person.page.locator(".kern-error").filter(has_text=sentence)).to_have_count(1)
        assert label
    summary.get_by_role("link", name=TEXT).click()
    expect(person.page.get_by_label(TEXT)).to_be_focused()
    expect(person.page.get_by_label(TEXT)).to_have_attribute("aria-invalid", "true")
    forms.tell_idea(person)
    person.at("Antwort an Sie")


def test_refused_files_are_named_and_the_rest_is_kept(arrive: Arrive, script: bool) -> None:
    person = arrive(script=script)
    forms.begin_idea(person)
    for name, content in (("lageplan.dwg", papers.drawing()), ("bild.jpg", papers.program())):
        person.fill(TEXT, forms.IDEA)
        person.upload("Foto", name, content)
        person.save()
        person.at("Ihr Wunsch oder Ihre Idee", fault=True)
        expect(person.page.locator("#fehler")).to_contain_text(f"„{name}“")
        expect(person.page.locator("#fehler")).to_contain_text("JPG oder PNG")
        expect(person.page.get_by_label(TEXT)).to_have_value(forms.IDEA)
    person.upload("Foto", "markt.jpg", papers.picture())
    forms.tell_idea(person)
    person.at("Antwort an Sie")
    person.follow("Zurück")
    person.at("Ihr Wunsch oder Ihre Idee")
    person.reads("markt.jpg")
    person.press("markt.jpg löschen")
    expect(person.page.get_by_role("button", name="markt.jpg löschen")).to_have_count(0)


def test_program_that_calls_itself_pdf_is_refused(arrive: Arrive) -> None:
    person = arrive()
    person.open(forms.DOGS)
    person.press("Ohne Konto weiter")
    person.at("")
    person.open(f"{person.path}schritt/hunde/")
    person.at("Angaben zum Hund")
    forms.tell_dog(person, 1, "Ägir", dangerous=True)
    person.upload("Wesenstest", "wesenstest.pdf", papers.program())
    person.save()
    person.at("Angaben zum Hund", fault=True)
    expect(person.page.locator("#fehler")).to_contain_text("„wesenstest.pdf“")
    expect(person.page.get_by_label("Name des Hundes")).to_have_value("Ägir")


def test_ended_sitting_leads_back_to_the_step_with_what_was_sent(
    arrive: Arrive, script: bool, records: Records
) -> None:
    person = arrive(script=script)
    person.open("/konto/anmelden/")
    person.sign_in("buerger2@example.org")
    person.open(forms.IDEAS)
    forms.begin_anew(person)
    person.at("Ihr Wunsch oder Ihre Idee")
    step = person.path
    records.change("DELETE FROM django_session")
    forms.tell_idea(person)
    person.at("Anmelden")
    person.reads("Sie waren 30 Minuten nicht aktiv.")
    person.sign_in("buerger2@example.org")
    assert person.path == step
    person.at("Ihr Wunsch oder Ihre Idee")
    person.reads("Ihre Angaben sind noch da")
    expect(person.page.get_by_label(TEXT)).to_have_value(forms.IDEA)
    person.save()
    person.at("Antwort an Sie")


def test_unknown_and_foreign_references_read_the_same(arrive: Arrive, records: Records) -> None:
    owner = arrive()
    reference, _code = forms.file_idea(owner, "lena@example.org")
    office.wait_until_routed(records, reference)

    other = arrive()
    other.open("/konto/anmelden/")
    other.sign_in("buerger2@example.org")
    answers = set()
    for path in (f"/vorgang/{reference}/", "/vorgang/HRO-2026-7K3M-4Q9X/", "/vorgang/quatsch/"):
        assert other.open(path) == HTTPStatus.NOT_FOUND
        other.at("")
        answers.add(other.text)
    assert len(answers) == 1
    assert "Diesen Vorgang finden wir nicht." in answers.pop()


def test_clerk_of_another_authority_sees_nothing(arrive: Arrive, records: Records) -> None:
    citizen = arrive()
    reference, _code = forms.file_idea(citizen, "lena@example.org")
    office.wait_until_routed(records, reference)

    stranger = arrive()
    stranger.open("/konto/anmelden/?next=/backoffice/")
    stranger.sign_in(office.CLERK_OF_SCHWERIN)
    office.search(stranger, reference)
    assert reference not in stranger.text
    for page in ("", "entscheiden/", "nachfordern/", "bescheid/"):
        assert stranger.open(f"/backoffice/vorgang/{reference}/{page}") == HTTPStatus.NOT_FOUND
    stranger.at("")


def test_second_of_two_tabs_sees_both_versions(arrive: Arrive, script: bool) -> None:
    person = arrive(script=script)
    forms.begin_idea(person)
    first, second = person.page, person.page.context.new_page()
    second.goto(first.url)
    forms.tell_idea(person, "Die erste Fassung ist diese hier.")
    person.at("Antwort an Sie")

    person.page = second
    person.choose("Worum geht es?", "Kultur und Sport")
    person.fill(TEXT, "Die zweite Fassung ist eine andere.")
    with second.expect_response(lambda response: response.request.method == "POST") as answered:
        person.save()
    assert answered.value.status == HTTPStatus.CONFLICT
    person.at("Ihr Wunsch oder Ihre Idee")
    person.reads("Dieser Schritt wurde inzwischen geändert", "Die erste Fassung ist diese hier.")
    expect(second.get_by_label(TEXT)).to_have_value("Die zweite Fassung ist eine andere.")
    person.save()
    person.at("Antwort an Sie")
    person.follow("Zurück")
    expect(second.get_by_label(TEXT)).to_have_value("Die zweite Fassung ist eine andere.")


def at_the_last_page(person: Visitor) -> Page:
    forms.begin_idea(person)
    forms.tell_idea(person)
    forms.leave_address(person, "lena@example.org")
    person.at("Prüfen und absenden")
    person.tick("Ich habe alle Angaben geprüft.")
    return person.page


@pytest.mark.asvs("V2.3.3")
def test_double_click_sends_once(arrive: Arrive, script: bool, records: Records) -> None:
    person = arrive(script=script)
    page = at_the_last_page(person)
    draft_id = person.path.split("/")[2]
    page.get_by_role("button", name=forms.SUBMIT).dblclick()
    person.at("Ihre Mitteilung ist angekommen")
    assert records.count("applications_application", "id = %s", draft_id) == 1
    page.go_back()
    page.goto(f"/antrag/{draft_id}/pruefen/")
    person.at("Ihre Mitteilung ist angekommen")


def test_twenty_posts_at_once_are_one_application(arrive: Arrive, records: Records) -> None:
    person = arrive()
    page = at_the_last_page(person)
    draft_id = person.path.split("/")[2]
    sender = Sender(page)
    with ThreadPoolExecutor(20) as crowd:
        answers = set(crowd.map(lambda _: sender.submit(), range(20)))
    assert len(answers) == 1
    status, place = answers.pop()
    assert status == HTTPStatus.FOUND
    reference = forms.REFERENCE.search(place)
    assert reference
    assert records.read("SELECT reference FROM applications_application WHERE id = %s", draft_id) == [(reference[0],)]
    assert records.count("outbox_outboxrow", "subject_id = %s AND kind = 'receipt'", draft_id) == 1
    assert records.count("applications_draft", "id = %s", draft_id) == 0
