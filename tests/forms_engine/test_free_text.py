"""What people write in many lines may hold pictures; what identifies somebody may not (bad input B006)."""

import pytest

from forms_engine.characters import first_stranger

PICTURES = ["Müller 😀", "👩‍👧 im Park", "❤️", "☎ 0381 123"]


@pytest.mark.parametrize("text", PICTURES)
def test_free_text_holds_pictures_and_names_do_not(text: str) -> None:
    assert first_stranger(text, "free") is None
    assert all(first_stranger(text, charset) for charset in ("A", "B", "C"))


@pytest.mark.parametrize("text", ["pay\u202egpj.exe", "a\ufffeb", "\x1b[31mred\x07", "ad\u200bmin"])
def test_free_text_holds_nothing_that_hides(text: str) -> None:
    assert first_stranger(text, "free")
