"""The two forms of the demo, filled in the way people do."""

import re

from playwright.sync_api import expect

from tests.journeys import papers
from tests.journeys.visitor import Visitor

IDEAS = "/leistungen/rostock/wuensche-und-ideen/"
DOGS = "/leistungen/rostock/hundesteuer-anmelden/"
IDEA = "Bitte stellen Sie mehr Bänke am Stadthafen auf."
REFERENCE = re.compile(r"HRO-2026-[0-9A-Z]{4}-[0-9A-Z]{4}")
SUBMIT = "Jetzt verbindlich absenden"


def begin_anew(visitor: Visitor) -> None:
    """From the page of a service to the first step, with an account; also where a draft from before is offered."""
    visitor.press("beginnen")
    first = visitor.page.get_by_role("link", name="Weiter mit Schritt 1")
    anew = visitor.page.get_by_role("button", name="Neu beginnen")
    first.or_(anew).first.wait_for()
    visitor.at("")
    if anew.count():
        visitor.press("Neu beginnen")
        first.wait_for()
        visitor.at("")
    visitor.follow("Weiter mit Schritt 1")


def begin_idea(visitor: Visitor) -> None:
    """As far as the first step, without an account."""
    visitor.open(IDEAS)
    visitor.at("Wünsche und Ideen")
    visitor.press("Ohne Konto weiter")
    visitor.at("Wünsche und Ideen")
    visitor.follow("Weiter mit Schritt 1")
    visitor.at("Ihr Wunsch oder Ihre Idee")


def tell_idea(visitor: Visitor, text: str = IDEA) -> None:
    visitor.choose("Worum geht es?", "Parks, Bäume und Spielplätze")
    visitor.fill("Was möchten Sie uns sagen?", text)
    visitor.save()


def leave_address(visitor: Visitor, email: str) -> None:
    visitor.at("Antwort an Sie")
    visitor.choose("Möchten Sie eine Antwort bekommen?", "Ja")
    visitor.reveal()
    visitor.fill("Familienname", "Łącka-Müller")
    visitor.fill("E-Mail-Adresse", email)
    visitor.tick("Ich habe die Hinweise zum Datenschutz gelesen.")
    visitor.save()


def submit(visitor: Visitor, *, delivery: str = "") -> str:
    """From the last page on; out: the reference."""
    visitor.at("Prüfen und absenden")
    if delivery:
        visitor.page.get_by_label(delivery).check()
    visitor.tick("Ich habe alle Angaben geprüft.")
    visitor.press(SUBMIT)
    visitor.at(" ist angekommen")
    found = REFERENCE.search(visitor.text)
    assert found
    return found[0]


def file_idea(visitor: Visitor, email: str) -> tuple[str, str]:
    """The whole of „Wünsche und Ideen“; out: reference and code."""
    begin_idea(visitor)
    tell_idea(visitor)
    leave_address(visitor, email)
    return submit(visitor), visitor.fact("Zugangscode")


def tell_keeper(visitor: Visitor) -> None:
    """The account knows who keeps the dogs; what it knows stands there already."""
    visitor.at("Halterin oder Halter")
    visitor.choose("Wer hält den Hund?", "Eine Person oder ein Haushalt")
    visitor.reveal()
    expect(visitor.page.get_by_label("Familienname")).to_have_value("Kogge")
    visitor.save()


def tell_dog(visitor: Visitor, no: int, name: str, *, dangerous: bool) -> None:
    """One dog of the step; the step is not saved yet."""
    dog = visitor.group(f"Hund {no}")
    visitor.choose("Gilt der Hund als gefährlich?", "Ja" if dangerous else "Nein", within=dog)
    visitor.fill("Name des Hundes", name, within=dog)
    visitor.fill("Rasse", "Mischling", within=dog)
    visitor.choose("Geschlecht", "Hündin", within=dog)
    visitor.fill_date("Geburtsdatum des Hundes", "3.5.2024", within=dog)
    visitor.fill("Chipnummer", f"27609810234567{no}", within=dog)
    visitor.choose("Wie halten Sie den Hund?", "Ich habe ihn in Pflege", within=dog)
    visitor.fill_date("Seit wann halten Sie den Hund?", "1.8.2026", within=dog)
    visitor.choose("Woher kommt der Hund?", "Vom Wurf der eigenen Hündin", within=dog)


def tell_dogs(visitor: Visitor, *, number: int) -> None:
    """One dog or two; the second is dangerous and needs a paper."""
    visitor.at("Angaben zum Hund")
    tell_dog(visitor, 1, "Ägir", dangerous=False)
    if number == 1:
        visitor.save()
        return
    visitor.press("Weiteren Hund hinzufügen")
    expect(visitor.group("Hund 2")).to_be_visible()
    visitor.at("Angaben zum Hund")
    tell_dog(visitor, 2, "Dövi", dangerous=True)
    visitor.reveal()
    visitor.upload("Wesenstest", "wesenstest.pdf", papers.pdf(), within=visitor.group("Hund 2"))
    visitor.save()


def tell_the_rest(visitor: Visitor) -> None:
    visitor.at("Ermäßigung oder Befreiung")
    visitor.choose("Möchten Sie weniger oder keine Steuer bezahlen?", "Nein")
    visitor.save()
    visitor.at("Zahlung und Erklärungen")
    visitor.tick("Ich melde Änderungen innerhalb von zwei Wochen.")
    visitor.tick("Ich habe die Hinweise zum Datenschutz gelesen.")
    visitor.save()


def file_dogs(visitor: Visitor, *, delivery: str, number: int = 2) -> str:
    """The whole of „Hund anmelden“ with an account; out: the reference."""
    visitor.open(DOGS)
    visitor.at("Hundesteuer")
    begin_anew(visitor)
    tell_keeper(visitor)
    tell_dogs(visitor, number=number)
    tell_the_rest(visitor)
    return submit(visitor, delivery=delivery)
