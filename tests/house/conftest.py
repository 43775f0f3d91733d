from collections.abc import Iterator

import pytest

from tests.house.rows import Furnished, furnish, remove_unpublished_forms


@pytest.fixture
def rostock(city: None) -> Iterator[Furnished]:
    yield furnish("rostock")
    remove_unpublished_forms()


@pytest.fixture
def schwerin(city: None) -> Iterator[Furnished]:
    yield furnish("schwerin")
    remove_unpublished_forms()
