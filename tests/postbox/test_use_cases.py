from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError

from accounts.people import Applicant, Clerk
from authorities.models import Authority
from foundation import clock, scope
from foundation.audit.models import AuditEvent
from foundation.ids import new_id
from postbox import rules, use_cases
from postbox.errors import PostboxError
from postbox.models import PostboxItem
from postbox.tasks import end_unretrieved
from tests.factories import applicant, make_clerk, make_user

pytestmark = pytest.mark.usefixtures("city")
BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = datetime(2026, 11, 23, 23, 30, tzinfo=BERLIN)


@pytest.fixture(autouse=True)
def monday(monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, MONDAY)


def at(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    monkeypatch.setattr(clock, "now", lambda: moment)


@pytest.fixture
def lena() -> Applicant:
    return applicant(make_user())


@pytest.fixture
def clerk() -> Clerk:
    return make_clerk()[1]


def provide(person: Applicant, regime: str, document_id: UUID | None = None) -> PostboxItem:
    authority = Authority.objects.get(slug="rostock")
    with scope.authority(authority.pk):
        item = use_cases.provide(
            document_id or new_id(),
            authority_id=authority.pk,
            party_id=person.party_id,
            subject_id=new_id(),
            title="Bescheid: Hundesteuer anmelden",
            title_in={"de": "Bescheid", "en": "Notice"},
            file_id=new_id(),
            regime=regime,
        )
        PostboxItem.objects.filter(pk=item.pk).update(provided_at=MONDAY)
        return use_cases.note_notification(item) if regime == "retrieval" else item


def test_providing_the_same_document_twice_is_refused_by_the_database(lena: Applicant) -> None:
    document_id = new_id()
    provide(lena, "retrieval", document_id)
    with pytest.raises(IntegrityError):
        provide(lena, "letter", document_id)


def test_retrieved_document_is_made_known_on_the_day_after(lena: Applicant) -> None:
    item = provide(lena, "retrieval")
    with scope.party(lena.party_id):
        item = use_cases.retrieve(item, by_party=lena)
    assert item.retrieved_at == MONDAY
    assert item.effective_on == date(2026, 11, 24)


def test_retrieving_again_changes_nothing(lena: Applicant, monkeypatch: pytest.MonkeyPatch) -> None:
    item = provide(lena, "retrieval")
    with scope.party(lena.party_id):
        use_cases.retrieve(item, by_party=lena)
    at(monkeypatch, MONDAY + timedelta(days=3))
    with scope.party(lena.party_id):
        assert use_cases.retrieve(item, by_party=lena).effective_on == date(2026, 11, 24)
    with scope.system("look"):
        assert AuditEvent.objects.filter(action="document.retrieved").count() == 1


def test_retrieval_is_open_on_the_tenth_day_and_refused_after_it(
    lena: Applicant, monkeypatch: pytest.MonkeyPatch
) -> None:
    early, late = provide(lena, "retrieval"), provide(lena, "retrieval")
    assert early.retrieve_until == date(2026, 12, 3)
    at(monkeypatch, datetime(2026, 12, 3, 23, 59, tzinfo=BERLIN))
    with scope.party(lena.party_id):
        assert use_cases.retrieve(early, by_party=lena).effective_on == date(2026, 12, 4)
    at(monkeypatch, datetime(2026, 12, 4, 0, 1, tzinfo=BERLIN))
    with scope.party(lena.party_id), pytest.raises(PostboxError, match="retrieval_ended"):
        use_cases.retrieve(late, by_party=lena)


@pytest.mark.asvs("V8.2.2")
def test_nobody_retrieves_the_document_of_another_party(lena: Applicant) -> None:
    item = provide(lena, "retrieval")
    stranger = applicant(make_user("stranger@example.org"))
    with scope.authority(item.authority_id), pytest.raises(PostboxError) as refused:
        use_cases.retrieve(item, by_party=stranger)
    assert refused.value.status == 404


@pytest.mark.tr("R4:A3.6.04")
def test_unretrieved_document_ends_and_goes_out_as_a_letter_once(
    lena: Applicant, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = provide(lena, "retrieval")
    at(monkeypatch, datetime(2026, 12, 3, 12, 0, tzinfo=BERLIN))
    end_unretrieved()
    with scope.system("look"):
        assert PostboxItem.objects.get().ended_at is None
    at(monkeypatch, datetime(2026, 12, 4, 0, 10, tzinfo=BERLIN))
    end_unretrieved()
    end_unretrieved()
    with scope.system("look"):
        ended, letter = PostboxItem.objects.order_by("id")
    assert (ended.pk, ended.ended_at, ended.effective_on) == (item.pk, clock.now(), None)
    assert (letter.regime, letter.file_id, letter.subject_id) == ("letter", item.file_id, item.subject_id)


def test_posted_letter_is_made_known_on_the_fourth_day_even_on_a_sunday(lena: Applicant, clerk: Clerk) -> None:
    assert rules.effective_after_posting(date(2026, 11, 25)) == date(2026, 11, 29)
    item = provide(lena, "letter")
    with scope.for_person(clerk):
        item = use_cases.post_letter(item, posted_on=date(2026, 11, 23), by=clerk)
    assert item.effective_on == date(2026, 11, 27)


@pytest.mark.parametrize("day", [date(2026, 11, 22), date(2026, 11, 24)])
def test_letter_is_posted_neither_before_it_was_made_nor_in_the_future(
    lena: Applicant, clerk: Clerk, day: date
) -> None:
    item = provide(lena, "letter")
    with scope.for_person(clerk), pytest.raises(PostboxError, match="impossible_day"):
        use_cases.post_letter(item, posted_on=day, by=clerk)


def test_letter_is_posted_once(lena: Applicant, clerk: Clerk) -> None:
    item = provide(lena, "letter")
    with scope.for_person(clerk):
        use_cases.post_letter(item, posted_on=date(2026, 11, 23), by=clerk)
    with scope.for_person(clerk), pytest.raises(PostboxError, match="already_posted"):
        use_cases.post_letter(item, posted_on=date(2026, 11, 23), by=clerk)


def test_document_handed_over_at_the_counter_is_made_known_that_day(lena: Applicant, clerk: Clerk) -> None:
    item = provide(lena, "pickup")
    with scope.for_person(clerk):
        assert use_cases.hand_over(item, on=date(2026, 11, 23), by=clerk).effective_on == date(2026, 11, 23)
    with scope.for_person(clerk), pytest.raises(PostboxError, match="already_handed_over"):
        use_cases.hand_over(item, on=date(2026, 11, 23), by=clerk)
