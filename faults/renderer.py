"""F19: a document that takes for ever."""

from faults import effects, records
from faults.registry import fault
from faults.town import Town

LAST_BUT_ONE = 11
WITHOUT_END = 900_000
"""Letters of one word: some minutes for the renderer, and under the length at which it refuses at once."""


@fault("F19", "A document takes for ever")
def endless_document(town: Town) -> str:
    """Ended by its limit; the worker lives, the application stands, others go on; it is shown, mended and done."""
    letter, other = town.letter(), town.letter()
    with town.without("worker"):
        assert town.send(letter).reference
        kept = records.lengthen_answers(letter, WITHOUT_END)
        effects.change_rows(letter, attempts=LAST_BUT_ONE)
    assert town.send(other).reference
    town.wait_for(lambda: effects.dead(letter) == ["receipt"], "the receipt to be put aside", seconds=90)
    code = effects.error_of(letter, "receipt")
    town.wait_until_done(other)
    records.set_answers(letter, kept)
    effects.redrive(letter)
    town.wait_until_done(letter)
    return f"put aside as {code}, another one done meanwhile; mended and done"
