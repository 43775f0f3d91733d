"""Somebody who works without a mouse: reaches everything with Tab, and sees where they are."""

from playwright.sync_api import Locator, Page, expect

_MOST_STOPS = 250
_AT = "(element) => element === document.activeElement"


class Keyboard:
    def __init__(self, page: Page) -> None:
        self.page = page

    def reach(self, target: Locator) -> None:
        """Tab, until the control has the focus."""
        expect(target).to_be_visible()
        for _stop in range(_MOST_STOPS):
            if target.evaluate(_AT):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab never comes to {target}")

    def press(self, button: str, within: Locator | None = None) -> None:
        """A button; waits for the page that it leads to."""
        self.reach((within or self.page.locator("main")).get_by_role("button", name=button, exact=True).last)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def press_in_place(self, button: str) -> None:
        """A button that changes the page where it stands."""
        self.reach(self.page.locator("main").get_by_role("button", name=button, exact=True).last)
        self.page.keyboard.press("Enter")

    def follow(self, link: str, within: Locator | None = None) -> None:
        self.reach((within or self.page).get_by_role("link", name=link).first)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def fill(self, label: str, text: str, within: Locator | None = None) -> None:
        self.reach((within or self.page.locator("main")).get_by_label(label, exact=True).last)
        self.page.keyboard.press("ControlOrMeta+A")
        self.page.keyboard.type(text)

    def choose(self, label: str, option: str, within: Locator | None = None) -> None:
        """An entry of a list, with the arrow keys."""
        box = (within or self.page.locator("main")).get_by_role("combobox", name=label, exact=True).last
        self.reach(box)
        self.page.keyboard.press("Home")
        entries = box.locator("option").all_text_contents()
        for _step in range(entries.index(option)):
            self.page.keyboard.press("ArrowDown")
        expect(box.locator("option:checked")).to_have_text(option)

    def pick(self, question: str, answer: str, within: Locator | None = None) -> None:
        """One of several radio buttons: Tab comes to the chosen one or the first, arrows go on from there."""
        group = (within or self.page.locator("main")).get_by_role("radiogroup", name=question).last
        wanted = group.get_by_label(answer, exact=True)
        boxes = group.get_by_role("radio").all()
        start = next((box for box in boxes if box.is_checked()), boxes[0])
        self.reach(start)
        self.page.keyboard.press("Space")
        for _step in boxes:
            if wanted.is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        expect(wanted).to_be_checked()

    def tick(self, label: str) -> None:
        box = self.page.locator("main").get_by_label(label).last
        self.reach(box)
        self.page.keyboard.press("Space")
        expect(box).to_be_checked()
