"""The notice (Bescheid) as plain data: the same words for the PDF, the preview and the web page.

The official language is German (VwVfG § 23), so a notice is in German whatever language the form was in.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

import segno
from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from segno import helpers

from applications.contents import applicant_name_of, summary_of, text_of
from applications.deciding.staff import names_of
from applications.deciding.use_cases import Ruling
from applications.errors import ApplicationError
from applications.models import Application, Decision
from authorities import clock as calendar
from authorities.models import Authority, Department
from forms_engine import api as engine

LANGUAGE = "de"
#: Where forms ask for the account of a SEPA mandate.
MANDATE = "sepa.iban"

# They follow "Guten Tag," and go on after the comma.
_OPENINGS = {
    Decision.Outcome.APPROVED: "wir genehmigen Ihren Antrag „%(title)s“ vom %(date)s.",
    Decision.Outcome.PARTIALLY: "wir genehmigen Ihren Antrag „%(title)s“ vom %(date)s zum Teil.",
    Decision.Outcome.REFUSED: "wir können Ihren Antrag „%(title)s“ vom %(date)s nicht genehmigen.",
    Decision.Outcome.ANSWERED: "Sie haben uns am %(date)s geschrieben: „%(title)s“. Hier ist unsere Antwort.",
}


@dataclass(frozen=True)
class Payment:
    """What is to be paid; the GiroCode (EPC069-12) says the same as the text beside it.

    `debited_from` is the account of a SEPA mandate, shortened: then the authority collects the money itself.
    """

    amount: Decimal
    due_on: date
    creditor: str
    iban: str
    bic: str
    purpose: str
    debited_from: str = ""

    @property
    def iban_in_groups(self) -> str:
        return " ".join(self.iban[start : start + 4] for start in range(0, len(self.iban), 4))

    def girocode(self) -> segno.QRCode:
        return helpers.make_epc_qr(
            name=self.creditor, iban=self.iban, bic=self.bic or None, amount=self.amount, text=self.purpose
        )

    @property
    def girocode_address(self) -> str:
        """The image for a web page, as a data address. It lies on white: no telephone reads it on a dark page."""
        return self.girocode().svg_data_uri(border=2, light="white")


@dataclass(frozen=True)
class Notice:
    """Everything that stands in a notice, in reading order."""

    authority: Authority
    department: Department
    recipient: tuple[str, ...]
    reference: str
    dated: date
    subject: str
    opening: str
    reason: str
    validity: str
    place: str
    conditions: str
    payment: Payment | None
    remedy: str
    signed_by: str
    is_answer: bool = False
    is_test: bool = False


def decisions() -> QuerySet[Decision]:
    """Decisions with the rows that a notice is made of."""
    return Decision.objects.select_related(
        "application__authority",
        "application__department",
        "application__offering__service",
        "application__form_version",
    )


def notice_of(decision: Decision) -> Notice:
    """The notice of a decision that was taken; its application is read with it."""
    application = decision.application
    ruling = Ruling(
        outcome=decision.outcome,
        reason=text_of(application, f"decision:{decision.pk}:reason", decision.reason),
        regime=decision.regime,
        fee=decision.fee,
        fee_due_on=decision.fee_due_on,
        valid_from=decision.valid_from,
        valid_until=decision.valid_until,
        place=place_of(decision),
        conditions=conditions_of(decision),
    )
    return _notice(application, ruling, by_id=decision.by_id, dated=timezone.localdate(decision.at))


def place_of(decision: Decision) -> str:
    return _opened(decision, "place", decision.place)


def conditions_of(decision: Decision) -> str:
    return _opened(decision, "conditions", decision.conditions)


def _opened(decision: Decision, name: str, sealed: bytes | memoryview | None) -> str:
    return text_of(decision.application, f"decision:{decision.pk}:{name}", sealed) if sealed else ""


def validity_in_words(valid_from: date | None, valid_until: date | None) -> str:
    """`vom 1. Januar 2027 bis zum 31. Dezember 2027`, or nothing."""
    if valid_from is None:
        return ""
    with translation.override(LANGUAGE):
        if valid_until is None:
            return f"ab dem {_in_words(valid_from)}"
        return f"vom {_in_words(valid_from)} bis zum {_in_words(valid_until)}"


def preview(application: Application, ruling: Ruling, *, by_id: UUID) -> Notice:
    """The notice as it would be if this were decided now."""
    return _notice(application, ruling, by_id=by_id, dated=calendar.today())


def _notice(application: Application, ruling: Ruling, *, by_id: UUID, dated: date) -> Notice:
    if application.department is None:
        raise ApplicationError("not_routed", _("Diesen Vorgang hat noch kein Amt. Warten Sie einen Moment."))
    with translation.override(LANGUAGE):
        title = application.offering.service.title
        submitted = _in_words(timezone.localdate(application.submitted_at))
        is_answer = ruling.outcome == Decision.Outcome.ANSWERED
        return Notice(
            authority=application.authority,
            department=application.department,
            recipient=_recipient(application),
            reference=application.reference,
            dated=dated,
            subject=_subject(application, title, is_answer=is_answer),
            opening=_OPENINGS[Decision.Outcome(ruling.outcome)] % {"title": title, "date": submitted},
            reason=ruling.reason,
            validity=validity_in_words(ruling.valid_from, ruling.valid_until),
            place=ruling.place,
            conditions=ruling.conditions,
            payment=_payment(application, ruling),
            remedy="" if is_answer else application.authority.remedy.get(LANGUAGE, ""),
            signed_by=names_of([by_id]).get(by_id, ""),
            is_answer=is_answer,
            is_test=application.is_test,
        )


def _subject(application: Application, title: str, *, is_answer: bool) -> str:
    """In lists that know nothing of applications, such as the postbox, the subject alone says that it is a test."""
    subject = (_("Antwort: %(title)s") if is_answer else _("Bescheid: %(title)s")) % {"title": title}
    return _("Test – %(subject)s") % {"subject": subject} if application.is_test else subject


def subject_in_languages(application: Application, *, is_answer: bool) -> dict[str, str]:
    """What the notice is called on the pages of people, which are not German alone."""
    found = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found[language] = _subject(application, application.offering.service.title, is_answer=is_answer)
    return found


def _payment(application: Application, ruling: Ruling) -> Payment | None:
    if ruling.fee is None or ruling.fee_due_on is None:
        return None
    authority = application.authority
    return Payment(
        amount=ruling.fee,
        due_on=ruling.fee_due_on,
        creditor=authority.creditor_name,
        iban=authority.iban,
        bic=authority.bic,
        purpose=application.reference,
        debited_from=mandate_of(application),
    )


def mandate_of(application: Application) -> str:
    """The end of the IBAN that the person gave a mandate for; empty without one."""
    iban = engine.lookup(application.read_answers(), MANDATE)
    return f"{iban[:2]} … {iban[-4:]}" if isinstance(iban, str) and len(iban) > 6 else ""


def _recipient(application: Application) -> tuple[str, ...]:
    """The lines of the address field: the name, then the first address that the person gave."""
    return (applicant_name_of(application), *_address_lines(application))


def _address_lines(application: Application) -> list[str]:
    for section in summary_of(application, language=LANGUAGE):
        for row in section.rows:
            if row.kind == "address" and ", " in row.value:
                return row.value.split(", ")
    return []


def _in_words(day: date) -> str:
    return date_format(day, "DATE_FORMAT")
