"""What happens to accounts."""

from allauth.account.models import EmailAddress
from django.db import transaction

from accounts.models import Party, User


def give_person_party(user: User) -> Party:
    """Every user is a person who can own applications; made once, found again afterwards."""
    party, _made = Party.objects.get_or_create(user=user, defaults={"kind": Party.Kind.PERSON})
    return party


@transaction.atomic
def open_account(*, email: str, password: str, language: str = "de", is_staff: bool = False) -> User:
    """An account whose address needs no confirmation any more (demo, and accounts made by an operator)."""
    user = User.objects.create_user(email, password, language=language, is_staff=is_staff)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    give_person_party(user)
    return user
