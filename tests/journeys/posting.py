"""Sends the last page of a draft without a browser: many times at once, or after an accident."""

import http.client
from urllib.parse import urlencode, urlsplit

from playwright.sync_api import Page


class Sender:
    """What the browser would send if somebody pressed the button on this page; the page must have its answers."""

    def __init__(self, page: Page) -> None:
        address = urlsplit(page.url)
        self._host, self._path = address.netloc, address.path
        boxes = page.locator("form:has(#confirmed) input:is([type=hidden], :checked)").all()
        self._body = urlencode({box.get_attribute("name"): box.input_value() for box in boxes})
        cookies = "; ".join(f"{cookie['name']}={cookie['value']}" for cookie in page.context.cookies())
        self._headers = {
            "Cookie": cookies,
            "Content-Type": "application/x-www-form-urlencoded",
            "Origin": f"{address.scheme}://{address.netloc}",
        }

    def submit(self) -> tuple[int, str]:
        """Out: status and the place that the answer leads to."""
        connection = http.client.HTTPConnection(self._host, timeout=60)
        try:
            connection.request("POST", self._path, self._body, self._headers)
            answer = connection.getresponse()
            return answer.status, answer.headers.get("Location", "")
        finally:
            connection.close()
