"""A browser as far as a benchmark needs one: cookies, forms, and the time of each request."""

import http.client
import re
import time
import urllib.parse
from collections import defaultdict
from dataclasses import dataclass, field
from http.cookies import SimpleCookie

from lxml import html

Times = dict[str, list[float]]


@dataclass
class Browser:
    """One person at one keep-alive connection. `times` holds seconds by kind of request."""

    port: int
    times: Times = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        self.cookies: dict[str, str] = {}
        self.connection = http.client.HTTPConnection("localhost", self.port, timeout=30)

    def get(self, kind: str, path: str) -> bytes:
        return self._ask(kind, "GET", path, None)[1]

    def post(self, kind: str, path: str, values: dict[str, str]) -> str:
        """Sends a form; where it leads."""
        location, body = self._ask(kind, "POST", path, urllib.parse.urlencode(values))
        if location is None:
            raise RuntimeError(f"POST {path} was refused: {_complaint(body)}")
        return location

    def form(self, page: bytes, action: str = "") -> dict[str, str]:
        """The boxes of the page's form (the one with this action) as they stand."""
        where = f"//main//form[contains(@action, '{action}')]" if action else "//main//form"
        return {name: value.removeprefix("\n") for name, value in html.fromstring(page).xpath(where)[0].form_values()}

    def _ask(self, kind: str, method: str, path: str, body: str | None) -> tuple[str | None, bytes]:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded"}
        begun = time.perf_counter()
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        content = answer.read()
        self.times[kind].append(time.perf_counter() - begun)
        for line in answer.headers.get_all("Set-Cookie") or []:
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        if answer.status >= http.client.BAD_REQUEST:
            raise RuntimeError(f"{method} {path}: {answer.status} {_complaint(content)}")
        return answer.headers.get("Location"), content


def _complaint(page: bytes) -> str:
    text = html.fromstring(page).text_content() if page else ""
    return re.sub(r"\s+", " ", text)[:300]
