"""From a decision to a document on its way: made once, kept sealed, and delivered by the way that was chosen."""

import io
from uuid import UUID

from applications.deciding.notice import LANGUAGE, Notice, Payment, decisions, notice_of, subject_in_languages
from applications.issuing.use_cases import check_page, code_svg, issue
from applications.models import IssuedDocument
from applications.recipients import mail_address_of
from foundation import documents, mail, outbox
from postbox import use_cases as postbox
from postbox.models import PostboxItem

NOTIFY = "notify.document"


def deliver_notice(decision_id: UUID) -> PostboxItem:
    """Makes the notice and puts it on its way; a second call finds it there and changes nothing.

    The postbox item has the decision's id: its primary key is what forbids a second notice.
    """
    item = PostboxItem.objects.filter(pk=decision_id).first()
    if item:
        return item
    decision = decisions().get(pk=decision_id)
    application = decision.application
    notice = notice_of(decision)
    stored = issue(
        decision.pk,
        application=application,
        kind=IssuedDocument.Kind.NOTICE,
        make=lambda check_url: pdf_of(notice, check_url),
    )
    item = postbox.provide(
        decision.pk,
        authority_id=application.authority_id,
        party_id=application.party_id,
        subject_id=application.pk,
        title=notice.subject,
        title_in=subject_in_languages(application, is_answer=notice.is_answer),
        file_id=stored.pk,
        regime=decision.regime,
    )
    outbox.put(NOTIFY, authority_id=application.authority_id, subject_id=application.pk, target=str(decision.pk))
    return item


def notify_of_notice(decision_id: UUID, *, effect: UUID) -> None:
    """Tells the person that there is a document, without a word of what is in it.

    `effect` is the outbox row that asks for it.
    """
    item = PostboxItem.objects.get(pk=decision_id)
    decision = decisions().get(pk=decision_id)
    application = decision.application
    address = mail_address_of(application)
    if item.notified_at is not None or address is None:
        return
    item = postbox.note_notification(item)
    mail.send(
        f"document_{item.regime}",
        {
            "authority": application.authority,
            "department": application.department,
            "reference": application.reference,
            "retrieve_until": item.retrieve_until,
        },
        to=address,
        language=application.language,
        effect=effect,
    )


def pdf_of(notice: Notice, check_url: str) -> bytes:
    """The notice as PDF/A, addressed for a window envelope (DIN 5008, form B), with the address of its check page."""
    assets = {"check.svg": (code_svg(check_url), "image/svg+xml")}
    if notice.payment and not notice.payment.debited_from and not notice.is_test:
        assets["girocode.svg"] = (_girocode_svg(notice.payment), "image/svg+xml")
    context = {"notice": notice, "check_page": check_page()}
    return documents.render_pdf("documents/notice.html", context, assets=assets, language=LANGUAGE)


def _girocode_svg(payment: Payment) -> bytes:
    drawn = io.BytesIO()
    payment.girocode().save(drawn, kind="svg", border=2)
    return drawn.getvalue()
