import builtins
import io
import json
from types import SimpleNamespace

import pikepdf
import pytest
import segno

from foundation import documents
from foundation.documents import rendering
from tests.pdf import text_of

pytestmark = pytest.mark.usefixtures("sample_templates")

REFERENCE = "HRO-2026-7K3M-4Q9X"
ANSWERS = json.dumps({"name": "Ğüłḷ́ẞ"}).encode()


def qr_code():
    drawn = io.BytesIO()
    segno.make(REFERENCE, error="m").save(drawn, kind="svg", xmldecl=False)
    return drawn.getvalue(), "image/svg+xml"


def context(**more):
    return {
        "reference": REFERENCE,
        "name": "Bäckerei Kogge GmbH",
        "authority": SimpleNamespace(
            name="Hanse- und Universitätsstadt Rostock", kind_line="Hanse- und Universitätsstadt", short_name="Rostock"
        ),
        "department": SimpleNamespace(
            name="Amt für Mobilität", street="Ring 6", postal_code="18059", city="Rostock", phone="0381 381-6800"
        ),
        "rows": [("Name", "Ğüłḷ́ẞ"), ("Bemerkung", "x" * 300)],
    } | more


def render(**more):
    content = documents.render_pdf(
        "sample_document.html",
        context(**more),
        attachments=[("angaben.json", ANSWERS, "application/json")],
        assets={"qr.svg": qr_code()},
    )
    return pikepdf.open(io.BytesIO(content))


@pytest.fixture(scope="module")
def made():
    from django.conf import settings
    from django.test import override_settings

    from tests.foundation.conftest import TEMPLATES

    first = settings.TEMPLATES[0]
    with override_settings(TEMPLATES=[{**first, "DIRS": [*first["DIRS"], TEMPLATES]}]):
        yield render()


def test_document_says_that_it_is_pdf_a_3a(made):
    with made.open_metadata() as metadata:
        assert metadata.pdfa_status == "3A"
        assert metadata["dc:title"] == f"Eingangsbestätigung {REFERENCE}"
        assert metadata["dc:creator"] == ["Hanse- und Universitätsstadt Rostock"]
    assert made.Root.OutputIntents[0].S == "/GTS_PDFA1"
    assert "/ID" in made.trailer


def test_document_is_tagged_and_says_its_language(made):
    assert made.Root.Lang == "de"
    assert made.Root.MarkInfo.Marked
    tags = tags_of(made.Root.StructTreeRoot)
    assert {"/H1", "/H2", "/Table", "/TH", "/TD", "/Figure", "/L", "/LI"} <= set(tags)
    assert tags.count("/H1") == 1


def test_images_say_what_they_show(made):
    figures = [element for element in elements(made.Root.StructTreeRoot) if element.get("/S") == "/Figure"]
    assert {str(figure.Alt) for figure in figures} == {
        "Zeichen des Serviceportals Rostock",
        f"QR-Code mit der Vorgangsnummer {REFERENCE}",
    }


def test_fonts_are_the_portals_own_and_embedded(made):
    fonts = [font for page in made.pages for font in page.Resources.Font.values()]
    assert fonts
    for font in fonts:
        descriptor = font.DescendantFonts[0].FontDescriptor
        assert "Fira" in str(font.BaseFont), font.BaseFont
        assert {"/FontFile2", "/FontFile3"} & set(descriptor.keys())
        assert "/ToUnicode" in font


def test_attachment_comes_back_as_it_was_and_is_the_data_of_the_page(made):
    attached = made.attachments["angaben.json"]
    assert attached.get_file().read_bytes() == ANSWERS
    assert attached.get_file().mime_type == "application/json"
    assert [(str(entry.AFRelationship), str(entry.UF)) for entry in made.Root.AF] == [("/Data", "angaben.json")]


@pytest.mark.asvs("V1.3.6")
@pytest.mark.tr("A3.6.01")
@pytest.mark.parametrize(
    "address",
    [
        "https://example.org/a.png",
        "http://127.0.0.1:9/a.png",
        "file:///etc/hostname",
        "data:image/png;base64,iVBORw0KGgo=",
        "ftp://example.org/a.png",
        "asset:../settings.py",
        "asset:secret.key",
        "ASSET:mark.svg",
    ],
)
def test_address_outside_of_the_table_stops_the_document(address):
    with pytest.raises(documents.RenderingError) as error:
        render(extra_address=address)
    assert address not in str(error.value)


def test_relative_address_reaches_nothing(monkeypatch):
    opened = []
    real = builtins.open
    monkeypatch.setattr(builtins, "open", lambda *where, **how: opened.append(str(where[0])) or real(*where, **how))
    render(extra_address="/etc/hostname")
    assert not [path for path in opened if "hostname" in path]


@pytest.mark.asvs("V1.2.1")
@pytest.mark.tr("A3.12.04")
def test_hostile_answers_are_shown_literally_and_do_not_stop_the_document():
    hostile = ["<img src=https://example.org/a.png>", "{{ 7|add:7 }}", "a\ud800b", "\u202eabc", "]]>", "\x1b[31m"]
    assert len(render(rows=[("Bemerkung", text) for text in hostile]).pages) >= 1


def test_picture_that_no_font_draws_stands_by_its_number():
    made = documents.render_pdf(
        "sample_document.html", context(rows=[("Bemerkung", "Danke 😀")]), assets={"qr.svg": qr_code()}
    )
    assert "Danke [U+1F600]" in text_of(made)


def test_thousand_rows_break_over_pages():
    assert len(render(rows=[(f"Frage {no}", "Antwort") for no in range(300)]).pages) > 5


def test_machine_without_pango_says_so(monkeypatch):
    rendering._engine.cache_clear()
    real = builtins.__import__

    def without_pango(name, *where, **how):
        if name == "weasyprint":
            raise OSError("cannot load library 'libpango-1.0-0'")
        return real(name, *where, **how)

    monkeypatch.setattr(builtins, "__import__", without_pango)
    with pytest.raises(documents.Unavailable):
        render()
    rendering._engine.cache_clear()


def elements(node):
    waiting = [node]
    while waiting:
        here = waiting.pop()
        if isinstance(here, pikepdf.Array):
            waiting += list(here)
        elif isinstance(here, pikepdf.Dictionary):
            yield here
            if "/K" in here:
                waiting.append(here.K)


def tags_of(root):
    return [str(element.S) for element in elements(root) if "/S" in element]
