"""Towns side by side, in each of which one fault after the other is tried.

Each is the whole stack with a mail server and a department of its own, in a process of its own, since Django is set up
for one database. A fault mostly waits, so two are tried in little more than the time of one.
"""

import logging
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from multiprocessing.connection import Connection
from pathlib import Path
from queue import Empty, SimpleQueue

from faults import effects, records
from faults.journals import MailSink, Office
from faults.registry import Fault, Untried, faults
from faults.report import Row
from faults.town import Town
from hro_portal.stack import Stack

TOWNS = min(2, os.cpu_count() or 1)

Tell = Callable[[Row], None]


def try_all(numbers: Sequence[str], furnished: Path, tell: Tell, *, patient: bool) -> None:
    """Every fault once, each in the town that is free first; `furnished` is the data of a town where nobody works."""
    waiting = SimpleQueue[str]()
    for number in numbers:
        waiting.put(number)
    folders = [furnished.with_name(f"{furnished.name}-{no}") for no in range(1, min(TOWNS, len(numbers)) + 1)]
    with ThreadPoolExecutor(len(folders)) as threads, ExitStack() as opened:
        pipes = []
        for folder in folders:
            copy(furnished, folder)
            pipes.append(opened.enter_context(_process(folder, patient)))
        done = [threads.submit(_hand_out, waiting, pipe, tell) for pipe in pipes]
        for each in done:
            each.result()


def copy(data: Path, to: Path) -> None:
    """With its owner: PostgreSQL starts on a folder of its own only."""
    subprocess.run(["cp", "--archive", str(data), str(to)], check=True)


def _hand_out(waiting: SimpleQueue[str], pipe: Connection, tell: Tell) -> None:
    """Gives a town the next fault whenever it is done with one, as long as there are any."""
    with suppress(Empty):
        while True:
            pipe.send(waiting.get_nowait())
            tell(pipe.recv())


@contextmanager
def _process(data: Path, patient: bool) -> Iterator[Connection]:
    """A town's own process; it ends in order, with all of its children."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_live, args=(theirs, data, patient))
    process.start()
    theirs.close()
    try:
        yield ours
    finally:
        process.terminate()
        process.join()


def _live(pipe: Connection, data: Path, patient: bool) -> None:
    """Tries the faults whose numbers come through the pipe, and answers each with its row."""
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    logging.disable(logging.ERROR)  # what the parts say is in their logs
    listed = {each.number: each for each in faults()}
    with MailSink() as mail, Office() as office, _town(data, mail, office, patient=patient) as town:
        while True:
            pipe.send(_try(listed[pipe.recv()], town))


@contextmanager
def _town(data: Path, mail: MailSink, office: Office, *, patient: bool) -> Iterator[Town]:
    """The whole stack as real processes; this process speaks to its database too."""
    with Stack(data, demo=True, given={"EMAIL_URL": mail.url}) as stack:
        os.environ.update(stack.owner_env)
        import django

        django.setup()
        from faults import offers

        offers.hand_over_to(office.url)
        yield Town(stack, mail, office, patient=patient)


def _try(each: Fault, town: Town) -> Row:
    """One fault; whatever it raises counts as not held, and so does what the invariants say afterwards."""
    begun, wrong, tried = time.monotonic(), [], ""
    since = records.now()
    try:
        effects.forget_hints_of_the_dead()  # of the fault before, whose work is done
        tried = each.try_it(town)
    except Untried as reason:
        return Row(each.number, each.name, f"nicht versucht: {reason}", (), time.monotonic() - begun, untried=True)
    # The list goes on whatever a fault brings to light.
    except Exception as error:  # noqa: BLE001
        wrong.append(f"{type(error).__name__}: {error}")
    try:
        town.wait_until_quiet()
    except AssertionError as error:
        wrong.append(str(error))
    wrong += town.breaches(since)
    return Row(each.number, each.name, tried, tuple(wrong), time.monotonic() - begun)
