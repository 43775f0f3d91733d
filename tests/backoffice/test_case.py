"""The page of a case, its files, and the way from one to the next."""

from datetime import date, timedelta

import pytest
from django.test import Client

from accounts.people import Clerk
from applications.models import Application
from foundation import scope
from foundation.audit.models import AuditEvent
from tests.backoffice.cases import (
    PDF,
    address,
    attach,
    page_of,
)
from tests.factories import make_application
from tests.frame.pages import Page


@pytest.mark.asvs("V8.2.2", "V8.4.1")
def test_case_of_another_department_or_authority_is_not_found(client: Client) -> None:
    for foreign in (
        make_application(department="stadtamt"),
        make_application(authority="schwerin", department="finanzen"),
    ):
        for page in ("", "nachfordern/", "entscheiden/", "bescheid/"):
            assert client.get(address(foreign, page)).status_code == 404
        assert client.post(address(foreign, "uebernehmen/")).status_code == 404


@pytest.mark.asvs("V16.3.2")
@pytest.mark.tr("A3.14.03")
def test_reading_a_case_leaves_an_access_record(client: Client, clerk: Clerk, mine: Application) -> None:
    page = page_of(client, mine)
    assert page.headings() == ["Lena Kogge"]
    with scope.system("look", read_only=True):
        event = AuditEvent.objects.get(action="application.read")
    assert (event.object_id, event.actor_id) == (mine.pk, clerk.user_id)


def test_file_says_which_question_it_answers(client: Client, mine: Application) -> None:
    attach(mine, "hunde-k3f9x2-nachweis_gefaehrlich")
    attach(mine)
    named = page_of(client, mine).tree.xpath("//ul[@class='portal-files']/li")
    told = [" ".join(line.text_content().split()) for line in named]
    assert sum("Wesenstest oder Nachweis der Kastration" in line for line in told) == 1


@pytest.mark.asvs("V3.2.1", "V5.4.1", "V5.4.2")
def test_file_comes_as_a_download_that_no_browser_runs(client: Client, mine: Application) -> None:
    attachment = attach(mine)
    assert "Größe &amp; &lt;b&gt;.pdf" in page_of(client, mine).text
    response = client.get(address(mine, f"datei/{attachment.pk}/"))
    assert response.content == PDF
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]


@pytest.mark.asvs("V8.2.2")
def test_file_of_another_case_is_not_found(client: Client, mine: Application) -> None:
    other = attach(make_application())
    assert client.get(address(mine, f"datei/{other.pk}/")).status_code == 404


def test_list_is_walked_from_case_to_case(client: Client) -> None:
    first, second, third = (make_application(due_on=date.today() + timedelta(days=day)) for day in (5, 6, 7))
    page = Page(client.get(address(second) + "?ansicht=neu"))
    assert page.tree.xpath("//a[@rel='prev']/@href") == [address(first) + "?ansicht=neu"]
    assert page.tree.xpath("//a[@rel='next']/@href") == [address(third) + "?ansicht=neu"]
    assert "Zurück zu „Neu“" in page.text
