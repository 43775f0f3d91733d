"""A sitting lasts from the last request, and a page that is only read writes nothing."""

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.tasks import remove_ended_sittings
from tests.factories import make_user

pytestmark = pytest.mark.usefixtures("city")


def test_reading_a_second_page_within_the_minute_writes_nothing(client):
    client.force_login(make_user())
    client.get("/konto/profil/")

    with CaptureQueriesContext(
        connection,
    ) as queries:
        client.get("/konto/profil/")

    assert [query["sql"] for query in queries if query["sql"].startswith(("UPDATE", "INSERT"))] == []


@pytest.mark.asvs("V7.3.1")
@pytest.mark.tr("A3.11.09")
def test_each_request_moves_the_end(client):
    client.force_login(make_user())
    with time_machine.travel("2026-11-23 10:00 +0000", tick=False) as clock:
        client.get("/konto/profil/")
        clock.shift(29 * 60)
        client.get("/konto/profil/")
        clock.shift(29 * 60)
        assert client.get("/konto/profil/").status_code == 200
        clock.shift(32 * 60)
        assert client.get("/konto/profil/").status_code == 302
    assert Session.objects.count() <= 1


def test_ended_sittings_are_removed_at_night(client, portal_db):
    client.force_login(make_user())
    with time_machine.travel("2026-01-05 10:00", tick=False):
        other = Client()
        other.force_login(make_user("other@example.org"))
    remove_ended_sittings()
    assert Session.objects.count() == 1


def test_limits_that_ran_out_are_removed_with_them_and_others_hold():
    with time_machine.travel("2026-01-05 10:00", tick=False):
        cache.set("allauth:rl:somebody", 1, timeout=60)
    cache.set("allauth:rl:somebody-else", 1, timeout=60)
    remove_ended_sittings()
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key FROM portal_cache WHERE cache_key LIKE '%allauth:rl:%'")
        assert cursor.fetchall() == [(":1:allauth:rl:somebody-else",)]
