"""Chromium as the tests start it: the one of the machine, without windows where there is such a one."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connections
from playwright.sync_api import Browser, sync_playwright

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
