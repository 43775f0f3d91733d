import pytest

from accounts.people import Clerk
from tests.factories import make_clerk


@pytest.fixture
def head(city: None) -> Clerk:
    return make_clerk("head@example.org", role="head")[1]


@pytest.fixture
def token(monkeypatch: pytest.MonkeyPatch) -> str:
    """What will be printed on the next document."""
    token = "dGVzdC10b2tlbi1mb3ItYWxs"
    monkeypatch.setattr("applications.issuing.use_cases.secrets.token_urlsafe", lambda _size: token)
    return token
