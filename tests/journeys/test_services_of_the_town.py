"""The services of the town, each by the kind of person it is for, from its page to the reference."""

from datetime import date, timedelta

from playwright.sync_api import Locator, expect

from tests.journeys import forms, papers
from tests.journeys.conftest import Arrive
from tests.journeys.visitor import Visitor

PRIVACY = "Ich habe die Hinweise zum Datenschutz gelesen."
RIGHT = "Meine Angaben sind vollständig und richtig."


def begin(visitor: Visitor, service: str, first_step: str, *, button: str = "Ohne Konto weiter") -> None:
    """Without an account."""
    visitor.open(f"/leistungen/rostock/{service}/")
    visitor.at("")
    visitor.press(button)
    visitor.at("")
    visitor.follow("Weiter mit Schritt 1")
    visitor.at(first_step)


def begin_with_account(visitor: Visitor, service: str, first_step: str) -> None:
    visitor.open(f"/leistungen/rostock/{service}/")
    visitor.at("")
    forms.begin_anew(visitor)
    visitor.at(first_step)


def come_as(visitor: Visitor, email: str) -> None:
    visitor.open("/konto/anmelden/")
    visitor.sign_in(email)


def in_days(days: int) -> str:
    day = date.today() + timedelta(days=days)
    return f"{day.day}.{day.month}.{day.year}"


def tell_name(visitor: Visitor, given: str, family: str, within: Locator | None = None) -> None:
    visitor.fill("Vorname", given, within=within)
    visitor.fill("Familienname", family, within=within)


def tell_address(visitor: Visitor, name: str, street: str, number: str, code: str = "18055") -> None:
    where = visitor.group(name)
    visitor.fill("Straße", street, within=where)
    visitor.fill("Hausnummer", number, within=where)
    visitor.fill("Postleitzahl", code, within=where)
    visitor.fill("Ort", "Rostock", within=where)


def tell_asker(visitor: Visitor, question: str) -> None:
    """Somebody without an account, for themselves."""
    visitor.choose(question, "Eine Person")
    visitor.reveal()
    tell_name(visitor, "Søren", "Østergård")
    tell_address(visitor, "Anschrift", "Am Strom", "7", "18119")
    visitor.fill("E-Mail-Adresse", "soren@example.org")


def test_a_resident_parks_in_the_zone_of_the_house(arrive: Arrive, script: bool) -> None:
    resident = arrive(script=script)
    come_as(resident, "buerger2@example.org")
    begin_with_account(resident, "bewohnerparkausweis", "Angaben zur Person")
    expect(resident.page.get_by_label("Familienname")).to_have_value("Schmidt-Strauß")
    resident.fill_date("Geburtsdatum", "30.12.1991")
    tell_address(resident, "Anschrift", "Schillingallee", "28 a", "18057")
    resident.save()

    resident.at("Zone und Stellplatz")
    zones = resident.page.get_by_role("radiogroup", name="In welcher Zone wohnen Sie?")
    assert zones.get_by_role("radio").count() == 2
    resident.choose("In welcher Zone wohnen Sie?", "Zone H1: Hansaviertel Nord")
    resident.choose("Sind Sie dort mit Hauptwohnung gemeldet?", "Ja")
    resident.choose("Haben Sie einen eigenen Stellplatz oder eine Garage?", "Ja")
    resident.save()
    resident.at("Zone und Stellplatz", fault=True)
    resident.choose("Haben Sie einen eigenen Stellplatz oder eine Garage?", "Nein")
    resident.save()

    resident.at("Angaben zum Ausweis")
    resident.choose("Was möchten Sie beantragen?", "Einen neuen Ausweis")
    resident.fill_date("Ab wann soll der Ausweis gelten?", in_days(14))
    resident.choose("Wie lange soll der Ausweis gelten?", "2 Jahre")
    resident.save()

    resident.at("Angaben zum Fahrzeug")
    resident.choose("Wo ist das Fahrzeug zugelassen?", "In Deutschland")
    resident.choose("Auf wen ist das Fahrzeug zugelassen?", "Auf mich")
    resident.upload("Zulassungsbescheinigung", "schein.jpg", papers.picture())
    resident.reveal()
    resident.fill("Kennzeichen", "HRO-NS 91")
    resident.save()

    resident.at("Erklärungen")
    resident.tick("Die Stadt darf meine Angaben mit dem Melderegister")
    resident.tick("Ich habe den Ausweis nur auf diesem Weg beantragt.")
    resident.tick(PRIVACY)
    resident.save()
    resident.at("Prüfen und absenden")
    resident.reads("Zone H1: Hansaviertel Nord", "HRO-NS 91", "61,40")
    forms.submit(resident, delivery="Im Postfach")


def test_a_bakery_registers_a_branch(arrive: Arrive, script: bool) -> None:
    owner = arrive(script=script)
    come_as(owner, "firma@example.org")
    owner.page.get_by_text("Wechseln").click()
    owner.page.get_by_role("button", name="Für Bäckerei Kogge GmbH handeln").click()
    begin_with_account(owner, "gewerbe-anmelden", "Inhaberin oder Inhaber")
    owner.choose("Wem gehört der Betrieb?", "Einer GmbH, AG oder anderen Organisation")
    owner.reveal()
    expect(owner.page.get_by_label("Name der Organisation")).to_have_value("Bäckerei Kogge GmbH")
    expect(owner.page.get_by_label("Registernummer")).to_have_value("HRB 12345")
    person = owner.group("Person 1")
    tell_name(owner, "Mats", "Kogge", within=person)
    owner.fill_date("Geburtsdatum", "8.2.1957", within=person)
    owner.fill("E-Mail-Adresse", "firma@example.org")
    owner.save()

    owner.at("Betriebsstätte")
    tell_address(owner, "Anschrift des Betriebs", "Doberaner Straße", "110", "18057")
    owner.choose("Was ist dort?", "Eine Zweigniederlassung")
    owner.reveal()
    tell_address(owner, "Anschrift der Hauptniederlassung", "Kröpeliner Straße", "26")
    owner.save()

    owner.at("Art und Beginn")
    owner.choose("Warum melden Sie den Betrieb an?", "Wir gründen neu")
    owner.tick("Handwerk")
    owner.fill("Was macht der Betrieb?", "Herstellung und Verkauf von Backwaren")
    owner.fill_date("Wann beginnt die Tätigkeit?", in_days(20))
    owner.fill("in Vollzeit", "4")
    owner.fill("in Teilzeit", "3")
    owner.save()

    owner.at("Erlaubnis und Handwerk")
    owner.choose("Brauchen Sie für die Tätigkeit eine Erlaubnis?", "Nein")
    owner.choose("Haben Sie eine Handwerkskarte?", "Ja")
    owner.upload("Auszug aus dem Register", "auszug.pdf", papers.pdf())
    owner.reveal()
    owner.upload("Handwerkskarte oder Gewerbekarte", "karte.pdf", papers.pdf())
    owner.save()

    owner.at("Erklärungen")
    owner.tick(RIGHT)
    owner.tick(PRIVACY)
    owner.save()
    owner.at("Prüfen und absenden")
    owner.reads("Bäckerei Kogge GmbH", "26,00")
    forms.submit(owner, delivery="Im Postfach")


def test_a_café_puts_tables_outside(arrive: Arrive, script: bool) -> None:
    keeper = arrive(script=script)
    begin(keeper, "sondernutzung", "Wer die Fläche nutzt")
    tell_asker(keeper, "Wer möchte die Fläche nutzen?")
    keeper.fill("Name der Ansprechperson", "Søren Østergård")
    keeper.fill("Mobilnummer der Ansprechperson", "0170 5550123")
    keeper.save()

    keeper.at("Flächen")
    first = keeper.group("Fläche 1")
    keeper.choose("Wofür nutzen Sie die Fläche?", "Tische und Stühle vor einem Lokal", within=first)
    keeper.fill("Straße oder Platz", "Am Strom", within=first)
    keeper.choose("In welcher Zone", "Zone 1: Stadtmitte, Kröpeliner-Tor-Vorstadt und Warnemünde", within=first)
    keeper.fill("Länge", "6,5", within=first)
    keeper.fill("Breite", "2", within=first)
    keeper.press("Weitere Fläche hinzufügen")
    second = keeper.group("Fläche 2")
    expect(second).to_be_visible()
    keeper.choose("Wofür nutzen Sie die Fläche?", "Werbeaufsteller", within=second)
    keeper.fill("Straße oder Platz", "Am Strom", within=second)
    keeper.choose("In welcher Zone", "Zone 1: Stadtmitte, Kröpeliner-Tor-Vorstadt und Warnemünde", within=second)
    keeper.fill("Länge", "0,5", within=second)
    keeper.fill("Breite", "0,5", within=second)
    keeper.reveal()
    for area in (first, second):
        keeper.fill("Wie breit bleibt der freie Gehweg?", "2,40", within=area)
    keeper.save()

    keeper.at("Zeitraum")
    keeper.fill_date("Erster Tag", "1.4.2027")
    keeper.fill_date("Letzter Tag", "31.10.2027")
    keeper.fill("Was stellen Sie auf?", "4 Tische und 8 Stühle")
    keeper.save()
    keeper.at("Verkehr")
    keeper.choose("Wird der Verkehr behindert?", "Nein")
    keeper.save()
    keeper.at("Unterlagen und Erklärungen")
    keeper.upload("Lageplan mit Maßen", "plan.pdf", papers.pdf())
    keeper.tick("Ich halte Rettungswege, Hydranten und Eingänge frei.")
    keeper.tick("Ich räume die Fläche am Ende")
    keeper.tick(PRIVACY)
    keeper.save()
    keeper.at("Prüfen und absenden")
    # 25 + 6,5 m × 2 m × 7 Monate × 6,50 € + 0,5 m × 0,5 m × 7 Monate × 12 €
    keeper.reads("637,50")
    forms.submit(keeper)


def test_somebody_looks_for_an_old_friend(arrive: Arrive, script: bool) -> None:
    friend = arrive(script=script)
    begin(friend, "melderegisterauskunft", "Wer fragt")
    tell_asker(friend, "Wer möchte die Auskunft bekommen?")
    friend.save()
    friend.at("Art der Auskunft")
    friend.choose("Welche Auskunft brauchen Sie?", "Einfach: Namen, Doktorgrad und Anschrift")
    friend.choose("Wofür brauchen Sie die Auskunft?", "Für private Zwecke")
    friend.save()
    friend.at("Gesuchte Personen")
    sought = friend.group("Person 1")
    friend.fill("Familienname", "Petersen", within=sought)
    friend.fill("Vornamen", "Maike", within=sought)
    friend.save()
    friend.at("Gesuchte Personen", fault=True)
    tell_address(friend, "Letzte Anschrift, die Sie kennen", "Parkstraße", "8", "18057")
    friend.save()
    friend.at("Erklärungen")
    friend.tick("Ich nutze die Auskunft nicht für Werbung oder Adresshandel.")
    friend.tick(PRIVACY)
    friend.save()
    friend.at("Prüfen und absenden")
    friend.reads("Petersen", "10,00")
    forms.submit(friend)


def test_a_child_of_the_city_orders_a_birth_certificate(arrive: Arrive, script: bool) -> None:
    child = arrive(script=script)
    begin(child, "urkunde-anfordern", "Angaben zur Person")
    tell_name(child, "Ágnes", "Kővári")
    child.fill_date("Geburtsdatum", "2.3.1961")
    tell_address(child, "Anschrift", "Waldemarstraße", "23", "18057")
    child.fill("E-Mail-Adresse", "agnes@example.org")
    child.save()
    child.at("Art und Anzahl")
    child.choose("Worum geht es?", "Eine Geburt")
    child.choose("Welche Form brauchen Sie?", "Urkunde", within=child.group("Urkunde 1"))
    child.fill("Wie viele?", "2", within=child.group("Urkunde 1"))
    child.choose("Wofür brauchen Sie die Urkunde?", "Für eine Heirat")
    child.save()
    child.at("Angaben aus dem Register")
    birth = child.group("Geburt").first
    child.fill("Familienname bei der Geburt", "Kővári", within=birth)
    child.fill("Vornamen", "Ágnes", within=birth)
    child.fill_date("Tag der Geburt", "2.3.1961", within=birth)
    child.fill("Geburtsort", "Rostock", within=birth)
    child.fill("Familienname der Mutter", "Ahrens", within=birth)
    child.save()
    child.at("Ihre Berechtigung")
    child.choose("Wer sind Sie für die Person in der Urkunde?", "Ich bin es selbst")
    child.upload("Kopie Ihres Ausweises", "ausweis.jpg", papers.picture())
    child.save()
    child.at("Versand und Erklärungen")
    child.choose("Sollen wir an Ihre Anschrift schicken?", "Ja")
    child.tick(RIGHT)
    child.tick(PRIVACY)
    child.save()
    child.at("Prüfen und absenden")
    child.reads("Ahrens", "22,50")
    forms.submit(child)


def test_a_business_answers_without_a_name(arrive: Arrive, script: bool) -> None:
    business = arrive(script=script)
    begin(business, "befragung-der-unternehmen", "Ihr Betrieb", button="Mitteilung beginnen")
    business.choose("In welcher Branche arbeiten Sie?", "Gastgewerbe und Tourismus")
    business.choose("Wie viele Menschen arbeiten bei Ihnen?", "1 bis 9")
    business.choose("Wie lange gibt es den Betrieb?", "3 bis 10 Jahre")
    business.save()
    business.at("Standort und Verwaltung")
    for question in ("dem Standort", "Flächen und Mieten", "Straße, Bahn und Hafen", "der Stadtverwaltung"):
        business.choose(f"Wie zufrieden sind Sie mit {question}?", "Zufrieden")
    business.save()
    business.at("Was Sie brauchen")
    business.tick("Mehr Anträge online")
    business.choose("Finden Sie genug Personal?", "Nein")
    business.fill("Wie oft hatten Sie in diesem Jahr mit der Stadt zu tun?", "6")
    business.tick(PRIVACY)
    business.save()
    forms.submit(business)
