from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from accounts.people import Applicant
from applications.models import Application
from foundation.ids import code_digest, new_code
from tests import factories


@pytest.fixture
def lena(city: None) -> User:
    return factories.make_user()


@pytest.fixture
def person(lena: User) -> Applicant:
    return factories.applicant(lena)


@pytest.fixture
def client(lena: User) -> Client:
    """Lena, signed in."""
    client = Client()
    client.force_login(lena)
    return client


@pytest.fixture
def guest_case(city: None) -> Callable[..., tuple[Application, str]]:
    """A case filed without an account, and its code."""

    def make(**fields: Any) -> tuple[Application, str]:
        code = new_code()
        return factories.make_application(access_digest=code_digest(code), **fields), code

    return make
