"""Chromium as the tests start it: the one of the machine, without windows where there is such a one.

Its fixtures serve all tests: a browser for those of a module, the portal from the test's own process, and a page of it.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.db import connections
from django.test.testcases import LiveServerThread
from playwright.sync_api import Browser, Page, sync_playwright

from tests import axe

# Drawing by software costs a quarter of a page's time, and nobody looks.
_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-software-rasterizer"]


@contextmanager
def chromium() -> Iterator[Browser]:
    path = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    if path is None:
        pytest.fail("Den Tests fehlt der Browser: „apt install chromium-headless-shell“ holt ihn.", pytrace=False)
    with pytest.MonkeyPatch.context() as environment, sync_playwright() as playwright:
        # Playwright runs an event loop in this thread, which Django would take for asynchronous code.
        environment.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = playwright.chromium.launch(executable_path=path, args=_FLAGS)
        yield browser
        browser.close()
        # While Playwright's event loop runs, Django keeps other connections in this thread than before and after.
        connections.close_all()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture
def base_url(portal_db: None, settings: object) -> Iterator[str]:
    """Where the portal answers, with the test's own database and settings."""
    server = LiveServerThread("localhost", StaticFilesHandler)
    server.daemon = True
    server.start()
    server.is_ready.wait()
    yield f"http://localhost:{server.port}"
    server.terminate()


@pytest.fixture
def page(browser: Browser, base_url: str) -> Iterator[Page]:
    """An empty page of somebody new; its `complaints` are what the browser found wrong, the policy included."""
    context = browser.new_context(base_url=base_url, locale="de-DE")
    page = context.new_page()
    page.complaints = []
    page.on("console", lambda message: page.complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    yield page
    context.close()


def barriers(page: Page) -> list[str]:
    """What axe and the browser find wrong with the page as it stands."""
    return axe.barriers(page) + page.complaints


def look(page: Page, name: str) -> None:
    """Pictures for people who want to lay them beside the design: set SCREENSHOTS to a folder."""
    if folder := os.environ.get("SCREENSHOTS"):
        page.emulate_media(color_scheme="light")
        for width in (1280, 375):
            page.set_viewport_size({"width": width, "height": 900})
            page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)
