"""Reads a PDF back the way a person would: its words, its pages as pictures, and the codes on them."""

from collections.abc import Iterable

import pypdfium2
import zxingcpp
from PIL.Image import Image


def text_of(pdf: bytes) -> str:
    with pypdfium2.PdfDocument(pdf) as document:
        return "\n".join(page.get_textpage().get_text_bounded() for page in document)


def pictures_of(pdf: bytes) -> list[Image]:
    with pypdfium2.PdfDocument(pdf) as document:
        return [page.render(scale=4).to_pil() for page in document]


def read_codes(pictures: Iterable[Image]) -> list[str]:
    """The texts of the QR codes on these pictures, in order; a notice carries its check page's and the bank's."""
    codes = zxingcpp.BarcodeFormat.QRCode
    return [code.text for picture in pictures for code in zxingcpp.read_barcodes(picture, formats=codes)]
