from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.moving.places import Place, founded, remove


@pytest.fixture
def old(city: None, tmp_path: Path) -> Iterator[Place]:
    with founded("old", tmp_path) as place:
        yield place


@pytest.fixture
def new(city: None, tmp_path: Path) -> Iterator[Place]:
    """It has an authority of that name from before, which has to go first."""
    with founded("new", tmp_path) as place:
        with place.entered():
            remove(without_export=True)
        yield place
