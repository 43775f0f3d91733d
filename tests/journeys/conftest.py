"""One portal for the journeys of a test process: own data folder, own database, real worker, real browser."""

import fcntl
import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import environ
import psycopg
import pytest
from playwright.sync_api import Browser, expect

from hro_portal.stack import Stack, StackRefusal
from hro_portal.stack.pytest_plugin import FOLDER
from tests.chromium import chromium
from tests.journeys.mailbox import Mailbox
from tests.journeys.records import Records
from tests.journeys.visitor import Visitor
from tests.journeys.waiting import wait_for

Arrive = Callable[..., Visitor]
HERE = Path(__file__).parent
#: Milliseconds; two processors carry the portal, its worker, the browser and the other tests.
PATIENCE = 20_000


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.journey)


@pytest.fixture(scope="package")
def furnished() -> Path:
    """The data folder of a portal whose demo is loaded and worked off; made once for all processes of the run."""
    folder = Path(os.environ[FOLDER])
    data, done = folder / "furnished", folder / "furnished.done"
    with (folder / "furnished.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            with _portal(data) as stack, records_of(stack) as records:
                waiting = "state = 'due' AND due_at < now() + interval '1 minute'"
                wait_for(lambda: not records.count("outbox_outboxrow", waiting), "the demo's effects", seconds=300)
            done.touch()
    return data


@pytest.fixture(scope="package")
def stack(furnished: Path, worker_id: str) -> Iterator[Stack]:
    data = furnished.with_name(f"journeys-{worker_id}")
    # PostgreSQL's files belong to a user of its own, and shutil would hand them to us.
    subprocess.run(["cp", "--archive", furnished, data], check=True)
    with _portal(data) as portal:
        yield portal


@contextmanager
def _portal(data: Path) -> Iterator[Stack]:
    portal = Stack(data, demo=True, durable=False)
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
    with records_of(stack) as records:
        yield records


@contextmanager
def records_of(stack: Stack) -> Iterator[Records]:
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
