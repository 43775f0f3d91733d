"""A person who exists nowhere else, and everything that a citizen and her office do, through the pages.

The same walk goes over HTTP at a real portal (`drills.privacy`) and inside of one process (`tests/privacy`).
"""

import io
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from PIL import Image

from faults.visitor import Visitor

EMAIL = "quirinella.zwiefelhaken@example.org"
PASSWORD = "drei-woerter-im-wind-2026"
#: What must be found nowhere in clear text. Each is said to the portal in at least one place.
SECRETS = {
    "given name": "Quirinella",
    "family name": "Zwiefelhaken",
    "street": "Sommerlochgasse",
    "phone": "99887766",
    "birth date": "1971-02-13",
    "IBAN": "DE75512108001245126199",
    "chip": "276098109876543",
    "file name": "wesenstest-kuckucksei",
    "answer in words": "Blumenkohlraumschiff",
    "question to the office": "Tintenfischorchester",
    "request of the office": "Lakritzschneckenzoll",
    "reason of the notice": "Pfefferminzlawine",
    "seat of the organisation": "Nebelhornstieg",
    "title of a document": "Ameisenhaufenpatent",
}
#: Whoever knows one opens a case that was filed without an account.
CODE = re.compile(r"(?<![\w-])[0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4}){3}(?![\w-])")
#: May be read by everybody who reads the database: it is no person.
ORGANISATION = "Probe Kanarienhandel GmbH"
CLERK = "sachbearbeitung@example.org"
SERVICE = "/leistungen/rostock/hundesteuer-anmelden/"
STEPS: dict[str, dict[str, str]] = {
    "halter": {
        "halter_art": "person",
        "person-vorname": SECRETS["given name"],
        "person-familienname": SECRETS["family name"],
        "person-geburtsdatum_day": "13",
        "person-geburtsdatum_month": "2",
        "person-geburtsdatum_year": "1971",
        "person-anschrift_street": SECRETS["street"],
        "person-anschrift_house_number": "7",
        "person-anschrift_postal_code": "18055",
        "person-anschrift_city": "Rostock",
        "email": EMAIL,
        "telefon": f"0381 {SECRETS['phone']}",
    },
    "hunde": {
        "hunde-i1-name": "Ajax",
        "hunde-i1-rasse": "Pudel",
        "hunde-i1-geschlecht": "ruede",
        "hunde-i1-geburtsdatum_day": "1",
        "hunde-i1-geburtsdatum_month": "5",
        "hunde-i1-geburtsdatum_year": "2024",
        "hunde-i1-chipnummer": SECRETS["chip"],
        "hunde-i1-haltung": "haushalt",
        "hunde-i1-beginn_day": "1",
        "hunde-i1-beginn_month": "8",
        "hunde-i1-beginn_year": "2026",
        "hunde-i1-herkunft": "zuzug",
        "hunde-i1-gefaehrlich": "true",
    },
    "ermaessigung": {"beantragt": "false"},
    "zahlung": {
        "sepa-kontoinhaber": f"{SECRETS['given name']} {SECRETS['family name']}",
        "sepa-iban": SECRETS["IBAN"],
        "sepa-mandat": "true",
        "bemerkung": f"Mein {SECRETS['answer in words']} bellt nicht.",
        "aenderungen": "true",
        "datenschutz": "true",
    },
}


def picture() -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (40, 30), "seagreen").save(content, "PNG")
    return content.getvalue()


@dataclass
class Walk:
    """Everything that the persona does. `settle` lets the workers finish; `newest_mail` is the text of the last one."""

    persona: Visitor
    clerk: Visitor
    guest: Visitor
    clerk_password: str
    settle: Callable[[], None]
    newest_mail: Callable[[str], str]
    reference: str = field(default="", init=False)

    def go(self) -> None:
        self._begin_without_an_account()
        self._open_an_account()
        self._found_an_organisation()
        self._keep_a_document()
        self._apply()
        self._be_worked_on()
        self._read_the_notice()

    def leave(self) -> None:
        """The account goes; what the office keeps stays."""
        self.persona.send("/konto/bestaetigen/", {"password": PASSWORD})
        self.persona.send("/konto/loeschen/", {})

    def _begin_without_an_account(self) -> None:
        """In another browser, whose sitting goes on: it holds the code of a draft."""
        draft = self.guest.send(f"{SERVICE}beginnen/", {}, at=SERVICE)
        if not CODE.search(self.guest.look(f"{draft}spaeter/").text):
            raise RuntimeError("The guest is told no code.")

    def _open_an_account(self) -> None:
        person = self.persona
        person.send("/konto/registrieren/", {"email": EMAIL, "password1": PASSWORD})
        self.settle()
        found = re.search(r"https?://[^/\s]+(/\S+)", self.newest_mail(EMAIL))
        if not found:
            raise RuntimeError("The mail holds no link.")
        person.send(found[1], {})
        if "/konto/anmelden/" in str(person.look("/konto/profil/").url):
            person.sign_in(EMAIL, PASSWORD)
        profile = {
            "given_name": SECRETS["given name"],
            "family_name": SECRETS["family name"],
            "birth_date": "13.2.1971",
            "street": SECRETS["street"],
            "house_number": "7",
            "postal_code": "18055",
            "city": "Rostock",
            "phone": f"0381 {SECRETS['phone']}",
        }
        person.send("/konto/profil/", profile)

    def _found_an_organisation(self) -> None:
        seat = {"street": SECRETS["seat of the organisation"], "house_number": "3"}
        town = {"postal_code": "18055", "city": "Rostock"}
        sites = {f"form-0-{name}": value for name, value in (seat | town).items()}
        self.persona.send("/konto/organisationen/neu/", {"name": ORGANISATION, "legal_form": "gmbh", **sites})

    def _keep_a_document(self) -> None:
        said = {"kind": "proof", "title": SECRETS["title of a document"], "issued_on": SECRETS["birth date"]}
        proof = (f"{SECRETS['file name']}.png", picture(), "image/png")
        self.persona.send("/unterlagen/neu/", said, files={"file": proof})
        if SECRETS["title of a document"] not in self.persona.look("/unterlagen/").text:
            raise RuntimeError("The folder does not hold the document.")

    def _apply(self) -> None:
        person = self.persona
        draft = person.send(f"{SERVICE}beginnen/", {}, at=SERVICE)
        person.send(f"{draft}schritt/halter/", STEPS["halter"])
        proof = (f"{SECRETS['file name']}.png", picture(), "image/png")
        person.send(f"{draft}schritt/hunde/", STEPS["hunde"], files={"hunde-i1-nachweis_gefaehrlich": proof})
        for step in ("ermaessigung", "zahlung"):
            person.send(f"{draft}schritt/{step}/", STEPS[step])
        arrived = person.send(f"{draft}pruefen/", {"confirmed": "on", "delivery": "postbox"})
        self.reference = arrived.split("/")[2]
        self.settle()
        person.look(f"/vorgang/{self.reference}/bestaetigung.pdf")

    def _be_worked_on(self) -> None:
        here, office = f"/vorgang/{self.reference}/", f"/backoffice/vorgang/{self.reference}/"
        clerk, person = self.clerk, self.persona
        clerk.sign_in(CLERK, self.clerk_password)
        clerk.send("/backoffice/filtern/", {"ansicht": "offen", "q": SECRETS["family name"]}, at="/backoffice/")
        clerk.send(f"{office}uebernehmen/", {}, at=office)
        page = clerk.look(office).text
        if SECRETS["answer in words"] not in page:
            raise RuntimeError("The clerk does not see the answers.")
        clerk.look(re.findall(rf"{office}datei/[0-9a-f-]+/", page)[0])
        clerk.send(
            f"{office}nachfordern/", {"text": f"Es fehlt der {SECRETS['request of the office']}.", "documents": ""}
        )
        self.settle()
        answer = f"Der {SECRETS['answer in words']} kommt per Post."
        person.send(f"{here}antwort/", {"text": answer}, at=here)
        person.send(f"{here}frage/", {"text": f"Wo ist das {SECRETS['question to the office']}?"}, at=here)
        self.settle()
        clerk.send(f"{office}antworten/", {"text": f"Das {SECRETS['question to the office']} ist hier."}, at=office)
        ruling = {
            "action": "decide",
            "outcome": "approved",
            "reason": f"Wegen der {SECRETS['reason of the notice']}.",
            "fee": "",
            "fee_due_on": "",
            "regime": "retrieval",
        }
        clerk.send(f"{office}entscheiden/", ruling)
        self.settle()

    def _read_the_notice(self) -> None:
        item = re.findall(r"/postfach/[0-9a-f-]{36}/", self.persona.look("/postfach/").text)[0]
        self.persona.send(f"{item}oeffnen/", {}, at=item)
        self.persona.look(f"{item}dokument.pdf")
