"""One message to all whose cases a fault touched: written once, told at each case, and kept."""

from uuid import UUID, uuid5

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import StaffRole
from accounts.people import Clerk
from applications.asking.use_cases import tell
from applications.errors import ApplicationError
from applications.models import Announcement, Application
from applications.telling.queries import KIND, Period, touched
from catalogue.models import Offering
from foundation import audit, outbox, vault

#: More than this is no fault of some cases, but something for the city's front page.
MOST = 5_000


def answered_for_by(clerk: Clerk) -> QuerySet[Application]:
    """The cases of the departments that they head or run, and those of their authority without a department. Nobody is
    touched where only a test application is.
    """
    answered = clerk.departments_as(StaffRole.Role.HEAD, StaffRole.Role.OPERATOR)
    return Application.objects.real().filter(
        Q(department=None) | Q(department__in=answered), authority_id=clerk.authority_id
    )


def announce(
    announcement_id: UUID, *, service: str, period: Period, text: str, seen_number: int, by: Clerk
) -> Announcement:
    """Keeps what is written and asks for one message to each touched case; workers write them.

    In the authority's scope. The same id a second time changes nothing. Raises ApplicationError `number_changed` when
    other cases are touched than the writer saw, `nobody`, and `too_many`.
    """
    if sent := _sent(announcement_id):
        return sent
    case_ids = list(
        touched(answered_for_by(by), service=service, period=period).values_list("pk", flat=True)[: MOST + 1]
    )
    _check(len(case_ids), seen_number)
    offering = Offering.objects.select_related("authority").get(authority_id=by.authority_id, service__slug=service)
    announcement = Announcement(
        id=announcement_id,
        authority=offering.authority,
        offering=offering,
        since=period.since,
        until=period.until,
        number=len(case_ids),
        text=_seal(offering.authority.keyset, by.authority_id, announcement_id, text),
        by_user_id=by.user_id,
    )
    try:
        with transaction.atomic():
            announcement.save(force_insert=True)
    except IntegrityError:
        if sent := _sent(announcement_id):
            return sent
        raise ApplicationError(
            "gone", _("Laden Sie die Seite neu und schreiben Sie die Nachricht noch einmal.")
        ) from None
    outbox.put_for_all(KIND, authority_id=by.authority_id, subject_ids=case_ids, target=str(announcement_id))
    audit.record(
        "announcement.sent",
        authority_id=by.authority_id,
        object_kind="announcement",
        object_id=announcement_id,
        actor_id=by.user_id,
        service=service,
        number=len(case_ids),
    )
    return announcement


def tell_case(announcement: Announcement, application: Application) -> None:
    """Writes what was announced as a message to one case. Its id is made of both: there is no second one."""
    tell(
        application,
        text=vault.open_json(
            announcement.authority.keyset,
            bytes(announcement.text),
            owner=announcement.authority_id,
            row=announcement.pk,
            field="text",
        ),
        message_id=uuid5(announcement.pk, str(application.pk)),
        by_user_id=announcement.by_user_id,
        announcement_id=announcement.pk,
    )


def _sent(announcement_id: UUID) -> Announcement | None:
    return Announcement.objects.filter(pk=announcement_id).first()


def _check(number: int, seen_number: int) -> None:
    if not number:
        raise ApplicationError("nobody", _("In diesem Zeitraum ist kein Vorgang betroffen."), 422)
    if number > MOST:
        raise ApplicationError(
            "too_many", _("Das sind mehr als 5.000 Vorgänge. Wählen Sie einen kürzeren Zeitraum."), 422
        )
    if number != seen_number:
        raise ApplicationError(
            "number_changed",
            ngettext(
                "Inzwischen ist %(number)s Vorgang betroffen. Prüfen Sie das und senden Sie dann ab.",
                "Inzwischen sind %(number)s Vorgänge betroffen. Prüfen Sie das und senden Sie dann ab.",
                number,
            )
            % {"number": number},
        )


def _seal(keyset: str, authority_id: UUID, announcement_id: UUID, text: str) -> bytes:
    return vault.seal_json(keyset, text, owner=authority_id, row=announcement_id, field="text")
