"""How a document is made known: by retrieval, by letter, or at the counter (VwVfG § 41)."""

from datetime import date
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.people import Applicant, Clerk
from authorities import clock as calendar
from foundation import audit, clock
from postbox import rules
from postbox.errors import PostboxError
from postbox.models import PostboxItem


def provide(
    document_id: UUID,
    *,
    authority_id: UUID,
    party_id: UUID | None,
    subject_id: UUID,
    title: str,
    title_in: dict[str, str],
    file_id: UUID,
    regime: str,
) -> PostboxItem:
    """Puts a document on its way. The item has the document's id, so that the same document never goes twice."""
    item = PostboxItem.objects.create(
        id=document_id,
        authority_id=authority_id,
        party_id=party_id,
        subject_id=subject_id,
        title=title,
        title_in=title_in,
        file_id=file_id,
        regime=regime,
    )
    _record("document.provided", item, regime=regime)
    return item


def note_notification(item: PostboxItem) -> PostboxItem:
    """The person has been told that a document lies ready; the ten days begin (§ 41 (2a))."""
    item = _lock(item)
    if item.notified_at is None:
        item.notified_at = clock.now()
        item.save(update_fields=["notified_at"])
        _record("document.notified", item)
    return item


def retrieve(item: PostboxItem, *, by_party: Applicant) -> PostboxItem:
    """The person opens the document (§ 41 (2a)): made known on the day after. Opening it again changes nothing."""
    item = _lock(item)
    if item.party_id != by_party.party_id or item.regime != PostboxItem.Regime.RETRIEVAL:
        raise PostboxError("not_yours", _("Dieses Dokument finden wir nicht. Sehen Sie in Ihr Postfach."), status=404)
    if item.retrieved_at is not None:
        return item
    if item.ended_at is not None or _is_overdue(item, calendar.today()):
        raise PostboxError(
            "retrieval_ended",
            _("Die Frist zum Öffnen ist vorbei. Wir schicken Ihnen das Dokument mit der Post."),
        )
    item.retrieved_at = clock.now()
    item.effective_on = rules.effective_after_retrieval(calendar.today())
    item.save(update_fields=["retrieved_at", "effective_on"])
    _record("document.retrieved", item, actor_id=by_party.user_id)
    return item


def post_letter(item: PostboxItem, *, posted_on: date, by: Clerk) -> PostboxItem:
    """The letter was posted on this day; made known on the fourth day after (§ 41 (2))."""
    item = _lock(item)
    if item.regime != PostboxItem.Regime.LETTER or item.posted_on is not None:
        raise PostboxError(
            "already_posted", _("Dieser Brief ist schon als aufgegeben eingetragen. Laden Sie die Liste neu.")
        )
    _check_day(item, posted_on)
    item.posted_on = posted_on
    item.effective_on = rules.effective_after_posting(posted_on)
    item.save(update_fields=["posted_on", "effective_on"])
    _record("document.posted", item, actor_id=by.user_id, on=posted_on.isoformat())
    return item


def hand_over(item: PostboxItem, *, on: date, by: Clerk) -> PostboxItem:
    """The person fetched the document at the counter; made known on that day (§ 41 (1))."""
    item = _lock(item)
    if item.regime != PostboxItem.Regime.PICKUP or item.handed_over_on is not None:
        raise PostboxError("already_handed_over", _("Dieses Dokument ist schon ausgehändigt. Laden Sie die Liste neu."))
    _check_day(item, on)
    item.handed_over_on = item.effective_on = on
    item.save(update_fields=["handed_over_on", "effective_on"])
    _record("document.handed-over", item, actor_id=by.user_id, on=on.isoformat())
    return item


def end_unretrieved() -> int:
    """Ends what nobody retrieved in time and sends it as a letter; says how many. Daily, in a system scope."""
    today = calendar.today()
    waiting = PostboxItem.objects.select_for_update(skip_locked=True).waiting_for_retrieval()
    late = [item for item in waiting if _is_overdue(item, today)]
    for item in late:
        _end_and_post(item)
    return len(late)


def _end_and_post(item: PostboxItem) -> None:
    item.ended_at = clock.now()
    item.save(update_fields=["ended_at"])
    _record("document.ended", item)
    letter = PostboxItem.objects.create(
        authority_id=item.authority_id,
        party_id=item.party_id,
        subject_id=item.subject_id,
        title=item.title,
        title_in=item.title_in,
        file_id=item.file_id,
        regime=PostboxItem.Regime.LETTER,
    )
    _record("document.provided", letter, regime=letter.regime)


def _is_overdue(item: PostboxItem, today: date) -> bool:
    return item.retrieve_until is not None and today > item.retrieve_until


def _lock(item: PostboxItem) -> PostboxItem:
    return PostboxItem.objects.select_for_update().get(pk=item.pk)


def _check_day(item: PostboxItem, day: date) -> None:
    if not timezone.localtime(item.provided_at).date() <= day <= calendar.today():
        raise PostboxError(
            "impossible_day",
            _("Dieser Tag passt nicht. Geben Sie einen Tag vom Erstellen des Dokuments bis heute ein."),
            status=422,
        )


def _record(action: str, item: PostboxItem, *, actor_id: UUID | None = None, **refs: str) -> None:
    audit.record(
        action,
        authority_id=item.authority_id,
        object_kind="postbox_item",
        object_id=item.pk,
        actor_id=actor_id,
        for_party_id=item.party_id,
        subject=item.subject_id,
        **refs,
    )
