"""A citizen with an account and the clerk of the right office, from the form to the notice."""

import io
import json
import re

import pikepdf
from PIL import Image
from playwright.sync_api import expect

from tests.journeys import forms, office, papers
from tests.journeys.conftest import Arrive
from tests.journeys.mailbox import Mailbox
from tests.journeys.records import Records
from tests.journeys.visitor import Visitor
from tests.journeys.waiting import wait_for
from tests.pdf import pictures_of, read_codes, text_of

CITIZEN = "buerger1@example.org"
QUESTION = "Bitte schicken Sie uns ein Foto des Chips."
DOCUMENT = "Foto des Chips"
REASON = "Ihre Hunde sind angemeldet. Die Steuer gilt ab August 2026 (§ 2 der Satzung)."


def sign_in(visitor: Visitor, email: str) -> Visitor:
    visitor.open("/konto/anmelden/")
    visitor.sign_in(email)
    return visitor


def words_of(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def download(visitor: Visitor, link: str) -> bytes:
    """What the link hands out, with the visitor's own session."""
    address = visitor.page.get_by_role("link", name=link).first.get_attribute("href")
    answer = visitor.page.request.get(address or "")
    assert answer.ok
    assert answer.headers["content-disposition"].startswith("attachment")
    return answer.body()


def check_receipt(citizen: Visitor, reference: str, records: Records) -> None:
    """The page, the PDF and the data inside it say the same."""
    made = "application_id = (SELECT id FROM applications_application WHERE reference = %s)"
    wait_for(lambda: records.count("applications_receipt", made, reference), "receipt")
    citizen.open(f"/vorgang/{reference}/bestaetigung/")
    citizen.at("Eingangsbestätigung")
    on_page = words_of(citizen.page.locator("#bestaetigung").inner_text())
    content = download(citizen, "Als PDF herunterladen")
    in_pdf = words_of(text_of(content))
    # A checksum is wider than its column and goes on in the next line.
    assert [word for word in on_page if word not in in_pdf and (len(word) < 64 or word not in "".join(in_pdf))] == []

    with pikepdf.open(io.BytesIO(content)) as pdf:
        data = json.loads(pdf.attachments["angaben.json"].get_file().read_bytes())
        with pdf.open_metadata() as metadata:
            assert metadata.pdfa_status == "3A"
        assert pdf.Root.MarkInfo.Marked
        assert pdf.Root.StructTreeRoot
        assert pdf.Root.Lang == "de"
    assert data["reference"] == reference
    told = json.dumps(data["answers"], ensure_ascii=False) + json.dumps(data["files"])
    for word in ("Kogge", "Ägir", "Dövi", "276098102345672"):
        assert word in told
        assert word in on_page
    assert [file["name"] for file in data["files"]] == ["wesenstest.pdf"]
    assert data["files"][0]["sha256"] in on_page


def answer_question(citizen: Visitor, reference: str) -> None:
    citizen.open(f"/vorgang/{reference}/")
    citizen.at("")
    citizen.reads("Wir brauchen etwas von Ihnen", QUESTION)
    citizen.fill("Ihre Antwort", "Das Foto ist von heute.")
    citizen.upload(DOCUMENT, "chip.jpg", papers.picture())
    citizen.press("Antwort absenden")
    citizen.reads("Ihre Antwort ist angekommen", "Wird bearbeitet")
    citizen.at("")


def check_payment(citizen: Visitor, reference: str, fee: str) -> None:
    """The GiroCode holds what stands beside it, on the page and in the PDF (EPC069-12)."""
    image = citizen.page.get_by_role("img", name="GiroCode")
    (on_page,) = read_codes([Image.open(io.BytesIO(image.screenshot()))])
    assert on_page in read_codes(pictures_of(download(citizen, "Bescheid herunterladen")))
    lines = on_page.split("\n")
    assert lines[0] == "BCD"
    assert citizen.fact("IBAN").replace(" ", "") in lines
    assert f"EUR{fee}" in lines
    assert reference in lines


def test_dogs_are_registered_asked_about_and_approved(
    arrive: Arrive, script: bool, records: Records, mailbox: Mailbox
) -> None:
    citizen = sign_in(arrive(script=script), CITIZEN)
    reference = forms.file_dogs(citizen, delivery="Im Postfach")
    check_receipt(citizen, reference, records)
    mailbox.wait_for(CITIZEN, subject=f"Ihr Antrag {reference} ist angekommen")

    clerk = sign_in(arrive(script=script), office.CLERK)
    office.take_over(clerk, reference)
    clerk.reads("Kogge", "Ägir", "Dövi", "wesenstest.pdf")
    office.ask_back(clerk, QUESTION, DOCUMENT)
    mailbox.wait_for(CITIZEN, subject=f"Wir brauchen etwas von Ihnen zum Vorgang {reference}")
    answer_question(citizen, reference)

    clerk.page.reload()
    clerk.reads(QUESTION, "Das Foto ist von heute.", "chip.jpg")
    office.decide(clerk, outcome="genehmigt", reason=REASON, way="Abruf im Postfach", fee="576,00")
    mailbox.wait_for(CITIZEN, subject=f"Neues Dokument zum Vorgang {reference}")

    citizen.open("/postfach/")
    citizen.at("Postfach")
    expect(citizen.page.get_by_role("listitem").filter(has_text="Noch nicht geöffnet")).not_to_have_count(0)
    citizen.open(f"/vorgang/{reference}/")
    citizen.follow("Zum Dokument gehen")
    citizen.at("Bescheid")
    citizen.press("Dokument öffnen")
    expect(citizen.page.get_by_text("Gilt als bekannt gegeben am")).to_be_visible()
    citizen.at("Bescheid")
    assert re.fullmatch(r"\d+\. \w+ 20\d\d", citizen.fact("Gilt als bekannt gegeben am"))
    citizen.follow("Dokument lesen")
    citizen.at("Bescheid")
    citizen.reads(REASON, "576,00 Euro", "Widerspruch")
    check_payment(citizen, reference, "576")


def test_refusal_goes_out_as_a_letter(arrive: Arrive, script: bool, records: Records) -> None:
    reason = "Der Hund ist schon angemeldet. Sie müssen nichts tun."
    citizen = sign_in(arrive(script=script), CITIZEN)
    reference = forms.file_dogs(citizen, delivery="Als Brief", number=1)
    office.wait_until_routed(records, reference)

    clerk = sign_in(arrive(script=script), office.CLERK)
    office.take_over(clerk, reference)
    office.decide(clerk, outcome="abgelehnt", reason=reason, way="Brief")
    item = "regime = 'letter' AND subject_id = (SELECT id FROM applications_application WHERE reference = %s)"
    wait_for(lambda: records.count("postbox_postboxitem", item, reference), "letter")

    clerk.open("/backoffice/briefe/")
    clerk.at("Briefe und Abholung")
    row = clerk.page.get_by_role("row").filter(has_text=reference)
    letter = clerk.page.request.get(row.get_by_role("link", name="PDF").get_attribute("href") or "").body()
    assert " ".join(words_of(reason)) in " ".join(words_of(text_of(letter)))
    assert "Lange Straße 12" in text_of(letter)
    row.get_by_label("Am").fill(str(records.read("SELECT (now() AT TIME ZONE 'Europe/Berlin')::date")[0][0]))
    row.get_by_role("button", name="Als aufgegeben eintragen").click()
    expect(clerk.page.get_by_role("row").filter(has_text=reference)).to_have_count(0)
    clerk.at("Briefe und Abholung")

    citizen.open(f"/vorgang/{reference}/")
    citizen.at("")
    citizen.reads("mit der Post geschickt", "abgelehnt")
