"""A person who exists nowhere else, and everything that a citizen and her office do, through the pages.

The same walk goes over HTTP at a real portal (`drills.privacy`) and inside of one process (`tests/privacy`).
"""

import base64
import io
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
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
    "reason of the letter": "Zimtschneckenstempel",
    "reason of the revocation": "Walnussgewitter",
    "words to all": "Zuckerrübenkompass",
}
#: Whoever knows one opens a case that was filed without an account.
CODE = re.compile(r"(?<![\w-])[0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4}){3}(?![\w-])")
#: May be read by everybody who reads the database: it is no person.
ORGANISATION = "Probe Kanarienhandel GmbH"
#: The organisation of somebody else, who invites her.
OTHER_ORGANISATION = "Probe Nachbarschaft GmbH"
CLERK, HEAD = "sachbearbeitung@example.org", "leitung@example.org"
#: Somebody else with an account, whom she invites and who invites her.
COLLEAGUE = "firma@example.org"
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


def proof() -> tuple[str, bytes, str]:
    return f"{SECRETS['file name']}.png", picture(), "image/png"


def one_time_code(secret: str) -> str:
    """What an app shows now that was told this secret (RFC 6238)."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    return TOTP(key, 6, SHA1(), 30).generate(int(time.time())).decode()


@dataclass
class Walk:
    """Everything that the persona does. `settle` lets the workers finish; `newest_mail` is the text of the last one.

    `guest` is her own second browser, without an account. Afterwards `references` are her cases, the first of them
    `reference`; `draft` is what she never sent; `told` holds the secrets that the portal itself has made for her.
    """

    persona: Visitor
    guest: Visitor
    clerk: Visitor
    head: Visitor
    colleague: Visitor
    staff_password: str
    settle: Callable[[], None]
    newest_mail: Callable[[str], str]
    references: list[str] = field(default_factory=list, init=False)
    draft: str = field(default="", init=False)
    told: dict[str, str] = field(default_factory=dict, init=False)

    @property
    def reference(self) -> str:
        return self.references[0]

    @property
    def secrets(self) -> dict[str, str]:
        """All that must be found nowhere in clear text, but for the access code, which is known by its looks."""
        return SECRETS | self.told

    @property
    def asked(self) -> list[str]:
        """The addresses of all pages, as an access log shows them."""
        return [url for each in self._everybody for url in each.asked]

    @property
    def _everybody(self) -> tuple[Visitor, ...]:
        return self.persona, self.guest, self.clerk, self.head, self.colleague

    def go(self) -> None:
        for visitor, email in ((self.clerk, CLERK), (self.head, HEAD), (self.colleague, COLLEAGUE)):
            visitor.sign_in(email, self.staff_password)
        self._open_an_account()
        self._set_up_a_second_factor()
        self._found_an_organisation()
        self._invite_and_be_invited()
        self._keep_a_document()
        self._file_without_an_account()
        self._apply()
        self._be_worked_on()
        self._read_the_notice()
        self._copy_and_get_a_letter()
        self._copy_and_withdraw()
        self._lose_the_permit()
        self._be_told_of_a_fault()
        self._leave_a_draft()

    def leave(self) -> None:
        """The account goes; what the office keeps stays."""
        self.persona.send("/konto/bestaetigen/", {"password": PASSWORD})
        self.persona.send("/konto/loeschen/", {})

    def _file_without_an_account(self) -> None:
        """In another browser, whose sitting goes on: it holds the code of the case."""
        guest = self.guest
        draft = guest.send(f"{SERVICE}beginnen/", {}, at=SERVICE)
        code = CODE.search(guest.look(f"{draft}spaeter/").text)
        if not code:
            raise RuntimeError("The guest is told no code.")
        reference = self._fill_in(guest, draft, delivery="post")
        self.references.append(reference)
        self._find_with_the_code(reference, code[0])
        guest.look(f"/vorgang/{reference}/bestaetigung.pdf")
        here = f"/vorgang/{reference}/"
        guest.send(f"{here}frage/", {"text": f"Wo ist das {SECRETS['question to the office']}?"}, at=here)
        self.settle()

    def _find_with_the_code(self, reference: str, code: str) -> None:
        found = self.guest.send("/vorgang/", {"nummer": reference, "code": code})
        if SECRETS["family name"] not in self.guest.look(found).text:
            raise RuntimeError("The code does not open the case.")

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

    def _set_up_a_second_factor(self) -> None:
        """And sign in with it. The page makes a new secret each time that it is shown, so it is asked for once."""
        person, path = self.persona, "/konto/zweiter-faktor/einrichten/"
        person.send("/konto/bestaetigen/", {"password": PASSWORD})
        page = person.look(path).text
        secret, token = (re.search(rule, page) for rule in (r"<code[^>]*>([A-Z2-7]{16,})<", r'token" value="(\w+)"'))
        if not secret or not token:
            raise RuntimeError("The page tells no secret.")
        person.post(path, {"csrfmiddlewaretoken": token[1], "code": one_time_code(secret[1])})
        codes = re.findall(r"<code[^>]*>(\w{8,})<", person.look("/konto/zweiter-faktor/codes/").text)
        person.send("/konto/abmelden/", {})
        person.sign_in(EMAIL, PASSWORD)
        person.send("/konto/zweiter-faktor/anmelden/", {"code": codes[0]})
        self.told |= {"secret of the second factor": secret[1], "recovery code": codes[1], "spent code": codes[0]}

    def _found_an_organisation(self) -> None:
        seat = {"street": SECRETS["seat of the organisation"], "house_number": "3"}
        town = {"postal_code": "18055", "city": "Rostock"}
        sites = {f"form-0-{name}": value for name, value in (seat | town).items()}
        self.persona.send("/konto/organisationen/neu/", {"name": ORGANISATION, "legal_form": "gmbh", **sites})

    def _invite_and_be_invited(self) -> None:
        """The colleague comes and has to go again; she herself joins another organisation."""
        mine = re.findall(r"/konto/organisationen/[0-9a-f-]{36}/", self.persona.look("/konto/organisationen/").text)[0]
        self.persona.send(f"{mine}einladen/", {"email": COLLEAGUE, "role": "member"})
        self._accept(self.colleague)
        ended = re.findall(rf"{mine}zugang/[0-9a-f-]{{36}}/beenden/", self.persona.look(mine).text)
        self.persona.send(ended[-1], {})
        theirs = self.colleague.send("/konto/organisationen/neu/", {"name": OTHER_ORGANISATION, "legal_form": "gmbh"})
        self.colleague.send(f"{theirs}einladen/", {"email": EMAIL, "role": "member"})
        self._accept(self.persona)
        # Once more to her address, and that one stays open.
        self.colleague.send(f"{self._second_of_the_colleague()}einladen/", {"email": EMAIL, "role": "member"})
        self.settle()

    def _accept(self, visitor: Visitor) -> None:
        self.settle()
        page = "/konto/organisationen/"
        path = re.findall(rf"{page}einladung/[0-9a-f-]{{36}}/", visitor.look(page).text)[0]
        visitor.send(path, {"answer": "accept"}, at=page)

    def _second_of_the_colleague(self) -> str:
        said = {"name": f"Zweite {OTHER_ORGANISATION}", "legal_form": "gmbh"}
        return self.colleague.send("/konto/organisationen/neu/", said)

    def _keep_a_document(self) -> None:
        said = {"kind": "proof", "title": SECRETS["title of a document"], "issued_on": SECRETS["birth date"]}
        self.persona.send("/unterlagen/neu/", said, files={"file": proof()})
        if SECRETS["title of a document"] not in self.persona.look("/unterlagen/").text:
            raise RuntimeError("The folder does not hold the document.")

    def _apply(self) -> None:
        person = self.persona
        draft = person.send(f"{SERVICE}beginnen/", {}, at=SERVICE)
        reference = self._fill_in(person, draft, delivery="postbox")
        self.references.insert(0, reference)
        person.look(f"/vorgang/{reference}/bestaetigung.pdf")

    def _fill_in(self, visitor: Visitor, draft: str, *, delivery: str) -> str:
        """All steps of a draft, then it is sent; its reference."""
        page = visitor.look(f"{draft}schritt/hunde/").text
        (dog,) = set(re.findall(r'name="hunde-(\w+)-name"', page))
        for step, typed in STEPS.items():
            boxes = {name.replace("hunde-i1-", f"hunde-{dog}-"): value for name, value in typed.items()}
            files = {f"hunde-{dog}-nachweis_gefaehrlich": proof()} if step == "hunde" else None
            visitor.send(f"{draft}schritt/{step}/", boxes, files=files)
        arrived = visitor.send(f"{draft}pruefen/", {"confirmed": "on", "delivery": delivery})
        self.settle()
        return arrived.split("/")[2]

    def _be_worked_on(self) -> None:
        here, office = f"/vorgang/{self.reference}/", f"/backoffice/vorgang/{self.reference}/"
        clerk, person = self.clerk, self.persona
        clerk.send("/backoffice/filtern/", {"ansicht": "offen", "q": SECRETS["family name"]}, at="/backoffice/")
        clerk.send(f"{office}uebernehmen/", {}, at=office)
        page = clerk.look(office).text
        if SECRETS["answer in words"] not in page:
            raise RuntimeError("The clerk does not see the answers.")
        clerk.look(re.findall(rf"{office}datei/[0-9a-f-]+/", page)[0])
        missing = {"text": f"Es fehlt der {SECRETS['request of the office']}.", "documents": "Foto vom Chip"}
        clerk.send(f"{office}nachfordern/", missing)
        self.settle()
        answer = f"Der {SECRETS['answer in words']} kommt per Post."
        person.send(f"{here}antwort/", {"text": answer}, at=here, files={"document-0": proof()})
        person.send(f"{here}frage/", {"text": f"Wo ist das {SECRETS['question to the office']}?"}, at=here)
        self.settle()
        if len(set(re.findall(rf"{office}datei/[0-9a-f-]+/", clerk.look(office).text))) < 2:
            raise RuntimeError("The clerk does not see the file of the answer.")
        clerk.send(f"{office}antworten/", {"text": f"Das {SECRETS['question to the office']} ist hier."}, at=office)
        today = date.today()
        permit = {"valid_from": today.isoformat(), "valid_until": (today + timedelta(days=300)).isoformat()}
        reason = f"Wegen der {SECRETS['reason of the notice']}."
        self._decide(self.reference, reason=reason, regime="retrieval", **permit)

    def _decide(self, reference: str, **ruling: str) -> None:
        said = {"action": "decide", "outcome": "approved", "fee": "", "fee_due_on": ""}
        self.clerk.send(f"/backoffice/vorgang/{reference}/entscheiden/", said | ruling)
        self.settle()

    def _read_the_notice(self) -> None:
        item = re.findall(r"/postfach/[0-9a-f-]{36}/", self.persona.look("/postfach/").text)[0]
        self.persona.send(f"{item}oeffnen/", {}, at=item)
        self.persona.look(f"{item}dokument.pdf")

    def _copy_and_get_a_letter(self) -> None:
        """The notice is printed, put into the post, and the day is noted."""
        reference, clerk = self._file_a_copy(), self.clerk
        office, letters = f"/backoffice/vorgang/{reference}/", "/backoffice/briefe/"
        clerk.send(f"{office}uebernehmen/", {}, at=office)
        self._decide(reference, reason=f"Mit dem {SECRETS['reason of the letter']}.", regime="letter")
        if SECRETS["family name"] not in clerk.look(letters).text:
            raise RuntimeError("The print list does not name her.")
        item = re.findall(rf"{office}bescheid/([0-9a-f-]{{36}})\.pdf", clerk.look(letters).text)[0]
        clerk.look(f"{office}bescheid/{item}.pdf")
        clerk.send(f"{letters}{item}/", {f"{item}-day": date.today().isoformat()}, at=letters)
        self.settle()

    def _copy_and_withdraw(self) -> None:
        reference = self._file_a_copy()
        self.persona.send(f"/vorgang/{reference}/zurueckziehen/", {})
        self.settle()

    def _file_a_copy(self) -> str:
        """Of the first case, whose answers are offered again."""
        here = f"/vorgang/{self.reference}/"
        draft = self.persona.send(f"{here}als-vorlage/", {}, at=here)
        reference = self._fill_in(self.persona, draft, delivery="postbox")
        self.references.append(reference)
        return reference

    def _lose_the_permit(self) -> None:
        office = f"/backoffice/vorgang/{self.reference}/"
        path = re.findall(rf"{office}widerrufen/[0-9a-f-]{{36}}/", self.head.look(office).text)[0]
        self.head.send(path, {"reason": f"Nach dem {SECRETS['reason of the revocation']}."})
        self.settle()
        if SECRETS["reason of the revocation"] not in self.persona.look(f"/vorgang/{self.reference}/").text:
            raise RuntimeError("She is not told why.")

    def _be_told_of_a_fault(self) -> None:
        # Browsers send no seconds: what was done in this minute counts, too.
        until = datetime.now(ZoneInfo("Europe/Berlin")) + timedelta(minutes=1)
        moments = {"von": until - timedelta(hours=2), "bis": until}
        query = "&".join(f"{name}={moment:%Y-%m-%dT%H:%M}" for name, moment in moments.items())
        page = f"/backoffice/stoerungen/betroffene/?leistung={SERVICE.split('/')[3]}&{query}"
        words = {"action": "send", "subject": "Störung", "text": f"Guten Tag, am {SECRETS['words to all']} lag es."}
        self.head.send("/backoffice/stoerungen/betroffene/schreiben/", words, at=page)
        self.settle()
        if SECRETS["words to all"] not in self.persona.look(f"/vorgang/{self.reference}/").text:
            raise RuntimeError("The message to all did not reach her.")

    def _leave_a_draft(self) -> None:
        """Copied and never sent: it holds her answers, and what it has taken over."""
        here = f"/vorgang/{self.reference}/"
        self.draft = self.persona.send(f"{here}als-vorlage/", {}, at=here).split("/")[2]
