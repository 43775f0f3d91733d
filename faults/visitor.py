"""Somebody with a browser and an account: looks at pages, fills in their forms and sends them."""

from collections.abc import Mapping

import httpx
from lxml import html

from faults.person import Files


class Visitor:
    """Somebody with a browser; `asked` are the addresses that it sent, as an access log would show them."""

    def __init__(self, browser: httpx.Client) -> None:
        self.browser = browser
        self.asked: list[str] = []
        browser.event_hooks["request"].append(lambda request: self.asked.append(str(request.url)))

    def look(self, path: str) -> httpx.Response:
        answer = self.browser.get(path, follow_redirects=True)
        if answer.status_code != httpx.codes.OK:
            raise RuntimeError(f"GET {path} was answered with {answer.status_code}")
        return answer

    def filled(self, path: str, typed: Mapping[str, str]) -> dict[str, str]:
        """What the form of this page would send with these boxes filled in."""
        page = html.fromstring(self.look(path).text)
        forms = page.xpath("//main//form") or page.xpath("//form")
        form = max(forms, key=lambda each: len(typed.keys() & set(each.fields.keys())))
        boxes = {name: value.removeprefix("\n") for name, value in form.form_values() if isinstance(value, str)}
        # Without this box the page counts as one that showed all questions, also those that an answer brings.
        boxes.pop("shown", None)
        return boxes | dict(typed)

    def post(self, path: str, boxes: Mapping[str, str], files: Files | None = None) -> httpx.Response:
        """The answer as it comes, not followed."""
        return self.browser.post(path, data=dict(boxes), files=files or None)

    def send(self, path: str, typed: Mapping[str, str], *, at: str = "", files: Files | None = None) -> str:
        """Fills in the form of a page (default: of the same address) and sends it; out: where that leads."""
        answer = self.post(path, self.filled(at or path, typed), files)
        if answer.status_code != httpx.codes.FOUND:
            raise RuntimeError(f"POST {path} was answered with {answer.status_code}: {_faults(answer.text)}")
        return answer.headers["Location"]

    def sign_in(self, email: str, password: str) -> None:
        self.send("/konto/anmelden/", {"login": email, "password": password})


def _faults(page: str) -> str:
    found = html.fromstring(page).xpath("//*[@id='fehler' or contains(@class, 'kern-alert')]")
    return " ".join(" ".join(each.text_content().split()) for each in found)[:300]
