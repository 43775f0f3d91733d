"""The chain: each event of the trail hangs on the one before, so that nobody changes the past unseen.

Chaining inside of the deed's commit would make everybody wait for everybody; so a background sealer does it, seconds
later, for each authority on its own. Events of no authority have a chain as well. `verify` reads the chains again, from
the first link to the last, holding a page of rows at a time.

Every event gets its link. What came long after its time is hung on at night, with a note that says so, and `verify`
names it for ever. Where the database's own clock is behind what is chained already, it was set back (by NTP, or another
server took over): the sealer notes that, and times count anew from there.
"""

import hashlib
import json
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from foundation import clock, ids, locks, scope
from foundation.audit.models import AuditEvent, AuditLink

if TYPE_CHECKING:
    from foundation.audit.anchors import Anchor

#: Whose chain holds what belongs to no authority. Not `scope.NOBODY`, which every person's scope carries.
PORTAL = uuid.UUID(int=2**128 - 1)
#: Before the first link there is nothing.
BEGINNING = bytes(32)
#: No deed of the portal takes longer from its first statement to its commit. What appears later was not done by it.
LATEST = timedelta(hours=1)
#: The sealer comes every ten seconds. What has waited this long was forgotten by it, or there is none.
WAITS_TOO_LONG = timedelta(minutes=15)
SEALED_AT_ONCE = 1000
#: A chain that was made anew is told once; thousands of the same sentences would hide another breach.
MOST_BREACHES = 200
READ_AT_ONCE = 1000
#: What the sealer itself notes in a chain.
CLOCK_SET_BACK, CAME_LATE = "trail.clock_set_back", "trail.came_late"


def seal_new_events() -> int:
    """Chains what happened since the last time, in order; says how many events. Two sealers never meet.

    Looks no further back than a deed can take, by the clock as it stands now: also where that was set back.
    """
    return _seal(whole_trail=False)


def seal_all_events() -> int:
    """The same, and what came long after its time; it reads the whole trail, too much for every ten seconds."""
    return _seal(whole_trail=True)


def _seal(*, whole_trail: bool) -> int:
    total = 0
    while True:
        sealed = _seal_batch(whole_trail=whole_trail)
        total += sealed
        if sealed < SEALED_AT_ONCE:
            return total


def chain_of(event: AuditEvent) -> uuid.UUID:
    return event.authority_id or PORTAL


def link_hash(prev_hash: bytes, event: AuditEvent) -> bytes:
    """SHA-256 over the hash before and everything that the event says."""
    return hashlib.sha256(prev_hash + canonical(event)).digest()


def canonical(event: AuditEvent) -> bytes:
    """The event as bytes, the same on every machine: JSON with sorted keys, time in UTC to the microsecond."""
    said = {
        "id": str(event.id),
        "authority": str(event.authority_id or ""),
        "at": event.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": str(event.actor_id or ""),
        "for": str(event.for_party_id or ""),
        "action": event.action,
        "kind": event.object_kind,
        "object": str(event.object_id),
        "refs": event.refs,
    }
    return json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()


def _seal_batch(*, whole_trail: bool) -> int:
    with scope.system("chain the events of every authority"):
        # The key and the unique event of `audit_link` are the second guard.
        if not locks.alone(locks.TRAIL):
            return 0
        now = clock.now()
        newest = _newest_link(now)
        late = min(newest.event.at, now) - LATEST if newest else None
        found = _unsealed() if whole_trail or late is None else _unsealed().filter(at__gte=late)
        events = list(found.order_by("at", "id")[:SEALED_AT_ONCE])
        AuditLink.objects.bulk_create(_new_links(events, now, late))
    return len(events)


def _unsealed() -> QuerySet[AuditEvent]:
    return AuditEvent.objects.filter(~Exists(AuditLink.objects.filter(event_id=OuterRef("pk"))))


def _newest_link(now: datetime) -> AuditLink | None:
    """The link of the event with the youngest id that is not from the future: clocks of workers may be days ahead."""
    links = AuditLink.objects.select_related("event").filter(event_id__lte=ids.last_of(now))
    return links.order_by("-event_id").first()


@dataclass(frozen=True)
class _End:
    """The last link of a chain, or that there is none; `at` is when its event happened."""

    no: int
    hash: bytes
    at: datetime | None


def _new_links(events: list[AuditEvent], now: datetime, late: datetime | None) -> Iterable[AuditLink]:
    """A link for each event, and for each note of the sealer; what happened before `late` should have come earlier."""
    ends: dict[uuid.UUID, _End] = {}
    for event in events:
        chain = chain_of(event)
        end = ends.get(chain) or _end_of(chain)
        for each in _with_notes(event, end, now, late):
            prev_hash, end = end.hash, _End(end.no + 1, link_hash(end.hash, each), each.at)
            yield AuditLink(authority_id=chain, no=end.no, event=each, prev_hash=prev_hash, hash=end.hash)
        ends[chain] = end


def _with_notes(event: AuditEvent, end: _End, now: datetime, late: datetime | None) -> Iterator[AuditEvent]:
    if end.at and max(now, event.at) < end.at:
        yield _note(CLOCK_SET_BACK, event, now, chain_of(event), behind=end.at.isoformat())
    yield event
    if late and event.at < late:
        yield _note(CAME_LATE, event, now, event.pk)


def _note(action: str, event: AuditEvent, now: datetime, about: uuid.UUID, **refs: str) -> AuditEvent:
    return AuditEvent.objects.create(
        at=now, authority_id=event.authority_id, action=action, object_kind="trail", object_id=about, refs=refs
    )


def _end_of(chain: uuid.UUID) -> _End:
    no, own_hash = head(chain)
    # Of the event alone: somebody may have removed it, and the chain goes on all the same.
    at = AuditLink.objects.filter(authority_id=chain, no=no).values_list("event__at", flat=True).first()
    return _End(no, own_hash, at)


def head(chain: uuid.UUID) -> tuple[int, bytes]:
    """Number and hash of the last link. Wants a scope that sees it."""
    newest = AuditLink.objects.filter(authority_id=chain).order_by("-no").values_list("no", "hash").first()
    return (newest[0], bytes(newest[1])) if newest else (0, BEGINNING)


@dataclass(frozen=True)
class Breach:
    """One place where the trail is not what was written.

    `kind`: changed, removed, inserted, order, cut, replaced, unsealed.
    """

    kind: str
    chain: uuid.UUID
    no: int
    event_id: uuid.UUID | None
    sentence: str


def verify(authority_id: uuid.UUID | None = None, *, anchors: Sequence["Anchor"] = ()) -> list[Breach]:
    """What is wrong with the chain of this authority (`PORTAL`: of no authority), or with all of them.

    Anchors are heads that were written down outside of the database: against them a cut end and a chain that was
    made anew are found, which no look at the database alone can find.
    """
    found: list[Breach] = []
    with scope.system("verify the trail", read_only=True):
        chains = {authority_id} if authority_id else _chains() | {anchor.chain for anchor in anchors}
        for one in sorted(chains):
            for breach in _breaches(one, [anchor for anchor in anchors if anchor.chain == one]):
                found.append(breach)
                if len(found) >= MOST_BREACHES:
                    return found
    return found


def _chains() -> set[uuid.UUID]:
    of_links = AuditLink.objects.order_by().values_list("authority_id", flat=True).distinct()
    of_events = AuditEvent.objects.order_by().values_list("authority_id", flat=True).distinct()
    return {*of_links, *(authority or PORTAL for authority in of_events)}


def _breaches(one: uuid.UUID, anchors: Sequence["Anchor"]) -> Iterator[Breach]:
    yield from _broken_links(one, {anchor.no: anchor for anchor in anchors})
    yield from _unsealed_too_long(one)


def longest_wait() -> timedelta:
    """How long the oldest event behind the newest link waits for its own; zero when none does."""
    with scope.system("the oldest event that waits for its link", read_only=True):
        now = clock.now()
        newest = _newest_link(now)
        # By ids, which grow with time: the answer is found at once in a trail of any length, or whoever asks for
        # `/readyz` would wait for it. What committed behind a younger event is seen by `verify`.
        events = _unsealed().filter(pk__gt=newest.event_id) if newest else _unsealed()
        oldest = events.order_by("pk").values_list("at", flat=True).first()
        return max(timedelta(), now - oldest) if oldest else timedelta()


def set_backs(authority_id: uuid.UUID | None = None) -> list[AuditEvent]:
    """Where the sealer found the database's clock behind what was chained; in each chain that it met."""
    with scope.system("when the clock was set back", read_only=True):
        noted = AuditEvent.objects.filter(action=CLOCK_SET_BACK).order_by("at", "pk")
        return list(noted.filter(authority_id=_authority_of(authority_id)) if authority_id else noted)


def _authority_of(chain: uuid.UUID) -> uuid.UUID | None:
    return None if chain == PORTAL else chain


def _broken_links(one: uuid.UUID, anchors: dict[int, "Anchor"]) -> Iterator[Breach]:
    last_no, last_hash = 0, BEGINNING
    newest: datetime | None = None
    named: uuid.UUID | None = None
    for link, event in _links(one):
        prev_hash, kept_hash = bytes(link.prev_hash), bytes(link.hash)
        if link.no != last_no + 1:
            yield Breach("removed", one, last_no + 1, None, f"die Glieder {last_no + 1} bis {link.no - 1} fehlen")
        elif prev_hash != last_hash:
            yield Breach("order", one, link.no, link.event_id, f"Glied {link.no} hängt nicht an Glied {last_no}")
        yield from _broken_event(one, link, event)
        if event and (late := _came_late(event, newest)) and late != named:
            named = late
            no = link.no - (event.action == CAME_LATE)
            yield Breach("inserted", one, no, late, f"das Ereignis {late} kam erst lange nach seiner Zeit")
        if link.no in anchors and anchors[link.no].hash != kept_hash:
            yield _replaced(one, link.no, link.event_id, anchors[link.no])
        last_no, last_hash = link.no, kept_hash
        if event and (newest is None or event.at > newest or event.action == CLOCK_SET_BACK):
            newest = event.at
    for no in sorted(no for no in anchors if no > last_no):
        day = anchors[no].day
        yield Breach("cut", one, no, None, f"die Kette endet bei {last_no}, am {day} war sie schon bei {no}")


def _came_late(event: AuditEvent, newest: datetime | None) -> uuid.UUID | None:
    """The event that should have been chained long before: this one by its time, or the one that this one notes."""
    if event.action == CAME_LATE:
        return event.object_id
    is_late = newest is not None and event.at < newest - LATEST and event.action != CLOCK_SET_BACK
    return event.pk if is_late else None


def _broken_event(one: uuid.UUID, link: AuditLink, event: AuditEvent | None) -> Iterator[Breach]:
    if event is None:
        yield Breach("removed", one, link.no, link.event_id, f"das Ereignis {link.event_id} des Glieds {link.no} fehlt")
    elif chain_of(event) != one or link_hash(bytes(link.prev_hash), event) != bytes(link.hash):
        yield Breach(
            "changed", one, link.no, event.id, f"Glied {link.no} gehört zu einem anderen Ereignis als {event.id}"
        )


def _links(one: uuid.UUID) -> Iterable[tuple[AuditLink, AuditEvent | None]]:
    """Both sides of each link, streamed; the event may be gone, whatever the foreign key says."""
    links = AuditLink.objects.filter(authority_id=one).order_by("no").iterator(READ_AT_ONCE)
    page: list[AuditLink] = []
    for link in links:
        page.append(link)
        if len(page) == READ_AT_ONCE:
            yield from _with_events(page)
            page = []
    yield from _with_events(page)


def _with_events(page: list[AuditLink]) -> Iterator[tuple[AuditLink, AuditEvent | None]]:
    events = AuditEvent.objects.in_bulk([link.event_id for link in page])
    return ((link, events.get(link.event_id)) for link in page)


def _unsealed_too_long(one: uuid.UUID) -> Iterator[Breach]:
    """What nobody has chained: told once, for a sealer that is away leaves out everything."""
    late = _unsealed().filter(authority_id=_authority_of(one), at__lt=Now() - WAITS_TOO_LONG)
    if oldest := late.order_by("at", "pk").first():
        since = f"{timezone.localtime(oldest.at):%d.%m.%Y, %H:%M} Uhr"
        yield Breach("unsealed", one, 0, oldest.pk, f"seit {since} ohne Glied: {late.count()}, zuerst {oldest.pk}")


def _replaced(one: uuid.UUID, no: int, event_id: uuid.UUID, anchor: "Anchor") -> Breach:
    return Breach("replaced", one, no, event_id, f"Glied {no} ist nicht das, das am {anchor.day} verankert war")
