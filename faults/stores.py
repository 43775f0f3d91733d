"""F6, F7, F13, F41: what the portal keeps its things in forgets, stops, rots or fills."""

import time
from pathlib import Path

import httpx

from faults import effects, person, records
from faults.registry import fault
from faults.town import ORDERLY_END_SECONDS, Town

RECEIPTS, SWEEPS, FULL, MOST_HINTS = 600, 5, 500, 520


@fault("F6", "Redis forgets everything: FLUSHALL, and a restart without persistence")
def redis_forgets(town: Town) -> str:
    """Hints are lost, work is not; who was signed in still is, and the draft is as it was."""
    letters = [town.letter() for _ in range(2)]
    with town.without("worker"):
        for letter in letters:
            assert town.send(letter).reference
            effects.flush_redis()
        town.stack.process("redis").kill()
        town.wait_for(lambda: town.stack.process("redis").alive, "the supervisor")
        town.wait_ready("redis")
        letters.append(town.letter())
        assert town.send(letters[-1]).reference, "the sitting or the draft was forgotten"
    begun = time.monotonic()
    town.wait_until_done(*letters)
    return f"3 sent, all hints of 2 forgotten, done {time.monotonic() - begun:.0f} s after the worker came back"


@fault("F7", "Redis is down")
def redis_is_down(town: Town) -> str:
    """Submitting shows the reference at once, the work is done afterwards."""
    seconds = 300 if town.patient else 15
    letters, slowest = [], 0.0
    with town.outage("redis", seconds=seconds):
        for _ in range(3):
            letter = town.letter()
            sent = time.monotonic()
            assert town.send(letter).reference
            slowest = max(slowest, time.monotonic() - sent)
            letters.append(letter)
    back = time.monotonic()
    town.wait_until_done(*letters)
    return f"{seconds} s; 3 sent, slowest {slowest:.1f} s; done {time.monotonic() - back:.0f} s after Redis came back"


@fault("F41", "The worker of the documents is away, 600 receipts wait, and the hint at another case is lost")
def one_queue_stands_still(town: Town) -> str:
    """The case is routed within a minute all the same, and the hints that nobody reads do not fill Redis."""
    letter = town.letter(photo=False)
    with town.without("documents"), effects.receipts_waiting(RECEIPTS):
        worker = town.stack.process("worker")
        worker.stop(ORDERLY_END_SECONDS)
        try:
            assert town.send(letter).reference
            effects.flush_redis()
        finally:
            worker.start()
        begun = time.monotonic()
        town.wait_for(lambda: effects.unfinished(letter) == ["receipt is due"], "everything but the receipt")
        delivered = time.monotonic() - begun
        town.wait_for(lambda: effects.hints_waiting() >= FULL, "a queue that the sweep has filled")
        for _ in range(SWEEPS):
            effects.sweep()
        hints = effects.hints_waiting()
        assert hints <= MOST_HINTS, f"{hints} hints lie in Redis"
    town.wait_until_done(letter)
    return (
        f"delivered {delivered:.0f} s after the worker was started, {hints} hints in Redis for {RECEIPTS} receipts"
        f" after {SWEEPS} sweeps more; the receipt itself once its worker was back"
    )


@fault("F13", "A stored file is missing, or was changed")
def stored_file_rots(town: Town) -> str:
    """It is not handed out, the answer says so in words, and the invariants name it."""
    letter = town.letter()
    reference = town.send(letter).reference
    town.wait_until_done(letter)
    with town.browser() as browser:
        file = f"/vorgang/{reference}/bestaetigung.pdf"
        assert person.look(browser, letter, file).status_code == httpx.codes.OK
        path = records.path_of_receipt(letter)
        content = path.read_bytes()
        try:
            for harm in (_flip, Path.unlink):
                harm(path)
                refused = person.look(browser, letter, file)
                assert refused.status_code == httpx.codes.SERVICE_UNAVAILABLE, f"answered with {refused.status_code}"
                assert "Datei" in refused.text
                assert town.breaches(), "nobody was told"
                path.write_bytes(content)
        finally:
            path.write_bytes(content)
        assert person.look(browser, letter, file).status_code == httpx.codes.OK
    return "a byte flipped, a file removed: refused with 503 and named by the invariants"


def _flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
