"""A draft past its date is gone soon after, however many there are: the privacy notice promises it."""

import logging
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db.models import F
from django.db.models.functions import Now

from applications.filling import use_cases
from applications.models import Draft
from foundation import scope
from foundation.ids import new_id, new_reference
from tests import filler

pytestmark = pytest.mark.usefixtures("city")


@pytest.fixture(autouse=True)
def data(tmp_path, settings):
    settings.DATA_DIR = tmp_path


def begin_many(client: Any, number: int) -> None:
    """So many drafts that expired, each a day before the one begun ahead of it, and the first one, which has not."""
    filler.begin(client)
    with scope.system("a test begins drafts"):
        draft = Draft.objects.get()
        rows = []
        for day in range(number):
            expired = draft.expires_at - timedelta(days=400 + day)
            pk = new_id()
            told = {"reference": new_reference("HRO", 2026), "access_digest": pk.bytes * 2, "expires_at": expired}
            copy = Draft.objects.get(pk=draft.pk)
            copy.pk = pk
            for name, value in told.items():
                setattr(copy, name, value)
            rows.append(copy)
        Draft.objects.bulk_create(rows)


def counted() -> tuple[int, int]:
    """How many drafts there are, and how many of them have expired."""
    with scope.system("a test looks", read_only=True):
        return Draft.objects.count(), Draft.objects.filter(expires_at__lt=Now()).count()


def test_all_that_have_expired_are_removed_in_one_run_and_no_other(client, monkeypatch):
    monkeypatch.setattr(use_cases, "LONGEST_RUN_SECONDS", 500.0)
    begin_many(client, 600)
    assert use_cases.discard_expired_drafts() == 600
    assert counted() == (1, 0)


def test_one_that_cannot_be_removed_is_told_and_keeps_no_other(client, monkeypatch, caplog):
    begin_many(client, 3)
    with scope.system("a test looks", read_only=True):
        broken = Draft.objects.filter(expires_at__lt=Now()).order_by("expires_at").first()
    real = use_cases.discard_draft

    def discard(draft: Draft) -> None:
        real(draft)
        if draft.reference == broken.reference:
            raise OSError("/data/files: no such disk")

    monkeypatch.setattr(use_cases, "discard_draft", discard)
    with caplog.at_level(logging.ERROR):
        assert use_cases.discard_expired_drafts() == 2
    assert counted() == (2, 1)
    assert f"draft {broken.pk} has expired and stays: OSError" in caplog.text
    assert "no such disk" not in caplog.text


def test_what_was_removed_stays_removed_when_time_runs_out(client, monkeypatch):
    begin_many(client, 5)
    moments = iter([0.0, 1.0, 2.0, 10.0])
    monkeypatch.setattr(use_cases, "time", SimpleNamespace(monotonic=lambda: next(moments)))
    with scope.system("a test looks", read_only=True):
        newest = list(
            Draft.objects.filter(expires_at__lt=Now()).order_by("-expires_at").values_list("pk", flat=True)[:3]
        )
    assert use_cases.discard_expired_drafts() == 2
    assert counted() == (4, 3)
    with scope.system("a test looks", read_only=True):
        assert Draft.objects.filter(pk__in=newest).count() == 3, "the oldest go first"


def test_a_draft_that_its_person_saves_meanwhile_stays(client, monkeypatch):
    begin_many(client, 1)
    real = use_cases._discard_expired

    def save_first(draft_id: Any) -> bool:
        with scope.system("a person saves in another tab"):
            Draft.objects.filter(pk=draft_id).update(expires_at=Now() + timedelta(days=90), version=F("version") + 1)
        return real(draft_id)

    monkeypatch.setattr(use_cases, "_discard_expired", save_first)
    assert use_cases.discard_expired_drafts() == 0
    assert counted() == (2, 0)
