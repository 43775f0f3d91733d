"""Everybody who may stand at a door of the portal, and one of everything behind the doors for each owner."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.test import Client

from accounts import people, profile
from accounts.folder.details import Details as DocumentDetails
from accounts.folder.use_cases import keep
from accounts.models import Invitation, Membership, Party, StaffRole, User
from accounts.organisations.details import Details
from accounts.organisations.use_cases import found
from applications.models import Application, Attachment, Draft, Message, Payment, Receipt, Remark
from applications.states import State
from authorities.models import Authority
from foundation import files, scope, vault
from foundation.files.models import StoredFile
from foundation.ids import code_digest, new_code, new_id, new_reference
from tests.factories import make_application, make_user
from tests.following.rows import decide, make_document

ROSTOCK, SCHWERIN, MINISTRY = "rostock", "schwerin", "mv"
#: What each offers, and the office that it lies with.
SERVICES = {
    ROSTOCK: "hundesteuer-anmelden",
    SCHWERIN: "hundesteuer-anmelden",
    MINISTRY: "wuensche-und-ideen",
}
STEPS = {"hundesteuer-anmelden": "halter", "wuensche-und-ideen": "idee"}
OFFICES = {ROSTOCK: "steuern", SCHWERIN: "finanzen", MINISTRY: "buergerbeteiligung"}
OTHER_OFFICE = "mobilitaet"
CLERK, HEAD = StaffRole.Role.CLERK, StaffRole.Role.HEAD
AUTHOR, OPERATOR, OFFICER = StaffRole.Role.FORM_AUTHOR, StaffRole.Role.OPERATOR, StaffRole.Role.DATA_PROTECTION
ROLES = {
    "clerk": CLERK,
    "head": HEAD,
    "author of forms": AUTHOR,
    "operator": OPERATOR,
    "data protection officer": OFFICER,
}


class Browser(Client):
    """Django's client without the copies that it keeps of every template's context; a fault is an answer of 500."""

    def request(self, **request: Any) -> HttpResponse:
        answer = self.handler(self._base_environ(**request))
        self.cookies.update(answer.cookies)
        return answer


@dataclass(frozen=True)
class Person:
    """Somebody with a browser. `acts_for` names the owner whose things are theirs."""

    name: str
    acts_for: str = ""
    signed_in: bool = True
    role: str = ""
    authority: str = ""
    office: str = ""
    #: A second role at the same authority, and its office.
    also: tuple[str, str] = ("", "")
    client: Client = field(default_factory=Browser)
    cookies: str = ""
    user_id: UUID | None = None

    @property
    def posts(self) -> list[tuple[str, str]]:
        """Each role with its office; no office: all of the authority."""
        return [(role, office) for role, office in ((self.role, self.office), self.also) if role]


PEOPLE = (
    Person("stranger", signed_in=False),
    Person("holder of a code", "guest", signed_in=False),
    Person("citizen", "citizen"),
    Person("other citizen", "other citizen"),
    Person("member", "organisation"),
    Person("former member"),
    *(Person(name, role=role, authority=ROSTOCK) for name, role in ROLES.items()),
    Person("clerk of another office", role=CLERK, authority=ROSTOCK, office=OTHER_OFFICE),
    Person("clerk elsewhere who writes forms", role=CLERK, authority=ROSTOCK, office=OTHER_OFFICE, also=(AUTHOR, "")),
    Person("head elsewhere", role=HEAD, authority=ROSTOCK, office=OTHER_OFFICE, also=(CLERK, OFFICES[ROSTOCK])),
    *(Person(f"{name} in Schwerin", role=role, authority=SCHWERIN) for name, role in ROLES.items()),
    *(Person(f"{name} at the ministry", role=role, authority=MINISTRY) for name, role in ROLES.items()),
    Person("disabled clerk", signed_in=False),
)
OWNERS = {
    "citizen": ROSTOCK,
    "other citizen": ROSTOCK,
    "organisation": ROSTOCK,
    "other organisation": ROSTOCK,
    "guest": ROSTOCK,
    "somebody in Schwerin": SCHWERIN,
    "somebody at the ministry": MINISTRY,
}


@dataclass(frozen=True)
class Things:
    """One of everything that an address can name, all of it one owner's. Field names are the addresses' own."""

    owner: str
    authority_slug: str
    invited: str
    reference: str
    draft_reference: str
    draft_id: UUID
    application_id: UUID
    attachment_id: UUID
    item_id: UUID
    decision_id: UUID
    offering_id: UUID
    form_id: UUID
    remark_id: UUID
    message_text: str
    document_id: UUID | None = None
    organisation_id: UUID | None = None
    membership_id: UUID | None = None
    invitation_id: UUID | None = None

    @property
    def object_id(self) -> UUID:
        return self.application_id

    @property
    def step(self) -> str:
        """The first of the form behind it."""
        return STEPS[SERVICES[self.authority_slug]]

    @property
    def secrets(self) -> list[str]:
        """What nobody else's page may hold."""
        return [self.reference, self.draft_reference, surname(self.owner), str(self.application_id), str(self.draft_id)]


def surname(owner: str) -> str:
    """A name that stands in this owner's case and nowhere else."""
    return f"Zzz{owner.title().replace(' ', '')}"


UNKNOWN = Things(
    owner="nobody",
    authority_slug=ROSTOCK,
    invited="",
    reference=new_reference("HRO", 2026),
    draft_reference=new_reference("HRO", 2026),
    message_text="",
    **{
        name: new_id()
        for name in (
            *("draft_id", "application_id", "attachment_id", "item_id", "decision_id", "offering_id", "form_id"),
            *("remark_id", "document_id", "organisation_id", "membership_id", "invitation_id"),
        )
    },
)


@dataclass
class World:
    people: dict[str, Person]
    things: dict[str, Things]


def make_world() -> World:
    """Fills a furnished city with all of them."""
    users = {person.name: make_user(f"{person.name.replace(' ', '.')}@example.org") for person in PEOPLE[2:]}
    founders = {"organisation": users["member"], "other organisation": make_user("founder@example.org")}
    organisations = {
        owner: found(Details(name=f"{surname(owner)} GmbH", legal_form="gmbh", sites=[]), by=user)
        for owner, user in founders.items()
    }
    Membership.objects.create(
        organisation=organisations["organisation"],
        user=users["former member"],
        role="owner",
        until=datetime.now(UTC) - timedelta(days=1),
    )
    parties: dict[str, UUID | None] = {
        "citizen": users["citizen"].party.pk,
        "other citizen": users["other citizen"].party.pk,
        "somebody in Schwerin": make_user("schwerin@example.org").party.pk,
        "somebody at the ministry": make_user("ministry@example.org").party.pk,
        "guest": None,
        **{owner: organisation.pk for owner, organisation in organisations.items()},
    }
    code = new_code()
    things = {
        owner: _things_of(owner, authority, parties[owner], code_digest(code), organisations.get(owner))
        for owner, authority in OWNERS.items()
    }
    people_at_doors = {person.name: _arrive(person, users.get(person.name), things, code) for person in PEOPLE}
    return World(people_at_doors, things)


def _things_of(owner: str, authority: str, party_id: UUID | None, digest: bytes, organisation: Party | None) -> Things:
    application = make_application(
        authority=authority,
        service=SERVICES[authority],
        department=OFFICES[authority],
        party_id=party_id,
        access_digest=None if party_id else digest,
        name=f"{surname(owner)}, Lena",
        answers={"person": {"nachname": surname(owner)}},
        state=State.COMPLETED,
    )
    decision = decide(application)
    item = make_document(application, id=decision.pk, **_made_known(party_id))
    with scope.system("a test fills the city"):
        attachment = _attachment(application)
        Receipt.objects.create(
            application=application,
            authority_id=application.authority_id,
            file=_stored(application),
            data_sha256="0" * 64,
        )
        message = Message(
            id=new_id(), application=application, authority_id=application.authority_id, sender="applicant"
        )
        message.text = application.seal(f"message:{message.pk}:text", f"Frage von {surname(owner)}")
        message.save(force_insert=True)
        Payment.objects.create(decision=decision, authority_id=application.authority_id, set_by_id=new_id())
        draft = _draft(application)
        remark = Remark(
            id=new_id(),
            authority=application.authority,
            form_version=application.form_version,
            path="email",
            by_id=new_id(),
        )
        remark.text = vault.seal_json(
            application.authority.keyset, "Unklar.", owner=application.authority_id, row=remark.pk, field="text"
        )
        remark.save(force_insert=True)
    invited = {"organisation": "other citizen"}.get(owner, "")
    return Things(
        owner=owner,
        authority_slug=authority,
        invited=invited,
        reference=application.reference,
        draft_reference=draft.reference,
        draft_id=draft.pk,
        application_id=application.pk,
        attachment_id=attachment.pk,
        item_id=item.pk,
        decision_id=decision.pk,
        offering_id=application.offering_id,
        form_id=application.offering.form_id,
        remark_id=remark.pk,
        message_text=f"Frage von {surname(owner)}",
        document_id=_document(owner, party_id) if party_id else None,
        **_ids_of(organisation, invited),
    )


def _document(owner: str, party_id: UUID) -> UUID:
    """One document in the folder of this owner."""
    person = people.Applicant(user_id=new_id(), party_id=party_id, person_party_id=party_id)
    taken = files.Taken("ausweis.pdf", f"%PDF-1.7 {owner}".encode(), "application/pdf", "clean")
    with scope.party(party_id):
        return keep(taken, DocumentDetails("identity", surname(owner), "ausweis.pdf"), by=person).pk


def _made_known(party_id: UUID | None) -> dict[str, object]:
    """Opened in the postbox; without an account it goes as a letter."""
    if party_id is None:
        return {"regime": "letter", "notified": False}
    return {"retrieved_at": datetime.now(UTC), "effective_on": date.today()}


def _ids_of(organisation: Party | None, invited: str) -> dict[str, UUID]:
    if organisation is None:
        return {}
    email = f"{invited or 'somebody'}@example.org".replace(" ", ".")
    expires = datetime.now(UTC) + timedelta(days=1)
    invitation = Invitation.objects.create(
        organisation=organisation, email=email, role="member", invited_by_id=new_id(), expires_at=expires
    )
    member = Membership.objects.get(organisation=organisation, until__isnull=True)
    return {
        "organisation_id": organisation.pk,
        "membership_id": member.pk,
        "invitation_id": invitation.pk,
    }


def _stored(application: Application) -> StoredFile:
    return files.keep(
        b"%PDF-1.7 paper",
        authority_id=application.authority_id,
        keyset=application.authority.keyset,
        subject_id=application.pk,
        media_type="application/pdf",
    )


def _attachment(application: Application) -> Attachment:
    attachment = Attachment(
        id=new_id(),
        application_id=application.pk,
        authority_id=application.authority_id,
        path="nachweis",
        file=_stored(application),
    )
    attachment.name = application.seal(f"attachment:{attachment.pk}", "plan.pdf")
    attachment.save(force_insert=True)
    return attachment


def _draft(application: Application) -> Draft:
    draft = Draft(
        id=new_id(),
        authority=application.authority,
        offering=application.offering,
        form_version=application.form_version,
        reference=new_reference(application.authority.reference_prefix, 2026),
        party_id=application.party_id,
        access_digest=application.access_digest,
        expires_at=datetime.now(UTC) + timedelta(days=90),
    )
    draft.answers = draft.seal("answers", {})
    draft.save(force_insert=True)
    return draft


def _arrive(person: Person, user: User | None, things: dict[str, Things], code: str) -> Person:
    """Gives the person a role and a browser in which they have signed in, where they can."""
    if user is not None:
        _employ(person, user)
        person.client.force_login(user)
    session: dict[str, object] = {}
    if person.name in ("member", "former member"):
        session[people.ACTING_FOR] = str(things["organisation"].organisation_id)
    if person.name == "holder of a code":
        mine = things["guest"]
        session[people.CODES] = {
            str(each): people.seal_code(each, code) for each in (mine.application_id, mine.draft_id)
        }
    if session:
        store = person.client.session
        store.update(session)
        store.save()
        person.client.cookies["session"] = store.session_key
    if person.name == "disabled clerk" and user:
        User.objects.filter(pk=user.pk).update(is_active=False)
    cookies = person.client.cookies.output(header="", sep=";")
    return replace(person, cookies=cookies, user_id=user.pk if user else None)


def _employ(person: Person, user: User) -> None:
    posts = [(CLERK, "")] if person.name == "disabled clerk" else person.posts
    if not posts:
        return
    with scope.system("a test fills the city"):
        authority = Authority.objects.get(slug=person.authority or ROSTOCK)
        for role, office in posts:
            department = authority.departments.get(slug=office) if office else None
            StaffRole.objects.create(user=user, authority=authority, department=department, role=role)
    profile.write(user, {"family_name": "Amt"})
    runs = person.role == OPERATOR
    User.objects.filter(pk=user.pk).update(is_staff=runs, is_superuser=runs)
