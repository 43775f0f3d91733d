"""Reads a PDF back the way a person would: its words, its pages as pictures, and the codes on them."""

from collections.abc import Iterable

import cv2
import numpy
import pypdfium2
from PIL.Image import Image

#: Whether the decoder finds a code depends on how its modules meet the pixels; a telephone moves a little too.
DISTANCES = (1.0, 0.75, 0.5, 1.5, 2.0, 3.0)


def text_of(pdf: bytes) -> str:
    with pypdfium2.PdfDocument(pdf) as document:
        return "\n".join(page.get_textpage().get_text_bounded() for page in document)


def pictures_of(pdf: bytes) -> list[Image]:
    with pypdfium2.PdfDocument(pdf) as document:
        return [page.render(scale=4).to_pil() for page in document]


def read_code(pictures: Iterable[Image]) -> str:
    """The text of the first QR code on these pictures; empty if there is none."""
    for picture in pictures:
        for distance in DISTANCES:
            size = (round(picture.width * distance), round(picture.height * distance))
            found, *_ = cv2.QRCodeDetector().detectAndDecode(numpy.array(picture.convert("RGB").resize(size)))
            if found:
                return found
    return ""


def read_codes(pictures: list[Image], *, expected: int = 2) -> set[str]:
    """The texts of the QR codes on these pictures: a notice carries the bank's and that of its check page."""
    found: set[str] = set()
    for distance in DISTANCES:
        for picture in pictures:
            size = (round(picture.width * distance), round(picture.height * distance))
            _any, texts, *_ = cv2.QRCodeDetector().detectAndDecodeMulti(
                numpy.array(picture.convert("RGB").resize(size))
            )
            found |= {text for text in texts if text}
        if len(found) >= expected:
            break
    return found
