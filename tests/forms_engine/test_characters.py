"""DIN 91379, against the table of the standard."""

from __future__ import annotations

import contextlib
import csv
import os
import unicodedata
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError

from forms_engine.characters import first_stranger, normalise, readable
from tests.forms_engine.definitions import field, one_step

TABLE = Path(os.environ.get("PORTAL_CORPUS", "../shared/data")) / "din91379" / "din_spec_91379_table.tsv"
_A = {"bll", "bnlreq"}
_B = _A | {"bnl"}
_D = _B | {"bnlopt", "gl", "enl"}
ACCEPTED = {"A": _A, "B": _B, "C": _B | {"bnlopt", "bnlnot"}, "D": _D, "E": _D | {"bnlnot", "cl"}}


def table() -> list[tuple[str, str]]:
    if not TABLE.exists():
        pytest.skip("the table of DIN 91379 is not here; set PORTAL_CORPUS to the folder that holds din91379/")
    with TABLE.open(encoding="utf-8") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [(row["group"], "".join(chr(int(code, 16)) for code in row["codepoints"].split())) for row in rows]


@pytest.mark.tr("A3.12.01")
@pytest.mark.parametrize("charset", ACCEPTED)
def test_table_is_accepted_exactly_in_its_groups(charset):
    wrong = []
    for group, characters in table():
        accepted = first_stranger(unicodedata.normalize("NFC", characters), charset) is None
        if accepted != (group in ACCEPTED[charset]):
            wrong.append((group, characters, accepted))
    assert wrong == []


def test_lone_combining_mark_is_refused_and_sequence_is_one_unit():
    assert first_stranger("K\u035fH", "A") is None
    assert first_stranger("K\u035f", "A").position == 1
    assert first_stranger("a\u0301\u0301\u0301", "A") is not None


def test_stranger_is_named_with_position_and_invisible_ones_by_code():
    stranger = first_stranger("Lena ❤", "A")
    assert (stranger.position, stranger.name) == (6, "❤")
    assert first_stranger("pay\u202egpj", "B").name == "U+202E"


def test_digits_are_no_part_of_a_name():
    assert first_stranger("Anna2", "A").character == "2"
    assert first_stranger("Anna2", "B") is None


def test_table_is_whole():
    assert len(table()) == 924


def test_only_what_the_set_lacks_is_repaired():
    assert normalise("„Ωμέγα“ – …", "D") == "„Ωμέγα“ - …"
    assert normalise("„Omega“ – …", "C") == '"Omega" - ...'


@pytest.mark.tr("A3.12.01")
def test_typing_is_repaired_silently():
    assert normalise("O‘Neill – Süd") == "O’Neill - Süd"
    assert normalise("Jose\u0301") == "José"


def test_unstorable_characters_become_visible():
    assert readable("a\0b\ud800c") == "a\ufffdb\ufffdc"


@pytest.mark.parametrize("charset", ACCEPTED)
def test_field_keeps_each_character_of_its_set_as_it_was_typed(charset):
    form = one_step(field("text", "x", charset=charset))
    (line,) = form.steps[0].fields
    for group, characters in table():
        if group in ACCEPTED[charset] and not characters.isspace():
            typed = f"A{characters}A"
            assert line.type.parse(line, typed, "de") == unicodedata.normalize("NFC", typed)


@pytest.mark.parametrize("kind", ["text", "multiline"])
@pytest.mark.parametrize("charset", ACCEPTED)
def test_field_refuses_each_character_of_other_sets(charset, kind):
    """But what is repaired silently, and blanks, which become one."""
    form = one_step(field(kind, "x", charset=charset))
    (question,) = form.steps[0].fields
    taken = []
    for group, characters in table():
        typed = f"{characters}A"  # in front, for behind a letter a mark makes another letter of it
        repaired = normalise(typed, charset) != unicodedata.normalize("NFC", typed)
        if group not in ACCEPTED[charset] and not characters.isspace() and not repaired:
            with contextlib.suppress(ValidationError):
                taken.append((group, characters, question.type.parse(question, typed, "de")))
    assert taken == []
