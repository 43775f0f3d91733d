"""The words of the demo forms: short sentences, plain words, verbs on buttons."""

from __future__ import annotations

import json
import re

import pytest

from tests.forms_engine.definitions import DEMO

AVOIDED = ("gemäß", "bezüglich", "hinsichtlich", "seitens", "zwecks", "mittels", "obig", "vorgenannt", "wird gebeten")
IMPERATIVE = re.compile(
    r"\b(Geben|Wählen|Laden|Setzen|Lesen|Füllen|Beschreiben|Prüfen|Löschen"
    r"|Nennen|Begründen|Schreiben|Melden|Ändern) Sie\b"
)


def texts(value, key=""):
    if isinstance(value, dict) and "de" in value:
        yield key, value["de"]
    elif isinstance(value, dict):
        for name, below in value.items():
            yield from texts(below, name)
    elif isinstance(value, list):
        for below in value:
            yield from texts(below, key)


@pytest.fixture(params=sorted(path.name for path in DEMO.glob("*.json")))
def german(request):
    return list(texts(json.loads((DEMO / request.param).read_text(encoding="utf-8"))))


def test_sentences_are_short(german):
    sentences = [sentence for _, text in german for sentence in re.split(r"(?<=[.?!])\s+(?=[A-ZÄÖÜ])", text)]
    assert [sentence for sentence in sentences if len(sentence.split()) > 20] == []


def test_words_are_plain(german):
    assert [text for _, text in german if any(word in text.lower() for word in AVOIDED)] == []
    assert [text for _, text in german if "!" in text or "klicken" in text.lower()] == []


def test_errors_say_what_to_do(german):
    errors = [text for key, text in german if key in ("missing", "wrong", "message")]
    assert errors
    assert [text for text in errors if not IMPERATIVE.search(text)] == []


def test_buttons_end_in_a_verb(german):
    assert [text for key, text in german if key == "add" and not text.endswith("en")] == []
