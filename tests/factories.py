"""Rows that tests need, made the way the portal makes them wherever that is possible."""

import itertools
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from accounts.models import Party, StaffRole, User
from accounts.people import Applicant, Clerk
from applications.models import Application, Transition
from applications.states import State
from authorities.models import Authority, Department
from catalogue.models import Offering
from forms_engine.models import FormVersion
from foundation import scope
from foundation.ids import new_id, new_reference

PASSWORD = "hro-test-2026"
#: The way from a submitted application to each state.
WAYS: dict[State, list[State]] = {
    State.SUBMITTED: [],
    State.RECEIVED: [State.RECEIVED],
    State.PROCESSING: [State.RECEIVED, State.PROCESSING],
    State.ACTION_REQUIRED: [State.RECEIVED, State.PROCESSING, State.ACTION_REQUIRED],
    State.COMPLETED: [State.RECEIVED, State.PROCESSING, State.COMPLETED],
    State.WITHDRAWN: [State.WITHDRAWN],
}


def make_user(email: str = "lena.kogge@example.org", **fields: Any) -> User:
    """A user with a confirmed address and a person party."""
    from allauth.account.models import EmailAddress

    user = User.objects.create_user(email, PASSWORD, **fields)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    Party.objects.get_or_create(kind=Party.Kind.PERSON, user=user)
    return user


def applicant(user: User) -> Applicant:
    return Applicant(user_id=user.pk, party_id=user.party.pk, person_party_id=user.party.pk)


def make_clerk(
    email: str = "clerk@example.org",
    *,
    authority: str = "rostock",
    department: str | None = "steuern",
    role: str = "clerk",
) -> tuple[User, Clerk]:
    """A member of staff and the person that the use cases see."""
    user = make_user(email)
    with scope.system("a test needs a clerk"):
        where = Authority.objects.get(slug=authority)
        office = where.departments.get(slug=department) if department else None
        StaffRole.objects.create(user=user, authority=where, department=office, role=role)
        offices = [office] if office else list(where.departments.all())
    return user, Clerk(
        user_id=user.pk,
        authority_id=where.pk,
        roles=frozenset({role}),
        posts=frozenset((role, each.pk) for each in offices),
    )


def make_application(**fields: Any) -> Application:
    """An application in the given state, with its whole history; the fields are those of `make_applications`."""
    (row,) = make_applications(1, **fields)
    return row


def make_applications(
    number: int,
    *,
    authority: str = "rostock",
    service: str = "hundesteuer-anmelden",
    department: str = "steuern",
    party_id: UUID | None = None,
    access_digest: bytes | None = None,
    answers: dict[str, Any] | None = None,
    state: State = State.RECEIVED,
    name: str = "Kogge, Lena",
    due_on: date | None = None,
    **fields: Any,
) -> list[Application]:
    """Applications in the given state, each with its whole history, without going through the pages.

    All at once, in one transaction and as few statements as go.
    """
    with scope.system("a test needs applications"):
        where = Authority.objects.get(slug=authority)
        offering = Offering.objects.select_related("service").get(authority=where, service__slug=service)
        version = FormVersion.objects.filter(form=offering.form).order_by("-no")[0]
        office = Department.objects.get(authority=where, slug=department)
        way = [State.INITIATED, State.SUBMITTED, *WAYS[state]]
        rows = []
        for _ in range(number):
            row = Application(
                id=new_id(),
                authority=where,
                offering=offering,
                form_version=version,
                form_sha256=version.sha256,
                answers_sha256="0" * 64,
                reference=new_reference("TEST" if fields.get("is_test") else where.reference_prefix, 2026),
                party_id=party_id,
                access_digest=access_digest,
                level=offering.level,
                department=office,
                due_on=due_on or date.today() + timedelta(days=28),
                state=way[-1],
                state_no=len(way) - 1,
                **fields,
            )
            if party_id is None and access_digest is None:
                row.party_id = new_id()
            row.answers = row.seal("answers", answers or {})
            row.applicant_name = row.seal("applicant_name", name)
            rows.append(row)
        Application.objects.bulk_create(rows)
        Transition.objects.bulk_create(
            Transition(application=row, no=no, from_state=start, to_state=end, actor="portal")
            for row in rows
            for no, (start, end) in enumerate(itertools.pairwise(way), start=1)
        )
    return rows
