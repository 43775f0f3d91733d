import pytest
import time_machine
from django.core.cache import cache
from django.db import connection

from foundation import limits
from tests.at_once import at_once

pytestmark = pytest.mark.usefixtures("portal_db")


def tries(count, name="code", key="HRO-2026-7K3M-4Q9X"):
    return [limits.allow(name, key, tries=3, seconds=600) for _ in range(count)]


@pytest.fixture(autouse=True)
def clock_at_noon():
    with time_machine.travel("2026-11-23 12:00:00+00:00", tick=True) as clock:
        yield clock


def test_first_tries_are_allowed_and_no_more():
    assert tries(5) == [True, True, True, False, False]


def test_other_keys_and_other_limits_count_for_themselves():
    tries(3)
    assert tries(1, key="HRO-2026-0000-0000") == [True]
    assert tries(1, name="upload") == [True]


def test_next_span_begins_anew(clock_at_noon):
    tries(3)
    clock_at_noon.shift(601)
    assert tries(1) == [True]


@pytest.mark.asvs("V2.4.1")
def test_parallel_tries_cannot_share_a_place():
    allowed = at_once(10, lambda _no: limits.allow("code", "x", tries=3, seconds=600))
    assert sorted(allowed) == [False] * 7 + [True] * 3


def test_key_is_not_kept_in_clear_text():
    limits.allow("mail", "lena.kogge@example.org", tries=3, seconds=600)
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(cache_key, ' ') FROM portal_cache")
        (kept,) = cursor.fetchone()
    assert "limit:mail:" in kept
    assert "kogge" not in kept
    assert cache.get("lena.kogge@example.org") is None
