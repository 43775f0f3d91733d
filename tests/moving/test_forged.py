"""An export that somebody else wrote: it brings an authority, and takes nothing of anybody who is here."""

import io
import shutil
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives.serialization import Encoding
from pytest_django import Settings

from accounts.models import Document, Invitation, Mandate, Membership, Party, StaffRole, User
from applications.models import Application, IssuedDocument, Line, Message, Transition
from authorities.models import Authority
from catalogue.models import Service, Situation
from foundation import files, scope, sealing
from foundation.audit.models import AuditEvent
from foundation.erasure.models import Erasure
from foundation.files.models import StoredFile
from foundation.ids import new_id
from foundation.outbox.models import OutboxRow
from foundation.sealing import certificates, keys
from hro_portal.moving import folder, seals
from tests.factories import make_application, make_user
from tests.moving import forging
from tests.moving.places import Place, export, take
from tests.moving.rows import case_at_schwerin
from tests.moving.test_refused import refusal_of

SCHWERIN, ROSTOCK = "Landeshauptstadt Schwerin", "Hanse- und Universitätsstadt Rostock"
NOW, LATER = "2026-11-24T10:00:00+00:00", "2099-01-01T00:00:00+00:00"


@pytest.fixture
def moved(old: Place, tmp_path: Path) -> Path:
    """An export with one case of one person."""
    with old.entered():
        case_at_schwerin(party_id=make_user("nora@example.org").party.pk)
        return export(to=tmp_path / "export")


def copy_of(moved: Path) -> Path:
    copy = moved.with_name(f"copy-{new_id()}")
    shutil.copytree(moved, copy)
    return copy


# --- rows of other authorities ---------------------------------------------------------------------------------------


def schwerin(moved: Path) -> str:
    return str(forging.rows(moved, Authority)[0]["id"])


def add_role(moved: Path, theirs: Application) -> None:
    [user] = forging.rows(moved, User)
    forging.add(moved, StaffRole, id=new_id(), user_id=user["id"], authority_id=theirs.authority_id, role="head")


def add_event(moved: Path, **said: object) -> None:
    row = {"at": NOW, "action": "case.read", "object_kind": "application", "refs": {}, "object_id": new_id()}
    forging.add(moved, AuditEvent, **{"id": new_id(), **row, **said})


def add_wish(moved: Path, theirs: Application) -> None:
    times = {"due_at": NOW, "created_at": NOW, "attempts": 0, "state": "due", "error_code": "", "target": ""}
    forging.add(
        moved,
        OutboxRow,
        id=new_id(),
        authority_id=schwerin(moved),
        kind="notify.received",
        subject_id=theirs.pk,
        **times,
    )


def add_message(moved: Path, theirs: Application) -> None:
    said = {"sender": "clerk", "text": '"Zahlen Sie hier"', "at": NOW}
    forging.add(moved, Message, id=new_id(), application_id=theirs.pk, authority_id=schwerin(moved), **said)


def add_step(moved: Path, theirs: Application) -> None:
    said = {"from_state": theirs.state, "to_state": "WITHDRAWN", "actor": "portal", "reason": "", "at": NOW}
    forging.add(moved, Transition, application_id=theirs.pk, no=theirs.state_no + 1, **said)


def add_line(moved: Path, theirs: Application) -> None:
    forging.add(moved, Line, department_id=theirs.department_id, failures=99, ask_again_at=LATER)


def add_erasure(moved: Path, theirs: Application) -> None:
    said = {"kind": "application", "reason": "retention", "at": NOW}
    forging.add(moved, Erasure, id=new_id(), authority_id=schwerin(moved), object_id=theirs.pk, **said)


def add_erasure_of_an_account(moved: Path, theirs: Application) -> None:
    """It would be erased when a backup is restored here."""
    victim = make_user(f"{new_id()}@example.org")
    said = {"kind": "account", "reason": "wish", "at": NOW}
    forging.add(moved, Erasure, id=new_id(), authority_id=schwerin(moved), object_id=victim.pk, **said)


OF_OTHERS: dict[str, Callable[[Path, Application], None]] = {
    "a role": add_role,
    "an event in their trail": lambda moved, theirs: add_event(moved, authority_id=theirs.authority_id),
    "an event of nobody": lambda moved, theirs: add_event(moved),
    "a look into their case": lambda moved, theirs: add_event(moved, authority_id=schwerin(moved), object_id=theirs.pk),
    "work on their case": add_wish,
    "a message in their case": add_message,
    "a step of their case": add_step,
    "the line to their office": add_line,
    "an erasure of their case": add_erasure,
    "an erasure of an account": add_erasure_of_an_account,
}


@pytest.mark.tr("A3.15.06")
def test_no_row_of_another_authority_arrives_and_none_hangs_on_one(moved: Path, new: Place):
    with new.entered():
        theirs = make_application()
        for what, forge in OF_OTHERS.items():
            forged = copy_of(moved)
            forge(forged, theirs)
            assert "gehören oder an einer anderen hängen" in refusal_of(lambda forged=forged: take(forged)), what
        take(moved)


AUTHORITIES = {
    "none": [],
    "two": [
        {},
        {"id": str(new_id()), "slug": "wismar", "name": "Wismar", "keyset": "wismar", "reference_prefix": "WIS"},
    ],
    "another number": [{"id": str(new_id())}],
    "the keyset of accounts": [{"keyset": "accounts"}],
    "the keyset of our own issuer": [{"keyset": "own-authority"}],
    "a keyset that leads elsewhere": [{"keyset": "../rostock"}],
    "the numbers of tests": [{"reference_prefix": "TEST"}],
}


def test_an_export_is_of_one_authority_that_takes_no_name_of_the_portal(moved: Path, new: Place):
    [said] = forging.rows(moved, Authority)
    with new.entered():
        for what, changes in AUTHORITIES.items():
            forged = copy_of(moved)
            forging.replace(forged, Authority, [said | change for change in changes])
            assert "nicht genau eine Behörde" in refusal_of(lambda forged=forged: take(forged)), what
        for name in (ROSTOCK, ROSTOCK.upper()):
            forging.replace(moved, Authority, [said | {"name": name}])
            assert f"schon den Namen „{name}“" in refusal_of(lambda: take(moved))


def test_a_row_with_other_columns_is_refused(moved: Path, new: Place):
    name = f"{folder.TABLES}/{Party._meta.label}-0001.jsonl"
    forging.put(moved, name, b'{"id":"x"}\n')
    with new.entered():
        assert "accounts.Party“ fehlt oder wurde geändert" in refusal_of(lambda: take(moved))


def test_the_catalogue_gets_what_the_authority_offers_and_nothing_else(moved: Path, new: Place):
    [service] = forging.rows(moved, Service)[:1]
    forging.add(moved, Service, **service | {"id": new_id(), "slug": "geld-zurueck", "key": "x", "short": None})
    told = {"texts": {}, "audience": "citizens", "icon": "x.svg", "position": 1}
    forging.add(moved, Situation, slug="falle", **told)
    with new.entered():
        known = Service.objects.using("owner").exclude(pk=service["id"]).first()
        forging.add(moved, Service.situations.through, service_id=known.pk, situation_id="falle")
        take(moved)
        assert not Service.objects.filter(slug="geld-zurueck").exists()
        assert not Situation.objects.filter(pk="falle").exists()


# --- people who are here ---------------------------------------------------------------------------------------------


def test_nothing_that_arrives_gives_a_right_over_people_who_are_here(moved: Path, new: Place):
    [nora], [person] = forging.rows(moved, User), forging.rows(moved, Party)
    with new.entered():
        victim = make_user("opfer@example.org")
        company = Party.objects.create(kind="organisation", name="Werft GmbH")
        forging.add(moved, EmailAddress, user_id=victim.pk, email="dieb@example.org", verified=True, primary=False)
        forging.add(moved, Authenticator, user_id=victim.pk, type="recovery_codes", data={"seed": "x"}, created_at=NOW)
        forging.add(moved, Membership, id=new_id(), organisation_id=company.pk, user_id=nora["id"], role="owner")
        invited = {"email": "dieb@example.org", "role": "owner", "invited_by_id": nora["id"], "expires_at": LATER}
        forging.add(moved, Invitation, id=new_id(), organisation_id=company.pk, **invited)
        parties = {"from_party_id": victim.party.pk, "to_party_id": person["id"]}
        forging.add(moved, Mandate, id=new_id(), service_id=new_id(), valid_from="2026-01-01", **parties)
        add_document(moved, victim.party, "accounts")
        said = take(moved)
        with scope.system("a test looks", read_only=True):
            left = {
                table: table._base_manager.count()
                for table in (Authenticator, Membership, Invitation, Mandate, Document, StoredFile)
            }
            assert set(left.values()) == {0}, left
        assert [each.email for each in victim.emailaddress_set.all()] == ["opfer@example.org"]
        assert User.objects.filter(email="nora@example.org").exists()
    for table in (Membership, Invitation, Mandate, Document):
        assert f"Nicht übernommen: 1 Zeilen in {table._meta.label}" in said
    assert new.files() == []


def add_document(moved: Path, party: Party, keyset: str) -> None:
    kept = new_id()
    said = {"sha256": "0" * 64, "size": 5, "media_type": "application/pdf", "verdict": "clean", "created_at": NOW}
    place = {"storage_key": f"{kept.hex[-2:]}/{kept}", "keyset": keyset}
    forging.add(moved, StoredFile, id=kept, subject_id=party.pk, **said, **place)
    forging.add(moved, Document, id=new_id(), party_id=party.pk, file_id=kept, details="{}", kept_at=NOW)
    forging.put(moved, f"{folder.FILES}/datei-{kept}.pdf", b"%PDF-")


def test_an_address_of_somebody_here_does_not_come_as_the_second_one_of_a_stranger(moved: Path, new: Place):
    [nora] = forging.rows(moved, User)
    forging.add(moved, EmailAddress, user_id=nora["id"], email="Opfer@example.org", verified=True, primary=False)
    with new.entered():
        make_user("opfer@example.org")
        assert "derselben E-Mail-Adresse" in refusal_of(lambda: take(moved))


@pytest.mark.parametrize(("address", "members"), [("nora@example.org", 1), ("nora.neu@example.org", 0)])
def test_an_organisation_that_comes_finds_its_members_who_are_here(moved: Path, new: Place, address: str, members: int):
    """Known is whoever has the same number and the same address at both places."""
    [nora] = forging.rows(moved, User)
    company = new_id()
    forging.add(moved, Party, id=company, kind="organisation", name="Werft GmbH")
    forging.add(moved, Membership, id=new_id(), organisation_id=company, user_id=nora["id"], role="owner")
    with new.entered():
        make_user(address, pk=nora["id"])
        take(moved)
        assert Membership.objects.filter(organisation_id=company).count() == members


@pytest.mark.parametrize(
    ("scanner", "said", "verdict"),
    [
        ("tcp://127.0.0.1:1", "clean", "pending"),
        ("tcp://127.0.0.1:1", "unchecked", "pending"),
        ("", "clean", "unchecked"),
        ("", "infected", "infected"),
    ],
)
def test_a_file_that_is_said_to_be_clean_waits_for_the_scanner_of_this_place(
    sealed: tuple[Path, bytes], new: Place, settings: Settings, scanner: str, said: str, verdict: str
):
    """A demo without a scanner shows it as unchecked; what was found infected stays so."""
    moved, _ = sealed
    forging.replace(moved, StoredFile, [row | {"verdict": said} for row in forging.rows(moved, StoredFile)])
    settings.CLAMD_URL = scanner
    with new.entered():
        take(moved)
        with scope.system("a test looks"):
            assert {stored.verdict for stored in StoredFile.objects.all()} == {verdict}


# --- seals -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def sealed(old: Place, tmp_path: Path) -> tuple[Path, bytes]:
    """An export with a receipt under the authority's seal, and that receipt."""
    with old.entered():
        case = case_at_schwerin()
        receipt = sealing.seal_pdf(page(), keyset="schwerin")
        issue(case, receipt)
        return export(to=tmp_path / "export"), receipt


def page() -> bytes:
    content = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(content)
    return content.getvalue()


def issue(case: Application, receipt: bytes) -> None:
    with scope.authority(case.authority_id):
        stored = files.keep(
            receipt, authority_id=case.authority_id, keyset="schwerin", subject_id=case.pk, media_type="application/pdf"
        )
        of_case = {"application": case, "authority_id": case.authority_id, "file": stored}
        IssuedDocument.objects.create(pk=case.pk, kind="receipt", access_digest=new_id().bytes * 2, **of_case)


def stranger(organisation: str) -> certificates.Issued:
    return certificates.seal(organisation, certificates.authority())


def put_seal(moved: Path, issued: certificates.Issued) -> None:
    forging.put(moved, f"{folder.SEALS}/x.pem", issued.certificate.public_bytes(Encoding.PEM))


@pytest.mark.asvs("V11.2.1")
def test_a_seal_counts_once_its_fingerprint_was_compared(sealed: tuple[Path, bytes], new: Place):
    moved, receipt = sealed
    [seal] = seals.in_folder(moved)
    with new.entered():
        for how in ({"fingerprints": []}, {"fingerprints": [seal.fingerprint[:-1] + "x"]}):
            assert f"{SCHWERIN}, {seal.fingerprint}" in refusal_of(lambda how=how: take(moved, **how))
            assert sealing.verify_pdf(receipt).result != sealing.Result.GENUINE
        with_colons = ":".join(seal.fingerprint.upper()[at : at + 2] for at in range(0, 64, 2))
        take(moved, fingerprints=[with_colons])
        assert sealing.verify_pdf(receipt).sealed_by == SCHWERIN
        with scope.system("a test looks", read_only=True):
            assert AuditEvent.objects.get(action="authority.imported").refs["seals"] == [seal.fingerprint]


def test_without_its_seals_an_authority_arrives_and_its_documents_are_not_ours(sealed: tuple[Path, bytes], new: Place):
    moved, receipt = sealed
    with new.entered():
        before = keys.trusted()
        take(moved, without_seals=True)
        assert keys.trusted() == before
        assert sealing.verify_pdf(receipt).result != sealing.Result.GENUINE


@pytest.mark.asvs("V11.2.1")
def test_a_seal_in_another_name_or_without_a_document_never_counts(sealed: tuple[Path, bytes], new: Place):
    """Even where somebody says that it was compared."""
    moved, _ = sealed
    with new.entered():
        before = keys.trusted()
        for organisation, why in (
            (ROSTOCK, f"nennt „{ROSTOCK}“ und nicht „{SCHWERIN}“"),
            (SCHWERIN, "Kein Dokument im Export trägt das Siegel"),
        ):
            put_seal(moved, stranger(organisation))
            assert why in refusal_of(lambda: take(moved))
        put_seal(moved, certificates.authority())
        assert "ist kein Siegel" in refusal_of(lambda: take(moved, fingerprints=[]))
        forging.put(moved, f"{folder.SEALS}/x.pem", b"nothing")
        assert "ist kein Siegel" in refusal_of(lambda: take(moved, fingerprints=[]))
        assert keys.trusted() == before


def test_a_seal_that_still_lies_here_is_not_taken_over_by_another_name(moved: Path, new: Place):
    """Who left keeps its key files here for old backups; whoever comes under that keyset must not seal with them."""
    [said] = forging.rows(moved, Authority)
    forging.replace(moved, Authority, [said | {"name": "Stadt Wismar"}])
    with new.entered():
        assert f"liegt hier schon ein Siegel von „{SCHWERIN}“" in refusal_of(lambda: take(moved))
