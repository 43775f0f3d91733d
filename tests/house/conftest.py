import pytest

from tests.house.rows import Furnished, furnish


@pytest.fixture
def rostock(city: None) -> Furnished:
    return furnish("rostock")


@pytest.fixture
def schwerin(city: None) -> Furnished:
    return furnish("schwerin")
