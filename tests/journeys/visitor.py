"""Somebody at a browser: does what people do, by the words that people read."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.journeys.looking import faults_of, shape_of

PASSWORD = "hro-demo-2026"
SAVE = "Speichern und weiter"
#: A browser says this of every page that was refused; the tests ask for the status themselves.
_REFUSED = re.compile(r"Failed to load resource: the server responded with a status of 4\d\d")


class Visitor:
    def __init__(self, page: Page, *, script: bool, seen: set[object]) -> None:
        self.page, self.script, self._seen = page, script, seen
        self.complaints: list[str] = []
        page.on("console", lambda message: self._hear(message.type, message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _hear(self, kind: str, text: str) -> None:
        if kind in ("error", "warning") and not _REFUSED.match(text):
            self.complaints.append(f"{self.page.url}: {text}")

    # where they are ------------------------------------------------------------------------------------

    def at(self, heading: str, *, fault: bool = False) -> "Visitor":
        """Reads the heading and the title, and looks at the page with other people's eyes; once per kind of page."""
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(heading)
        expect(self.page).to_have_title(re.compile("^Fehler: " if fault else "^(?!Fehler)"))
        self.page.wait_for_load_state()
        shape = shape_of(self.page)
        kind = (self.script, shape)
        if kind not in self._seen:
            # The other way goes at another width and in other colours, and has looked at all else.
            only_contrast = (not self.script, shape) in self._seen
            self._seen.add(kind)
            faults = faults_of(self.page, script=self.script, only_contrast=only_contrast)
            assert not faults, f"{self.page.url}: {faults}"
        return self

    def reads(self, *sentences: str) -> None:
        for sentence in sentences:
            expect(self.page.locator("main")).to_contain_text(sentence)

    @property
    def text(self) -> str:
        return self.page.locator("main").inner_text()

    @property
    def path(self) -> str:
        return "/" + self.page.url.split("/", 3)[3]

    def fact(self, term: str) -> str:
        """The value beside a term, such as the code beside „Code“."""
        term_and_value = self.page.locator("dl > div").filter(has=self.page.locator(f"dt:text-is('{term}')"))
        return term_and_value.locator("dd").first.inner_text().strip()

    # what they do --------------------------------------------------------------------------------------

    def open(self, path: str) -> int:
        response = self.page.goto(path)
        assert response
        return response.status

    def press(self, name: str, within: Locator | None = None) -> None:
        (within or self.page.locator("main")).get_by_role("button", name=name).last.click()

    def follow(self, name: str) -> None:
        self.page.get_by_role("link", name=name).first.click()

    def fill(self, label: str, text: str, within: Locator | None = None) -> None:
        (within or self.page).get_by_label(label).and_(self.page.locator("input, textarea")).fill(text)

    def fill_date(self, label: str, day: str, within: Locator | None = None) -> None:
        boxes = (within or self.page).get_by_role("group", name=label, exact=True)
        for box, number in zip(("Tag", "Monat", "Jahr"), day.split("."), strict=True):
            boxes.get_by_label(box).fill(number)

    def choose(self, question: str, option: str, within: Locator | None = None) -> None:
        """One of several; where other questions depend on it, waits until they stand there."""
        where = within or self.page
        select = where.get_by_role("combobox", name=question)
        group = where.get_by_role("radiogroup", name=question)
        control = select.or_(group)
        changes_page = self.script and control.locator("xpath=ancestor-or-self::*[@data-refresh]").count()
        version = self.page.locator("input[name=version]").input_value() if changes_page else ""
        if select.count():
            select.select_option(label=option)
        else:
            group.get_by_label(option, exact=True).check()
        if changes_page:
            expect(self.page.locator("input[name=version]")).not_to_have_value(version)

    def reveal(self) -> None:
        """Without JavaScript the questions that depend on an answer come with the next button."""
        if not self.script:
            self.press(SAVE)

    def tick(self, label: str) -> None:
        self.page.get_by_label(label).check()

    def group(self, name: str) -> Locator:
        return self.page.get_by_role("group", name=name)

    def upload(self, label: str, name: str, content: bytes, within: Locator | None = None) -> None:
        file = {"name": name, "mimeType": "application/octet-stream", "buffer": content}
        (within or self.page).get_by_label(label).last.set_input_files(file)

    def save(self) -> None:
        self.press(SAVE)

    def sign_in(self, email: str, password: str = PASSWORD) -> None:
        """From the page that asks for it."""
        self.at("Anmelden")
        self.fill("E-Mail-Adresse", email)
        self.fill("Passwort", password)
        self.page.locator("main form").get_by_role("button", name="Anmelden").click()
        expect(self.page).not_to_have_url(re.compile("/konto/anmelden/"))
