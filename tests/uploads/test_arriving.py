"""Bodies with files on their way in: nothing is dropped in silence, and too much never reaches the disk."""

import errno
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from lxml import html

from applications.models import Attachment
from foundation import scope
from foundation.files import arriving
from foundation.files.models import StoredFile
from tests import filler
from tests.uploads.making import photo

pytestmark = pytest.mark.usefixtures("city")
BOUNDARY = "portal-boundary"


@pytest.fixture
def draft(client: Client) -> str:
    return filler.begin(client)


def step(draft: str) -> str:
    return f"{draft}schritt/idee/"


def part(name: str, content: bytes, filename: bytes | None = None) -> bytes:
    named = b"" if filename is None else b'; filename="%s"\r\nContent-Type: image/jpeg' % filename
    return b'--%s\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n%s\r\n' % (
        BOUNDARY.encode(),
        name.encode(),
        named,
        content,
    )


def body(client: Client, draft: str, *files: bytes) -> bytes:
    typed = filler.boxes(filler.page(client, step(draft))) | filler.IDEA
    typed.pop("foto", None)
    fields = [part(name, value.encode()) for name, value in typed.items()]
    return b"".join([*fields, *files, b"--%s--\r\n" % BOUNDARY.encode()])


def send(client: Client, draft: str, sent: bytes, **headers: str):
    return client.post(step(draft), sent, content_type=f"multipart/form-data; boundary={BOUNDARY}", **headers)


def kept() -> int:
    with scope.system("look"):
        return Attachment.objects.count()


def test_whole_body_is_taken(client, draft) -> None:
    empty = part("foto", b"", b"")
    answer = send(client, draft, body(client, draft, empty, part("foto", photo(), b"baum.jpg")))
    assert (answer.status_code, kept()) == (302, 1)


@pytest.mark.asvs("V5.2.1")
@pytest.mark.parametrize("cut", [30, 200, 600])
def test_body_that_was_cut_off_is_refused_not_taken_for_a_whole_one(client, draft, cut: int) -> None:
    answer = send(client, draft, body(client, draft, part("foto", photo(), b"baum.jpg"))[:-cut])
    assert answer.status_code == 400
    assert "nicht vollständig angekommen" in answer.content.decode()
    assert kept() == 0


@pytest.mark.asvs("V5.3.2")
@pytest.mark.parametrize("name", [b"..", b".", b"b\xe4um.jpg", b"\xff\xfe", b"bilder/", b"\xed\xa0\x80.jpg"])
def test_part_with_a_broken_name_is_refused_with_a_sentence_not_dropped(client, draft, name: bytes) -> None:
    answer = send(client, draft, body(client, draft, part("foto", photo(), name)))
    assert answer.status_code == 400
    assert "Der Name einer Datei ist beschädigt." in answer.content.decode()
    assert kept() == 0


@pytest.mark.asvs("V5.3.2")
def test_name_with_a_path_is_shown_without_it(client, draft) -> None:
    send(client, draft, body(client, draft, part("foto", photo(), b"../../etc/baum.jpg")))
    assert kept() == 1
    shown = filler.page(client, step(draft)).xpath("//ul[@class='portal-files']")[0].text_content()
    assert "baum.jpg" in shown
    assert "etc" not in shown


def test_name_is_text_on_the_page_and_one_value_in_the_header(client, draft) -> None:
    name = b"<img src=x onerror=alert(1)>%22;x=.jpg"
    send(client, draft, body(client, draft, part("foto", photo(), name)))
    page = client.get(step(draft)).content.decode()
    assert "<img src=x" not in page
    assert "&lt;img src=x" in page


@pytest.mark.asvs("V5.2.1")
def test_request_that_is_too_big_is_refused_before_it_is_read(client, draft) -> None:
    class Unread(io.BytesIO):
        def read(self, *size):
            raise AssertionError("read")

    length = str(arriving.MOST_REQUEST_BYTES + 1)
    sent = {"CONTENT_TYPE": f"multipart/form-data; boundary={BOUNDARY}", "CONTENT_LENGTH": length}
    answer = client.generic("POST", step(draft), **sent | {"wsgi.input": Unread()})
    assert answer.status_code == 413
    assert "zusammen größer als 120 MB" in answer.content.decode()


@pytest.mark.asvs("V5.2.1")
def test_file_that_is_too_big_is_read_and_forgotten_and_the_form_stays(client, draft, monkeypatch) -> None:
    monkeypatch.setattr(arriving, "MOST_BYTES", 100_000)
    written = []
    monkeypatch.setattr(arriving, "_quarantined", lambda: Noting(written))
    answer = filler.fill(
        client, step(draft), **filler.IDEA, foto=SimpleUploadedFile("baum.jpg", photo() + bytes(21_000_000))
    )
    root = html.fromstring(answer.content)
    sentence = root.xpath("//*[@id='foto-error']")[0].text_content()
    assert "„baum.jpg“ ist zu groß. Wählen Sie eine Datei im Format JPG bis 20 MB." in sentence
    assert filler.boxes(root)["text"] == filler.IDEA["text"]
    assert sum(written) <= 100_000


class Noting(io.BytesIO):
    def __init__(self, written: list[int]) -> None:
        super().__init__()
        self.written = written

    def write(self, data) -> int:
        self.written.append(len(data))
        return super().write(data)


def test_too_many_files_at_once_are_refused(client, draft) -> None:
    files = [part("foto", photo(), b"baum%d.jpg" % no) for no in range(21)]
    answer = send(client, draft, body(client, draft, *files))
    assert answer.status_code == 413
    assert "Mehr als 20 Dateien auf einmal" in answer.content.decode()


class Full(io.BytesIO):
    def write(self, data) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")


def test_full_disk_while_it_comes_loses_the_file_and_nothing_else(client, draft, monkeypatch) -> None:
    """Fault F11: no half file, no row, and what was typed is there."""
    monkeypatch.setattr(arriving, "_quarantined", Full)
    answer = filler.fill(client, step(draft), **filler.IDEA, foto=SimpleUploadedFile("baum.jpg", photo()))
    root = html.fromstring(answer.content)
    assert answer.status_code == 507
    assert "Zurzeit können wir keine Dateien annehmen." in root.xpath("//*[@id='foto-error']")[0].text_content()
    assert filler.boxes(root)["text"] == filler.IDEA["text"]
    monkeypatch.undo()
    assert filler.boxes(filler.page(client, step(draft)))["text"] == filler.IDEA["text"]
    with scope.system("look"):
        assert not StoredFile.objects.exists()


def test_disk_that_cannot_keep_the_file_says_when_to_come_back_and_keeps_what_was_typed(
    client, draft, monkeypatch
) -> None:
    """Fault F12."""

    def fail(*arguments: object) -> None:
        raise OSError(errno.EIO, "of the disk")

    monkeypatch.setattr("os.fsync", fail)
    answer = filler.fill(client, step(draft), **filler.IDEA, foto=SimpleUploadedFile("baum.jpg", photo()))
    monkeypatch.undo()
    assert (answer.status_code, answer.headers.get("Retry-After")) == (503, "60")
    assert filler.boxes(filler.page(client, step(draft)))["text"] == filler.IDEA["text"]
    assert kept() == 0


def test_last_room_on_the_disk_is_left_to_the_rest_of_the_portal(client, draft, settings) -> None:
    settings.FILES_RESERVE_BYTES = 10**18
    answer = filler.fill(client, step(draft), **filler.IDEA, foto=SimpleUploadedFile("baum.jpg", photo()))
    assert answer.status_code == 507
    settings.FILES_RESERVE_BYTES = 0
    assert filler.fill(client, step(draft), **filler.IDEA).status_code == 302


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64, 4096])
def test_parts_are_counted_however_the_body_is_cut_into_pieces(size: int) -> None:
    sent = b"".join(
        [part("a", b""), part("f", b"", b""), part("f", b"\r\n--portal-boundar\r\n\r\n", b"x.jpg"), part("z", b"\r\n")]
    )
    watched = arriving.Watched(io.BytesIO(sent + b"--%s--\r\nepilogue" % BOUNDARY.encode()), BOUNDARY.encode())
    while watched.read(size):
        pass
    assert (watched.parts, watched.is_whole) == (4, True)


def test_heading_of_the_faults_counts_questions_and_names_every_refused_file(client, draft) -> None:
    files = [part("foto", b"no photo", name) for name in (b"eins.jpg", b"zwei.jpg")]
    root = html.fromstring(send(client, draft, body(client, draft, *files)).content)
    summary = root.xpath("//*[@id='fehler']")[0]
    assert summary.xpath("string(.//h2)") == "Bitte prüfen Sie eine Angabe"
    (told,) = summary.xpath(".//li")
    assert "eins.jpg" in told.text_content()
    assert "zwei.jpg" in told.text_content()
    assert "eins.jpg" in root.xpath("//*[@id='foto-error']")[0].text_content()
