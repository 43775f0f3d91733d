"""The search form, measured on the table of DIN 91379 itself."""

import csv
import os
from pathlib import Path

import pytest

from foundation.latin import search_form, search_words

TABLE = Path(os.environ.get("PORTAL_CORPUS", "../shared/data")) / "din91379" / "din_spec_91379_table.tsv"


@pytest.mark.skipif(not TABLE.exists(), reason="needs the table of DIN 91379 (PORTAL_CORPUS)")
def test_search_form_of_every_letter_is_the_one_of_the_table():
    with TABLE.open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file, delimiter="\t") if row["group"] == "bll" and row["search_form"]]

    letters = {"".join(chr(int(code, 16)) for code in row["codepoints"].split()): row["search_form"] for row in rows}

    assert len(letters) > 600
    assert {letter: search_form(letter) for letter in letters} == letters


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("Nœl Schmidt-Strauß", "NOEL SCHMIDT-STRAUSS"),
        ("Karl-Bröger Straße 17", "KARL-BROEGER STRASSE 17"),
        ("Yıldız", "YILDIZ"),
    ],
)
def test_search_form_of_names(typed, found):
    assert search_form(typed) == found


def test_words_are_split_at_everything_that_is_no_letter_or_digit():
    assert search_words("Schmidt-Strauß, Nœl", "HRO-2026-7K3M-4Q9X") == {
        *("SCHMIDT", "STRAUSS", "NOEL"),
        *("HRO", "2026", "7K3M", "4Q9X"),
    }
