"""Permits as a head of an office gives and takes them, what was issued of them, and the page that tells of it."""

from datetime import timedelta

from django.test import Client
from django.urls import reverse

from accounts.people import Clerk
from applications.deciding import use_cases
from applications.deciding.revoking import revoke
from applications.models import Decision, IssuedDocument, Revocation
from applications.states import State
from authorities import clock as calendar
from foundation import files, scope
from postbox.models import PostboxItem
from tests.drain import drain
from tests.factories import applicant, make_application, make_user
from tests.frame.pages import Page

PLACE = "Neuer Markt 3"


def permit(head: Clerk, *, known: bool = True, starts: int = -1, ends: int | None = 30, **ruling: object) -> Decision:
    """A permit; it starts and ends so many days from today, and is made known unless told otherwise."""
    today = calendar.today()
    given = {
        "outcome": "approved",
        "reason": "Weil Frau Lübbersmeyer alles hat.",
        "regime": "letter",
        "valid_from": today + timedelta(days=starts),
        "valid_until": None if ends is None else today + timedelta(days=ends),
        "place": PLACE,
    } | ruling
    application = make_application(
        state=State.PROCESSING, assignee_id=head.user_id, party_id=applicant(make_user()).party_id
    )
    with scope.for_person(head):
        decision = use_cases.decide(application, by=head, **given)
    drain()
    if known:
        with scope.authority(head.authority_id):
            PostboxItem.objects.update(posted_on=today, effective_on=today)
    return decision


def take_back(decision: Decision, head: Clerk, in_days: int = 0, by: Clerk | None = None) -> Revocation:
    on = calendar.today() + timedelta(days=in_days)
    with scope.for_person(head):
        found = Decision.objects.select_related("application").get(pk=decision.pk)
        return revoke(found, effective_on=on, reason="Der Gehweg wird erneuert.", by=by or head)


def sealed_file(**where: object) -> bytes:
    with scope.system("look", read_only=True):
        return files.read(IssuedDocument.objects.select_related("file").get(**where).file)


def page_of(client: Client, token: str) -> Page:
    response = client.get(reverse("issuing:document", args=[token]))
    assert response.status_code == 200
    page = Page(response)
    assert page.faults() == []
    return page
