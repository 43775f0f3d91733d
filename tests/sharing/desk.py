"""What an author does at the pages of sharing: reads them, takes a service over, brings a file."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from authorities.models import Authority
from catalogue.models import Offering
from tests.frame.pages import Page
from tests.sharing.conftest import Berth


def page_of(response: Any, status: int = 200) -> Page:
    assert response.status_code == status, response.content.decode()[:500]
    page = Page(response)
    assert page.faults() == []
    return page


def text_of(response: Any, status: int = 200) -> str:
    return " ".join(page_of(response, status).tree.xpath("//main")[0].text_content().split())


def office() -> str:
    return str(Authority.objects.get(slug="schwerin").departments.order_by("sort_key")[0].pk)


def take(author: Client, berth: Berth, **more: str) -> Any:
    data = {"department": office(), "key": berth.key} | more
    return author.post(f"/backoffice/formulare/uebernehmen/{berth.offering.pk}/", data)


def taken(author: Client, berth: Berth) -> Offering:
    assert take(author, berth).status_code == 302
    return Offering.objects.select_related("service", "authority").get(
        authority__slug="schwerin", service=berth.offering.service
    )


def upload(author: Client, raw: bytes) -> Any:
    sent = SimpleUploadedFile("rostock.json", raw, content_type="application/json")
    return author.post("/backoffice/formulare/uebernehmen/datei/", {"file": sent})
