"""Operators see that the scanner lags behind, and people are not sent away for it."""

from datetime import timedelta

import pytest
from django.db.models.functions import Now
from django.test import Client

from foundation import files, scope
from foundation.files.models import StoredFile
from foundation.ids import new_id


@pytest.mark.parametrize(("age", "asks_for_attention"), [(timedelta(minutes=5), 0), (timedelta(hours=2), 1)])
def test_readyz_tells_how_long_the_oldest_file_waits(portal_db, client: Client, age, asks_for_attention: int) -> None:
    here = new_id()
    with scope.authority(here):
        files.keep(b"x", authority_id=here, keyset="rostock", subject_id=new_id(), media_type="application/pdf")
        StoredFile.objects.update(verdict="pending", created_at=Now() - age)
    answer = client.get("/readyz").json()["scanner"]
    assert answer["ok"]
    assert answer["needs_attention"] == asks_for_attention
    assert answer["oldest_file_seconds"] >= age.total_seconds()
