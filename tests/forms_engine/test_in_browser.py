"""`form.js` and the markup of a step in a real browser, against a page that answers as the wizard does."""

from __future__ import annotations

import re
from pathlib import Path

import django_htmx
import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import QueryDict
from django.template.loader import render_to_string
from playwright.sync_api import Browser, Page, Route, expect

from forms_engine import api
from tests import axe
from tests.forms_engine.definitions import ALL_TYPES, demo, field, group, one_step, repeat

pytestmark = pytest.mark.journey

SCRIPTS = {
    "/htmx.js": Path(django_htmx.__file__).parent / "static/django_htmx/htmx-2.min.js",
    "/form.js": Path(settings.BASE_DIR) / "static/portal/form.js",
}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'"
)
STYLES = ("kern/fonts/fira-sans.css", "kern/kern.min.css", "portal/portal.css")
FRAME = """<!DOCTYPE html><html lang="de"><head><title>Probe</title>
<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">%s
<meta name="htmx-config" content='{"includeIndicatorStyles":false,"allowEval":false,"allowScriptTags":false}'>
<script src="/htmx.js" defer></script><script src="/form.js" defer></script></head><body><main><h1>Probe</h1>
<form method="post" action="/schritt/" novalidate>%s<button name="save">Speichern und weiter</button></form></main>
</body></html>"""

DOGS = one_step(
    field("text", "vorab"),
    group(
        "hunde",
        field("text", "name"),
        field("yes_no", "boese"),
        field("text", "grund", when={"equal": [{"answer": "./boese"}, True]}),
        field("file", "foto", accept=["png"], max_size_mb=1, max_files=1, required=False),
        repeat=repeat(1, 3),
    ),
)


class Desk:
    """Keeps the answers and shows the step, as the wizard does; a reload or an error can be ordered."""

    def __init__(self, form: api.CompiledForm, step: str, answers: api.Answers) -> None:
        self.form, self.step, self.answers = form, step, answers
        self.posts: list[QueryDict] = []
        self.next_status = 200
        self.styles = ""

    def serve(self, route: Route) -> None:
        path = re.sub(r"https?://[^/]+", "", route.request.url)
        if path in SCRIPTS:
            route.fulfill(body=SCRIPTS[path].read_bytes(), content_type="text/javascript")
        elif path == "/schritt/":
            body = self.post(QueryDict(route.request.post_data)) if route.request.method == "POST" else self.page()
            status, self.next_status = self.next_status, 200
            headers = {"Content-Security-Policy": POLICY, "Content-Type": "text/html; charset=utf-8"}
            route.fulfill(status=status, headers=headers, body=body)
        elif path.startswith("/static/") and (found := finders.find(path.removeprefix("/static/"))):
            route.fulfill(path=found)
        else:
            route.fulfill(status=404)

    def page(self, focus: str = "", shown: str | None = None, data: QueryDict | None = None) -> str:
        form = api.step_form(self.form, self.step, self.answers, language="de", data=data)
        if data is not None:
            form.is_valid()
        if shown is not None:
            form.tell_change(shown, focus)
        return FRAME % (self.styles, render_to_string("forms_engine/step_fields.html", {"form": form}))

    def post(self, data: QueryDict) -> str:
        self.posts.append(data)
        typed = api.step_form(self.form, self.step, self.answers, language="de", data=data)
        self.answers = api.merge(self.answers, typed.partial_answers)
        focus = ""
        if "add" in data:
            self.answers, added = api.add_instance(self.form, self.answers, data["add"])
            focus = added or ""
        if "remove" in data:
            self.answers = api.remove_instance(self.form, self.answers, data["remove"])
            focus = data["remove"].rpartition("-")[0]
        in_place = {"refresh", "add", "remove"} & data.keys()
        return self.page(focus, data["shown"]) if in_place else self.page(data=data)


def open_step(browser: Browser, desk: Desk, **options: object) -> Page:
    page = browser.new_context(base_url="http://portal.test", **options).new_page()
    page.complaints = []
    page.on("console", lambda message: page.complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.route("**/*", desk.serve)
    page.goto("/schritt/")
    return page


def test_dependent_question_comes_in_place_and_focus_stays(browser):
    page = open_step(browser, Desk(DOGS, "s", {}))
    page.fill("#vorab", "Guten Tag")
    page.check("#hunde-i1-boese-true")
    expect(page.locator("#hunde-i1-grund")).to_be_visible()
    expect(page.locator("[role=status]")).to_have_text("1 weitere Frage zu Hund 1")
    expect(page.locator("#hunde-i1-boese-true")).to_be_focused()
    expect(page.locator("#vorab")).to_have_value("Guten Tag")
    page.check("#hunde-i1-boese-false")
    expect(page.locator("[role=status]")).to_have_text("1 Frage entfällt")
    assert page.complaints == []


def test_instances_come_and_go_in_place(browser):
    page = open_step(browser, Desk(DOGS, "s", {}))
    page.click("button[name=add]")
    expect(page.locator("[role=status]")).to_have_text("Hund 2 hinzugefügt")
    expect(page.locator("fieldset.portal-repeat >> nth=1 >> input[type=text] >> nth=0")).to_be_focused()
    page.get_by_role("button", name="Hund 2 entfernen").click()
    expect(page.locator("[role=status]")).to_have_text("Hund 2 entfernt")
    expect(page.locator("#hunde-titel")).to_be_focused()
    assert page.complaints == []


def test_chosen_file_waits_for_the_next_button(browser):
    page = open_step(browser, Desk(DOGS, "s", {}))
    page.set_input_files("#hunde-i1-foto", {"name": "hund.png", "mimeType": "image/png", "buffer": b"x"})
    page.check("#hunde-i1-boese-true")
    expect(page.locator("#hunde-i1-grund")).to_be_visible()
    assert page.evaluate("document.getElementById('hunde-i1-foto').files[0].name") == "hund.png"


def test_what_is_typed_while_the_answer_is_on_its_way_stays(browser):
    desk = Desk(DOGS, "s", {})
    page = open_step(browser, desk)
    held: list[Route] = []
    page.route("**/schritt/", lambda route: held.append(route))
    with page.expect_request("**/schritt/"):
        page.check("#hunde-i1-boese-true")
    page.fill("#vorab", "inzwischen")
    desk.serve(held.pop())
    expect(page.locator("#hunde-i1-grund")).to_be_visible()
    expect(page.locator("#vorab")).to_have_value("inzwischen")


def test_refused_request_becomes_an_ordinary_one(browser):
    desk = Desk(DOGS, "s", {})
    page = open_step(browser, desk)
    desk.next_status = 409
    page.click("button[name=add]")
    expect(page.locator("fieldset.portal-repeat")).to_have_count(3)  # both were served here; a real 409 saves nothing
    assert [("add" in data) for data in desk.posts] == [True, True]


@pytest.mark.asvs("V2.2.2")
@pytest.mark.tr("A3.2.04")
def test_all_of_it_works_without_javascript(browser):
    page = open_step(browser, Desk(DOGS, "s", {}), java_script_enabled=False)
    page.check("#hunde-i1-boese-true")
    page.click("button[name=save]")
    expect(page.locator("#hunde-i1-grund")).to_be_visible()
    page.click("button[name=add]")
    expect(page.locator("fieldset.portal-repeat")).to_have_count(2)
    page.get_by_role("button", name="Hund 1 entfernen").click()
    expect(page.locator("fieldset.portal-repeat")).to_have_count(1)


@pytest.mark.parametrize("step", ["halter", "hunde", "ermaessigung", "zahlung"])
def test_steps_have_no_barrier_that_axe_can_see(browser, step):
    answers = {"halter_art": "person", "beantragt": True, "hunde": [{"_id": "i1", "gefaehrlich": True}]}
    page = open_step(browser, Desk(demo("hundesteuer-anmelden"), step, answers))
    for _ in ("fresh", "with errors"):
        assert axe.violations(page) == []
        page.click("button[name=save]")
    expect(page.locator("[aria-invalid=true]").first).to_be_visible()


WIDE_AND_NARROW: tuple[axe.Look, ...] = (
    (1280, "light", False),
    (1280, "dark", True),
    (375, "light", True),
    (375, "dark", False),
)


@pytest.mark.tr("A3.2.04")
def test_every_type_of_field_is_without_barriers_and_tells_what_is_wrong(browser):
    desk = Desk(ALL_TYPES, "s", {})
    desk.styles = "".join(f'<link rel="stylesheet" href="/static/{style}">' for style in STYLES)
    page = open_step(browser, desk)
    assert axe.barriers(page, WIDE_AND_NARROW[:1]) == []
    page.fill("#f_person_name_family_name", "Suharto")
    page.fill("#f_partial_date_year", "60")
    page.select_option("#f_nationality", "XXA")
    page.click("button[name=save]")
    expect(page.locator("#f_partial_date-error")).to_contain_text("vier Ziffern")
    expect(page.locator("#f_person_name-error")).to_contain_text("nur einen Namen gibt")
    expect(page.locator("#f_nationality")).to_have_value("XXA")
    assert axe.barriers(page, WIDE_AND_NARROW) == []
    page.check("#f_person_name_one_name")
    page.fill("#f_partial_date_year", "1960")
    page.click("button[name=save]")
    expect(page.locator("#f_partial_date-error")).to_have_count(0)
    expect(page.locator("#f_person_name-error")).to_have_count(0)
    assert page.complaints == []


STATES = one_step(field("country", "staat"), field("text", "warum", when={"equal": [{"answer": "staat"}, "FR"]}))


def offered(page: Page) -> list[str]:
    return page.locator("#staat option").all_inner_texts()[1:]


def test_a_long_list_is_narrowed_to_what_is_typed(browser):
    page = open_step(browser, Desk(STATES, "s", {}))
    whole = offered(page)
    box = page.get_by_label("In der Liste suchen: Staat")
    box.press_sequentially("osterr")
    assert offered(page) == ["Österreich"]
    expect(page.locator("#staat-treffer")).to_have_text("Treffer: 1")
    box.fill("")
    assert offered(page) == whole
    box.fill("land")
    page.select_option("#staat", "IS")
    box.fill("frank")
    assert offered(page) == ["Frankreich", "Island"], "what is chosen stays"
    box.press("Enter")
    expect(page.locator("#staat")).to_have_value("FR")
    expect(page.locator("#warum")).to_be_visible()
    expect(page.locator("#staat")).to_be_focused()
    assert len(offered(page)) == len(whole)
    assert page.complaints == []


def test_without_javascript_the_list_is_whole(browser):
    page = open_step(browser, Desk(STATES, "s", {}), java_script_enabled=False)
    expect(page.locator("#staat-suche")).to_be_hidden()
    page.select_option("#staat", "FR")
    page.click("button[name=save]")
    expect(page.locator("#warum")).to_be_visible()


def test_a_short_list_needs_no_search(browser):
    options = [{"value": str(number), "label": {"de": f"Antwort {number}"}} for number in range(25)]
    page = open_step(browser, Desk(one_step(field("choice", "wahl", options=options)), "s", {}))
    expect(page.locator("#wahl")).to_be_visible()
    expect(page.locator("#wahl-suche")).to_have_count(0)
