"""The frame in a real browser: no barrier that axe can see, no sideways scrolling, nothing the policy forbids."""

import re
from io import BytesIO

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect

from accounts.models import Party
from tests.chromium import barriers
from tests.factories import PASSWORD, make_application, make_user

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("portal_db")]


def sign_in(page: Page) -> None:
    make_user("lena.kogge@example.org")
    page.goto(reverse("account_login") + "?next=/konto/profil/")
    fill_in_sign_in(page)


def fill_in_sign_in(page: Page) -> None:
    page.get_by_label("E-Mail-Adresse").fill("lena.kogge@example.org")
    page.get_by_label("Passwort").fill(PASSWORD)
    page.get_by_role("button", name="Anmelden").click()
    page.wait_for_url("**/konto/profil/")


def test_own_pages_have_no_barrier(page: Page) -> None:
    sign_in(page)
    for name in ("profile", "account_email", "account_change_password", "account_logout"):
        page.goto(reverse(name))
        assert barriers(page) == [], name


def test_fault_takes_the_focus_and_has_no_barrier(page: Page) -> None:
    page.goto(reverse("account_signup"))
    page.get_by_role("button", name="Konto anlegen").click()
    expect(page).to_have_title(re.compile("^Fehler: "))
    expect(page.locator("#fehler")).to_be_focused()
    assert barriers(page) == []
    page.get_by_role("link", name="E-Mail-Adresse: ").click()
    expect(page.locator("#id_email")).to_be_focused()


def test_end_of_the_sitting_is_told_two_minutes_before_and_loses_nothing(page: Page) -> None:
    sign_in(page)
    page.clock.install()
    page.reload()
    page.clock.fast_forward("27:30")
    assert page.get_by_role("alert").count() == 0
    page.clock.fast_forward("00:40")
    notice = page.get_by_role("alert")
    notice.wait_for()
    assert "In 2 Minuten melden wir Sie ab." in notice.inner_text()
    assert barriers(page) == []
    page.get_by_role("link", name="Angemeldet bleiben").click()
    notice.wait_for(state="detached")
    page.clock.fast_forward("27:30")
    assert page.get_by_role("alert").count() == 0
    page.get_by_label("Straße").fill("Lange Straße")
    Session.objects.all().delete()
    page.clock.fast_forward("03:00")
    page.wait_for_url("**/konto/anmelden/**grund=zeit**")
    fill_in_sign_in(page)
    expect(page.get_by_label("Straße")).to_have_value("Lange Straße")


def test_menu_opens_on_a_telephone(page: Page) -> None:
    page.set_viewport_size({"width": 375, "height": 700})
    page.goto("/")
    page.get_by_text("Menü", exact=True).click()
    expect(page.get_by_role("link", name="Leistungen", exact=True)).to_be_visible()
    assert barriers(page) == []


def go_to(page: Page, address: str) -> None:
    """As nobody; to the own list as somebody who has an application there."""
    if address == "/antraege/":
        sign_in(page)
        make_application(party_id=Party.objects.get().pk)
    assert page.goto(address).ok


#: What stands by itself and is too low for a finger: all but links within a sentence, and what fills its box anyway.
TOO_LOW = """() => [...document.querySelectorAll('a, button, summary, select, input')].filter(each => {
  const box = each.getBoundingClientRect();
  if (!box.width || !box.height || each.closest('.portal-skip, .portal-tile, p.kern-body, .portal-prose')) return false;
  if (each.matches('[type=radio], [type=checkbox]')) return false;
  return box.height < 44;
}).map(each => each.outerHTML.slice(0, 120))"""


@pytest.mark.parametrize(
    "address", ["/", "/leistungen/", "/leistungen/rostock/bewohnerparkausweis/", "/vorgang/", "/antraege/"]
)
def test_on_a_phone_everything_is_high_enough_for_a_finger(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 375, "height": 800})
    go_to(page, address)
    assert page.evaluate(TOO_LOW) == []
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_on_a_phone_a_keyword_has_the_whole_row(page: Page) -> None:
    page.set_viewport_size({"width": 375, "height": 800})
    page.goto("/leistungen/?q=Bewohnerparkausweis")
    row, keyword, where, whom = (
        page.locator(chosen).bounding_box() for chosen in ("form.portal-filters", "#suche", "#behoerde", "#zielgruppe")
    )

    assert keyword["width"] == pytest.approx(row["width"], abs=1)
    assert where["y"] == pytest.approx(whom["y"], abs=1)


def test_a_long_word_in_a_list_does_not_widen_the_page(page: Page) -> None:
    page.set_viewport_size({"width": 375, "height": 800})
    sign_in(page)
    page.goto(reverse("folder:add"))
    image = BytesIO()
    Image.new("RGB", (20, 20)).save(image, "PNG")
    page.get_by_label("Datei").set_input_files({"name": "a.png", "mimeType": "image/png", "buffer": image.getvalue()})
    page.get_by_label("Art des Dokuments").select_option(index=1)
    page.get_by_label("Bezeichnung").fill("Gewerbeschein" * 5)
    page.get_by_label("Ausgestellt am").fill("3.5.2024")
    page.get_by_role("button", name="Dokument behalten").click()
    page.get_by_role("heading", name="Gewerbeschein").wait_for()

    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_number_and_code_stay_in_their_box_on_the_narrowest_screen(page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto("/leistungen/rostock/wuensche-und-ideen/")
    page.get_by_role("button", name="Ohne Konto weiter").click()
    page.get_by_role("link", name="Später weitermachen").click()
    expect(page.locator(".portal-facts .portal-ref")).to_have_count(2)

    assert page.evaluate(OVER_THE_EDGE) == []


#: Numbers whose letters reach into the padding of the box around them, or beyond.
OVER_THE_EDGE = """() => [...document.querySelectorAll('.portal-facts .portal-ref')].filter(each => {
  const letters = document.createRange();
  letters.selectNodeContents(each);
  return letters.getBoundingClientRect().right > each.getBoundingClientRect().right + 1;
}).map(each => each.textContent)"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_with_forced_colours_a_choice_and_an_icon_are_seen(browser: Browser, base_url: str, scheme: str) -> None:
    context = browser.new_context(base_url=base_url, locale="de-DE", forced_colors="active", color_scheme=scheme)
    page = context.new_page()
    page.goto("/leistungen/rostock/befragung-der-unternehmen/")
    page.get_by_role("button", name="Mitteilung beginnen").click()
    assert len(colours(page.locator("header .kern-icon--search"))) > 1
    page.goto(f"{page.url}schritt/betrieb/")
    first, second = page.locator("main [type=radio]").all()[:2]

    first.check()
    page.locator("h1").click()

    assert first.screenshot() != second.screenshot()
    context.close()


def colours(part: Locator) -> set[object]:
    image = Image.open(BytesIO(part.screenshot())).convert("RGB")
    return {colour for _, colour in image.getcolors(image.width * image.height)}


def test_fields_of_a_company_are_no_wider_than_a_column_of_text(page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 900})
    sign_in(page)
    page.goto(reverse("found_organisation"))
    widest = max(each.bounding_box()["width"] for each in page.locator("main :is(input, select):visible").all())
    em = page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)")
    assert widest <= 44 * em
    postal, city = (page.get_by_label(label, exact=True).first.bounding_box() for label in ("Postleitzahl", "Ort"))
    assert postal["y"] == city["y"], "both stand in one line"
    assert barriers(page) == []


def test_who_follows_a_fault_sees_what_the_box_is_called(page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 400})
    page.goto(reverse("account_signup"))
    page.get_by_role("button", name="Konto anlegen").click()
    page.get_by_role("link", name="Passwort: ").click()
    expect(page.locator("#id_password1")).to_be_focused()
    expect(page.get_by_text("Passwort", exact=True)).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize(
    "address", ["/", "/leistungen/", "/leistungen/rostock/bewohnerparkausweis/", "/konto/anmelden/", "/antraege/"]
)
def test_letters_twice_as_large_need_no_sideways_scrolling_on_a_phone(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    go_to(page, address)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
