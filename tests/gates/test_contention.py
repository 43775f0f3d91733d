"""Requests whose transaction had to give way are tried again, a few times, and nothing is done by halves or twice."""

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from applications.filling import use_cases as filling
from applications.models import Application, Attachment, Draft
from applications.submitting import views as submitting
from foundation import scope
from foundation.contention import MOST_TRIES
from tests import filler
from tests.uploads.making import photo

pytestmark = pytest.mark.usefixtures("city")

DEADLOCK, SERIALIZATION, LOCK_TIMEOUT = "40P01", "40001", "55P03"
Fail = Callable[..., list[str]]


@pytest.fixture
def giving_way(monkeypatch: pytest.MonkeyPatch) -> Fail:
    """Lets PostgreSQL end the transaction of a use case right after its work, so many times; out: its calls."""

    def fail(room: object, name: str, *, times: int, code: str = SERIALIZATION) -> list[str]:
        use_case, calls = getattr(room, name), list[str]()

        def do(*given: object, **named: object) -> object:
            calls.append(name)
            done = use_case(*given, **named)
            if len(calls) <= times:
                with connection.cursor() as cursor:
                    cursor.execute(f"DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '{code}'; END $$")
            return done

        monkeypatch.setattr(room, name, do)
        return calls

    return fail


@pytest.fixture
def draft(client: Client) -> str:
    begun = filler.begin(client)
    filler.fill_idea(client, begun)
    return begun


def kept() -> tuple[int, int]:
    with scope.system("a test looks", read_only=True):
        return Draft.objects.count(), Application.objects.count()


@pytest.mark.parametrize("code", [SERIALIZATION, DEADLOCK])
def test_who_gives_way_is_tried_again_and_told_nothing_of_it(
    client: Client, draft: str, giving_way: Fail, code: str
) -> None:
    calls = giving_way(submitting, "submit_application", times=MOST_TRIES - 1, code=code)
    answer = filler.submit(client, draft)
    assert answer.status_code == 302
    assert "HRO-" in answer["Location"]
    assert len(calls) == MOST_TRIES
    assert kept() == (0, 1)


def test_who_gives_way_each_time_is_told_when_to_come_back(client: Client, draft: str, giving_way: Fail) -> None:
    client.raise_request_exception = False
    calls = giving_way(submitting, "submit_application", times=MOST_TRIES)
    answer = filler.submit(client, draft)
    assert (answer.status_code, answer["Retry-After"]) == (503, "60")
    assert len(calls) == MOST_TRIES
    assert kept() == (1, 0)
    assert filler.submit(client, draft).status_code == 302


def test_a_time_out_at_a_lock_is_told_at_once(client: Client, draft: str, giving_way: Fail) -> None:
    client.raise_request_exception = False
    calls = giving_way(submitting, "submit_application", times=1, code=LOCK_TIMEOUT)
    assert filler.submit(client, draft).status_code == 503
    assert len(calls) == 1


def test_file_that_came_along_is_kept_once(client: Client, giving_way: Fail) -> None:
    step = f"{filler.begin(client)}schritt/idee/"
    calls = giving_way(filling, "save_answers", times=1)
    photo_of_it = SimpleUploadedFile("baum.jpg", photo())
    answer = filler.fill(client, step, **filler.IDEA, foto=photo_of_it)
    assert answer.status_code == 302
    assert len(calls) == 2
    with scope.system("a test looks", read_only=True):
        (attached,) = Attachment.objects.select_related("file")
        (draft,) = Draft.objects.select_related("form_version")
        assert draft.read_answers()["text"] == filler.IDEA["text"]
    assert attached.file.size
