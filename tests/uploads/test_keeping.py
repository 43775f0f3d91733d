"""What was uploaded is kept, once, whatever becomes of the rest of the page; and no more than there is room for."""

import hashlib
import subprocess
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from lxml import html

from applications.delivering import receipt
from applications.models import Application, Attachment
from authorities.models import Authority
from foundation import files, scope
from foundation.files import quota
from foundation.files.models import StoredFile
from tests import filler
from tests.factories import make_user
from tests.uploads.making import pdf, photo

pytestmark = pytest.mark.usefixtures("city")


@pytest.fixture
def draft(client: Client) -> str:
    return filler.begin(client)


def step(draft: str) -> str:
    return f"{draft}schritt/idee/"


def upload(name: str = "baum.jpg", content: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, photo() if content is None else content)


def attachments() -> list[Attachment]:
    with scope.system("look"):
        return list(Attachment.objects.select_related("file"))


def verdicts(value: str) -> None:
    with scope.system("the scanner's answer"):
        StoredFile.objects.update(verdict=value)


def test_file_that_came_with_a_conflict_is_kept_and_shown(client, draft) -> None:
    shown = filler.boxes(filler.page(client, step(draft)))
    client.post(step(draft), shown | filler.IDEA)

    answer = client.post(step(draft), shown | filler.IDEA | {"text": "Zweites Fenster.", "foto": upload()})

    assert answer.status_code == 409
    assert "baum.jpg" in html.fromstring(answer.content).xpath("//ul[@class='portal-files']")[0].text_content()
    assert len(attachments()) == 1


def test_file_sent_twice_is_kept_once(client, draft) -> None:
    for _ in range(2):
        filler.fill(client, step(draft), **filler.IDEA, foto=upload())
    assert len(attachments()) == 1


def test_person_is_told_what_was_done_to_a_photo(client, draft) -> None:
    answer = filler.fill(client, step(draft), **filler.IDEA, foto=upload(content=photo(orientation=6)))
    page = client.get(answer["Location"]).content.decode()
    assert "Das Foto „baum.jpg“ haben wir gedreht. Den Aufnahmeort haben wir gelöscht." in page


def test_recorded_hash_is_the_one_of_what_is_kept_and_of_the_receipt(client, draft) -> None:
    filler.fill(client, step(draft), **filler.IDEA, foto=upload())
    filler.fill_idea(client, draft)
    filler.submit(client, draft)
    [attachment] = attachments()
    with scope.system("look", read_only=True):
        content = files.read(attachment.file)
        [sent] = receipt._files(Application.objects.get())
    assert hashlib.sha256(content).hexdigest() == attachment.file.sha256 == sent.sha256
    assert content != photo()


def test_file_that_waits_for_the_scanner_may_be_sent(client, draft) -> None:
    filler.fill(client, step(draft), **filler.IDEA, foto=upload())
    filler.fill_idea(client, draft)
    verdicts("pending")
    assert "Wird noch geprüft" in client.get(step(draft)).content.decode()
    assert filler.submit(client, draft).status_code == 302


def test_infected_file_may_not_be_sent_and_the_page_says_what_to_do(client, draft) -> None:
    filler.fill(client, step(draft), **filler.IDEA, foto=upload())
    filler.fill_idea(client, draft)
    verdicts("infected")
    answer = filler.submit(client, draft)
    assert answer.status_code == 422
    assert "In einer Ihrer Dateien ist Schadsoftware." in answer.content.decode()
    assert "Schadsoftware: bitte löschen" in client.get(step(draft)).content.decode()


@pytest.fixture
def small_disk(tmp_path, settings):
    """A file system of its own, with room for next to nothing."""
    folder = tmp_path / "files"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder], capture_output=True)
    if mounted.returncode:
        pytest.skip("this machine does not let us mount a file system; the same with a call that fails is test_files")
    settings.FILES_DIR = folder
    yield folder
    subprocess.run(["umount", folder], check=True)


def test_full_store_takes_no_file_and_everything_else(client, draft, small_disk) -> None:
    """Fault F11, on a disk that is really full."""
    (small_disk / "filling").write_bytes(bytes(64_000))
    answer = filler.fill(client, step(draft), **filler.IDEA, foto=upload(content=photo(size=(600, 600))))
    root = html.fromstring(answer.content)
    assert answer.status_code == 507
    assert "ist nicht gespeichert" in root.xpath("//*[@id='foto-error']")[0].text_content()
    assert filler.boxes(root)["text"] == filler.IDEA["text"]
    with scope.system("look"):
        assert not StoredFile.objects.exists()
    assert [path.name for path in small_disk.rglob("*") if path.is_file()] == ["filling"]
    assert filler.fill(client, step(draft), **filler.IDEA).status_code == 302


def test_case_takes_only_so_much(client, draft, monkeypatch) -> None:
    monkeypatch.setattr(quota, "MOST_OF_A_CASE", 3_000)
    filler.fill(client, step(draft), **filler.IDEA, foto=upload())
    answer = filler.fill(client, step(draft), **filler.IDEA, foto=upload("zwei.jpg", photo(size=(600, 600))))
    assert "Ihre Dateien dürfen zusammen 0 MB groß sein." in answer.content.decode()
    assert len(attachments()) == 1


def test_drafts_of_a_person_take_only_so_much_together(client, monkeypatch) -> None:
    client.force_login(make_user())
    first, second = filler.begin(client), filler.begin(client)
    monkeypatch.setattr(quota, "MOST_OF_A_PERSON", 3_000)
    filler.fill(client, step(first), **filler.IDEA, foto=upload())
    answer = filler.fill(client, step(second), **filler.IDEA, foto=upload("zwei.jpg", photo(size=(600, 600))))
    assert "passt nicht mehr dazu" in answer.content.decode()


@pytest.mark.asvs("V5.2.1")
def test_flood_at_one_authority_is_stopped_and_another_goes_on(client, draft, settings) -> None:
    """Fault F37."""
    filler.fill(client, step(draft), **filler.IDEA, foto=upload())
    settings.UPLOADS_PER_DAY_BYTES = 100
    answer = filler.fill(client, step(draft), **filler.IDEA, foto=upload("zwei.jpg"))
    assert answer.status_code == 507
    with scope.system("look"):
        other = Authority.objects.get(slug="schwerin").pk
    quota.require_room_at_authority(other, "baum.jpg")


def test_wrong_ending_in_capital_letters_and_blanks_is_no_reason_to_refuse(client, draft) -> None:
    filler.fill(client, step(draft), **filler.IDEA, foto=upload("BAUM.JPEG "))
    assert len(attachments()) == 1


@pytest.mark.parametrize("name", [".htaccess", "a.jpg.exe", "re\u202efdp.exe", "baum.pdf"])
def test_name_that_does_not_fit_what_it_is_is_refused(client, draft, name) -> None:
    answer = filler.fill(client, step(draft), **filler.IDEA, foto=upload(name))
    assert "können wir nicht annehmen" in answer.content.decode()
    assert attachments() == []


def test_limit_is_taken_and_one_byte_more_is_not(portal_db, settings) -> None:
    settings.DEMO, settings.CLAMD_URL = True, ""
    content = pdf()
    content = content[:-6] + b"%%EOF".rjust(1_000_000 - len(content) + 6 - 1) + b"\n"
    limits = files.Limits(max_bytes=len(content))
    assert files.take(content, name="plan.pdf", limits=limits).content == content
    with pytest.raises(files.FileRefused) as refusal:
        files.take(content + b"\n", name="plan.pdf", limits=limits)
    assert (refusal.value.code, refusal.value.status) == ("file-size", 413)


def test_uploads_at_once_do_not_count_one_another_out(client, draft) -> None:
    """The field takes three; six come at the same moment."""
    shown = filler.boxes(filler.page(client, step(draft))) | filler.IDEA

    def send(no: int) -> None:
        browser = Client()
        browser.cookies = client.cookies
        try:
            browser.post(step(draft), shown | {"foto": upload(f"{no}.jpg", photo(size=(80 + no, 60)))})
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as together:
        list(together.map(send, range(6)))
    assert len(attachments()) == 3
