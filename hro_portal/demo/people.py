"""The people of the demo: citizens, the owner of a bakery, and staff of two cities.

They share one password, and are there only where the demo is loaded.
"""

from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.conf import settings

from accounts import profile
from accounts.models import LegalForm, Party, StaffRole, User
from accounts.organisations.details import Details
from accounts.organisations.use_cases import found
from authorities.models import Authority
from foundation import scope

PASSWORD = "hro-demo-2026"  # noqa: S105 - printed at every start of the demo


@dataclass(frozen=True)
class Staff:
    """A member of staff; without a department: in all of the authority."""

    email: str
    role: str
    authority: str
    department: str | None = None
    who: str = ""


CITIZENS = {
    "buerger1@example.org": {
        "given_name": "Lena",
        "family_name": "Kogge",
        "birth_date": "1985-06-11",
        "street": "Lange Straße",
        "house_number": "12",
        "postal_code": "18055",
        "city": "Rostock",
        "phone": "0381 4567890",
    },
    "buerger2@example.org": {"given_name": "Nœl", "family_name": "Schmidt-Strauß", "city": "Rostock"},
}
BAKERY = Details(
    name="Bäckerei Kogge GmbH",
    legal_form=LegalForm.GMBH,
    register_court="Rostock",
    register_number="HRB 12345",
    sites=[
        {"street": "Kröpeliner Straße", "house_number": "26", "postal_code": "18055", "city": "Rostock"},
        {"street": "Am Strom", "house_number": "60", "postal_code": "18119", "city": "Rostock"},
    ],
)
OWNER, OWN_PROFILE = "firma@example.org", {"given_name": "Mats", "family_name": "Kogge", "city": "Rostock"}
STAFF = (
    Staff("sachbearbeitung@example.org", "clerk", "rostock", None, "Sachbearbeitung Rostock"),
    Staff("leitung@example.org", "head", "rostock", None, "Leitung Rostock"),
    Staff("sachbearbeitung.schwerin@example.org", "clerk", "schwerin", None, "Sachbearbeitung Schwerin"),
    Staff("formulare@example.org", "form_author", "rostock", None, "Formulare"),
    Staff("betrieb@example.org", "operator", "rostock", None, "Betrieb"),
    Staff("datenschutz@example.org", "data_protection", "rostock", None, "Datenschutz"),
)


def load_people() -> None:
    """Makes the accounts that are missing; those that are there keep what people changed."""
    if not settings.DEMO:
        raise RuntimeError("The demo's accounts have a public password.")
    for email, known in CITIZENS.items():
        user, is_new = _account(email)
        if is_new:
            profile.write(user, known)
    owner, is_new = _account(OWNER)
    if is_new:
        profile.write(owner, OWN_PROFILE)
        found(BAKERY, by=owner)
    for member in STAFF:
        user, _ = _account(member.email, is_staff=member.role == "operator", is_superuser=member.role == "operator")
        with scope.system("load the demo"):
            authority = Authority.objects.get(slug=member.authority)
            department = authority.departments.get(slug=member.department) if member.department else None
            StaffRole.objects.get_or_create(user=user, authority=authority, department=department, role=member.role)


def _account(email: str, *, is_staff: bool = False, is_superuser: bool = False) -> tuple[User, bool]:
    found = User.objects.filter(email=email).first()
    if found:
        return found, False
    user = User.objects.create_user(email, PASSWORD, is_staff=is_staff, is_superuser=is_superuser)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    Party.objects.get_or_create(kind=Party.Kind.PERSON, user=user)
    return user, True
