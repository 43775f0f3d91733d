"""Fills in forms through the pages, knowing only what a browser knows: addresses, forms and their boxes."""

from typing import Any

from django.test import Client
from lxml import html

IDEA = {"thema": "gruen", "text": "Mehr Bäume am Neuen Markt.", "ort": "Neuer Markt"}
CONTACT = {
    "antwort": "true",
    "person-vorname": "Lena",
    "person-familienname": "Kogge",
    "person-email": "lena@example.org",
    "datenschutz": "true",
}


def begin(client: Client, service: str = "wuensche-und-ideen", authority: str = "rostock") -> str:
    """Begins a draft, also where there is one already; the address of its task list."""
    answer = client.post(f"/leistungen/{authority}/{service}/beginnen/", {"anew": "1"})
    assert answer.status_code == 302, answer.content
    return answer["Location"]


def page(client: Client, url: str) -> html.HtmlElement:
    answer = client.get(url)
    assert answer.status_code == 200, (url, answer.status_code)
    return html.fromstring(answer.content)


def boxes(root: html.HtmlElement) -> dict[str, Any]:
    """What a browser would send of the page's main form if nobody touched it."""
    form = root.xpath("//main//form[@enctype or .//input[@name='version']]")[0]
    # A line break right behind <textarea> belongs to the markup, not to the text (HTML 4.10.11).
    return {name: value.removeprefix("\n") for name, value in form.form_values()}


def fill(client: Client, url: str, /, **typed: Any) -> Any:
    """Types into a step and presses its first button; the answer, not followed."""
    values = boxes(page(client, url)) | typed
    return client.post(url, values)


def fill_idea(client: Client, draft: str) -> None:
    """Fills in both steps of *Wünsche und Ideen*."""
    assert fill(client, f"{draft}schritt/idee/", **IDEA).status_code == 302
    fill(client, f"{draft}schritt/kontakt/", antwort="true", datenschutz="true")
    answer = fill(client, f"{draft}schritt/kontakt/", **CONTACT)
    assert answer.status_code == 302, html.fromstring(answer.content).xpath("//*[@id='fehler']")[0].text_content()
    assert answer["Location"] == f"{draft}pruefen/"


def submit(client: Client, draft: str, **said: Any) -> Any:
    """Confirms and sends; the answer, not followed."""
    values = boxes(page(client, f"{draft}pruefen/")) | {"confirmed": "on"} | said
    return client.post(f"{draft}pruefen/", values)
