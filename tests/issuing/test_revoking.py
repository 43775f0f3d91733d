"""A head revokes a permit: who may, from which day, and what the page and the person are told."""

from datetime import timedelta

import pytest
from django.test import Client

from accounts.models import User
from accounts.people import Clerk
from applications.errors import ApplicationError
from applications.following import queries
from applications.models import Message
from authorities import clock as calendar
from foundation import scope
from foundation.audit.models import AuditEvent
from tests.factories import applicant, make_clerk
from tests.frame.pages import Page
from tests.issuing.permits import page_of, permit, take_back

pytestmark = pytest.mark.usefixtures("city")


@pytest.mark.asvs("V16.2.1")
def test_revoked_permit_no_longer_holds_and_the_person_reads_why(client: Client, head: Clerk, token: str) -> None:
    decision = permit(head)
    person = applicant(User.objects.get(party=decision.application.party_id))
    take_back(decision, head)
    page = page_of(client, token)
    assert "gilt nicht mehr: widerrufen" in page.text
    assert "gilt heute" not in page.text
    assert "Gehweg" not in page.text
    with scope.for_person(person, read_only=True):
        assert queries.permits(person).rows == []
        assert Message.objects.filter(application_id=decision.application_id).count() == 1
    with scope.authority(head.authority_id, read_only=True):
        event = AuditEvent.objects.get(action="permit.revoked")
        assert event.actor_id == head.user_id
        assert "Gehweg" not in str(event.refs)


def test_permit_holds_until_the_day_of_its_revocation(client: Client, head: Clerk, token: str) -> None:
    decision = permit(head)
    take_back(decision, head, in_days=3)
    page = page_of(client, token)
    assert "Diese Genehmigung gilt heute" in page.text
    assert "Widerrufen" in page.text


def test_only_a_head_revokes_and_only_what_is_in_force(head: Clerk) -> None:
    decision = permit(head)
    clerk = make_clerk("clerk@example.org")[1]
    for by, in_days, code in ((clerk, 0, "heads_only"), (head, -1, "revoked_backwards")):
        with pytest.raises(ApplicationError) as refused:
            take_back(decision, head, in_days=in_days, by=by)
        assert refused.value.code == code
    take_back(decision, head)
    with pytest.raises(ApplicationError) as twice:
        take_back(decision, head)
    assert twice.value.code == "nothing_to_revoke"


@pytest.mark.asvs("V8.2.1")
def test_head_revokes_on_a_page_that_clerks_do_not_have(client: Client, head: Clerk) -> None:
    decision = permit(head)
    path = f"/backoffice/vorgang/{decision.application.reference}/widerrufen/{decision.pk}/"
    client.force_login(make_clerk("clerk@example.org")[0])
    assert client.get(path).status_code == 404
    client.force_login(User.objects.get(pk=head.user_id))
    case = f"/backoffice/vorgang/{decision.application.reference}/"
    assert "Genehmigung widerrufen" in client.get(case).content.decode()
    assert Page(client.get(path)).faults() == []
    assert client.post(path, {"reason": ""}).status_code == 422
    today = calendar.today()
    typed = {"reason": "Der Gehweg wird erneuert.", "effective_on": (today - timedelta(days=1)).isoformat()}
    refused = client.post(path, typed)
    assert refused.status_code == 422
    assert "Der Gehweg wird erneuert." in refused.content.decode()
    assert client.post(path, typed | {"effective_on": today.isoformat()}).status_code == 302
    assert "Widerrufen" in client.get(case).content.decode()
