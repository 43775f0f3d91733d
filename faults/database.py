"""F8, F9: PostgreSQL falls over, or is away for a while."""

import httpx
from django.db import connections

from faults.registry import fault
from faults.town import Town


@fault("F8", "PostgreSQL is killed and recovers while somebody sends")
def database_restarts(town: Town) -> str:
    """A reference, or 503 and what to do: nothing in between; the same button sends it afterwards."""
    letters = [town.letter() for _ in range(3)]
    first = town.send(letters[0])
    assert first.reference
    _fell_over(town)
    answers = [town.send_until_answered(letter) for letter in letters]
    assert answers[0].reference == first.reference, "the reference changed"
    town.wait_until_done(*letters, seconds=2 * town.promised_seconds)
    return "killed with 1 sent and 2 about to be sent; all 3 have one reference"


@fault("F9", "PostgreSQL is away")
def database_is_away(town: Town) -> str:
    """503 with Retry-After, in the person's words; what was typed is in the draft."""
    seconds = 120 if town.patient else 10
    letter = town.letter()
    with town.outage("postgres", seconds=seconds):
        refused = town.send(letter)
        assert refused.status == httpx.codes.SERVICE_UNAVAILABLE, f"answered with {refused.status}"
        assert refused.retry_after, "nobody says when to come back"
        assert "noch einmal. das schadet nicht" in refused.page.lower(), "the page does not say what to do"
    connections.close_all()
    town.send_until_answered(letter)
    town.wait_until_done(letter, seconds=2 * town.promised_seconds)
    return f"{seconds} s; refused with 503 and Retry-After, sent by the same button afterwards"


def _fell_over(town: Town) -> None:
    process = town.stack.process("postgres")
    process.kill()
    town.wait_for(lambda: process.alive, "the supervisor")
    town.wait_ready("postgres")
    connections.close_all()
