from tests.following.conftest import browser, lena, person

__all__ = ["browser", "lena", "person"]
