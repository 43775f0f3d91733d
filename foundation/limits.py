"""How often something may be tried, kept in the database's cache, so that a restart forgets nothing."""

import time

from django.core.cache import cache
from django.utils.crypto import salted_hmac


def allow(name: str, key: str, *, tries: int, seconds: int) -> bool:
    """True for the first `tries` calls with this name and key in each span of `seconds`.

    Not to be called inside a scope, which might roll the count back or forbid it. The key (an address, a
    reference) is stored as a keyed digest only. Each try takes a place of its own; taking a place is one
    INSERT under a primary key, so that parallel tries cannot share one.
    """
    span = int(time.time()) // seconds
    digest = salted_hmac(f"limits.{name}", key, algorithm="sha256").hexdigest()
    places = [f"limit:{name}:{digest}:{span}:{place}" for place in range(tries)]
    taken = cache.get_many(places)
    return any(cache.add(place, 1, timeout=seconds) for place in places if place not in taken)
