import csv
import os
import re
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from hro_portal.stack import assets

CORPUS = Path(os.environ.get("PORTAL_CORPUS", "../shared/data")) / "din91379" / "din_spec_91379_table.tsv"
NEEDED_TEXT = (
    "Äpfel, öfter, Straße, ẞ, „Anführung“ – 12,50 € · § 41 · Łódź · Dvořák · Ağaoğlu · Đorđević · Ţepeş · Σ · Ж"
)


def test_the_repertoire_is_that_of_din_91379() -> None:
    if not CORPUS.exists():
        pytest.skip("the table of DIN 91379 is not on this machine; PORTAL_CORPUS names its folder")
    with CORPUS.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    table = {int(point, 16) for row in rows for point in re.findall(r"[0-9A-F]{4,5}", row["codepoints"])}
    controls = {point for point in table if point < 0x20}
    assert table - controls <= assets.characters()


@pytest.mark.parametrize("face", assets.FACES)
def test_each_face_shows_german_and_european_names(face: str) -> None:
    font = TTFont(assets.TARGET / "fonts" / f"{face}.woff2")
    shown = set(font.getBestCmap())
    assert [character for character in NEEDED_TEXT if ord(character) not in shown] == []
    # Marks that combine with a letter are placed by the font, not left beside it.
    assert {record.FeatureTag for record in font["GPOS"].table.FeatureList.FeatureRecord} >= {"mark", "kern"}


def test_the_three_faces_of_a_page_stay_small() -> None:
    upright = [face for face, (_, style) in assets.FACES.items() if style == "normal"]
    assert sum((assets.TARGET / "fonts" / f"{face}.woff2").stat().st_size for face in upright) < 82_000


def test_text_is_shown_before_its_font_has_come() -> None:
    stylesheet = (assets.TARGET / "fonts" / "fira-sans.css").read_text()
    assert stylesheet.count("@font-face") == stylesheet.count("font-display:swap") == len(assets.FACES)
    for name in re.findall(r'url\("([^"]+)"\)', stylesheet):
        assert (assets.TARGET / "fonts" / name).is_file()
