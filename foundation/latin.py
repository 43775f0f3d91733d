"""The search form of Latin letters (DIN 91379): how names are compared, sorted and indexed.

`Nœl Schmidt-Strauß` becomes `NOEL SCHMIDT-STRAUSS`, whoever typed it and on whatever keyboard.
"""

import re
import unicodedata

_MARK = "[\u0300-\u036f]"
#: An umlaut may carry its diaeresis behind other marks.
_UMLAUT = re.compile(f"([AOU])({_MARK}*?)\u0308")
_RING = re.compile(f"A({_MARK}*?)\u030a")
_LETTERS = str.maketrans(
    {"Æ": "AE", "Ø": "OE", "Œ": "OE", "Þ": "TH", "Ĳ": "IJ", "ẞ": "SS", "Ð": "D", "Đ": "D", "Ħ": "H", "Ŧ": "T"}
    | {"ĸ": "K", "Ŀ": "L", "Ł": "L", "Ŋ": "N", "Ƈ": "C", "Ə": "E", "Ɨ": "I", "Ʒ": "Z", "Ǥ": "G", "ʼ": ""}
)
_WORD = re.compile(r"[0-9A-Z]+")


def search_form(text: str) -> str:
    """Upper case without diacritics; letters that stand for two become two."""
    letters = unicodedata.normalize("NFD", text.upper())
    letters = _UMLAUT.sub(r"\1E\2", letters)
    letters = _RING.sub(r"AA\1", letters).translate(_LETTERS)
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def search_words(*texts: str) -> set[str]:
    """The words of these texts in search form: what an index of digests is made of."""
    return {word for text in texts for word in _WORD.findall(search_form(text))}
