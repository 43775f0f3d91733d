"""One portal for the journeys of a test process: own data folder, own database, real worker, real browser."""

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from hro_portal.stack import Stack, StackRefusal
from hro_portal.stack.pytest_plugin import FOLDER
from tests.chromium import chromium
from tests.journeys import furnishing
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


def pytest_collection_finish(session: pytest.Session) -> None:
    """Loading the demo takes a minute, which other tests need not wait for; the first process begins it for all."""
    first = getattr(session.config, "workerinput", {"workerid": "gw0"})["workerid"] == "gw0"
    if first and not session.config.option.collectonly and any(HERE in item.path.parents for item in session.items):
        session.config.add_cleanup(furnishing.begin().terminate)


@pytest.fixture(scope="package")
def stack(worker_id: str) -> Iterator[Stack]:
    try:
        furnished = furnishing.furnished()
        data = furnished.with_name(f"journeys-{worker_id}")
        # PostgreSQL's files belong to a user of its own, and shutil would hand them to us.
        subprocess.run(["cp", "--archive", furnished, data], check=True)
        portal = furnishing.portal(data)
        portal.__enter__()
    except StackRefusal as refusal:
        pytest.fail(f"{refusal}\n{_ends_of_logs(Path(os.environ[FOLDER]))}", pytrace=False)
    yield portal
    portal.stop()


def _ends_of_logs(folder: Path) -> str:
    """The folder is gone when somebody wants to read them."""
    return "\n".join(f"--- {log.name}\n{log.read_text(errors='replace')[-1500:]}" for log in folder.glob("*/log/*.log"))


@pytest.fixture(scope="package")
def records(stack: Stack) -> Iterator[Records]:
    with furnishing.records_of(stack) as records:
        yield records


@pytest.fixture(autouse=True)
def another_day(records: Records) -> None:
    """All journeys come from one address; each would count against the limits of the one before."""
    records.change("DELETE FROM portal_cache")


@pytest.fixture
def mailbox(stack: Stack) -> Mailbox:
    return Mailbox(stack.data_dir / "mail")


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE)
    with chromium() as started:
        yield started


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
