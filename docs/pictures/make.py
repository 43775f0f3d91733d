"""Takes the pictures of the README, of docs/forms.md and of the tour: `.venv/bin/python docs/pictures/make.py`.

Starts a portal of its own with the demo's data; a citizen, a clerk and an author of forms walk through its pages.
"""

import io
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import authors
import environ
import psycopg
import pypdfium2
from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright
from psycopg.conninfo import make_conninfo

from hro_portal.stack import Stack
from tests.journeys import forms, office
from tests.journeys.records import Records
from tests.journeys.visitor import Visitor
from tests.journeys.waiting import wait_for

ROOT = Path(__file__).resolve().parents[2]
README, TOUR = ROOT / "docs" / "pictures", ROOT / "static" / "portal" / "tour"
DESK, PHONE, TOUR_SIZE = (1280, 896), (375, 812), (800, 560)
LARGEST = 60_000
LONGEST = 1700
#: The demo's own applications are routed and confirmed first.
PATIENCE = 300


def main() -> None:
    TOUR.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="hro-pictures-") as folder:
        Path(folder).chmod(0o711)  # PostgreSQL's user passes through
        with (
            Stack(Path(folder) / "data", demo=True, durable=False) as stack,
            _records(stack) as records,
            sync_playwright() as playwright,
        ):
            browser = playwright.chromium.launch(
                executable_path=shutil.which("chromium-headless-shell") or shutil.which("chromium"),
                args=["--no-sandbox"],
            )
            _walk(browser, stack.base_url, records)
            browser.close()


def _walk(browser: Browser, base_url: str, records: Records) -> None:
    lena = _arrive(browser, base_url)
    lena.open("/")
    _for_readme(lena.page, "start")
    lena.open("/leistungen/?q=hund")
    _for_tour(lena.page, "suchen")
    lena.open(forms.DOGS)
    _for_tour(lena.page, "lesen")

    lena.open("/konto/anmelden/")
    lena.sign_in("buerger1@example.org")
    lena.open(forms.DOGS)
    lena.press("Antrag beginnen")
    lena.follow("Weiter mit Schritt 1")
    forms.tell_keeper(lena)
    lena.at("Angaben zum Hund")
    lena.follow("Halterin oder Halter")
    lena.at("Halterin oder Halter")
    lena.page.get_by_label("Familienname").scroll_into_view_if_needed()
    _for_tour(lena.page, "ausfuellen")
    lena.save()
    forms.tell_dogs(lena, number=1)
    forms.tell_the_rest(lena)
    reference = forms.submit(lena, delivery="Im Postfach")
    lena.page.reload()
    _for_tour(lena.page, "absenden")

    clerk = _arrive(browser, base_url)
    clerk.open("/konto/anmelden/?next=/backoffice/")
    clerk.sign_in(office.CLERK)
    _wait_for_row(records, "applications_routing", "application_id", reference)
    clerk.open("/backoffice/")
    _for_readme(clerk.page, "inbox")
    _for_tour(clerk.page, "bearbeiten")
    office.take_over(clerk, reference)
    office.decide(clerk, outcome="genehmigt", reason="Ihr Hund ist angemeldet.", way="Abruf im Postfach", fee="108,00")
    _wait_for_row(records, "applications_receipt", "application_id", reference)
    _wait_for_row(records, "postbox_postboxitem", "notified_at IS NOT NULL AND subject_id", reference)
    _read_notice(lena, reference)

    receipt = lena.page.request.get(f"/vorgang/{reference}/bestaetigung.pdf")
    _first_page(receipt.body(), README / "receipt.png")
    _step_with_error(_arrive(browser, base_url, size=PHONE))

    author = _arrive(browser, base_url)
    author.open("/konto/anmelden/?next=/backoffice/formulare/")
    author.sign_in(authors.AUTHOR)
    authors.walk(author, _for_authors)


def _read_notice(lena: Visitor, reference: str) -> None:
    lena.open(f"/vorgang/{reference}/")
    lena.follow("Zum Dokument gehen")
    lena.press("Dokument öffnen")
    lena.follow("Dokument lesen")
    lena.at("")
    _for_tour(lena.page, "bescheid")


def _step_with_error(visitor: Visitor) -> None:
    forms.begin_idea(visitor)
    visitor.save()
    expect(visitor.page).to_have_title(re.compile("^Fehler"))
    _for_readme(visitor.page, "step-error")


def _wait_for_row(records: Records, table: str, case: str, reference: str) -> None:
    of_this_case = f"{case} = (SELECT id FROM applications_application WHERE reference = %s)"
    wait_for(lambda: records.count(table, of_this_case, reference), table, seconds=PATIENCE)


def _arrive(browser: Browser, base_url: str, *, size: tuple[int, int] = DESK) -> Visitor:
    context = browser.new_context(base_url=base_url, locale="de-DE", viewport={"width": size[0], "height": size[1]})
    context.set_default_timeout(20_000)
    return _Silent(context.new_page(), script=True, seen=set())


class _Silent(Visitor):
    """Walks without judging the pages: the journeys do that."""

    def at(self, heading: str, *, fault: bool = False) -> Visitor:
        self.page.get_by_role("heading", level=1).filter(has_text=heading).wait_for()
        return self


@contextmanager
def _records(stack: Stack) -> Iterator[Records]:
    address = environ.Env.db_url_config(stack.owner_env["DATABASE_OWNER_URL"])
    names = {"host": "HOST", "port": "PORT", "user": "USER", "dbname": "NAME"}
    target = make_conninfo(**{key: str(address[name]) for key, name in names.items()})
    with psycopg.connect(target, autocommit=True) as connection:
        yield Records(connection)


def _for_readme(page: Page, name: str) -> None:
    page.screenshot(path=README / f"{name}.png")
    _shrink(Image.open(README / f"{name}.png"), README / f"{name}.png")


def _for_authors(page: Page, name: str) -> None:
    """Down to the end of `main`: what an author works on is longer than a screen, and the footer says nothing new."""
    whole = Image.open(io.BytesIO(page.screenshot(full_page=True)))
    end = int(page.locator("main").evaluate("main => main.getBoundingClientRect().bottom + window.scrollY"))
    _shrink(whole.crop((0, 0, whole.width, min(end, LONGEST))), README / f"{name}.png")


def _for_tour(page: Page, name: str) -> None:
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB").resize(TOUR_SIZE, Image.Resampling.LANCZOS)
    target = TOUR / f"{name}.webp"
    for quality in (80, 60, 40):
        picture.save(target, quality=quality, method=6)
        if target.stat().st_size <= LARGEST:
            return
    raise ValueError(f"{name} is larger than {LARGEST} bytes.")


def _first_page(pdf: bytes, target: Path) -> None:
    _shrink(pypdfium2.PdfDocument(pdf)[0].render(scale=1.2).to_pil(), target)


def _shrink(picture: Image.Image, target: Path) -> None:
    """A palette is enough for pages, and a third of the size."""
    picture.convert("RGB").quantize(128, dither=Image.Dither.NONE).save(target, optimize=True)


if __name__ == "__main__":
    main()
