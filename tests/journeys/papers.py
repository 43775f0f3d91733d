"""Papers that people send, made here so that nothing real lies in the project."""

import io

import pikepdf
from PIL import Image


def pdf() -> bytes:
    made = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(made)
    return made.getvalue()


def picture() -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (40, 30), "navy").save(made, "JPEG")
    return made.getvalue()


def drawing() -> bytes:
    """What a CAD program writes."""
    return b"AC1032" + bytes(200)


def program() -> bytes:
    return b"MZ" + bytes(300)
