"""People without an account: reference and code are all they carry."""

from playwright.sync_api import expect

from tests.journeys import forms, office, papers
from tests.journeys.conftest import Arrive
from tests.journeys.mailbox import Mailbox
from tests.journeys.records import Records
from tests.journeys.visitor import Visitor


def identify(visitor: Visitor, reference: str, code: str) -> None:
    visitor.open("/vorgang/")
    visitor.at("Vorgang ansehen oder Entwurf weiter ausfüllen")
    visitor.fill("Vorgangsnummer", reference)
    visitor.fill("Zugangscode", code)
    visitor.press("Vorgang öffnen")


def test_somebody_goes_on_elsewhere_submits_and_follows_the_case(arrive: Arrive, script: bool) -> None:
    first = arrive(script=script)
    forms.begin_idea(first)
    forms.tell_idea(first)
    first.at("Antwort an Sie")
    first.press("Später weitermachen")
    first.at("Später weitermachen")
    reference, code = first.fact("Vorgangsnummer"), first.fact("Zugangscode")

    elsewhere = arrive(script=script)
    identify(elsewhere, reference.lower(), code.lower())
    elsewhere.at("Wünsche und Ideen")
    elsewhere.follow("Weiter mit Schritt 2")
    forms.leave_address(elsewhere, "lena@example.org")
    elsewhere.reads(forms.IDEA)
    assert forms.submit(elsewhere) == reference

    third = arrive(script=script)
    identify(third, reference, code)
    third.at("Wünsche und Ideen")
    third.reads(reference)
    third.follow("Eingangsbestätigung ansehen")
    third.at("Eingangsbestätigung")
    third.reads(forms.IDEA, "Łącka-Müller")


def test_reference_alone_and_wrong_code_open_nothing(arrive: Arrive, script: bool) -> None:
    owner = arrive(script=script)
    reference, code = forms.file_idea(owner, "lena@example.org")

    stranger = arrive(script=script)
    for path in (f"/vorgang/{reference}/", f"/vorgang/{reference}/bestaetigung/", f"/vorgang/{reference}/abgesendet/"):
        stranger.open(path)
        stranger.at("Vorgang ansehen oder Entwurf weiter ausfüllen")
        assert forms.IDEA not in stranger.text

    sentences = set()
    for wrong_reference, wrong_code in (
        (reference, "0000-0000-0000-0000"),
        ("HRO-2026-7K3M-4Q9X", code),
        (reference, "12"),
    ):
        identify(stranger, wrong_reference, wrong_code)
        stranger.at("Vorgang ansehen oder Entwurf weiter ausfüllen", fault=True)
        sentences.add(stranger.page.locator("#fehler li").inner_text())
        expect(stranger.page.get_by_label("Vorgangsnummer")).to_have_value(wrong_reference)
    assert sentences == {
        "Nummer und Zugangscode passen nicht zusammen. Prüfen Sie beides und versuchen Sie es noch einmal."
    }


def test_question_of_the_office_is_answered_with_reference_and_code(
    arrive: Arrive, script: bool, records: Records, mailbox: Mailbox
) -> None:
    address = f"frage.{'mit' if script else 'ohne'}@example.org"
    citizen = arrive(script=script)
    reference, code = forms.file_idea(citizen, address)
    office.wait_until_routed(records, reference)

    clerk = arrive(script=script)
    clerk.open("/konto/anmelden/?next=/backoffice/")
    clerk.sign_in(office.CLERK)
    office.take_over(clerk, reference)
    office.ask_back(clerk, "Wo genau am Stadthafen?", "Foto der Stelle")
    asked = mailbox.wait_for(address, subject=f"Wir brauchen etwas von Ihnen zum Vorgang {reference}")
    assert "Stadthafen" not in asked

    elsewhere = arrive(script=script)
    identify(elsewhere, reference, code)
    elsewhere.at("Wünsche und Ideen")
    elsewhere.reads("Wir brauchen etwas von Ihnen", "Wo genau am Stadthafen?")
    elsewhere.upload("Foto der Stelle", "stelle.jpg", papers.picture())
    elsewhere.fill("Ihre Antwort", "Vor dem Haus Nummer 3.")
    elsewhere.press("Antwort absenden")
    elsewhere.reads("Ihre Antwort ist angekommen")
    elsewhere.at("Wünsche und Ideen")

    clerk.page.reload()
    clerk.reads("Wo genau am Stadthafen?", "Vor dem Haus Nummer 3.", "stelle.jpg", forms.IDEA)
    clerk.at("")


def test_draft_goes_into_the_account_at_sign_in(arrive: Arrive, script: bool) -> None:
    person = arrive(script=script)
    forms.begin_idea(person)
    forms.tell_idea(person)
    person.at("Antwort an Sie")
    person.press("Später weitermachen")
    person.at("Später weitermachen")
    reference, code = person.fact("Vorgangsnummer"), person.fact("Zugangscode")
    person.follow("Jetzt weitermachen")
    person.at("Wünsche und Ideen")
    draft = person.path

    person.follow("Anmelden oder Konto anlegen")
    person.sign_in("buerger2@example.org")
    assert person.path == draft
    person.at("Wünsche und Ideen")
    person.open(f"{draft}schritt/idee/")
    person.at("Ihr Wunsch oder Ihre Idee")
    expect(person.page.get_by_label("Was möchten Sie uns sagen?")).to_have_value(forms.IDEA)
    person.open("/antraege/entwuerfe/")
    person.at("Entwürfe")
    person.reads("Wünsche und Ideen")

    stranger = arrive(script=script)
    identify(stranger, reference, code)
    stranger.at("Vorgang ansehen oder Entwurf weiter ausfüllen", fault=True)
