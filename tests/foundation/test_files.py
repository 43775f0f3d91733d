import errno
import hashlib
import io
import os
import time
from types import SimpleNamespace

import clamd
import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError
from PIL import Image

from foundation import files, scope
from foundation.errors import PortalError
from foundation.files import scanner
from foundation.files.models import StoredFile
from foundation.ids import new_id

LIMITS = files.Limits()


def pdf(change=lambda made: None, **how):
    made = pikepdf.new()
    made.add_blank_page()
    change(made)
    content = io.BytesIO()
    made.save(content, **how)
    return content.getvalue()


def image(kind="PNG", size=(40, 30)):
    content = io.BytesIO()
    Image.new("RGB", size, "navy").save(content, kind)
    return content.getvalue()


def shows(content):
    """Size and color of a picture."""
    with Image.open(io.BytesIO(content)) as opened:
        return opened.size, opened.convert("RGB").getpixel((5, 5))


def with_action(**action):
    def change(made):
        made.Root.OpenAction = pikepdf.Dictionary({f"/{key}": value for key, value in action.items()})

    return change


def with_name_tree(name):
    def change(made):
        made.Root.Names = pikepdf.Dictionary({name: pikepdf.Dictionary(Names=pikepdf.Array([]))})

    return change


def with_form_of_adobe(made):
    made.Root.AcroForm = pikepdf.Dictionary(XFA=made.make_stream(b"<xdp/>"))


@pytest.fixture
def folder(portal_db, settings, tmp_path):
    settings.FILES_DIR = tmp_path / "files"
    settings.DEMO = True
    settings.CLAMD_URL = ""
    return settings.FILES_DIR


@pytest.fixture
def store(folder, here):
    def store_file(content, name="plan.pdf", limits=LIMITS):
        taken = files.take(content, name=name, limits=limits)
        with scope.authority(here):
            return files.store(taken, authority_id=here, keyset="rostock", subject_id=new_id())

    return store_file


def on_disk(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.tr("A3.8.08")
@pytest.mark.parametrize(
    ("content", "name", "media_type"),
    [
        (pdf(), "Plan.PDF", "application/pdf"),
        (image("PNG"), "foto.png", "image/png"),
        (image("JPEG"), "foto.jpeg", "image/jpeg"),
    ],
)
def test_file_is_kept_sealed_and_comes_back_as_it_was_kept(store, folder, here, content, name, media_type):
    stored = store(SimpleUploadedFile(name, content, "application/octet-stream"), name)
    (path,) = on_disk(folder)
    assert content[:8] not in path.read_bytes()
    assert oct(path.stat().st_mode)[-3:] == "600"
    with scope.authority(here, read_only=True):
        kept = files.read(StoredFile.objects.get(pk=stored.pk))
    assert (stored.media_type, stored.size, stored.verdict) == (media_type, len(kept), "unchecked")
    assert stored.sha256 == hashlib.sha256(kept).hexdigest()
    if media_type == "application/pdf":
        assert kept == content
    else:
        assert shows(kept) == shows(content)


@pytest.mark.asvs("V5.2.2")
@pytest.mark.tr("A3.8.02", "A3.8.04", "A3.8.06")
@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "leer.pdf", "file-empty"),
        (b"AutoCAD", "lageplan.dwg", "file-format"),
        (b"Hallo", "notiz.txt", "file-format"),
        (b"<html>%PDF-1.4", "seite.pdf", "file-format"),
        (b"MZ\0\0", "programm.pdf", "file-format"),
        (pdf(), "plan.html", "file-format"),
        (pdf(), "plan.png", "file-format"),
        (pdf() + b"PK\3\4", "zwei.pdf", "file-broken"),
        (b"%PDF-1.7\n1 0 obj", "kaputt.pdf", "file-broken"),
        (b"%PDF-1.7\n%%EOF", "leer.pdf", "file-broken"),
        (pdf(encryption=pikepdf.Encryption(user="geheim", owner="geheim")), "zu.pdf", "file-locked"),
        (pdf(encryption=pikepdf.Encryption(user="", owner="geheim")), "zu.pdf", "file-locked"),
        (pdf(with_action(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))), "js.pdf", "file-active"),
        (pdf(with_action(S=pikepdf.Name.Launch, F=pikepdf.String("cmd.exe"))), "start.pdf", "file-active"),
        (pdf(with_action(S=pikepdf.Name.SubmitForm)), "sendet.pdf", "file-active"),
        (pdf(with_action(S=pikepdf.Name.URI, URI=pikepdf.String("file:///etc/passwd"))), "link.pdf", "file-active"),
        (pdf(with_name_tree("/JavaScript")), "js.pdf", "file-active"),
        (pdf(with_name_tree("/EmbeddedFiles")), "anhang.pdf", "file-active"),
        (pdf(with_form_of_adobe), "xfa.pdf", "file-active"),
        (image("PNG")[:60], "halb.png", "file-broken"),
        (image("JPEG")[:-300], "halb.jpg", "file-broken"),
        (b"\xff\xd8\xff\xe0<html>", "seite.jpg", "file-broken"),
        (image("GIF"), "bild.png", "file-format"),
    ],
)
def test_bad_file_is_refused_with_a_sentence_that_names_it_and_the_way_out(store, folder, content, name, code):
    with pytest.raises(files.FileRefused) as refusal:
        store(content, name)
    assert refusal.value.code == code
    assert f"„{name}“" in refusal.value.sentence
    assert refusal.value.sentence.endswith("Ihre anderen Angaben sind gespeichert.")
    assert any(word in refusal.value.sentence for word in ("Wählen Sie", "wählen Sie"))
    assert name not in str(refusal.value)
    assert not on_disk(folder)


def test_wrong_format_is_told_in_the_words_of_the_texts(store):
    with pytest.raises(files.FileRefused) as refusal:
        store(b"AutoCAD", "lageplan.dwg")
    assert refusal.value.sentence == (
        "Die Datei „lageplan.dwg“ können wir nicht annehmen. "
        "Wählen Sie eine Datei im Format PDF, JPG oder PNG bis 10 MB. Ihre anderen Angaben sind gespeichert."
    )


@pytest.mark.asvs("V5.2.1")
@pytest.mark.tr("A3.8.03")
def test_limits_of_the_field_are_kept(store):
    small = files.Limits(max_bytes=1_000_000, media_types=("application/pdf",))
    with pytest.raises(files.FileRefused) as refusal:
        store(b"%PDF-" + bytes(1_000_000), limits=small)
    assert (refusal.value.code, refusal.value.status) == ("file-size", 413)
    assert "PDF bis 1 MB" in refusal.value.sentence
    with pytest.raises(files.FileRefused) as refusal:
        store(image(), "foto.png", limits=small)
    assert refusal.value.code == "file-format"


@pytest.mark.asvs("V5.2.3")
@pytest.mark.tr("A3.8.03")
def test_picture_with_too_many_points_is_refused_before_it_is_unpacked(store):
    content = io.BytesIO()
    Image.new("1", (10_000, 7_000)).save(content, "PNG")
    with pytest.raises(files.FileRefused) as refusal:
        store(content.getvalue(), "riesig.png")
    assert refusal.value.code == "file-pixels"


@pytest.mark.asvs("V5.2.3")
def test_stream_that_grows_beyond_measure_is_refused(store):
    def grow(made):
        made.Root.Growing = made.make_stream(bytes(120_000_000))

    with pytest.raises(files.FileRefused) as refusal:
        store(pdf(grow, compress_streams=True))
    assert refusal.value.code == "file-broken"


@pytest.mark.asvs("V5.4.3", "V16.5.3")
@pytest.mark.tr("A3.13.02")
def test_production_without_a_scanner_takes_no_file(store, settings, folder):
    settings.DEMO = False
    with pytest.raises(files.FileRefused) as refusal:
        store(pdf())
    assert (refusal.value.code, refusal.value.status) == ("file-scanner", 503)
    assert not on_disk(folder)


@pytest.mark.asvs("V5.4.3")
@pytest.mark.tr("A3.8.05")
@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        ({"stream": ("OK", None)}, "clean"),
        ({"stream": ("FOUND", "Eicar-Signature")}, "infected"),
        ({"stream": ("ERROR", "size limit")}, "pending"),
        ({}, "pending"),
        (clamd.ConnectionError("away"), "pending"),
        (BrokenPipeError("too long"), "pending"),
        (TimeoutError(), "pending"),
    ],
)
def test_only_a_clean_answer_of_the_scanner_counts(store, here, settings, monkeypatch, answer, verdict):
    def instream(content):
        if isinstance(answer, Exception):
            raise answer
        return answer

    settings.CLAMD_URL = "tcp://clamav:3310"
    monkeypatch.setattr(scanner, "_left_alone_until", 0.0)
    monkeypatch.setattr(scanner, "_scanner", lambda: SimpleNamespace(instream=instream))
    if verdict == "infected":
        with pytest.raises(files.FileRefused) as refusal:
            store(pdf())
        assert refusal.value.code == "file-infected"
        return
    stored = store(pdf())
    assert stored.verdict == verdict
    if verdict == "pending":
        with pytest.raises(PortalError) as refusal:
            files.read(stored)
        assert (refusal.value.code, refusal.value.status) == ("file-waits", 404)


@pytest.mark.parametrize("call", ["fsync", "rename"])
@pytest.mark.parametrize(
    ("error", "code", "status"), [(errno.EIO, "file-storage", 503), (errno.ENOSPC, "file-room", 507)]
)
def test_failing_disk_leaves_neither_half_a_file_nor_a_row(store, folder, here, monkeypatch, call, error, code, status):
    """Faults F11 and F12."""

    def fail(*arguments):
        raise OSError(error, "of the disk")

    monkeypatch.setattr(*(("os.fsync", fail) if call == "fsync" else ("pathlib.Path.rename", fail)))
    with pytest.raises(files.FileRefused) as refusal:
        store(pdf())
    assert (refusal.value.code, refusal.value.status) == (code, status)
    assert "nicht gespeichert" in refusal.value.sentence
    assert not on_disk(folder)
    with scope.authority(here):
        assert not StoredFile.objects.exists()


def test_file_for_another_authority_is_refused_and_leaves_nothing(folder, here, there):
    with pytest.raises(DatabaseError), scope.authority(there):
        files.keep(b"x", authority_id=here, keyset="rostock", subject_id=new_id(), media_type="application/pdf")
    assert not on_disk(folder)


def test_file_made_by_the_portal_is_kept_clean(folder, here):
    with scope.authority(here):
        stored = files.keep(
            b'{"a": 1}', authority_id=here, keyset="rostock", subject_id=new_id(), media_type="application/json"
        )
        assert files.read(stored) == b'{"a": 1}'
    assert stored.verdict == "clean"


@pytest.mark.asvs("V11.3.3", "V16.5.3")
@pytest.mark.parametrize("harm", ["flip", "remove", "swap"])
def test_harmed_file_is_not_handed_out_and_raises_an_alarm(store, here, folder, caplog, harm):
    stored, other = store(pdf()), store(image(), "foto.png")
    path = folder / stored.storage_key
    if harm == "flip":
        content = bytearray(path.read_bytes())
        content[50] ^= 1
        path.write_bytes(content)
    elif harm == "remove":
        path.unlink()
    else:
        path.write_bytes((folder / other.storage_key).read_bytes())
    with pytest.raises(PortalError) as refusal:
        files.read(stored)
    assert (refusal.value.code, refusal.value.status) == ("file-unreadable", 503)
    assert str(stored.id) in caplog.text


def test_unchecked_file_of_a_demo_is_not_handed_out_in_production(store, settings):
    stored = store(pdf())
    settings.DEMO = False
    with pytest.raises(PortalError) as refusal:
        files.read(stored)
    assert refusal.value.code == "file-not-clean"


def test_deleted_file_goes_with_the_commit_and_stays_without(store, folder, here):
    stored = store(pdf())

    def delete_and_fail():
        with scope.authority(here):
            files.delete(StoredFile.objects.get(pk=stored.pk))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        delete_and_fail()
    assert len(on_disk(folder)) == 1
    with scope.authority(here):
        files.delete(StoredFile.objects.get(pk=stored.pk))
        assert len(on_disk(folder)) == 1
    assert not on_disk(folder)


def test_bytes_of_a_rolled_back_upload_are_removed_after_a_day(store, folder, here):
    kept = store(pdf())

    def store_and_fail():
        with scope.authority(here):
            files.keep(b"x", authority_id=here, keyset="rostock", subject_id=new_id(), media_type="application/pdf")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        store_and_fail()
    assert len(on_disk(folder)) == 2
    assert files.remove_orphans() == 0
    for path in on_disk(folder):
        os.utime(path, (time.time() - 90_000,) * 2)
    assert files.remove_orphans() == 1
    assert [path.name for path in on_disk(folder)] == [str(kept.id)]


@pytest.mark.asvs("V5.3.2")
@pytest.mark.tr("A3.8.07")
@pytest.mark.parametrize(
    ("given", "clean"),
    [
        ("Lageplan.pdf", "Lageplan.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Bilder\\Hund.jpg", "Hund.jpg"),
        ("rechnung\u202efdp.exe", "rechnungfdp.exe"),
        ("a\0b\r\nc.pdf", "abc.pdf"),
        ("Cafe\u0301.pdf", "Café.pdf"),
        ("...", "datei"),
        ("", "datei"),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
        ("𝔵" * 300 + ".pdf", "𝔵" * 52 + ".pdf"),
        ("a%00.pdf", "a%00.pdf"),
        ("CON.pdf", "_CON.pdf"),
        ("-rf.pdf", "_-rf.pdf"),
        ("a.PDF ", "a.PDF"),
    ],
)
def test_name_is_made_fit_to_be_shown(given, clean):
    assert files.clean_name(given) == clean
