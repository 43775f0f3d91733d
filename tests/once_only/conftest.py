from tests.following.conftest import client, lena, person

__all__ = ["client", "lena", "person"]
