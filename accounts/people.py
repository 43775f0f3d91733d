"""Who stands at the door: the one place that turns a request into a person.

Views ask `who` (citizens) or `clerk_of` (staff) and then open the scope of that person.
"""

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest

from accounts import second_factor
from accounts.models import Membership, Party, StaffRole, User
from authorities.models import Department
from foundation import ids, scope, vault

#: {subject id: sealed code}, in the session.
CODES = "sealed_codes"
KEYSET = "sessions"
ACTING_FOR = "acting_for"
STAFF = "is_staff_member"
_KNOWN = "portal_applicant"


@dataclass(frozen=True)
class Applicant:
    """A signed-in user, acting for their own person or for an organisation."""

    user_id: UUID
    party_id: UUID
    person_party_id: UUID


@dataclass(frozen=True)
class CodeHolder:
    """Somebody without an account who holds the code of one draft or application."""

    digest: bytes


@dataclass(frozen=True)
class Clerk:
    """A member of staff of one authority. `posts` are pairs of a role and a department in which it holds: who writes
    forms for the whole authority reads cases of their own office only."""

    user_id: UUID
    authority_id: UUID
    roles: frozenset[str]
    posts: frozenset[tuple[str, UUID]]

    @property
    def department_ids(self) -> tuple[UUID, ...]:
        """The departments whose cases they work on."""
        return self.departments_as(StaffRole.Role.CLERK, StaffRole.Role.HEAD)

    def departments_as(self, *roles: str) -> tuple[UUID, ...]:
        """The departments in which they have one of these roles."""
        return tuple(sorted({department_id for role, department_id in self.posts if role in roles}))


Person = Applicant | CodeHolder | Clerk


def who(request: HttpRequest, *, subject_id: UUID | None = None) -> Applicant | CodeHolder | None:
    """The person who asks for this draft or application; None if we do not know them.

    A code given for exactly this subject comes first: somebody signed in may follow a case that was
    filed without an account.
    """
    code = code_of(request, subject_id) if subject_id else None
    digest = ids.code_digest(code) if code else None
    if digest:
        return CodeHolder(digest)
    return _ask(request)


def shown_for(request: HttpRequest) -> Applicant | None:
    """Whom the page is shown for, for its navigation: the last answer of this request, so that it asks once only.
    What may be done is never decided by it; `who` asks anew each time."""
    return getattr(request, _KNOWN, None) or _ask(request)


def _ask(request: HttpRequest) -> Applicant | None:
    if not isinstance(request.user, User):
        return None
    person = _applicant(request.user, chosen=request.session.get(ACTING_FOR))
    setattr(request, _KNOWN, person)
    return person


def _applicant(user: User, *, chosen: str | None) -> Applicant:
    person_party_id = Party.objects.values_list("pk", flat=True).get(user=user)
    party_id = _organisation_id(user, chosen) or person_party_id
    return Applicant(user_id=user.pk, party_id=party_id, person_party_id=person_party_id)


def _organisation_id(user: User, chosen: str | None) -> UUID | None:
    """The organisation chosen in this session, as long as the membership is open."""
    if not chosen:
        return None
    return (
        Membership.objects.filter(organisation_id=UUID(chosen), user=user, until__isnull=True)
        .values_list("organisation_id", flat=True)
        .first()
    )


def clerk_of(request: HttpRequest) -> Clerk | None:
    """The staff roles of the signed-in user at their authority; None for everybody else.

    To be called before a scope is opened, since it opens and closes one of its own. Staff without a second
    factor do not pass, see `second_factor.demand`.
    A role without a department holds in all departments of the authority; it says nothing about their other roles.
    """
    if not isinstance(request.user, User):
        return None
    rows = _staff_roles(request.user.pk)
    if not rows:
        return None
    second_factor.demand(request)
    authority_id = rows[0][0]
    own = [(role, department_id) for its_authority_id, department_id, role in rows if its_authority_id == authority_id]
    every: list[UUID] = []
    if any(department_id is None for _role, department_id in own):
        every = list(Department.objects.filter(authority_id=authority_id).values_list("pk", flat=True))
    return Clerk(
        user_id=request.user.pk,
        authority_id=authority_id,
        roles=frozenset(role for role, _department in own),
        posts=frozenset((role, each) for role, given in own for each in ([given] if given else every)),
    )


def _staff_roles(user_id: UUID) -> list[tuple[UUID, UUID | None, str]]:
    """(authority, department, role) of a user. Which authority's scope to open is only known afterwards."""
    with scope.system("find the authority that a member of staff works for", read_only=True):
        return list(
            StaffRole.objects.filter(user_id=user_id)
            .order_by("authority__sort_key")
            .values_list("authority_id", "department_id", "role")
        )


def is_staff_member(user_id: UUID) -> bool:
    """Whether the user has any staff role."""
    return bool(_staff_roles(user_id))


def remember_code(request: HttpRequest, subject_id: UUID, code: str) -> None:
    """Keeps the code of a draft or application for this sitting, sealed: whoever reads the database reads no code."""
    request.session[CODES] = {**request.session.get(CODES, {}), str(subject_id): seal_code(subject_id, code)}


def seal_code(subject_id: UUID, code: str) -> str:
    """What a session holds of a code; it opens for this draft or application only."""
    return vault.seal_json(KEYSET, code, owner=subject_id, row=subject_id, field=CODES).hex()


def forget_code(request: HttpRequest, subject_id: UUID) -> None:
    """Drops a code from this sitting, because the subject now belongs to an account or is gone."""
    request.session[CODES] = {
        key: code for key, code in request.session.get(CODES, {}).items() if key != str(subject_id)
    }


def has_sitting(request: HttpRequest) -> bool:
    """Whether this browser holds something that ends with the sitting: a sign-in or a code."""
    return request.user.is_authenticated or bool(request.session.get(CODES))


def code_of(request: HttpRequest, subject_id: UUID) -> str | None:
    """The code that this sitting holds for a draft or application, to be shown to its holder."""
    sealed = request.session.get(CODES, {}).get(str(subject_id))
    if sealed is None:
        return None
    return vault.open_json(KEYSET, bytes.fromhex(sealed), owner=subject_id, row=subject_id, field=CODES)


def codes_of(request: HttpRequest) -> dict[str, str]:
    """{subject id: code} of all drafts and applications that this sitting holds a code for."""
    return {key: code for key in request.session.get(CODES, {}) if (code := code_of(request, UUID(key)))}
