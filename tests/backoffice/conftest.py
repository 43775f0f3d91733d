from typing import Any

import pytest
from django.test import Client

from accounts import profile
from accounts.models import User
from accounts.people import Clerk
from applications.models import Application
from applications.states import State
from tests.backoffice.cases import CODE
from tests.backoffice.designer import DeskPage, author_of
from tests.backoffice.test_forms import make_form
from tests.factories import make_application, make_clerk


@pytest.fixture(autouse=True)
def unhashed_static_files(settings: Any) -> None:
    """Pages are rendered here without `collectstatic`."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": plain}


@pytest.fixture
def maren(city: None) -> tuple[User, Clerk]:
    """A clerk of the tax office."""
    user, clerk = make_clerk("maren@example.org")
    profile.write(user, {"given_name": "Maren", "family_name": "Petersen"})
    return user, clerk


@pytest.fixture
def clerk(maren: tuple[User, Clerk]) -> Clerk:
    return maren[1]


@pytest.fixture
def mine(clerk: Clerk) -> Application:
    """A case that the clerk works on."""
    return make_application(state=State.PROCESSING, assignee_id=clerk.user_id, access_digest=CODE, name="Lena Kogge")


@pytest.fixture
def client(maren: tuple[User, Clerk]) -> Client:
    """Maren, signed in."""
    client = Client(headers={"accept-language": "de"})
    client.force_login(maren[0])
    return client


@pytest.fixture
def author(city: None) -> Client:
    """An author of forms in Schwerin, signed in."""
    return author_of("bau@example.org", "Bea")


@pytest.fixture
def desk(author: Client, request: pytest.FixtureRequest) -> DeskPage:
    """A published form, checked out by its author; its key is that of the test."""
    key = "d-" + "".join(letter for letter in request.node.name.lower() if letter.isalnum())[-50:]
    return DeskPage(author, make_form(key).form_id).begin()
