"""What a person sees of their application before a worker has looked at it."""

from django.test import Client

from applications.models import Application
from applications.states import State
from foundation import scope
from tests.factories import make_application, make_user


def test_the_receipt_is_shown_before_the_case_is_routed(city: None, client: Client) -> None:
    user = make_user()
    application = make_application(party_id=user.party.pk, state=State.SUBMITTED)
    with scope.system("a test takes the department away"):
        Application.objects.filter(pk=application.pk).update(department=None)
    client.force_login(user)
    answer = client.get(f"/vorgang/{application.reference}/bestaetigung/")
    assert answer.status_code == 200
    assert "Kämmereiamt" in answer.content.decode()
