"""F18: work that can never succeed is put aside where people see it, and keeps nobody else waiting."""

from faults import records
from faults.person import Letter
from faults.registry import fault
from faults.town import Town

LAST_BUT_ONE = 11


@fault("F18", "Poisoned tasks: one that always fails, one that kills its worker each time")
def poisoned(town: Town) -> str:
    """Tried twelve times, then dead and shown; others go on; after mending, one action gives it a new life."""
    fails, others = town.letter(), [town.letter() for _ in range(3)]
    with town.without("worker"):
        assert town.send(fails).reference
        kept = records.spoil_answers(fails)
        for letter in others:
            assert town.send(letter).reference
        # As if all but the last two tries had failed already.
        records.change_rows(fails, attempts=LAST_BUT_ONE - 1)
    town.wait_until_done(*others)
    _until_put_aside(town, fails)
    dead = records.dead(fails)
    with town.browser() as browser:
        assert browser.get("/readyz").json()["outbox"]["dead"] >= len(dead), "nobody sees it"
    records.set_answers(fails, kept)
    records.redrive(fails)
    town.wait_until_done(fails)
    return f"{', '.join(dead)} dead after 12 tries, shown, 3 others done meanwhile; mended and done; " + _killer(town)


def _killer(town: Town) -> str:
    """The segmentation fault: whoever renders dies."""
    letter = town.letter()
    with town.struck("worker") as accident:
        with town.without("worker"):
            assert town.send(letter).reference
            records.change_rows(letter, attempts=LAST_BUT_ONE)
            accident.prepare("render", whole=False)
        town.wait_for(lambda: accident.happened, "a worker that dies")
        records.let_leases_pass()
        _until_put_aside(town, letter)
    records.redrive(letter)
    town.wait_until_done(letter)
    return "the killer of workers is put aside at its 12th"


def _until_put_aside(town: Town, letter: Letter) -> None:
    def put_aside() -> bool:
        records.push(letter)
        return "receipt" in records.dead(letter)

    town.wait_for(put_aside, "the receipt to be put aside")
