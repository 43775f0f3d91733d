"""How often something may be tried, kept in the database's cache, so that a restart forgets nothing."""

import ipaddress
import time
import uuid

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from django.utils.translation import ngettext

from foundation import audit, scope
from foundation.errors import PortalError

TOO_MANY_REQUESTS = 429
PER_ADDRESS_SECONDS = 600
#: One household has a network of this size to itself: counting each of its addresses would count nothing.
HOUSEHOLD = 64
#: Under which a limit has an id of its own in the trail.
LIMITS = uuid.UUID("5f0c1a52-2b8e-4b0d-9d0b-6f1f3a1f7c11")


class TooMany(PortalError):
    """Somebody tried too often; says in words, and in `Retry-After`, when to try again."""

    def __init__(self, seconds: int) -> None:
        minutes = max(1, -(-seconds // 60))
        sentence = ngettext(
            "Das waren zu viele Versuche. Warten Sie %(minutes)s Minute und versuchen Sie es dann noch einmal.",
            "Das waren zu viele Versuche. Warten Sie %(minutes)s Minuten und versuchen Sie es dann noch einmal.",
            minutes,
        ) % {"minutes": minutes}
        super().__init__("too_many", sentence, TOO_MANY_REQUESTS, retry_after=seconds)


def insist(name: str, key: str, *, tries: int, seconds: int) -> None:
    """Raises `TooMany` where `allow` says no."""
    if not allow(name, key, tries=tries, seconds=seconds):
        raise TooMany(wait(seconds))


def insist_for_address(name: str, request: HttpRequest) -> None:
    """Raises `TooMany` when one address does this more often in ten minutes than PORTAL_LIMIT_PER_ADDRESS allows."""
    if settings.LIMIT_PER_ADDRESS:
        insist(name, client_address(request), tries=settings.LIMIT_PER_ADDRESS, seconds=PER_ADDRESS_SECONDS)


def allow(name: str, key: str, *, tries: int, seconds: int) -> bool:
    """True for the first `tries` calls with this name and key in each span of `seconds`.

    Not to be called inside a scope, which might roll the count back or forbid it. The key (an address, a
    reference) is stored as a keyed digest only. Each try takes a place of its own; taking a place is one
    INSERT under a primary key, so that parallel tries cannot share one. The first refusal of a span is in the trail.
    """
    span = _span(name, key, seconds)
    places = [f"{span}:{place}" for place in range(tries)]
    taken = cache.get_many(places)
    if any(cache.add(place, 1, timeout=seconds) for place in places if place not in taken):
        return True
    note_refusal(name, key, seconds=seconds)
    return False


def note_refusal(name: str, *keys: str, seconds: int) -> None:
    """Writes into the trail that a limit refused (ASVS V16.3.3): which one, never whom.

    Once in each span for each of the keys, so that whoever floods the portal does not flood the trail. Opens a scope
    of its own.
    """
    told = [f"{_span(name, key, seconds)}:told" for key in keys]
    if cache.get_many(told) or not all(cache.add(each, 1, timeout=seconds) for each in told):
        return
    with scope.system("write into the trail that a limit refused"):
        audit.record(
            "limit.refused", authority_id=None, object_kind="limit", object_id=uuid.uuid5(LIMITS, name), limit=name
        )


def _span(name: str, key: str, seconds: int) -> str:
    """The present span of a limit for one key, which nobody reads back out of it."""
    digest = salted_hmac(f"limits.{name}", key, algorithm="sha256").hexdigest()
    return f"limit:{name}:{digest}:{int(time.time()) // seconds}"


def sweep() -> None:
    """Removes what has run out: the cache itself does so only when it is full, and allauth's keys name accounts."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM portal_cache WHERE expires < now()")


def wait(seconds: int) -> int:
    """How many seconds are left of the present span."""
    return seconds - int(time.time()) % seconds


def client_address(request: HttpRequest) -> str:
    """Whose request this is, for limits; the one place that reads X-Forwarded-For (ASVS V15.3.4).

    Each of our proxies appends whom it heard, so the entry that counts stands PORTAL_TRUSTED_PROXIES from the right;
    what stands left of it anybody may have written. Without proxies, or with too few entries, the connection counts.
    """
    connected = request.META.get("REMOTE_ADDR", "")
    hops = request.headers.get("X-Forwarded-For", "").split(",")
    proxies = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    named = hops[-proxies].strip() if 0 < proxies <= len(hops) else ""
    return _network(named) or _network(connected) or "unknown"


def _network(address: str) -> str:
    try:
        read = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if isinstance(read, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((read, HOUSEHOLD), strict=False).network_address)
    return str(read)
