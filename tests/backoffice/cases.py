"""What tests of a case ask for at its pages."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.test import Client

from applications.models import Application, Attachment
from foundation import files, scope
from tests.frame.pages import Page

CODE = b"x" * 32


PDF = b"%PDF-1.4 kept as it came"


IN_A_YEAR = (date.today() + timedelta(days=365)).isoformat()


def address(application: Application, page: str = "") -> str:
    return f"/backoffice/vorgang/{application.reference}/{page}"


def filled(page: Page) -> dict[str, str]:
    """What the form of the page would send."""
    form = page.tree.xpath("//main//form")[0]
    # A browser leaves out the newline that a textarea begins with.
    return {name: value.removeprefix("\n") for name, value in form.form_values() if name != "csrfmiddlewaretoken"}


def page_of(client: Client, application: Application, page: str = "") -> Page:
    response = client.get(address(application, page))
    assert response.status_code == 200
    page = Page(response)
    assert page.faults() == []
    return page


def words(page: Page) -> str:
    return " ".join(page.tree.text_content().split())


def state_of(application: Application) -> str:
    with scope.system("look", read_only=True):
        return Application.objects.get(pk=application.pk).state


def assignee_of(application: Application) -> UUID | None:
    with scope.system("look", read_only=True):
        return Application.objects.get(pk=application.pk).assignee_id


def attach(application: Application, path: str = "x") -> Attachment:
    with scope.authority(application.authority_id):
        stored = files.keep(
            PDF,
            authority_id=application.authority_id,
            keyset="rostock",
            subject_id=application.pk,
            media_type="application/pdf",
        )
        attachment = Attachment(
            application_id=application.pk, authority_id=application.authority_id, path=path, file=stored
        )
        attachment.name = application.seal(f"attachment:{attachment.pk}", "Größe & <b>.pdf")
        attachment.save(force_insert=True)
    return attachment


def ruling(application: Application, action: str, **changes: Any) -> dict[str, Any]:
    return {
        "action": action,
        "outcome": "approved",
        "reason": "Der Hund ist jetzt angemeldet.",
        "fee": "108,00",
        "fee_due_on": IN_A_YEAR,
        "regime": "letter",
        "seen_no": application.state_no,
        **changes,
    }
