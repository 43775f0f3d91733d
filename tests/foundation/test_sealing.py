"""The seal: genuine as it left us, and whatever was done to it afterwards is found."""

import base64
import io
import re
import shutil
import subprocess
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pikepdf
import pytest
import time_machine
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs12
from django.utils import timezone
from pyhanko.pdf_utils.generic import NameObject, TextStringObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers

from foundation import documents, sealing
from foundation.sealing import Result, certificates, keys
from foundation.sealing.verdict import Verdict
from tests.foundation.test_documents import ANSWERS, context, qr_code

pytestmark = [
    pytest.mark.usefixtures("seals"),
    pytest.mark.asvs("V11.2.1"),
]
CITY = "Hanse- und Universitätsstadt Rostock"


@pytest.fixture
def seals(settings, tmp_path):
    settings.KEYS_DIR = tmp_path / "keys"
    sealing.create({"rostock": CITY})
    return settings.KEYS_DIR / "seals"


@pytest.fixture(scope="module")
def unsealed():
    from django.conf import settings
    from django.test import override_settings

    from tests.foundation.conftest import TEMPLATES

    first = settings.TEMPLATES[0]
    with override_settings(TEMPLATES=[{**first, "DIRS": [*first["DIRS"], TEMPLATES]}]):
        return documents.render_pdf(
            "sample_document.html",
            context(),
            attachments=[("angaben.json", ANSWERS, "application/json")],
            assets={"qr.svg": qr_code()},
        )


@pytest.fixture
def sealed(seals, unsealed):
    return sealing.seal_pdf(unsealed, keyset="rostock")


def result(pdf: bytes) -> Result:
    return sealing.verify_pdf(pdf).result


# --- as it left us ----------------------------------------------------------------------------------------------------


def test_sealed_document_is_genuine_and_names_its_authority(sealed):
    verdict = sealing.verify_pdf(sealed)
    assert verdict.result == Result.GENUINE
    assert verdict.sealed_by == CITY
    assert abs(verdict.sealed_at - timezone.now()) < timedelta(minutes=1)


def test_verdict_survives_the_way_between_two_processes(sealed):
    verdict = sealing.verify_pdf(sealed)
    assert Verdict.from_json(verdict.as_json().encode()) == verdict


def test_document_stays_genuine_when_its_certificate_has_run_out(sealed):
    with time_machine.travel(timezone.now() + certificates.SEAL_LASTS + timedelta(days=400)):
        assert result(sealed) == Result.GENUINE


def test_sealed_document_stays_pdf_a_tagged_and_keeps_its_attachment(sealed):
    with pikepdf.open(io.BytesIO(sealed)) as document:
        with document.open_metadata() as metadata:
            assert metadata.pdfa_status == "3A"
        assert document.Root.MarkInfo.Marked
        assert document.Root.Lang == "de"
        assert document.attachments["angaben.json"].get_file().read_bytes() == ANSWERS
        (field,) = document.Root.AcroForm.Fields
        # ISO 19005-3, 6.3.3: without a size it needs no appearance; 6.3.2: printed, not hidden.
        assert [int(edge) for edge in field.Rect] == [0, 0, 0, 0]
        assert int(field.F) & 0b100
        assert not int(field.F) & 0b100011
        assert str(field.TU) == "Elektronisches Siegel"
        assert int(document.Root.Perms.DocMDP.Reference[0].TransformParams.P) == 1
        assert str(field.V.SubFilter) == "/ETSI.CAdES.detached"


needs_poppler = pytest.mark.skipif(
    not (shutil.which("pdfsig") and shutil.which("pdfinfo")),
    reason="poppler-utils is not installed: no second verifier here",
)


def told_by(program: str, pdf: bytes, folder: Path, *options: str) -> str:
    path = folder / "asked.pdf"
    path.write_bytes(pdf)
    return subprocess.run([program, *options, path], capture_output=True, text=True, check=False).stdout


@needs_poppler
def test_a_second_verifier_agrees(sealed, tmp_path):
    said = told_by("pdfsig", sealed, tmp_path)
    assert "Signature is Valid" in said
    assert "Total document signed" in said
    assert "ETSI.CAdES.detached" in said


@needs_poppler
def test_a_second_verifier_finds_what_was_changed(sealed, tmp_path):
    flipped = bytearray(sealed)
    flipped[sealed.index(b"/Contents <") // 2] ^= 1
    assert "Signature is Valid" not in told_by("pdfsig", bytes(flipped), tmp_path)
    longer = told_by("pdfsig", updated(sealed, change_the_title), tmp_path)
    assert "Total document signed" not in longer.replace("Not total document signed", "")


@needs_poppler
def test_a_second_reader_finds_every_tag_after_sealing(sealed, unsealed, tmp_path):
    about = told_by("pdfinfo", sealed, tmp_path)
    assert re.search(r"(?m)^Tagged: +yes$", about)
    # PDF/A-3 is PDF 1.7 (ISO 19005-3, 5.1); a file that calls itself 2.0 would be another.
    assert re.search(r"(?m)^PDF version: +1\.7$", about)
    tags = told_by("pdfinfo", unsealed, tmp_path, "-struct-text")
    assert "H1" in tags
    assert told_by("pdfinfo", sealed, tmp_path, "-struct-text") == tags


# --- five kinds of tampering ------------------------------------------------------------------------------------------


def changed_by(pdf: bytes, change) -> bytes:
    """The document written anew after a change."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        change(document)
        written = io.BytesIO()
        document.save(written)
    return written.getvalue()


@pytest.mark.asvs("V11.3.3")
@pytest.mark.parametrize("part", range(12))
def test_flipped_byte_is_found(sealed, part):
    signature = sealed.index(b"/Contents <")
    place = signature * (2 * part + 1) // 24
    flipped = bytearray(sealed)
    flipped[place] ^= 1
    assert result(bytes(flipped)) in (Result.CHANGED, Result.UNREADABLE)


def updated(pdf: bytes, change) -> bytes:
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    change(writer)
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def change_the_title(writer):
    info = writer.trailer["/Info"]
    info[NameObject("/Title")] = TextStringObject("Genehmigung")
    writer.update_container(info)


def swap_the_attachment(writer):
    files = writer.root["/Names"]["/EmbeddedFiles"]["/Names"]
    stream = files[1]["/EF"]["/F"]
    stream._data = b'{"name": "Jemand anderes"}'
    stream._encoded_data = None
    writer.update_container(stream)


def test_incremental_update_after_sealing_is_found(sealed):
    pdf = updated(sealed, change_the_title)
    assert pdf.startswith(sealed)
    assert result(pdf) == Result.CHANGED


def test_replaced_attachment_is_found(sealed):
    pdf = updated(sealed, swap_the_attachment)
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert b"Jemand anderes" in document.attachments["angaben.json"].get_file().read_bytes()
    assert result(pdf) == Result.CHANGED
    # And in a file that was written anew.
    anew = changed_by(sealed, lambda document: document.attachments.__setitem__("angaben.json", b"{}"))
    assert result(anew) == Result.CHANGED


def strip(document):
    del document.Root.AcroForm
    del document.Root.Perms
    for page in document.pages:
        del page.Annots


def test_stripped_signature_is_found(sealed, unsealed):
    assert result(changed_by(sealed, strip)) == Result.FOREIGN
    assert result(unsealed) == Result.FOREIGN


def test_seal_of_a_foreign_key_is_found(sealed, unsealed, settings, tmp_path, seals, monkeypatch):
    settings.KEYS_DIR = tmp_path / "forger"
    # Under the very same names: names are no keys.
    sealing.create({"rostock": CITY})
    forged = sealing.seal_pdf(unsealed, keyset="rostock")
    assert result(forged) == Result.GENUINE
    # pyHanko refuses to sign over our seal; a forger's program does not.
    monkeypatch.setattr(signers.PdfSigner, "_enforce_certification_constraints", lambda *_: None)
    on_top = updated_with_seal(sealed)
    settings.KEYS_DIR = seals.parent
    assert result(forged) == Result.FOREIGN
    assert result(on_top) == Result.CHANGED


def updated_with_seal(pdf: bytes) -> bytes:
    """A second signature over the sealed document, by whoever holds the keys now."""
    signer = signers.SimpleSigner.load_pkcs12_data(keys.read("rostock")[0], other_certs=[])
    how = signers.PdfSignatureMetadata(field_name="Zweites")
    return signers.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)), how, signer).getvalue()


@pytest.mark.parametrize("added", [(b"", b"\n%%EOF\n"), (b"\n", b""), (b"MZ" * 600, b""), (b"", b"PK\3\4" * 400)])
def test_bytes_around_the_document_are_found(sealed, added):
    before, after = added
    assert result(before + sealed + after) in (Result.CHANGED, Result.UNREADABLE)


@pytest.mark.parametrize("pdf", [b"", b"%PDF-1.7", b"\x00" * 5000, b"%PDF-1.7\n" + b"<<" * 50_000, b"GIF89a"])
def test_what_is_no_pdf_is_unreadable(pdf):
    assert result(pdf) == Result.UNREADABLE


# --- keys -------------------------------------------------------------------------------------------------------------


@pytest.mark.asvs("V16.5.3")
def test_without_its_key_nothing_is_sealed(unsealed):
    with pytest.raises(sealing.SealUnavailable) as missing:
        sealing.seal_pdf(unsealed, keyset="schwerin")
    assert missing.value.code == "seal-unavailable"


@pytest.mark.parametrize("content", [b"", b"not a container", b"\x30\x03\x02\x01\x03"])
def test_broken_key_file_is_refused(seals, unsealed, content):
    (seals / "rostock.p12").write_bytes(content)
    with pytest.raises(sealing.SealUnavailable):
        sealing.seal_pdf(unsealed, keyset="rostock")


def test_keys_are_readable_for_the_portal_only_and_never_overwritten(seals):
    before = {path: path.read_bytes() for path in seals.rglob("*") if path.is_file()}
    assert {path.stat().st_mode & 0o777 for path in before} == {0o600}
    assert sealing.create({"rostock": CITY, "mv": "Ministerium"}) == ["mv"]
    assert {path: path.read_bytes() for path in before} == before
    assert len(list((seals / "trusted").iterdir())) == 1


def test_key_may_come_from_the_environment(seals, settings, unsealed):
    container = (seals / "rostock.p12").read_bytes()
    (seals / "rostock.p12").unlink()
    settings.SEALS = {"rostock": base64.b64encode(container).decode()}
    assert result(sealing.seal_pdf(unsealed, keyset="rostock")) == Result.GENUINE


def test_passphrase_protects_the_key_files(settings, tmp_path, unsealed):
    settings.KEYS_DIR, settings.SEAL_PASSPHRASE = tmp_path / "protected", "ein langes Kennwort"
    sealing.create({"rostock": CITY})
    assert result(sealing.seal_pdf(unsealed, keyset="rostock")) == Result.GENUINE
    settings.SEAL_PASSPHRASE = "falsch"
    with pytest.raises(sealing.SealUnavailable):
        sealing.seal_pdf(unsealed, keyset="rostock")


def test_installed_seal_takes_over_and_old_documents_stay_genuine(sealed, unsealed):
    bought = certificates.seal("Stadt, neues Siegel", certificates.authority())
    container = pkcs12.serialize_key_and_certificates(
        b"x", bought.key, bought.certificate, None, serialization.BestAvailableEncryption(b"geheim")
    )
    sealing.install("rostock", container, b"geheim")
    assert sealing.verify_pdf(sealing.seal_pdf(unsealed, keyset="rostock")).sealed_by == "Stadt, neues Siegel"
    assert result(sealed) == Result.GENUINE


def packed(issued: certificates.Issued) -> bytes:
    return pkcs12.serialize_key_and_certificates(
        b"x", issued.key, issued.certificate, issued.chain, serialization.NoEncryption()
    )


def sealed_by_a_stranger(pdf: bytes, issued: certificates.Issued, settings) -> bytes:
    """The PDF under a seal that is not installed here; what it brings along may lead to one that is."""
    settings.SEALS = {"jemand": base64.b64encode(packed(issued)).decode()}
    return sealing.seal_pdf(pdf, keyset="jemand")


def test_issuer_of_a_bought_seal_is_not_trusted_for_others(unsealed, settings):
    issuer = certificates.authority()
    bought, other = (certificates.seal(name, issuer) for name in ("Stadt", "Jemand"))
    sealing.install("rostock", packed(bought), None)
    assert result(sealing.seal_pdf(unsealed, keyset="rostock")) == Result.GENUINE
    assert result(sealed_by_a_stranger(unsealed, other, settings)) == Result.FOREIGN


@pytest.mark.parametrize("steps", [1, 2])
@pytest.mark.parametrize("how", ["installed", "imported", "issued here"])
def test_holder_of_a_seal_makes_none_in_the_name_of_another(unsealed, sealed, settings, how, steps):
    """A seal is no certificate authority: what its key issued is nobody's, however many steps lead back to it."""
    if how == "issued here":
        sealing.create({"schwerin": "Schwerin"})
        holder = certificates.unpack(keys.read("schwerin")[0], None)
    else:
        holder = certificates.seal("Schwerin", certificates.authority())
        if how == "installed":
            sealing.install("schwerin", packed(holder), None)
        else:
            sealing.trust(holder.certificate.public_bytes(serialization.Encoding.PEM))
    forged = issued_under(holder, steps)
    assert result(sealed_by_a_stranger(unsealed, holder, settings)) == Result.GENUINE
    pdf = sealed_by_a_stranger(unsealed, forged, settings)
    assert sealing.verify_pdf(pdf) == Verdict(Result.FOREIGN)
    assert sealing.seals_of(pdf) == []
    assert result(pdf + b"\n%%EOF\n") in (Result.FOREIGN, Result.UNREADABLE), "it never was ours"
    assert result(sealed) == Result.GENUINE


def issued_under(holder: certificates.Issued, steps: int) -> certificates.Issued:
    """A seal in the city's name, with all between it and the holder's in its chain."""
    if steps == 1:
        return replace(certificates.seal(CITY, holder), chain=(holder.certificate, *holder.chain))
    between = certificates.seal("Stelle", holder)
    last = certificates.seal(CITY, between)
    return replace(last, chain=(between.certificate, holder.certificate, *holder.chain))


def test_certificate_that_may_issue_others_is_not_installed_as_a_seal(seals):
    """Whoever holds it would make seals in every name."""
    before = {path: path.read_bytes() for path in seals.rglob("*") if path.is_file()}
    with pytest.raises(ValueError, match="issue"):
        sealing.install("rostock", packed(certificates.authority()), None)
    assert {path: path.read_bytes() for path in seals.rglob("*") if path.is_file()} == before


def test_name_of_a_keyset_leads_nowhere_else(unsealed):
    for name in ("../rostock", "/etc/passwd", "", "a" * 60):
        with pytest.raises(sealing.SealUnavailable):
            sealing.seal_pdf(unsealed, keyset=name)
    assert not Path("/etc/passwd.p12").exists()
