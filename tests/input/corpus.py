"""Where the hostile inputs are that others have collected; they are read from there and never copied."""

import os
from pathlib import Path

import pytest

CORPUS = Path(os.environ.get("PORTAL_CORPUS", "../shared/data"))


def read_corpus(path: str) -> str:
    """The text of a file of the corpus; skips the test where it is not on this machine."""
    file = CORPUS / path
    if not file.exists():
        pytest.skip(f"{path} is not here; set PORTAL_CORPUS to the folder that holds it")
    return file.read_text(encoding="utf-8")
