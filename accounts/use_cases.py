"""What happens to accounts."""

from accounts.models import Party, User


def give_person_party(user: User) -> Party:
    """Every user is a person who can own applications; made once, found again afterwards."""
    party, _made = Party.objects.get_or_create(user=user, defaults={"kind": Party.Kind.PERSON})
    return party
