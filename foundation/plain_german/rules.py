"""The T rules of plain German. A rule that blocks can be kept by everybody; the others are advice to authors."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

import pyphen

from foundation.plain_german.texts import Kind, Text

LONGEST_SENTENCE = 20
LONGEST_MEAN = 12
LONGEST_BUTTON = 4
LONGEST_MAIL = 8
HARDEST = 8.0
ENOUGH_FOR_A_FORMULA = 50

#: A point behind these ends no sentence.
_SHORT = ("z", "B", "Abs", "Art", "Nr", "Buchst", "e", "V", "bzw", "ca", "St", "Dr", "Str", "d", "h", "u", "a")
_NOT_BEHIND = "".join(rf"(?<!\b{each}\.)" for each in _SHORT) + r"(?<!\b\d\.)(?<!\b\d\d\.)"
_SENTENCE_END = re.compile(rf"{_NOT_BEHIND}(?<=[.!?:])[“”\"]?\s+(?=[A-ZÄÖÜ„(%{{])|\n\s*\n")
_WORD = re.compile(r"[^\W_](?:[\w’'.\-/]*[^\W_])?|%\(\w+\)s|\{[^}]*\}")

_TO = r"(?:zu\s+|(?:ab|an|auf|aus|bei|ein|mit|nach|vor|weiter|zurück)zu)"
BLACK_LIST = {
    word: re.compile(pattern, re.IGNORECASE)
    for word, pattern in {
        "gemäß": r"\bgemäß\b",
        "bezüglich": r"\bbezüglich\b",
        "hinsichtlich": r"\bhinsichtlich\b",
        "seitens": r"\bseitens\b",
        "zwecks": r"\bzwecks\b",
        "mittels": r"\bmittels\b",
        "obig": r"\bobige[nmrs]?\b",
        "vorgenannt": r"\bvorgenannte[nmrs]?\b",
        "wird gebeten": r"\bw(?:ird|erden)\b[^.]*\bgebeten\b",
        "ist/sind … zu + Verb": rf"\b(?:ist|sind)\b(?:\s+[\w.§]+){{0,5}}\s+{_TO}[a-zäöü]+(?:en|ern|eln)\b",
        "ungültig": r"\bungültige?[nmrs]?\b",
        "Eingabe fehlerhaft": r"\bEingabe fehlerhaft\b",
        "Ein Fehler ist aufgetreten": r"\bein Fehler ist aufgetreten\b",
    }.items()
}
#: What the glossary never says, and what it says instead.
OTHER_WORDS = {
    r"\bReferenz-ID\b": "Vorgangsnummer",
    r"\bübermitteln\b|\beinreichen\b": "absenden",
    r"\babrufen\b": "öffnen",
    r"\bist beizubringen\b": "fehlt noch",
    r"\bArbeitstagen\b|\bWerktagen\b": "ein Datum",
    r"\bnicht möglich\b": "können wir nicht",
    r"\bMandant": "Behörde",
    r"\bKunde\b|\bKunden\b|\bKundin": "Sie",
}
SHOUTED = re.compile(r"\b[A-ZÄÖÜ]{4,}\b")
#: Names of laws, formats and systems that are written in capitals.
NAMES = {"DSGVO", "IBAN", "JPEG", "BITV", "BITVO", "LBGG", "NVDA", "SEPA", "JSON"}
_ADDRESSED_OTHERWISE = re.compile(
    r"\b(?:der|die|den|dem|des)\s+(?:Antragsteller(?:in)?s?|Bürgers?)\b|\b(?:du|dir|dich|dein\w*|euch|euer)\b",
    re.IGNORECASE,
)
_CLICK = re.compile(r"\bklicken Sie hier\b|\bhier klicken\b", re.IGNORECASE)
_VERB = re.compile(r"(?:en|ern|eln|tun|sein)$")
_SHORT_DATE = re.compile(r"\b\d{1,2}\.\d{1,2}\.\d{4}\b")
_WHAT_TO_DO = re.compile(r"\b[A-ZÄÖÜ][a-zäöü]+(?:en|ern|eln) Sie\b|\bbitte\b", re.IGNORECASE)
_PARTICIPLE = r"(?:ge|be|ver|er|ent|zer)\w+(?:t|en)"
_BECOMES = r"\b(?:wird|werden|wurden?)\b"
_PASSIVE = re.compile(rf"{_BECOMES}[^.?!]*\b{_PARTICIPLE}\b|\b{_PARTICIPLE}\s+{_BECOMES}")


@dataclass(frozen=True)
class Finding:
    rule: str
    says: str
    text: Text
    blocks: bool = True


def findings(text: Text) -> Iterator[Finding]:
    """Everything that the rules say of one text."""
    for rule in _RULES[text.kind]:
        yield from rule(text)


def sentences(words: str) -> list[str]:
    """Its sentences; a heading or a label is one too."""
    return [each.strip() for each in _SENTENCE_END.split(words) if each and _words(each)]


def long_sentences(text: Text) -> Iterator[Finding]:
    for sentence in sentences(text.words):
        if (number := len(_words(sentence))) > LONGEST_SENTENCE:
            yield Finding("T1", f"{number} Wörter, höchstens {LONGEST_SENTENCE}: {sentence}", text)


def black_list(text: Text) -> Iterator[Finding]:
    for word, pattern in BLACK_LIST.items():
        if pattern.search(text.words):
            yield Finding("T2", f"„{word}“ sagen wir nicht", text)


def button_says_what_happens(text: Text) -> Iterator[Finding]:
    words = text.words.split()
    names = [word for word in words if not word.startswith("%(")]
    ends = {names[0].rstrip(":"), names[-1]} if names else set()
    acts = any(_VERB.search(word) and (word == names[0] or word.islower()) for word in ends) or names[-1:] == ["weiter"]
    if not acts:
        yield Finding("T3", "ein Knopf beginnt oder endet mit einem Verb", text)
    if len(words) > LONGEST_BUTTON:
        yield Finding("T3", f"{len(words)} Wörter, höchstens {LONGEST_BUTTON}", text)


def no_shouting(text: Text) -> Iterator[Finding]:
    if "!" in text.words:
        yield Finding("T5", "kein Ausrufezeichen", text)
    for word in SHOUTED.findall(text.words):
        if word not in NAMES:
            yield Finding("T5", f"„{word}“: keine Großbuchstaben zur Betonung", text)


def link_says_where_it_leads(text: Text) -> Iterator[Finding]:
    if _CLICK.search(text.words) or (text.kind is Kind.LINK and text.words.strip().lower() in ("hier", "mehr")):
        yield Finding("T6", "ein Link sagt, wohin er führt", text)


def address(text: Text) -> Iterator[Finding]:
    if found := _ADDRESSED_OTHERWISE.search(text.words):
        yield Finding("T8", f"„{found[0]}“: wir sagen „Sie“", text)


def says_what_to_do(text: Text) -> Iterator[Finding]:
    if not _WHAT_TO_DO.search(text.words):
        yield Finding("T4", "ein Fehler sagt, was zu tun ist", text, blocks=False)


def written_out_dates(text: Text) -> Iterator[Finding]:
    if _SHORT_DATE.search(text.words) and "zum Beispiel" not in text.words.replace("Zum", "zum"):
        yield Finding("T7", "Datum ausschreiben: 3. Dezember 2026", text, blocks=False)


def one_word_per_thing(text: Text) -> Iterator[Finding]:
    for pattern, instead in OTHER_WORDS.items():
        if found := re.search(pattern, text.words):
            yield Finding("T9", f"statt „{found[0]}“ sagen wir: {instead}", text, blocks=False)


def short_mail(text: Text) -> Iterator[Finding]:
    if (number := len(sentences(text.words))) > LONGEST_MAIL:
        yield Finding("T10", f"{number} Sätze, höchstens {LONGEST_MAIL}", text, blocks=False)


def readable_as_a_whole(text: Text) -> Iterator[Finding]:
    said = sentences(text.words)
    words = [word for sentence in said for word in _words(sentence)]
    if len(words) < ENOUGH_FOR_A_FORMULA:
        return
    if (mean := len(words) / len(said)) > LONGEST_MEAN:
        yield Finding("T1", f"im Mittel {mean:.1f} Wörter je Satz, höchstens {LONGEST_MEAN}", text, blocks=False)
    passives = sum(1 for sentence in said if _PASSIVE.search(sentence))
    if passives > max(1, len(said) / 10):
        yield Finding("T11", f"{passives} von {len(said)} Sätzen im Passiv", text, blocks=False)
    if (hardness := formula(said)) > HARDEST:
        yield Finding("T12", f"Wiener Sachtextformel {hardness:.1f}, höchstens {HARDEST:.0f}", text, blocks=False)


def formula(said: list[str]) -> float:
    """The first Wiener Sachtextformel: about the school year that a text needs."""
    words = [word for sentence in said for word in _words(sentence)]
    lengths = [_syllables(word) for word in words]
    share = 100 / len(words)
    return (
        0.1935 * share * sum(1 for length in lengths if length >= 3)
        + 0.1672 * len(words) / len(said)
        + 0.1297 * share * sum(1 for word in words if len(word) > 6)
        - 0.0327 * share * sum(1 for length in lengths if length == 1)
        - 0.875
    )


def _words(sentence: str) -> list[str]:
    return _WORD.findall(sentence)


def _syllables(word: str) -> int:
    return len(_hyphenation().positions(word)) + 1


@cache
def _hyphenation() -> pyphen.Pyphen:
    return pyphen.Pyphen(lang="de_DE")


_ANYWHERE = (long_sentences, black_list, no_shouting, link_says_where_it_leads, address)
_ADVICE = (written_out_dates, one_word_per_thing)
_RULES: dict[Kind, tuple[Callable[[Text], Iterator[Finding]], ...]] = {
    Kind.SENTENCE: _ANYWHERE + _ADVICE,
    Kind.ERROR: (*_ANYWHERE, *_ADVICE, says_what_to_do),
    Kind.BUTTON: (button_says_what_happens,),
    Kind.LINK: (link_says_where_it_leads,),
    Kind.MAIL: (short_mail, readable_as_a_whole),
    Kind.WHOLE: (readable_as_a_whole,),
}
