"""`make faults`: strikes at every door, then tries every fault of the list; 1 if anything broke."""

import argparse
import logging
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from queue import Queue

from faults import report
from faults.enumeration import Enumeration, Forge, score
from faults.grounds import Grounds
from faults.journals import MailSink, Office
from faults.registry import faults
from faults.report import Row
from faults.towns import Tell, copy, try_all
from faults.walk import MODES
from faults.ways import WAYS, Way
from hro_portal.stack import Stack
from hro_portal.stack.memory import quick_place
from hro_portal.stack.portal import ROOT

STORES = ("postgres", "redis")
LANES = min(2, os.cpu_count() or 1)


def main() -> int:
    # So that an ended run ends its children and removes its data.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    logging.disable(logging.ERROR)  # what the parts say is in their logs
    options = _options()
    rows: list[Row] = []

    def tell(row: Row) -> None:
        rows.append(row)
        print(row, flush=True)

    with tempfile.TemporaryDirectory(prefix="hro-faults-") as folder, MailSink() as mail, Office() as office:
        Path(folder).chmod(0o711)  # PostgreSQL's user passes through
        _break_all(Path(folder), mail, office, options, tell)
    report.write(options.json, rows)
    print(report.summary(rows))
    return 0 if all(row.held for row in rows) else 1


def _break_all(folder: Path, mail: MailSink, office: Office, options: argparse.Namespace, tell: Tell) -> None:
    """Doors and list at the same time, each in towns of its own: the doors compute, the list mostly waits."""
    doors = [(mode, way) for mode, way in _rounds(long=options.long) if _is_asked(options, mode, way.name)]
    listed = [each.number for each in faults() if _is_asked(options, each.number) and (options.long or not each.long)]
    town = folder / "town"
    print("Die Stadt wird eingerichtet …", flush=True)
    _furnish(town, mail, office)
    with ExitStack() as opened:
        striking: Future[None] | None = None
        if doors:
            stores = opened.enter_context(_quick_folder(folder)) / "stores"
            copy(town, stores)
            forge, lanes = opened.enter_context(_forge(stores, mail, office))
            thread = opened.enter_context(ThreadPoolExecutor(1))
            opened.callback(forge.is_over.set)  # before the lanes are waited for
            striking = thread.submit(_strike_every_door, forge, lanes, doors, tell)
        if listed:
            try_all(listed, town, tell, patient=options.long)
        if striking:
            striking.result()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="faults", description="Bricht das Portal mit Absicht und prüft, ob es hält.")
    parser.add_argument("--long", action="store_true", help="auch, was lange dauert")
    parser.add_argument("--only", default="", help="nur diese, durch Komma getrennt: F7, crash, abruf, …")
    parser.add_argument("--json", type=Path, default=ROOT / "var" / "faults.json", help="schreibt das Ergebnis hierhin")
    return parser.parse_args()


def _is_asked(options: argparse.Namespace, *names: str) -> bool:
    return not options.only or not {*names}.isdisjoint(options.only.split(","))


def _rounds(*, long: bool) -> Iterator[tuple[str, Way]]:
    """Every accident where one sends or saves without an account, a crash on the others; with `long` all on all."""
    return ((mode, way) for way in WAYS for mode in MODES if long or not way.signed_in or mode == "crash")


@contextmanager
def _quick_folder(usual: Path) -> Iterator[Path]:
    """In memory where there is room: at the doors no disk dies, and copies are made by the hundred."""
    place = quick_place()
    if place is None:
        yield usual
        return
    with tempfile.TemporaryDirectory(prefix="hro-faults-", dir=place) as folder:
        Path(folder).chmod(0o711)  # PostgreSQL's user passes through
        yield Path(folder)


def _stores(data: Path, mail: MailSink) -> Stack:
    return Stack(data, demo=True, given={"EMAIL_URL": mail.url}, only=STORES, durable=False)


def _furnish(data: Path, mail: MailSink, office: Office) -> None:
    with _stores(data, mail) as stack, (stack.log_dir / "furnish.log").open("wb") as log:
        command = [sys.executable, "-m", "faults.furnish", office.url]
        done = subprocess.run(command, env=stack.owner_env, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT)
        if done.returncode:
            raise SystemExit(f"Die Stadt ließ sich nicht einrichten:\n{Path(log.name).read_text()[-3000:]}")


@contextmanager
def _forge(data: Path, mail: MailSink, office: Office) -> Iterator[tuple[Forge, list[Grounds]]]:
    """On the stores alone: nobody else works there. One lane for each processor, up to two."""
    with _stores(data, mail) as stack, (stack.log_dir / "forge.log").open("ab") as log, ExitStack() as opened:
        os.environ.update(stack.env)
        forge = opened.enter_context(Forge(office, log))
        url, broker, data = stack.env["DATABASE_URL"], stack.env["REDIS_URL"], stack.data_dir
        mails = [opened.enter_context(MailSink()) for _ in range(LANES)]
        lanes = [Grounds(no, each, url=url, broker=broker, data=data) for no, each in enumerate(mails, start=1)]
        for lane in lanes:
            opened.callback(lane.close)
        yield forge, lanes


def _strike_every_door(forge: Forge, lanes: Sequence[Grounds], rounds: Sequence[tuple[str, Way]], tell: Tell) -> None:
    """Each round on one lane, the longest ones first."""
    free: Queue[Grounds] = Queue()
    for lane in lanes:
        free.put(lane)

    def strike(mode: str, way: Way) -> Enumeration:
        lane, begun = free.get(), time.monotonic()
        try:
            done = forge.enumerate(mode, way, lane)
        finally:
            free.put(lane)
        tell(_row_of(done, time.monotonic() - begun))
        return done

    with ThreadPoolExecutor(len(lanes)) as threads:
        all_done = [each.result() for each in [threads.submit(strike, mode, way) for mode, way in rounds]]
    print(f"An den Türen: {score(all_done)}", flush=True)


def _row_of(done: Enumeration, seconds: float) -> Row:
    wrong = tuple(f"{point.no} {point.door}: {line}" for point in done.points for line in point.wrong)
    wrong += tuple(f"no door of the kind {kind} on the way" for kind in done.missing_kinds)
    points = tuple(point.door for point in done.points)
    return Row(done.mode, f"{done.way.name}, an jeder Tür", str(done), wrong, seconds, points=points)


if __name__ == "__main__":
    sys.exit(main())
