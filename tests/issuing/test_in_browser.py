"""The check page in a real browser: no barrier that axe can see, and a file is checked without JavaScript."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.people import Clerk
from tests import axe
from tests.issuing.permits import permit, sealed_file

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("city")]


def gap(page: Page, above: str, below: str) -> float:
    """The pixels between the first of two parts and the second."""
    first, second = (page.locator(part).bounding_box() for part in (above, below))
    assert first is not None
    assert second is not None
    return second["y"] - first["y"] - first["height"]


def test_pages_that_check_have_no_barrier(page: Page, head: Clerk, token: str) -> None:
    decision = permit(head)
    page.goto(reverse("issuing:check"))
    page.get_by_role("button", name="Datei prüfen").click()
    expect(page.locator("main")).to_contain_text("Wählen Sie die Datei, die wir prüfen sollen.")
    assert gap(page, "h2#datei", "#fehler") >= 12
    assert axe.barriers(page) == []
    page.locator("input[type=file]").set_input_files(
        {"name": "bescheid.pdf", "mimeType": "application/pdf", "buffer": sealed_file(pk=decision.pk)}
    )
    page.get_by_role("button", name="Datei prüfen").click()
    page.get_by_text("Echt: Diese Datei ist von uns und unverändert").wait_for()
    assert gap(page, "h1", ".kern-alert") >= 12
    assert axe.barriers(page) == []
    page.goto(reverse("issuing:document", args=[token]))
    page.get_by_text("Diese Genehmigung gilt heute").wait_for()
    assert axe.barriers(page) == []


def test_what_was_found_stands_on_paper_too(page: Page, head: Clerk, token: str) -> None:
    decision = permit(head)
    page.goto(reverse("issuing:check"))
    page.locator("input[type=file]").set_input_files(
        {"name": "bescheid.pdf", "mimeType": "application/pdf", "buffer": sealed_file(pk=decision.pk)}
    )
    page.get_by_role("button", name="Datei prüfen").click()
    page.get_by_text("Echt: Diese Datei ist von uns und unverändert").wait_for()
    page.emulate_media(media="print")
    expect(page.get_by_text("Echt: Diese Datei ist von uns und unverändert")).to_be_visible()
    page.goto(reverse("issuing:document", args=[token]))
    expect(page.get_by_text("Diese Genehmigung gilt heute")).to_be_visible()
