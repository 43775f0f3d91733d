"""`make bench`: the standard form from the service page to the receipt, on the whole stack.

CPU-seconds come from the kernel, statements from inside one process, times are ratios to *hello* of the same run
(`/healthz`, the shortest way through the same server). Besides, a form schema of 3.5 MB is read (goal: 2 s, 200 MB).
No goals are enforced yet.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import django

from bench import browser, form, journey, processes, schema
from hro_portal.stack import Stack
from hro_portal.stack.portal import ROOT

DEADLINE_SECONDS = 300


def main() -> int:
    options = _options()
    with tempfile.TemporaryDirectory(prefix="hro-bench-") as folder:
        Path(folder).chmod(0o711)
        with Stack(Path(folder) / "data", demo=True, given={}) as stack:
            _use(stack)
            _offer_standard_form(stack, Path(folder))
            result = measure(stack, options.applications)
    _print(result)
    if options.json:
        options.json.write_text(json.dumps(result, indent=1) + "\n")
    return 0


def measure(stack: Stack, applications: int) -> dict[str, Any]:
    """Files that many applications one after the other; everything is compared within this run."""
    port = int(stack.env["PORT"]) or int(stack.base_url.rpartition(":")[2])
    _wait_for_receipts()
    journey.file_application(browser.Browser(port))
    _wait_for_receipts()
    hello = browser.Browser(port)
    for _ in range(200):
        hello.get("hello", "/healthz")
    times: browser.Times = hello.times
    before, begun = processes.usage(stack), time.perf_counter()
    for _ in range(applications):
        journey.file_application(browser.Browser(port, times))
    accepted = time.perf_counter() - begun
    _wait_for_receipts()
    finished = time.perf_counter() - begun
    after = processes.usage(stack)
    from bench import documents, statements  # they need the models, which are there only now

    one_sentence, receipt, seal = documents.ratios()
    median = {kind: statistics.median(taken) for kind, taken in times.items()}
    return {
        "applications": applications,
        "cpu_seconds_per_application": {part: spent / applications for part, spent in after.since(before).items()},
        "accepted_per_second_one_person": applications / accepted,
        "finished_per_second_one_person": applications / finished,
        "times_hello": {kind: taken / median["hello"] for kind, taken in median.items()},
        "hello_ms": median["hello"] * 1000,
        "statements": statements.count(),
        "one_sentence_cpu_ms": one_sentence,
        "receipt_times_one_sentence": receipt,
        "seal_times_one_sentence": seal,
        "memory_pss_mb": after.memory,
        **schema.figures(),
    }


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench", description="Misst das Standardformular auf dem ganzen Portal.")
    parser.add_argument("--applications", type=int, default=50, help="wie viele Anträge (50)")
    parser.add_argument("--json", type=Path, help="schreibt das Ergebnis auch hierhin")
    return parser.parse_args()


def _use(stack: Stack) -> None:
    """This process speaks to the stack's database too, as the portal's role, with its own templates."""
    os.environ.update(stack.env)
    from django.conf import settings

    [engine] = settings.TEMPLATES
    engine["DIRS"] = [ROOT / "templates", Path(__file__).parent / "templates"]
    django.setup()


def _offer_standard_form(stack: Stack, folder: Path) -> None:
    file = folder / "messung.json"
    file.write_text(json.dumps(form.definition()))
    command = [sys.executable, "manage.py", "import_form", str(file), "--authority=rostock", "--service=messung"]
    subprocess.run(
        [*command, "--department=stadtamt", "--publish"], cwd=ROOT, env=stack.env, check=True, stdout=subprocess.DEVNULL
    )


def _wait_for_receipts() -> None:
    """Until the outbox is empty."""
    from foundation.outbox.models import OutboxRow

    deadline = time.monotonic() + DEADLINE_SECONDS
    while OutboxRow.objects.filter(state=OutboxRow.State.DUE).exists():
        if time.monotonic() > deadline:
            raise TimeoutError("The outbox did not get empty.")
        time.sleep(0.05)


def _print(result: dict[str, Any]) -> None:
    print(f"{result['applications']} Anträge, eine Person, nacheinander\n")
    for name, value in result.items():
        if isinstance(value, dict):
            print(name)
            for key, number in value.items():
                print(f"    {key:<20}{number:>10.3f}" if isinstance(number, float) else f"    {key:<20}{number:>10}")
        elif isinstance(value, float):
            print(f"{name:<34}{value:>10.3f}")


if __name__ == "__main__":
    sys.exit(main())
