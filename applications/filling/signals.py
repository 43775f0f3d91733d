"""At sign-in, drafts that were begun without an account go into it; they go with the account, too."""

from typing import Any
from uuid import UUID

from django.dispatch import receiver
from django.http import HttpRequest

from accounts import people
from accounts.models import User
from accounts.people import Applicant
from accounts.signals import account_leaves, codes_signed_in
from applications.filling.use_cases import discard_draft, take_into_account
from applications.models import Application, Draft


@receiver(codes_signed_in)
def take_drafts(request: HttpRequest, user: User, codes: dict[str, str], **kwargs: Any) -> None:
    party_id = user.party.pk
    by = Applicant(user_id=user.pk, party_id=party_id, person_party_id=party_id)
    for draft_id in take_into_account(codes, by=by):
        people.forget_code(request, draft_id)


@receiver(account_leaves)
def leave_cases_to_their_office(parties: list[UUID], **kwargs: Any) -> None:
    """Drafts are the person's alone. What was sent is the office's, whose notice can no longer wait in a postbox."""
    for draft in Draft.objects.filter(party_id__in=parties):
        discard_draft(draft)
    Application.objects.open().filter(party_id__in=parties).update(retrieval_consent=False)
