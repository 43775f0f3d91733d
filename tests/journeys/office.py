"""What clerks do in the backoffice."""

from tests.journeys.records import Records
from tests.journeys.visitor import Visitor
from tests.journeys.waiting import wait_for

CLERK = "sachbearbeitung@example.org"
CLERK_OF_SCHWERIN = "sachbearbeitung.schwerin@example.org"


def wait_until_routed(records: Records, reference: str) -> None:
    arrived = "reference = %s AND state = 'RECEIVED'"
    wait_for(lambda: records.count("applications_application", arrived, reference), "routing")


def search(clerk: Visitor, reference: str) -> None:
    """Shows the inbox with nothing but this case, if the clerk may see it."""
    clerk.open("/backoffice/")
    clerk.at("Eingang")
    clerk.fill("Suche", reference)
    clerk.press("Liste filtern")
    clerk.at("Eingang")


def take_over(clerk: Visitor, reference: str) -> None:
    search(clerk, reference)
    clerk.page.get_by_role("table").get_by_role("link").first.click()
    clerk.at("")
    clerk.reads(reference)
    clerk.press("Vorgang übernehmen")
    clerk.page.get_by_role("link", name="Entscheiden").wait_for()
    clerk.at("")


def ask_back(clerk: Visitor, question: str, document: str) -> None:
    clerk.follow("Nachfordern")
    clerk.at("Angabe oder Unterlage nachfordern")
    clerk.fill("Was fehlt?", question)
    clerk.fill("Fehlende Unterlagen", document)
    clerk.press("Nachforderung absenden")
    clerk.reads(question, document, "Noch keine Antwort.")
    clerk.at("")


def decide(clerk: Visitor, *, outcome: str, reason: str, way: str, fee: str = "") -> None:
    clerk.follow("Entscheiden")
    clerk.at("Über den Antrag entscheiden")
    clerk.choose("Entscheidung", outcome)
    clerk.fill("Text und Begründung", reason)
    if fee:
        clerk.fill("Betrag in Euro", fee)
    else:
        clerk.fill("Betrag in Euro", "")
        clerk.fill("Zu zahlen bis zum", "")
    clerk.choose("Wie geben Sie den Bescheid bekannt?", way)
    clerk.press("Bescheid ansehen")
    clerk.at("Bescheid prüfen")
    clerk.reads(reason)
    clerk.press("Jetzt entscheiden")
    clerk.page.get_by_role("heading", name="Bescheid").wait_for()
    clerk.at("")
