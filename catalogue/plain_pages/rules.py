"""What the rules of Leichte Sprache (L1 to L17) say of a text: advice to authors; what blocks can be kept by all.

Pure functions on lines. Whether anybody understands the text, only readers can tell: for that there is a test group.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cache

import pyphen

LONGEST_SENTENCE, LONG_SENTENCE = 12, 10
LONGEST_PART, LONG_PART = 14, 12
MOST_SYLLABLES, MANY_SYLLABLES = 6, 5
MOST_LINES = 10
ITEM = "- "


class Level(IntEnum):
    """How much a finding weighs; what blocks comes first."""

    BLOCK, WARN, HINT = 1, 2, 3


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule says of a line (counted from 1; 0: of all lines together)."""

    rule: str
    level: Level
    line: int
    says: str

    @property
    def blocks(self) -> bool:
        return self.level is Level.BLOCK


def check(texts: Mapping[str, str]) -> dict[str, list[Finding]]:
    """The findings for each text of one page, by its name, the ones that block first."""
    lines = {name: lines_of(text) for name, text in texts.items()}
    explained = _explained([line for each in lines.values() for line in each])
    seen: set[str] = set()
    found = {}
    for name, each in lines.items():
        findings = [finding for number, line in enumerate(each, 1) for finding in _of_line(number, line, each)]
        findings += [*_of_all(each), *_hard_words(each, explained, seen)]
        found[name] = sorted(findings, key=lambda finding: (finding.level, finding.line, finding.rule))
    return found


def lines_of(text: str) -> list[str]:
    """The lines that hold something; `- ` begins a point of a list."""
    return [line.strip() for line in text.splitlines() if line.strip()]


# --- patterns --------------------------------------------------------------------------------------------------------

_ABBREVIATIONS = (
    r"z\. ?B\.|d\. ?h\.|u\. ?a\.|o\. ?ä\.|i\. ?d\. ?R\.|usw\.|etc\.|ggf\.|bzw\.|ca\.|inkl\.|evtl\.|"
    r"Nr\.|Str\.|Abs\.|Art\.|Tel\.|vgl\.|max\.|min\.|Std\.|gem\.|Dr\.|St\."
)
_ABBREVIATION = re.compile(rf"(?<!\w)(?:{_ABBREVIATIONS})")
#: A sentence ends at a full stop that belongs to no abbreviation and to no number ("3. Mai").
_SENTENCE_END = re.compile(r"(?<=[.!?])(?<!\d\.)\s+(?=[A-ZÄÖÜ])")
_CAPITALS = re.compile(r"\b[A-ZÄÖÜ]{2,}\b")
_KNOWN_CAPITALS = {"PDF", "EU", "PIN"}
_WORD = re.compile(r"[^\W\d_](?:[\w’'-]*\w)?|\d[\d.,:]*")
_SUBORDINATE = re.compile(
    r",\s+(?:dass|weil|wenn|ob|damit|obwohl|bevor|nachdem|sodass|falls|um|der|die|das|den|dem|dessen|deren|"
    r"welche[rsnm]?|wer|was|wo|wie)\b|^(?:Wenn|Falls|Weil|Obwohl|Damit|Nachdem|Bevor|Sobald)\b"
)
_BECOMES = r"\b(?:wird|werden|wurden?|worden)\b"
_PARTICIPLE = r"\b(?:\w{0,8}ge\w{2,}(?:t|en)|(?:be|ver|er|ent|zer)\w{2,}t)\b"
_PASSIVE = re.compile(
    rf"{_BECOMES}[^.?!]*{_PARTICIPLE}|{_PARTICIPLE}\s+{_BECOMES}"
    r"|\b(?:ist|sind)\b[^.?!]*\b(?:zu\s+\w+(?:en|ern|eln)|(?:ab|an|aus|bei|ein|mit|vor)zu\w+en)\b"
)
_SUBJUNCTIVE = re.compile(r"\b(?:wäre|hätte|würde|könnte|sollte|müsste|dürfte|möchte)(?:n|st|t)?\b", re.IGNORECASE)
_GENITIVE = re.compile(
    r"(?<=\s)[A-ZÄÖÜ][\wäöüß-]+\s+(?:der|des|einer|eines|Ihres|Ihrer|unseres|unserer|dieses)\s+[\wäöüß]+"
    r"|\b(?:wegen|innerhalb|außerhalb|während|trotz|aufgrund|anstelle)\s+(?:der|des|einer|eines|Ihres|Ihrer|von)\b",
)
_NEGATION = re.compile(r"\b(?:nicht|kein\w*|nie|niemals|niemand\w*)\b", re.IGNORECASE)
_PAST = re.compile(
    r"\b(?:ging|kam|gab|stellte|wurde|machte|bekam|schrieb|nahm|fand|ließ|blieb|sah|lag|stand|sagte|brauchte)(?:en|st|n|t)?\b"
)
_SIGNS = re.compile(r"[§%&/()\[\]{}<>„“”\"…*+=;–]")
_NUMBERS = re.compile(
    r"\b(?:zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|zwanzig|dreißig|vierzig|fünfzig|hundert|tausend)\b",
    re.IGNORECASE,
)
_DATE = re.compile(r"\b\d{1,2}\.\s?\d{1,2}\.(?:\s?\d{2,4})?(?!\w)|\b\d{4}-\d\d-\d\d\b|\b\d{1,2}\.\d\d\s*Uhr\b")
_PER_CENT = re.compile(r"%|\bProzent\b")
_ADDRESS = re.compile(r"\b\d{5}\b|\S+@\S+|\b0\d{2,5}[ /-]\d{3,}")

#: Words that people may not know; a line of the page says what they mean.
HARD_WORDS = (
    *("Antrag", "Behörde", "Bescheid", "Frist", "Gebühr", "Nachweis", "Satzung", "Verwaltung", "Vollmacht"),
    *("Widerspruch", "Leistung", "Genehmigung", "Steuer", "Formular"),
)
#: One word for one thing: what this portal says, and what it does not.
ONE_WORD = {
    "Antrag": r"\b(?:Gesuch|Ansuchen|Eingabe)\w*",
    "Bescheid": r"\b(?:Schriftstück|Verfügung)\w*",
    "Amt": r"\b(?:Dienststelle|Fachdienst|Sachgebiet)\w*",
    "absenden": r"\b(?:übermitteln|einreichen|reichen Sie\b[^.]*\bein)\b",
    "Vorgangsnummer": r"\b(?:Aktenzeichen|Referenz)\w*",
    "Geld bezahlen": r"\b(?:entrichten|begleichen)\b",
}


# --- rules of one line -----------------------------------------------------------------------------------------------


def _of_line(number: int, line: str, lines: Sequence[str]) -> Iterator[Finding]:
    words = line.removeprefix(ITEM)
    for rule, level, says in _one_sentence(line, number, lines):
        yield Finding(rule, level, number, says)
    for look in _RULES:
        for rule, level, says in look(words):
            yield Finding(rule, level, number, says)


Told = Iterator[tuple[str, Level, str]]


def _one_sentence(line: str, number: int, lines: Sequence[str]) -> Told:
    plain = _ABBREVIATION.sub("x", line)
    if len(_SENTENCE_END.split(plain)) > 1:
        yield "L1", Level.BLOCK, "Schreiben Sie jeden Satz in eine eigene Zeile."
    if number > 1 and line[0].islower():
        yield "L1", Level.BLOCK, "Der Satz geht über zwei Zeilen. Schreiben Sie ihn in eine Zeile."


def _short(line: str) -> Told:
    longest = max((len(_WORD.findall(each)) for each in _SENTENCE_END.split(line)), default=0)
    if longest > LONGEST_SENTENCE:
        yield (
            "L2",
            Level.BLOCK,
            f"Der Satz hat {longest} Wörter. Erlaubt sind {LONGEST_SENTENCE}. Machen Sie zwei Sätze daraus.",
        )
    elif longest > LONG_SENTENCE:
        yield "L2", Level.HINT, f"Der Satz hat {longest} Wörter. Besser sind höchstens {LONG_SENTENCE}."


def _one_statement(line: str) -> Told:
    if _SUBORDINATE.search(line) or line.count(",") > 1:
        yield "L3", Level.WARN, "Hier steht mehr als eine Aussage. Machen Sie zwei Sätze daraus."


def _active(line: str) -> Told:
    if _PASSIVE.search(line):
        yield "L4", Level.WARN, "Sagen Sie, wer etwas macht: statt „wird geprüft“ also „Das Amt prüft“."


def _indicative(line: str) -> Told:
    if found := _SUBJUNCTIVE.search(line):
        yield "L5", Level.WARN, f"„{found[0]}“ ist schwer. Sagen Sie, was ist."


def _no_genitive(line: str) -> Told:
    if found := _GENITIVE.search(line):
        yield "L6", Level.WARN, f"„{found[0]}“: Schreiben Sie „von“, zum Beispiel „das Haus von der Stadt“."


def _positive(line: str) -> Told:
    if found := _NEGATION.search(line):
        yield "L7", Level.HINT, f"„{found[0]}“: Sagen Sie lieber, was ist oder was geht."


def _perfect(line: str) -> Told:
    if found := _PAST.search(line):
        yield "L8", Level.HINT, f"„{found[0]}“: Schreiben Sie „hat … gemacht“."


def _no_abbreviation(line: str) -> Told:
    short = [*_ABBREVIATION.findall(line), *(each for each in _CAPITALS.findall(line) if each not in _KNOWN_CAPITALS)]
    if short:
        yield "L9", Level.BLOCK, f"Schreiben Sie „{short[0]}“ aus."


def _no_signs(line: str) -> Told:
    if found := _SIGNS.search(line):
        yield "L10", Level.WARN, f"Das Zeichen {found[0]} ist schwer. Schreiben Sie es mit Worten."


def _digits(line: str) -> Told:
    if found := _NUMBERS.search(line):
        yield "L11", Level.WARN, f"Schreiben Sie „{found[0]}“ als Zahl."


def _full_date(line: str) -> Told:
    if found := _DATE.search(line):
        yield (
            "L12",
            Level.BLOCK,
            f"Schreiben Sie statt „{found[0].strip()}“ zum Beispiel „1. März 2027“ oder „9:00 Uhr“.",
        )


def _no_per_cent(line: str) -> Told:
    if _PER_CENT.search(line):
        yield "L13", Level.HINT, "Prozente sind schwer. Sagen Sie zum Beispiel: die Hälfte."


def _short_words(line: str) -> Told:
    for word in dict.fromkeys(_WORD.findall(line)):
        parts = word.split("-")
        letters, syllables = max(map(len, parts)), max(map(_syllables, parts))
        if letters > LONGEST_PART or syllables >= MOST_SYLLABLES:
            yield (
                "L14",
                Level.WARN,
                f"„{word}“ ist lang. Teilen Sie das Wort mit Bindestrich, oder nehmen Sie ein kürzeres.",
            )
        elif letters > LONG_PART or syllables >= MANY_SYLLABLES:
            yield "L14", Level.HINT, f"„{word}“ ist recht lang. Geht es kürzer?"


def _apart(line: str) -> Told:
    if _ADDRESS.search(line) and len(_WORD.findall(line)) > 4:
        yield "L16", Level.WARN, "Schreiben Sie Adresse, Telefon und E-Mail in eine eigene Zeile."
    if line.count(",") >= 3:
        yield "L16", Level.WARN, "Das sind viele Punkte. Schreiben Sie eine Liste: jede Zeile beginnt mit „- “."


def _same_word(line: str) -> Told:
    for ours, others in ONE_WORD.items():
        if found := re.search(others, line):
            yield "L17", Level.WARN, f"Statt „{found[0]}“ sagen wir immer: {ours}."


_RULES: tuple[Callable[[str], Told], ...] = (
    *(_short, _one_statement, _active, _indicative, _no_genitive, _positive, _perfect, _no_abbreviation, _no_signs),
    *(_digits, _full_date, _no_per_cent, _short_words, _apart, _same_word),
)


# --- rules of many lines ---------------------------------------------------------------------------------------------


def _of_all(lines: Sequence[str]) -> Iterator[Finding]:
    if len(lines) > MOST_LINES:
        says = f"Unter einer Überschrift stehen {len(lines)} Zeilen. Besser sind höchstens {MOST_LINES}."
        yield Finding("L16", Level.WARN, 0, says)


def _hard_words(lines: Sequence[str], explained: set[str], seen: set[str]) -> Iterator[Finding]:
    """Each hard word once, where it stands first, unless the page says somewhere what it means."""
    for number, line in enumerate(lines, 1):
        for word in HARD_WORDS:
            if word not in explained | seen and re.search(rf"\b{word}\w{{0,2}}\b", line):
                seen.add(word)
                yield Finding("L15", Level.WARN, number, f"Erklären Sie „{word}“ in der nächsten Zeile.")


def _explained(lines: Sequence[str]) -> set[str]:
    return {
        word
        for word in HARD_WORDS
        for line in lines
        if re.search(rf"\b{word}\w{{0,2}}\s+(?:ist|sind|heißt|bedeutet)\b|\bheißt\s+(?:\w+\s+)?{word}\b", line)
    }


def _syllables(word: str) -> int:
    return len(_hyphenation().positions(word)) + 1


@cache
def _hyphenation() -> pyphen.Pyphen:
    return pyphen.Pyphen(lang="de_DE")
