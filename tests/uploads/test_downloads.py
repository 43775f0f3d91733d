"""Every file leaves the portal as a download that no browser runs, whoever asks and from whichever page."""

import re
from pathlib import Path

import pytest
from django.conf import settings as configured
from django.test import Client

from applications.models import Application, Attachment
from foundation import files, scope
from foundation.files.models import StoredFile
from tests.factories import applicant, make_application, make_clerk, make_user
from tests.following.rows import decide, make_document

pytestmark = pytest.mark.usefixtures("city")
NAME = 'a";x=".pdf'


@pytest.fixture
def lena():
    return make_user()


@pytest.fixture
def case(lena) -> Application:
    return make_application(party_id=applicant(lena).party_id)


@pytest.fixture
def attachment(case: Application) -> Attachment:
    with scope.authority(case.authority_id):
        stored = files.keep(
            b"%PDF-1.7 plan",
            authority_id=case.authority_id,
            keyset=case.authority.keyset,
            subject_id=case.pk,
            media_type="application/pdf",
        )
        made = Attachment(application_id=case.pk, authority_id=case.authority_id, path="nachweis", file=stored)
        made.name = case.seal(f"attachment:{made.pk}", NAME)
        made.save(force_insert=True)
    return made


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def verdict(attachment: Attachment, value: str) -> None:
    with scope.system("the scanner's answer"):
        StoredFile.objects.filter(pk=attachment.file_id).update(verdict=value)


def downloads(lena, case: Application, attachment: Attachment):
    """What the person and the office may fetch of a case, from each of their pages."""
    clerk, _person = make_clerk()
    item = make_document(case)
    yield client_of(lena).get(f"/vorgang/{case.reference}/datei/{attachment.pk}/")
    client_of(lena).post(f"/postfach/{item.pk}/oeffnen/")
    yield client_of(lena).get(f"/postfach/{item.pk}/dokument.pdf")
    yield client_of(clerk).get(f"/backoffice/vorgang/{case.reference}/datei/{attachment.pk}/")
    yield client_of(clerk).get(f"/backoffice/vorgang/{case.reference}/bescheid/{item.pk}.pdf")


@pytest.mark.asvs("V3.2.1", "V5.4.1", "V5.4.2")
def test_each_download_is_an_attachment_in_a_sandbox(lena, case, attachment) -> None:
    decide(case)
    for answer in downloads(lena, case, attachment):
        where = answer.request["PATH_INFO"]
        assert answer.status_code == 200, where
        assert answer["Content-Disposition"].startswith("attachment; filename="), where
        assert answer["X-Content-Type-Options"] == "nosniff", where
        assert "sandbox" in answer["Content-Security-Policy"], where
        assert "default-src 'none'" in answer["Content-Security-Policy"], where
        assert answer["Cross-Origin-Resource-Policy"] == "same-origin", where
        assert "no-store" in answer["Cache-Control"], where


def test_name_stays_one_value_of_one_header(lena, case, attachment) -> None:
    answer = client_of(lena).get(f"/vorgang/{case.reference}/datei/{attachment.pk}/")
    assert answer["Content-Disposition"] == 'attachment; filename="a\\";x=\\".pdf"'


@pytest.mark.parametrize("value", ["pending", "infected", "refused", "unchecked"])
def test_file_that_is_not_clean_is_opened_by_nobody(lena, case, attachment, value: str, settings) -> None:
    settings.DEMO = False
    verdict(attachment, value)
    clerk, _person = make_clerk()
    for client, page in (
        (client_of(lena), f"/vorgang/{case.reference}/"),
        (client_of(clerk), f"/backoffice/vorgang/{case.reference}/"),
    ):
        assert client.get(f"{page}datei/{attachment.pk}/").status_code == 404
        assert f"datei/{attachment.pk}/" not in client.get(page).content.decode()


def test_no_view_hands_out_a_file_in_another_way() -> None:
    """Whoever reads a stored file for an answer goes through `as_download`."""
    ways = re.compile(r"\b(FileResponse|StreamingHttpResponse|files\.read\()")
    views = [
        path
        for path in Path(configured.BASE_DIR).glob("*/**/*.py")
        if ("views" in path.parts or path.stem == "views") and ".venv" not in path.parts and "tests" not in path.parts
    ]
    assert views
    assert [path.name for path in views if ways.search(path.read_text())] == []
