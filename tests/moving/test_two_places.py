"""An authority goes from one installation to another, which has keys of its own; whoever stays is not touched."""

import io
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from allauth.mfa.models import Authenticator
from django.core.management import call_command
from django.db import connections, transaction
from django.db.models.functions import Now

from accounts import profile, second_factor
from accounts.folder.details import Details, read
from accounts.folder.use_cases import keep
from accounts.models import Document, Membership, Party, StaffRole, User
from applications import search
from applications.models import Application, Draft, SearchTerm
from authorities.models import Authority
from catalogue.models import Offering, Service
from foundation import files, scope, sealing, vault
from foundation.audit import anchors, chain
from foundation.audit.models import AuditEvent
from foundation.files.models import StoredFile
from foundation.ids import new_id
from foundation.sealing import keys
from hro_portal.moving import belongings, folder
from tests.factories import PASSWORD, applicant, make_application, make_clerk, make_user
from tests.house.sealed import SAID, furnish_sealed
from tests.moving.places import Place, export, remove, take
from tests.moving.rows import case_at_schwerin, everything

#: Said by people of Rostock only.
SECRET = "Blumenkohlraumschiff"


def furnish() -> None:
    """Rows of every kind at both authorities, all of which open."""
    for slug in ("schwerin", "rostock"):
        furnish_sealed(slug)
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute("SELECT set_config('portal.resealing', 'on', true)")
        for table in (Application, Draft):
            for row in table._base_manager.using("owner").select_related("authority"):
                said = SECRET if row.authority.slug == "rostock" else "Schwerin"
                table._base_manager.using("owner").filter(pk=row.pk).update(answers=row.seal("answers", {"text": said}))


def second_factor_of(user: User, secret: str) -> str:
    """As the adapter of the second factor keeps it, which asks the page whose it is."""
    place = {"owner": user.pk, "row": user.pk, "field": second_factor.FIELD}
    sealed = vault.seal_json(second_factor.KEYSET, secret, **place).hex()
    Authenticator.objects.create(user=user, type="totp", data={"secret": sealed})
    return sealed


def opened_second_factor(user: User, sealed: str) -> str:
    place = {"owner": user.pk, "row": user.pk, "field": second_factor.FIELD}
    return vault.open_json(second_factor.KEYSET, bytes.fromhex(sealed), **place)


# --- what belongs to an authority ------------------------------------------------------------------------------------


def test_every_table_is_carried_or_left_out_for_a_reason():
    carried = {table._meta.label for table in belongings.carried()}
    assert {table._meta.label for table in belongings.all_tables()} == carried | set(belongings.LEFT_OUT)
    assert not carried & set(belongings.LEFT_OUT)
    assert all(belongings.LEFT_OUT.values())


# --- there -----------------------------------------------------------------------------------------------------------


def test_a_test_application_travels_and_stays_one(old: Place, tmp_path: Path):
    with old.entered():
        case = case_at_schwerin(is_test=True)
        moved = export(to=tmp_path / "export")
        remove(export=moved)
        take(moved)
        with scope.system("a test looks"):
            assert Application.objects.get(pk=case.pk).is_test
    told = json.loads((moved / "vorgaenge" / case.reference / "vorgang.json").read_text())
    assert told["vorgang"]["is_test"] is True


@pytest.mark.tr("A3.15.06")
def test_rows_of_every_kind_come_back_as_they_were(old: Place, tmp_path: Path):
    with old.entered():
        furnish()
        moved = export(to=tmp_path / "export")
        before, on_disk = everything(), old.files()
        remove(export=moved)
        assert len(old.files()) == len(on_disk) - 1
        take(moved)
        after = everything()
    assert old.files() == on_disk
    differing = {label for label in before if before[label] != after[label]}
    # What the bytes of a test stood for is made anew from the answers; this place has not scanned the files.
    assert differing == {"audit.AuditEvent", "applications.SearchTerm", "files.StoredFile"}
    assert before["audit.AuditEvent"] < after["audit.AuditEvent"]


def test_what_is_sealed_opens_with_the_keys_of_the_new_place(old: Place, new: Place, tmp_path: Path):
    with old.entered():
        furnish()
        moved = export(to=tmp_path / "export")
    with new.entered():
        take(moved)
        with scope.system("a test reads what has arrived", read_only=True):
            case = Application.objects.select_related("authority").get(authority__slug="schwerin")
            assert case.read_answers() == {"text": "Schwerin"}
            assert case.unseal("applicant_name", case.applicant_name) == json.loads(SAID)
            stored = StoredFile.objects.get(authority_id=case.authority_id)
            assert files.open_bytes(stored) == b"%PDF-1.7 paper"
            found = SearchTerm.objects.filter(digest__in=search.digests_of("Zweifelstein", keyset="schwerin"))
            assert [term.application_id for term in found] == [case.pk]
    assert new.files() == [str(stored.pk)]


def test_people_sign_in_at_the_new_place_and_their_organisation_is_theirs(old: Place, new: Place, tmp_path: Path):
    with old.entered():
        clerk, _ = make_clerk("clerk@example.org", authority="schwerin", department=None)
        person = make_user("nora.see@example.org", is_superuser=True, is_staff=True)
        profile.write(person, {"given_name": "Nora"})
        organisation = Party.objects.create(kind="organisation", name="Seebad GmbH")
        Membership.objects.create(organisation=organisation, user=person, role="owner")
        case_at_schwerin(party_id=organisation.pk)
        factor = second_factor_of(clerk, "GEZDGNBVGY3TQOJQ")
        moved = export(to=tmp_path / "export")
    with new.entered():
        take(moved)
        brought = Authenticator.objects.get(user_id=clerk.pk).data["secret"]
        assert brought != factor
        assert opened_second_factor(clerk, brought) == "GEZDGNBVGY3TQOJQ"
        arrived = User.objects.get(pk=person.pk)
        assert arrived.check_password(PASSWORD)
        assert profile.read(arrived)["given_name"] == "Nora"
        assert arrived.emailaddress_set.get().verified
        assert Membership.objects.get(user=arrived).organisation.name == "Seebad GmbH"
        with scope.system("a test looks", read_only=True):
            assert StaffRole.objects.get(user_id=clerk.pk).authority.slug == "schwerin"
    assert not arrived.is_superuser, "rights over the whole new place are given there"
    assert not arrived.is_staff


def test_a_service_that_the_new_place_knows_keeps_its_number_there(old: Place, new: Place, tmp_path: Path):
    with old.entered():
        case_at_schwerin()
        moved = export(to=tmp_path / "export")
    with new.entered():
        services, number = Service.objects.count(), new_id()
        with connections["owner"].cursor() as cursor:
            cursor.execute("SELECT id FROM catalogue_service WHERE slug = 'hundesteuer-anmelden'")
            [(before,)] = cursor.fetchall()
        with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
            for table, column in (
                ("catalogue_service", "id"),
                ("catalogue_offering", "service_id"),
                ("catalogue_service_situations", "service_id"),
            ):
                cursor.execute(f"UPDATE {table} SET {column} = %s WHERE {column} = %s", [number, before])
        take(moved)
        assert Service.objects.count() == services
        arrived = Offering.objects.using("owner").filter(authority__slug="schwerin", service_id=number)
        assert arrived.count() == 1


@pytest.mark.asvs("V16.4.2")
def test_the_trail_ends_here_and_goes_on_there(old: Place, new: Place, tmp_path: Path):
    with old.entered():
        case_at_schwerin()
        export(to=tmp_path / "first")
        anchors.append_heads()
        moved = export(to=tmp_path / "export")
        schwerin = Authority.objects.get(slug="schwerin").pk
        remove(export=moved)
        chain.seal_new_events()
        call_command("verify_trail", stdout=io.StringIO())
        with scope.system("a test looks", read_only=True):
            left = AuditEvent.objects.get(action="authority.moved")
            assert AuditEvent.objects.filter(authority_id=schwerin).count() == 0
        assert (left.authority_id, left.object_id, left.refs["slug"]) == (None, schwerin, "schwerin")
        assert anchors.of(schwerin) == []
    with new.entered():
        take(moved)
        chain.seal_new_events()
        call_command("verify_trail", stdout=io.StringIO())
        assert len(anchors.of(schwerin)) == 1
        with scope.system("a test looks", read_only=True):
            assert chain.head(schwerin)[0] == left.refs["last_link"] + 1


def test_an_authority_leaves_after_the_clock_was_set_back(old: Place, new: Place, tmp_path: Path):
    """What people did in that span is chained, goes along, and is no breach at either place."""
    with old.entered():
        schwerin = Authority.objects.get(slug="schwerin").pk
        with scope.system("what was written while the clock was two hours fast"):
            AuditEvent.objects.create(
                at=Now() + timedelta(hours=2),
                authority_id=schwerin,
                action="application.read",
                object_kind="application",
                object_id=new_id(),
            )
        chain.seal_new_events()
        case_at_schwerin()
        moved = export(to=tmp_path / "export")
        call_command("verify_trail", stdout=io.StringIO())
        remove(export=moved)
    with new.entered():
        take(moved)
        chain.seal_new_events()
        call_command("verify_trail", stdout=io.StringIO())
        assert len(chain.set_backs(schwerin)) == 1


def test_a_sealed_document_is_genuine_at_the_new_place_and_nothing_else_of_the_old_one(old: Place, new: Place):
    content = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(content)
    with old.entered():
        ours, others = (sealing.seal_pdf(content.getvalue(), keyset=keyset) for keyset in ("schwerin", "rostock"))
        [certificate], [root] = sealing.seals_of(ours), keys.trusted()
    with new.entered():
        assert sealing.verify_pdf(ours).result != sealing.Result.GENUINE
        assert sealing.trust(certificate) is not None
        assert sealing.trust(certificate) is None, "it is trusted already"
        assert sealing.verify_pdf(ours).result == sealing.Result.GENUINE
        assert sealing.verify_pdf(others).result != sealing.Result.GENUINE
        with pytest.raises(ValueError, match="issue"):
            sealing.trust(root)


# --- what does not travel, and who stays -----------------------------------------------------------------------------


@pytest.mark.tr("A3.2.06")
def test_nothing_of_another_authority_travels(old: Place, tmp_path: Path):
    with old.entered():
        furnish()
        neighbour = make_user("nachbar@example.org")
        make_application(party_id=neighbour.party.pk, name=SECRET)
        moved = export(to=tmp_path / "export")
        with scope.system("a test looks", read_only=True):
            others = list(Application.objects.filter(authority__slug="rostock").values_list("reference", flat=True))
    said = "\n".join(path.read_text("latin-1") for path in moved.rglob("*") if path.is_file())
    foreign = [SECRET, "nachbar@example.org", "clerk.rostock@example.org", *others]
    assert [word for word in foreign if word in said] == []
    assert "clerk.schwerin@example.org" in said, "else the search finds nothing at all"


def test_who_deals_with_another_authority_stays_and_the_others_go(old: Place, tmp_path: Path):
    with old.entered():
        both, only, idle = (make_user(f"{name}@example.org") for name in ("beide", "nur", "niemand"))
        for user in (both, only):
            case_at_schwerin(party_id=user.party.pk)
        make_application(party_id=both.party.pk)
        moved = export(to=tmp_path / "export")
        remove(export=moved)
        assert set(User.objects.values_list("pk", flat=True)) == {both.pk, idle.pk}
        take(moved)
        assert set(User.objects.values_list("pk", flat=True)) == {both.pk, idle.pk, only.pk}


def test_the_documents_of_people_go_and_come_with_them(old: Place, tmp_path: Path):
    def stored() -> dict[Any, bytes]:
        with scope.system("a test looks into folders", read_only=True):
            rows = Document.objects.select_related("file")
            return {row.party_id: files.open_bytes(row.file) + read(row).title.encode() for row in rows}

    with old.entered():
        both, only = (make_user(f"{name}@example.org") for name in ("beide", "nur"))
        for user in (both, only):
            case_at_schwerin(party_id=user.party.pk)
            taken = files.Taken("ausweis.pdf", f"%PDF {user.email}".encode(), "application/pdf", "clean")
            with scope.party(user.party.pk):
                keep(taken, Details("identity", "Ausweis", "ausweis.pdf"), by=applicant(user))
        make_application(party_id=both.party.pk)
        before, on_disk = stored(), old.files()
        moved = export(to=tmp_path / "export")
        remove(export=moved)
        assert stored() == {both.party.pk: before[both.party.pk]}
        assert len(old.files()) == len(on_disk) - 1
        take(moved)
        assert stored() == before
    assert old.files() == on_disk


def test_the_folder_is_for_its_owner_only_and_explains_itself(old: Place, tmp_path: Path):
    with old.entered():
        case_at_schwerin()
        moved = export(to=tmp_path / "export")
    paths = [moved, *moved.rglob("*")]
    assert {path.stat().st_mode & 0o777 for path in paths if path.is_file()} == {0o600}
    assert {path.stat().st_mode & 0o777 for path in paths if path.is_dir()} == {0o700}
    said = (moved / folder.README).read_text()
    assert [path.name for path in moved.iterdir() if path.name not in said] == [folder.README]
    [case] = moved.glob("vorgaenge/*/vorgang.json")
    assert json.loads(case.read_text())["leistung"] == "hundesteuer-anmelden"
