"""One portal for the journeys of a test process: own data folder, own database, real worker, real browser."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import environ
import psycopg
import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from hro_portal.stack import Stack, StackRefusal
from tests.journeys.mailbox import Mailbox
from tests.journeys.records import Records
from tests.journeys.visitor import Visitor

Arrive = Callable[..., Visitor]
HERE = Path(__file__).parent
#: Milliseconds; two processors carry the portal, its worker, the browser and the other tests.
PATIENCE = 20_000


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.journey)


@pytest.fixture(scope="package")
def stack() -> Iterator[Stack]:
    with tempfile.TemporaryDirectory(prefix="hro-journeys-") as folder:
        Path(folder).chmod(0o711)  # PostgreSQL's user passes through
        portal = Stack(Path(folder) / "data", demo=True, durable=False)
        try:
            portal.__enter__()
        except StackRefusal as refusal:
            pytest.fail(f"{refusal}\n{_ends_of_logs(portal.log_dir)}", pytrace=False)
        yield portal
        portal.stop()


def _ends_of_logs(folder: Path) -> str:
    """The folder is gone when somebody wants to read them."""
    return "\n".join(f"--- {log.name}\n{log.read_text(errors='replace')[-1500:]}" for log in folder.glob("*.log"))


@pytest.fixture(scope="package")
def records(stack: Stack) -> Iterator[Records]:
    address = environ.Env.db_url_config(stack.owner_env["DATABASE_OWNER_URL"])
    names = {"host": "HOST", "port": "PORT", "user": "USER", "dbname": "NAME"}
    given = {key: str(address[name]) for key, name in names.items()}
    with psycopg.connect(**given, autocommit=True) as connection:
        yield Records(connection)


@pytest.fixture(autouse=True)
def another_day(records: Records) -> None:
    """All journeys come from one address; each would count against the limits of the one before."""
    records.change("DELETE FROM portal_cache")


@pytest.fixture
def mailbox(stack: Stack) -> Mailbox:
    return Mailbox(stack.data_dir / "mail")


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.fail("Den Journeys fehlt der Browser: „apt install chromium“ holt ihn.")
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture(scope="package")
def seen() -> set[object]:
    """Pages that were looked at already, by what they are made of."""
    return set()


@pytest.fixture
def arrive(browser: Browser, stack: Stack, seen: set[object]) -> Iterator[Arrive]:
    """Lets somebody come to the portal, each in a browser of their own; `script=False`: without JavaScript."""
    visitors: list[Visitor] = []

    def come(*, script: bool = True) -> Visitor:
        # Without JavaScript on a telephone in the dark, with it at a desk: both ways see every page.
        context = browser.new_context(
            base_url=stack.base_url,
            locale="de-DE",
            java_script_enabled=script,
            viewport={"width": 1280 if script else 375, "height": 900},
            color_scheme="light" if script else "dark",
        )
        context.set_default_timeout(PATIENCE)
        visitor = Visitor(context.new_page(), script=script, seen=seen)
        visitors.append(visitor)
        return visitor

    yield come
    for visitor in visitors:
        visitor.page.context.close()
    assert [complaint for visitor in visitors for complaint in visitor.complaints] == []


@pytest.fixture(params=[True, False], ids=["script", "no-script"])
def script(request: pytest.FixtureRequest) -> bool:
    """Every journey goes both ways."""
    return request.param
