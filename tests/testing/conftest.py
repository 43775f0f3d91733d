import pytest
from django.test import Client

from accounts.people import Clerk
from catalogue.models import Offering
from tests.carrying.forms import definition, offer_form
from tests.factories import make_clerk
from tests.testing.way import ADA, QUESTIONS, signed_in


@pytest.fixture
def offering(form_of_its_own: None) -> Offering:
    return offer_form(definition(QUESTIONS), [("buergerservice", ADA), ("finanzen", None)])


@pytest.fixture
def author(offering: Offering) -> Client:
    user, _author = make_clerk("tries@example.org", role="form_author", authority="schwerin", department=None)
    return signed_in(user)


@pytest.fixture
def staff(offering: Offering) -> tuple[Client, Clerk]:
    user, clerk = make_clerk("works@example.org", authority="schwerin", department="finanzen")
    return signed_in(user), clerk
