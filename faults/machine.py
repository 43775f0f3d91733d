"""F14, F32: the machine itself: a disk that is full, a clock that is wrong."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import httpx
from django.db import connections

from faults import records
from faults.registry import Untried, fault
from faults.town import PAUSES, Town

ROOM_MB = 48
CLOCK = next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)
MOST_LETTERS = 6


@fault("F14", "The disk of the database is full")
def disk_is_full(town: Town) -> str:
    """A reference or 503, and what was told a reference is there afterwards, also after a restart: on the full disk,
    and before it, when the work behind it was still to be done."""
    data = town.stack.data_dir / "postgres"
    before, letters = town.letter(), [town.letter() for _ in range(MOST_LETTERS)]
    with _small_disk(town, data):
        ballast = data / "ballast"
        accepted_before = town.send_until_answered(before).reference
        _fill(ballast)
        told = [town.try_to_send(letter) for letter in letters]
        refused = [answer for answer in told if answer and not answer.reference]
        unclear = {answer.status for answer in refused} - {httpx.codes.SERVICE_UNAVAILABLE}
        assert not unclear, f"answered with {unclear}"
        assert all(answer.retry_after and PAUSES["de"] in answer.page for answer in refused), "not told what to do"
        town.stack.process("postgres").kill()
        ballast.unlink()
        town.wait_for(lambda: town.stack.process("postgres").alive, "the supervisor")
        town.wait_ready("postgres")
        connections.close_all()
        assert town.send_until_answered(before).reference == accepted_before, "the reference changed"
        again = [town.send_until_answered(letter).reference for letter in letters]
    first = [answer.reference if answer else None for answer in told]
    assert all(one in (None, other) for one, other in zip(first, again, strict=True)), "a reference changed"
    assert len(refused) < len(letters) or records.sent_at(before), "what was accepted before is gone"
    town.wait_until_done(before, *letters, seconds=2 * town.promised_seconds)
    accepted = sum(reference is not None for reference in first)
    return (
        f"1 accepted before, {accepted} of {len(letters)} on the full disk, {len(refused)} refused with 503, the rest"
        " not answered; after kill -9 and a restart all there, under the same references"
    )


@fault("F32", "The clock of the workers is three days wrong")
def clock_is_wrong(town: Town) -> str:
    """The time of arrival is the database's, nothing lasts less than nothing, no lease lasts for days."""
    if CLOCK is None:
        raise Untried("es fehlt libfaketime (Paket faketime)")
    letters = []
    for days in (3, -3):
        settings = {"LD_PRELOAD": str(CLOCK), "FAKETIME": f"{days:+d}d", "DONT_FAKE_MONOTONIC": "1"}
        with town.environment("worker", **settings):
            letters.append(town.letter(photo=False))
            asked = records.now()
            assert town.send(letters[-1]).reference
            town.wait_until_done(letters[-1])
            done = records.now()
        assert (sent := records.sent_at(letters[-1]))
        assert asked <= sent <= done, "the time of arrival is not the database's"
        times = records.times(letters[-1])
        assert asked - timedelta(seconds=1) <= min(times), "something happened before it was asked for"
        assert max(times) <= done, "something happened in the future"
    return "+3 days and -3 days: done as promised, all times are the database's"


@contextmanager
def _small_disk(town: Town, data: Path) -> Iterator[None]:
    """The database lies on a disk of its own in memory, with little room; on the usual one again afterwards."""
    away = data.with_name("postgres.away")
    with town.without("postgres"):
        used_mb = int(subprocess.run(["du", "-sm", data], capture_output=True, check=True).stdout.split()[0])
        data.rename(away)
        data.mkdir()
        mount = ["mount", "-t", "tmpfs", "-o", f"size={used_mb + ROOM_MB}m", "tmpfs", str(data)]
        if os.geteuid() or subprocess.run(mount, capture_output=True).returncode:
            data.rmdir()
            away.rename(data)
            raise Untried("der Rechner erlaubt kein Dateisystem im Speicher")
        _copy(away, data)
    try:
        yield
    finally:
        with town.without("postgres"):
            subprocess.run(["rm", "-rf", away], check=True)
            away.mkdir()
            _copy(data, away)
            subprocess.run(["umount", data], check=True)
            data.rmdir()
            away.rename(data)
        connections.close_all()


def _copy(source: Path, target: Path) -> None:
    """With its owner: PostgreSQL starts on a folder of its own only."""
    subprocess.run(["cp", "--archive", f"{source}/.", str(target)], check=True)


def _fill(file: Path) -> None:
    """Takes all the room that is left."""
    with file.open("wb", buffering=0) as ballast:
        try:
            while True:
                ballast.write(bytes(64 * 1024))
        except OSError:
            return
