"""A release goes into a city at work, and comes out again.

The web server and the worker of the release before go on while the tables become those of this code (fault F24), and
while they go back again (F25): people file all the time, and each of them gets a reference that stays.
"""

import io
import shutil
import subprocess
import sys
import tarfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import httpx
from lxml import html

from drills.portal import STORES, Filing, ask, file_one, folder, must_run, run, wait_until_done
from drills.report import Report
from hro_portal.stack import Stack, portal
from hro_portal.stack.portal import ROOT
from hro_portal.stack.process import Process

#: The commit of the release before. Our programs start it, so it has to know what they name (`hro_portal.threads`).
RELEASE_BEFORE = "95e193e89e9f7da6a99ae8c533172c616b5c8847"
FORWARD = ("-m", "hro_portal.stack.prepare")
BACK = ("-c", "import sys; from drills.migrate import back; back(sys.argv[1])")


def drill(report: Report) -> None:
    with folder() as place:
        if not _is_in_history():
            report.skip("Der Stand der vorigen Fassung fehlt in diesem Auszug. „git fetch --unshallow“ holt ihn.")
            return
        _migrate(place, _checked_out(place / "before"), report)


def _migrate(place: Path, code: Path, report: Report) -> None:
    with Stack(place / "data", demo=True, only=STORES, given={}) as stack:
        before = stack.owner_env | {"PYTHONPATH": str(code)}
        _must(before, code, str(ROOT / "drills" / "furnish.py"))
        report.say("Die Stadt der vorigen Fassung ist eingerichtet.")
        with _at_work(stack, code) as base_url:
            people = Filing(base_url, most=60, pause=1.5)
            people.start()
            people.wait_for(2)
            _while_people_file(people, report, "vorwärts", lambda: must_run(stack, *FORWARD))
            _require_page(base_url, report)
            _while_people_file(people, report, "zurück", lambda: must_run(stack, *BACK, str(code)))
            _while_people_file(people, report, "noch einmal vorwärts", lambda: must_run(stack, *FORWARD))
            references = list(people.stop())
            report.require(not people.failed, f"keine Person bekam einen Fehler {people.failed[:2] or ''}")
    # The new release takes over what the old one began: drafts, outbox, cases.
    with Stack(place / "data", demo=True, given={}) as stack:
        references.append(file_one(stack.base_url, "new@example.org"))
        wait_until_done(stack)
        found = [reference for (reference,) in ask(stack, "SELECT reference FROM applications_application")]
        report.require(
            all(found.count(reference) == 1 for reference in references),
            f"alle {len(references)} abgesendeten Anträge sind da, jeder einmal",
        )
        checked = run(stack, "manage.py", "verify_invariants", "--files", "--settled")
        report.require(checked.returncode == 0, f"verify_invariants: {checked.stdout.strip() or checked.stderr[-300:]}")


# --- the release before ----------------------------------------------------------------------------------------------


def _is_in_history() -> bool:
    return not subprocess.run(
        ["git", "cat-file", "-e", f"{RELEASE_BEFORE}^{{commit}}"], cwd=ROOT, capture_output=True
    ).returncode


def _checked_out(code: Path) -> Path:
    """The code of the release before, beside ours. What is built and not in the history is shared with it."""
    packed = subprocess.run(["git", "archive", RELEASE_BEFORE], cwd=ROOT, check=True, capture_output=True).stdout
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        archive.extractall(code, filter="data")
    shutil.copytree(ROOT / "static_build", code / "static_build")
    return code


def _must(env: dict[str, str], cwd: Path, *command: str) -> None:
    done = subprocess.run([sys.executable, *command], cwd=cwd, env=env, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{command[0]}: {done.stderr.strip()[-800:]}")


@contextmanager
def _at_work(stack: Stack, code: Path) -> Iterator[str]:
    """Web server and worker of the release before, on the stack's stores; the address of the web server."""
    with portal.listen(0) as listener:
        base_url = f"http://localhost:{listener.getsockname()[1]}"
        env = stack.env | {"PYTHONPATH": str(code), "PORTAL_BASE_URL": base_url}
        programs = portal.web(listener=listener, env=env), portal.worker(redis_url=env["REDIS_URL"], env=env)
        processes = [Process(replace(program, cwd=code), stack.log_dir) for program in programs]
        try:
            for process in processes:
                process.start()
            for process in processes:
                process.wait_ready()
            yield base_url
        finally:
            for process in processes:
                process.stop()


# --- the way there and back ------------------------------------------------------------------------------------------


def _while_people_file(people: Filing, report: Report, way: str, go: Callable[[], object]) -> None:
    """Goes while people file, and then sees that they still can."""
    filed, begun = len(people.references), time.monotonic()
    go()
    taken, during = time.monotonic() - begun, len(people.references) - filed
    people.wait_for(2)
    report.require(during, f"{way}: {taken:.1f} s, währenddessen {during} Anträge über die vorige Fassung")


def back(code: str) -> None:
    """Takes the tables back to the release before, with the code that knows the way; run as the owner."""
    import django

    django.setup()
    from hro_portal.stack.migrating import migrate

    for app, name in _last_migrations(Path(code)).items():
        migrate(app, name)


def _last_migrations(code: Path) -> dict[str, str]:
    """The last migration of each app of this code, by the app's label, which is the name of its folder."""
    last = {}
    for migrations in code.glob("**/migrations"):
        if numbered := [file.stem for file in migrations.glob("[0-9]*.py")]:
            last[migrations.parent.name] = max(numbered)
    return last


def _require_page(base_url: str, report: Report) -> None:
    """Pages of the release before are still open in browsers, and keep their look."""
    with httpx.Client(base_url=base_url, timeout=60) as browser:
        page = html.fromstring(browser.get("/").text)
        looks = page.xpath("//link[@rel='stylesheet']/@href")
        answers = {browser.get(look).status_code for look in looks}
    report.require(looks and answers == {200}, "die Seiten der vorigen Fassung behalten ihre Gestaltung")
