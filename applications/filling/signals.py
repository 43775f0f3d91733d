"""At sign-in, drafts that were begun without an account go into it."""

from typing import Any

from django.dispatch import receiver
from django.http import HttpRequest

from accounts import people
from accounts.models import User
from accounts.people import Applicant
from accounts.signals import codes_signed_in
from applications.filling.use_cases import take_into_account


@receiver(codes_signed_in)
def take_drafts(request: HttpRequest, user: User, codes: dict[str, str], **kwargs: Any) -> None:
    party_id = user.party.pk
    by = Applicant(user_id=user.pk, party_id=party_id, person_party_id=party_id)
    for draft_id in take_into_account(codes, by=by):
        people.forget_code(request, draft_id)
