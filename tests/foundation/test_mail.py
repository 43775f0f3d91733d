from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.core import mail as outgoing
from django.core.mail import BadHeaderError

from foundation import mail

pytestmark = pytest.mark.usefixtures("sample_templates")
EFFECT = uuid4()


@pytest.fixture(autouse=True)
def _letters(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    outgoing.outbox = []


def send(to="lena.kogge@example.org", language="de", **values):
    context = {
        "authority": SimpleNamespace(name="Hanse- und Universitätsstadt Rostock"),
        "department": SimpleNamespace(name="Amt für Mobilität"),
        "reference": "HRO-2026-7K3M-4Q9X",
    }
    mail.send("sample_letter", context | values, to=to, language=language, effect=EFFECT)
    return outgoing.outbox[-1]


def test_letter_is_plain_text_with_office_reference_and_address_of_the_portal(settings):
    letter = send()
    assert letter.subject == "Neues Dokument zum Vorgang HRO-2026-7K3M-4Q9X"
    assert letter.body.startswith("Guten Tag,\n\n")
    assert "Amt für Mobilität" in letter.body
    assert settings.BASE_URL in letter.body
    assert "Wir fragen Sie in E-Mails nie nach einem Passwort." in letter.body
    assert letter.content_subtype == "plain"
    assert not getattr(letter, "alternatives", [])
    assert letter.extra_headers["Auto-Submitted"] == "auto-generated"


def test_copies_of_one_letter_have_one_id_of_the_portal(settings):
    settings.BASE_URL = "https://portal.example:8443"
    assert send().extra_headers["Message-ID"] == send().extra_headers["Message-ID"] == f"<{EFFECT}@portal.example>"


@pytest.mark.asvs("V1.3.7")
def test_letter_shows_what_it_is_given_literally():
    letter = send(reference="<b> & 'x' {{ 7|add:7 }}")
    assert "<b> & 'x' {{ 7|add:7 }}" in letter.body


@pytest.mark.asvs("V1.3.11")
def test_line_break_in_the_subject_adds_no_header():
    letter = send(reference="HRO\r\nBcc: fremd@example.org")
    assert letter.subject == "Neues Dokument zum Vorgang HRO Bcc: fremd@example.org"
    assert "Bcc" not in letter.message()
    assert letter.recipients() == ["lena.kogge@example.org"]


@pytest.mark.asvs("V1.3.11")
def test_line_break_in_the_address_is_refused():
    with pytest.raises(BadHeaderError):
        send(to="lena@example.org\nBcc: fremd@example.org").message()
