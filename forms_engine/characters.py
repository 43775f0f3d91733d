"""The characters that German authorities accept: DIN 91379 (String.Latin+), sets A to E.

A = names of natural persons, B = A and what streets, places and companies need, C = B and what free text needs,
D = C without line breaks, with Greek and further signs, E = D with line breaks and Cyrillic.
What people write to their city in many lines may hold more (`free`): every telephone offers it.
A character is one letter or one sequence of a letter and combining marks; a combining mark alone is none.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

Charset = Literal["A", "B", "C", "D", "E", "free"]

# Group bll: single letters, as ranges of a regular expression.
_LETTERS = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u017e\u0187\u0188\u018f\u0197\u01a0\u01a1\u01af\u01b0\u01b7\u01cd-\u01dc"
    "\u01de\u01df\u01e2-\u01f0\u01f4\u01f5\u01f8-\u01ff\u0212\u0213\u0218-\u021b\u021e\u021f\u0227-\u0233\u0259\u0268"
    "\u0292\u1e02\u1e03\u1e06\u1e07\u1e0a-\u1e11\u1e1c-\u1e2b\u1e2f-\u1e37\u1e3a\u1e3b\u1e40-\u1e49\u1e52-\u1e5b"
    "\u1e5e-\u1e63\u1e6a-\u1e6f\u1e80-\u1e87\u1e8c-\u1e97\u1e9e\u1ea0-\u1ef9"
)

# Group bll: sequences, as (combining marks, letters that carry them).
_SEQUENCES = (
    ("\u030b", "Aa"),
    ("\u0300", "CFGKMPSTZcfgkmpstz"),
    ("\u0304", "CFHKNPSTZcfhknpstzÛûḲḳṢṣṬṭỤụ"),
    ("\u0306", "CMNRZcmnrzÇç"),
    ("\u0308", "CTZczẠạỌọỤụ"),
    ("\u0315", "CKPTckptČč"),
    ("\u0323", "CPcpČč"),
    ("\u0326", "CHKLNchklnŽž"),
    ("\u0328\u0306", "Cc"),
    ("\u0302", "DKLMNdklmn"),
    ("\u0331", "HSs"),
    ("\u0301", "JjÿĪī"),
    ("\u030c", "J"),
    ("\u0307", "KUku"),
    ("\u031b", "KTkt"),
    ("\u035fH", "K"),
    ("\u035fh", "Kk"),
    ("\u0325", "LRlr"),
    ("\u0325\u0304", "LRlr"),
    ("\u0310", "Mm"),
    ("\u031b\u0304", "Ss"),
    ("\u0327", "ZzŽž"),
)

_N1 = r" '`~\-,.\u00a8\u00b4\u00b7\u02b9\u02ba\u02be\u02bf\u02c8\u02cc\u2019\u2021"
_N2 = (
    r"!-&(-+/0-9:-@\[-_{-}\u00a1-\u00a3\u00a5\u00a7\u00a9-\u00ac\u00ae-\u00b3\u00b5\u00b6"
    r"\u00b9-\u00bb\u00bf\u00d7\u00f7\u20ac"
)
_N3 = "\u00a4\u00a6\u00b8\u00bc-\u00be"
_N4 = "\t\n\r\u00a0"
# Groups gl, cl and enl: Greek, Cyrillic (Bulgarian), signs beyond those of the Latin groups.
_GREEK = "\u0386\u0388-\u038a\u038c\u038e-\u03a1\u03a3-\u03ce"
_CYRILLIC = "\u040d\u0410-\u042a\u042c\u042e-\u044a\u044c\u044e\u044f\u045d"
_SIGNS = (
    "\u0192\u02b0\u02b3\u02c6\u02dc\u02e2\u1d48\u1d57\u2018\u201a\u201c-\u201e\u2020\u2026\u2030\u2039\u203a\u2070"
    "\u2074-\u2079\u207f-\u2089\u2122\u221e\u2264\u2265"
)
# Latin letters of other languages; emoji and symbols, with what joins and colours them (U+200D, U+FE0F, U+20E3).
_OTHER_LATIN = "\u0180-\u024f\u1e00-\u1eff"
_PICTURES = "\u200d\u20e3\u2600-\u27bf\u2b00-\u2bff\ufe0f\U0001f000-\U0001faff"

# What keyboards and word processors type in place of the characters of the standard.
_REPAIRS = str.maketrans(
    {
        "\u2018": "\u2019",
        "\u201a": "'",
        "\u201b": "\u2019",
        "\u2010": "-",
        "\u2011": "-",
        "\u2012": "-",
        "\u2013": "-",
        "\u2014": "-",
        "\u2212": "-",
        "\u201c": '"',
        "\u201d": '"',
        "\u201e": '"',
        "\u2026": "...",
    }
)
_REPAIRS_BESIDE_SIGNS = {code: to for code, to in _REPAIRS.items() if not re.match(f"[{_SIGNS}]", chr(code))}


def _allowed(singles: str, *, stray_marks: int = 0) -> re.Pattern[str]:
    marks = "\u0300-\u036f"
    sequences = "|".join(
        f"[{letters}]{combining}" for combining, letters in sorted(_SEQUENCES, key=lambda s: -len(s[0]))
    )
    # Elsewhere than in free text, a letter that is followed by a mark is only good as one of the sequences.
    return re.compile(f"(?:(?:{sequences})(?![{marks}])|[{singles}][{marks}]{{0,{stray_marks}}}(?![{marks}]))*")


_PATTERNS: dict[str, re.Pattern[str]] = {
    "A": _allowed(_LETTERS + _N1),
    "B": _allowed(_LETTERS + _N1 + _N2),
    "C": _allowed(_LETTERS + _N1 + _N2 + _N3 + _N4),
    "D": _allowed(_LETTERS + _N1 + _N2 + _N3 + _GREEK + _SIGNS),
    "E": _allowed(_LETTERS + _N1 + _N2 + _N3 + _N4 + _GREEK + _SIGNS + _CYRILLIC),
    "free": _allowed(_LETTERS + _N1 + _N2 + _N3 + _N4 + _OTHER_LATIN + _PICTURES, stray_marks=2),
}


def pattern_of(charset: Charset) -> str:
    """A regular expression for texts of this set, in the words of ECMA-262 (with `u`) and of Python alike."""
    return f"^{_PATTERNS[charset].pattern}$"


@dataclass(frozen=True, slots=True)
class Stranger:
    """The first character outside a set: where it is (from 1) and what it is."""

    position: int
    character: str

    @property
    def name(self) -> str:
        """The character itself, or its code where it cannot be seen."""
        if self.character.isprintable() and unicodedata.category(self.character[0])[0] not in "MZ":
            return self.character
        return f"U+{ord(self.character[0]):04X}"


def normalise(text: str, charset: Charset = "C") -> str:
    """The text in NFC with the silent repairs of the typographic quotes and dashes that the set lacks."""
    repairs = _REPAIRS_BESIDE_SIGNS if charset in ("D", "E") else _REPAIRS
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).translate(repairs))


def first_stranger(text: str, charset: Charset) -> Stranger | None:
    """The first character of a normalised text that the set does not hold, or None."""
    end = _PATTERNS[charset].match(text).end()  # type: ignore[union-attr]  # it also matches nothing
    if end == len(text):
        return None
    character = text[end]
    for following in text[end + 1 :]:
        if not unicodedata.combining(following):
            break
        character += following
    return Stranger(end + 1, character)


def readable(text: str) -> str:
    """The text without what no page and no database can hold: NUL and lone surrogates become U+FFFD."""
    if text.isascii() and "\0" not in text:
        return text
    return "".join("\ufffd" if c == "\0" or "\ud800" <= c <= "\udfff" else c for c in text)
