"""F8, F9: PostgreSQL falls over, is away for a while, or has no connection left."""

from django.db import connections

from faults import server
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


@fault("F9", "PostgreSQL is away, or has no connection left")
def database_is_away(town: Town) -> str:
    """503 with Retry-After, in the person's words; what was typed is in the draft, what was accepted is done later."""
    seconds = 120 if town.patient else 10
    letter = town.letter()
    with town.outage("postgres", seconds=seconds):
        town.refused(letter)
    connections.close_all()
    town.send_until_answered(letter)
    town.wait_until_done(letter, seconds=2 * town.promised_seconds)
    return f"{seconds} s away: refused with 503 in two languages, sent by the same button; " + _exhausted(town)


def _exhausted(town: Town) -> str:
    """Somebody else has all connections, while one application is accepted and not yet worked."""
    accepted, letter = town.letter(), town.letter()
    first = town.send(accepted).reference
    assert first
    with server.no_connection_left(town.stack.env["DATABASE_URL"]) as taken:
        connections.close_all()
        town.refused(letter)
        town.refused(accepted)
    assert town.send_until_answered(accepted).reference == first, "the reference changed"
    town.send_until_answered(letter)
    town.wait_until_done(accepted, letter, seconds=2 * town.promised_seconds)
    return (
        f"{taken} connections taken by others: refused alike, the one accepted before kept its reference and was done"
    )


def _fell_over(town: Town) -> None:
    process = town.stack.process("postgres")
    process.kill()
    town.wait_for(lambda: process.alive, "the supervisor")
    town.wait_ready("postgres")
    connections.close_all()
