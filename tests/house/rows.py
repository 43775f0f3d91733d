"""One row of each kind at an authority: what the laws are tried on."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from accounts.models import StaffRole
from applications.models import (
    Announcement,
    Application,
    Attachment,
    CorrectionAnswer,
    CorrectionRequest,
    Decision,
    Draft,
    IssuedDocument,
    Message,
    Payment,
    Receipt,
    Remark,
    Revocation,
    Routing,
    SearchTerm,
)
from applications.states import State
from authorities.models import Authority
from catalogue.models import Adoption, Offering, PlainPage, Tariff
from forms_engine.models import CodeList, Form, FormVersion, TranslationLook, Upstream
from foundation import audit, erasure, files, outbox, scope
from foundation.audit.models import AuditEvent, AuditLink
from foundation.files.models import StoredFile
from foundation.ids import new_id, new_reference
from postbox.models import PostboxItem
from tests.factories import make_application, make_user

CODE = b"\1" * 32
SERVICE = "hundesteuer-anmelden"


@dataclass(frozen=True)
class Furnished:
    """An authority with a case that went all the way."""

    authority_id: UUID
    party_id: UUID
    application: Application


def furnish(slug: str) -> Furnished:
    """Fills every table that holds rows of an authority, with the rows of one person's case."""
    party_id = new_id()
    with scope.system("a test needs rows of every kind", read_only=True):
        authority = Authority.objects.get(slug=slug)
        department = authority.departments.order_by("sort_key")[0]
    application = make_application(
        authority=slug, service=SERVICE, department=department.slug, party_id=party_id, state=State.COMPLETED
    )
    user = make_user(f"clerk.{slug}@example.org")
    with scope.system("a test needs rows of every kind"):
        stored = _stored_file(application)
        _papers_of_the_case(application, stored)
        _draft(application)
        PostboxItem.objects.create(
            authority=authority,
            party_id=party_id,
            subject_id=application.pk,
            title="Bescheid",
            file_id=stored.pk,
            regime="retrieval",
        )
        Remark.objects.create(
            authority=authority,
            form_version_id=application.form_version_id,
            path="name",
            text=b"sealed",
            by_id=user.pk,
        )
        PlainPage.objects.create(offering_id=application.offering_id, authority=authority)
        Tariff.objects.create(
            offering_id=application.offering_id, authority=authority, valid_from=date(2030, 1, 1), tariff={}
        )
        StaffRole.objects.create(user=user, authority=authority, role="clerk")
        form = Form.objects.create(authority=authority, key=f"entwurf-{new_id()}")
        FormVersion.objects.create(form=form, authority=authority, no=1, definition={}, sha256="0" * 64)
        Upstream.objects.create(form=form, authority=authority, provenance={"authority": {"name": "X"}}, definition={})
        offering = Offering.objects.get(authority=authority, service__slug=SERVICE)
        Adoption.objects.update_or_create(offering=offering, defaults={"authority": authority, "base": {}})
        TranslationLook.objects.create(
            form=form, authority=authority, path="title", source_sha256="0" * 64, translation_sha256="0" * 64
        )
        CodeList.objects.create(uri=f"urn:test:{new_id()}", version="1", entries=[], sha256="0" * 64)
        audit.record("case.tried", authority_id=authority.pk, object_kind="application", object_id=application.pk)
        event = AuditEvent.objects.get(object_id=application.pk)
        AuditLink.objects.create(authority_id=authority.pk, no=1, event=event, prev_hash=CODE, hash=CODE)
        erasure.write_down("draft", new_id(), authority_id=authority.pk, reason="discarded")
        outbox.put("notify.received", authority_id=authority.pk, subject_id=application.pk)
    return Furnished(authority.pk, party_id, application)


def _stored_file(application: Application) -> StoredFile:
    return files.keep(
        b"%PDF-1.7 paper",
        authority_id=application.authority_id,
        keyset=application.authority.keyset,
        subject_id=application.pk,
        media_type="application/pdf",
    )


def _papers_of_the_case(application: Application, stored: StoredFile) -> None:
    at_authority = {"application": application, "authority_id": application.authority_id}
    Attachment.objects.create(
        application_id=application.pk, authority_id=application.authority_id, path="plan", file=stored, name=b"sealed"
    )
    request = CorrectionRequest.objects.create(
        **at_authority, text=b"sealed", documents=b"sealed", due_on=date.today(), asked_by_id=new_id()
    )
    CorrectionAnswer.objects.create(request=request, authority_id=application.authority_id, text=b"sealed")
    Message.objects.create(**at_authority, sender="applicant", text=b"sealed")
    Announcement.objects.create(
        id=new_id(),
        authority_id=application.authority_id,
        offering_id=application.offering_id,
        since=application.submitted_at,
        until=application.submitted_at + timedelta(hours=1),
        number=1,
        text=b"sealed",
        by_user_id=new_id(),
    )
    decision = Decision.objects.create(
        **at_authority, outcome="approved", reason=b"sealed", regime="letter", content_sha256="0" * 64, by_id=new_id()
    )
    Payment.objects.create(decision=decision, authority_id=application.authority_id, set_by_id=new_id())
    Revocation.objects.create(
        decision=decision,
        authority_id=application.authority_id,
        effective_on=date.today(),
        reason=b"sealed",
        by_id=new_id(),
    )
    IssuedDocument.objects.create(**at_authority, access_digest=new_id().bytes * 2, kind="receipt", file=stored)
    Receipt.objects.create(**at_authority, file=stored, data_sha256="0" * 64)
    Routing.objects.create(**at_authority, target="department", department=application.department)
    SearchTerm.objects.create(**at_authority, digest=b"\2" * 12)


def _draft(application: Application) -> None:
    offering = Offering.objects.get(pk=application.offering_id)
    draft = Draft(
        id=new_id(),
        authority=application.authority,
        offering=offering,
        form_version=application.form_version,
        reference=new_reference(application.authority.reference_prefix, 2026),
        party_id=application.party_id,
        expires_at=application.submitted_at + timedelta(days=90),
    )
    draft.answers = draft.seal("answers", {})
    draft.save(force_insert=True)
