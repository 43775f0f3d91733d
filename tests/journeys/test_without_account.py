"""People without an account: reference and code are all they carry."""

from playwright.sync_api import expect

from tests.journeys import forms
from tests.journeys.conftest import Arrive
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
    reference, code = first.fact("Vorgangsnummer"), first.fact("Code")

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
    assert sentences == {"Nummer und Code passen nicht zusammen. Prüfen Sie beides und versuchen Sie es noch einmal."}
