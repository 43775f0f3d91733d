"""Finding a service by the words of people: inflected, inside of longer words, with a slip of the finger.

PostgreSQL looks for the words in its German and English dictionaries. What it does not know are words inside of
words (*Parkausweis* in *Bewohnerparkausweis*) and slips: for these, titles and keywords are compared by letters.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import F
from rapidfuzz import fuzz

from catalogue.models import DICTIONARIES, Service, Situation
from catalogue.queries import Entry
from foundation.latin import search_words

#: Shorter words (*vor, dem, wo*) stand everywhere, and say nothing about what is looked for.
SHORTEST = 4
#: How well words must agree, from 0 to 1: to be found, and to be asked "Meinten Sie …?".
NEAR, GUESS = 0.8, 0.5
MOST_GUESSES = 5
_SLIP = 80


@dataclass(frozen=True)
class Found:
    """The entries that fit, the best first; `is_guess`: none holds the words, these come near."""

    entries: list[Entry]
    is_guess: bool = False


def find(text: str, entries: list[Entry]) -> Found:
    """Those of the entries that a person means with these words."""
    ranks = _ranks(text)
    nearness = {entry.service.pk: _nearness(text, entry.service) for entry in entries}

    def fit(entry: Entry) -> tuple[float, float]:
        return ranks.get(entry.service.pk, 0.0), nearness[entry.service.pk]

    ordered = sorted(entries, key=fit, reverse=True)
    found = [entry for entry in ordered if entry.service.pk in ranks or nearness[entry.service.pk] >= NEAR]
    if found:
        return Found(found)
    guesses = [entry for entry in ordered if nearness[entry.service.pk] >= GUESS]
    return Found(guesses[:MOST_GUESSES], is_guess=True)


def find_situations(text: str, situations: list[Situation]) -> list[Situation]:
    """Those of the parts of life and of business that all of these words name; a slip names none."""
    return [each for each in situations if _nearness(text, each) >= NEAR]


def _ranks(text: str) -> dict[UUID, float]:
    """The services that hold all of these words, in whatever inflection, with PostgreSQL's weight of the places."""
    german, english = (SearchQuery(text, config=name, search_type="websearch") for name in DICTIONARIES.values())
    query = german | english
    rows = Service.objects.filter(words=query).annotate(rank=SearchRank(F("words"), query))
    return dict(rows.values_list("pk", "rank"))


def _nearness(text: str, told: Service | Situation) -> float:
    """How near the words come to those of the titles and keywords, from 0 to 1."""
    wanted = search_words(text)
    wanted = {word for word in wanted if len(word) >= SHORTEST} or wanted
    there = _words_of(told)
    return sum(max((_word_nearness(word, other) for other in there), default=0.0) for word in wanted) / max(
        len(wanted), 1
    )


def _words_of(told: Service | Situation) -> set[str]:
    texts = (_strings(told.texts.get(module, {}).values()) for module in ("title", "keywords"))
    return search_words(*(text for module in texts for text in module))


def _strings(values: Iterable[str | list[str]]) -> Iterable[str]:
    for value in values:
        yield from [value] if isinstance(value, str) else value


def _word_nearness(word: str, other: str) -> float:
    if word == other:
        return 1.0
    if min(len(word), len(other)) < SHORTEST:
        return 0.0
    if other.startswith(word) or word.startswith(other):
        return 0.9
    if word in other:
        return 0.85
    # Never enough to be found by a slip alone: the person is asked.
    return fuzz.ratio(word, other, score_cutoff=_SLIP) / 100 * (NEAR - 0.01)
