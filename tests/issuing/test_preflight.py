"""Debian's PDFBox Preflight as an oracle: what we make would be PDF/A-1b, were it not PDF/A-3a.

No validator for PDF/A-3 can be had here. Both ask the same of fonts, colours, metadata and actions, so the receipt and
the notice are rendered once as PDF/A-1b, without seal and attachment, and judged. veraPDF has not seen them.
"""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import weasyprint
from weasyprint.pdf.metadata import DocumentMetadata

from accounts.people import Clerk
from applications.deciding import use_cases as deciding
from applications.deciding.delivery import pdf_of
from applications.deciding.notice import decisions, notice_of
from applications.delivering import receipt
from applications.delivering.use_cases import render_receipt
from applications.models import Application
from applications.states import State
from foundation import scope
from tests.factories import make_application, make_clerk

JARS = [
    Path("/usr/share/java") / f"{name}.jar"
    for name in ("preflight", "pdfbox2", "fontbox2", "xmpbox", "commons-logging", "javax.activation", "jaxb-api")
]
TRANSPARENCY = "2.2.1"
"""WeasyPrint draws each SVG in a transparency group. PDF/A-1 forbids them, PDF/A-3 does not (ISO 19005-3, 6.2.10)."""
ADDRESS = "http://localhost:8000/pruefen/preflight/"
pytestmark = [
    pytest.mark.usefixtures("city"),
    pytest.mark.skipif(
        not shutil.which("java") or not all(jar.exists() for jar in JARS),
        reason="Preflight is missing: apt install libpdfbox2-java libcommons-logging-java libactivation-java "
        "libjaxb-api-java, and a Java",
    ),
]


@pytest.fixture(autouse=True)
def as_pdf_a_1b(monkeypatch: pytest.MonkeyPatch) -> None:
    write = weasyprint.HTML.write_pdf
    monkeypatch.setattr(
        weasyprint.HTML,
        "write_pdf",
        lambda page, **how: write(page, **how | {"pdf_variant": "pdf/a-1b", "pdf_tags": False, "attachments": []}),
    )
    metadata = DocumentMetadata.generate_rdf_metadata
    monkeypatch.setattr(
        DocumentMetadata, "generate_rdf_metadata", lambda *given: names_on_each_description(metadata(*given))
    )


def names_on_each_description(rdf: bytes) -> bytes:
    """Preflight reads the names of XMP where they are used only; XML lets them stand further out, too."""
    root, *_ = re.findall(rb"<rdf:RDF[^>]*>", rdf)
    names = b" ".join(name for name in re.findall(rb'xmlns:\w+="[^"]*"', root) if not name.startswith(b"xmlns:rdf"))
    return rdf.replace(root, re.sub(rb' xmlns:(?!rdf)\w+="[^"]*"', b"", root)).replace(
        b"<rdf:Description", b"<rdf:Description " + names
    )


def test_receipt_and_notice_would_be_pdf_a_1b(tmp_path: Path) -> None:
    clerk: Clerk = make_clerk()[1]
    answers = {"halter_art": "person", "person": {"vorname": "Łucja", "familienname": "Kogge"}, "bemerkung": "Ğ ḷ́ ẞ 😀"}
    application = make_application(answers=answers, state=State.PROCESSING, assignee_id=clerk.user_id)
    with scope.for_person(clerk):
        decision = deciding.decide(application, by=clerk, outcome="approved", reason="So ist es.", regime="letter")
    with scope.for_person(clerk, read_only=True):
        row = Application.objects.for_pages().get(pk=application.pk)
        papers = {
            "receipt": render_receipt(row, receipt.embedded_data(row), ADDRESS),
            "notice": pdf_of(notice_of(decisions().get(pk=decision.pk)), ADDRESS),
        }
    for name, pdf in papers.items():
        (tmp_path / f"{name}.pdf").write_bytes(pdf)
        assert faults(tmp_path / f"{name}.pdf") <= {TRANSPARENCY}, name


def test_oracle_refuses_what_is_none(tmp_path: Path) -> None:
    plain = tmp_path / "plain.pdf"
    plain.write_bytes(weasyprint.HTML(string="<p>x").render().write_pdf())
    assert faults(plain) - {TRANSPARENCY}


def faults(path: Path) -> set[str]:
    """The numbers of what Preflight finds wrong; it must have come to an end."""
    command = ["java", "-cp", ":".join(map(str, JARS)), "org.apache.pdfbox.preflight.Validator_A1b", str(path)]
    said = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    assert "PDF/A-1b file" in said
    return set(re.findall(r"(?m)^([\d.]+) :", said))
