"""Builds `static_build/` out of KERN: its stylesheet, and four Fira faces cut to the characters of DIN 91379.

The portal must show every name that a German register can hold, and no more: that makes each face a sixth of its size.
"""

import logging
import shutil
from pathlib import Path

from fontTools import subset

ROOT = Path(__file__).resolve().parents[2]
KERN = ROOT / "node_modules" / "@kern-ux" / "native" / "dist"
TARGET = ROOT / "static_build" / "kern"

#: KERN uses the weights 400, 500 and 600; italics are for quoted words.
FACES = {
    "FiraSans-Regular": (400, "normal"),
    "FiraSans-Italic": (400, "italic"),
    "FiraSans-Medium": (500, "normal"),
    "FiraSans-SemiBold": (600, "normal"),
}
#: Kerning, and marks that sit right on their letters: DIN 91379 has letters without a code point of their own.
FEATURES = ["kern", "mark", "mkmk", "ccmp", "locl"]

#: The repertoire of DIN 91379 (datatype E: letters, non-letters, Greek, Cyrillic, combining marks) as code points.
DIN_91379 = """
    20-7E A0-AC AE-17E 187-188 18F 192 197 1A0-1A1 1AF-1B0 1B7 1CD-1DC 1DE-1DF 1E2-1F0 1F4-1F5 1F8-1FF 212-213 218-21B
    21E-21F 227-233 259 268 292 2B0 2B3 2B9-2BA 2BE-2BF 2C6 2C8 2CC 2DC 2E2 300-302 304 306-308 30B-30C 310 315 31B 323
    325-328 331 35F 386 388-38A 38C 38E-3A1 3A3-3CE 40D 410-42A 42C 42E-44A 44C 44E-44F 45D 1D48 1D57 1E02-1E03
    1E06-1E07 1E0A-1E11 1E1C-1E2B 1E2F-1E37 1E3A-1E3B 1E40-1E49 1E52-1E5B 1E5E-1E63 1E6A-1E6F 1E80-1E87 1E8C-1E97 1E9E
    1EA0-1EF9 2018-201A 201C-201E 2020-2021 2026 2030 2039-203A 2070 2074-2079 207F-2089 20AC 2122 221E 2264-2265
"""
#: What the portal's own texts use besides: en dash, em dash, bullet, arrows, check mark, minus, narrow space.
TYPOGRAPHY = "2013-2014 2022 202F 2190-2193 2212 2713"


def build() -> None:
    """Writes the folder anew; what it holds is found by Django as `kern/…`."""
    shutil.rmtree(TARGET, ignore_errors=True)
    (TARGET / "fonts").mkdir(parents=True)
    shutil.copyfile(KERN / "kern.min.css", TARGET / "kern.min.css")
    for face in FACES:
        _cut(KERN / "fonts" / "fira-sans" / f"{face}.woff2", TARGET / "fonts" / f"{face}.woff2")
    (TARGET / "fonts" / "fira-sans.css").write_text("".join(_font_face(face) for face in FACES))


def characters() -> set[int]:
    """Out: the code points that every face keeps."""
    kept: set[int] = set()
    for part in f"{DIN_91379} {TYPOGRAPHY}".split():
        first, _, last = part.partition("-")
        kept.update(range(int(first, 16), int(last or first, 16) + 1))
    return kept


def _cut(source: Path, target: Path) -> None:
    options = subset.Options(flavor="woff2", layout_features=FEATURES, hinting=False, notdef_outline=True)
    font = subset.load_font(str(source), options)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=characters())
    cutter.subset(font)
    subset.save_font(font, str(target), options)


def _font_face(face: str) -> str:
    weight, style = FACES[face]
    return (
        '@font-face{font-family:"Fira Sans";'
        f"font-weight:{weight};font-style:{style};font-display:swap;"
        f'src:url("{face}.woff2") format("woff2")}}\n'
    )


if __name__ == "__main__":
    logging.getLogger("fontTools").setLevel(logging.ERROR)  # Fira's table version is an old acquaintance
    build()
