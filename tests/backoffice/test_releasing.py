"""The versions of a form in the backoffice: read, compared, checked, published."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import profile
from accounts.models import User
from authorities.models import Authority
from forms_engine.models import FormVersion
from forms_engine.use_cases import add_version, publish
from foundation import clock, scope
from foundation.ids import new_id
from tests.backoffice.test_forms import definition, page_of
from tests.carrying import forms as carried
from tests.factories import make_clerk
from tests.frame.pages import Page

#: Those of the list of forms, the versions without their definitions, and their people; drafts and cases per version,
#: counted in a scope of their own.
VERSIONS_QUERIES = 23


@pytest.fixture
def author_user(city: None) -> User:
    user, _clerk = make_clerk("releases@example.org", role="form_author", authority="schwerin", department=None)
    profile.write(user, {"given_name": "Frieda", "family_name": "Redlich"})
    return user


@pytest.fixture
def author(author_user: User) -> Client:
    client = Client(headers={"accept-language": "de"})
    client.force_login(author_user)
    return client


def add(key: str, *, by: User | None = None, published: bool = True, reason: str = "", **changes: Any) -> FormVersion:
    """One more version of a form of Schwerin's."""
    by_id = by.pk if by else None
    with scope.system("a test needs a version"):
        version = add_version(Authority.objects.get(slug="schwerin"), definition(key, **changes), by=by_id)
        return publish(version, reason=reason, by=by_id) if published else version


def text(page: Any) -> str:
    return " ".join(" ".join(page.tree.itertext()).split())


def title(words: str) -> dict[str, str]:
    return {"de": words, "en": words}


def address(version: FormVersion, rest: str) -> str:
    return f"/backoffice/formulare/{version.form_id}/{rest}"


# --- versions --------------------------------------------------------------------------------------------------------


def test_list_of_versions_says_who_when_and_why_and_asks_no_more_for_more(author: Client, author_user: User) -> None:
    version = add("r-liste", by=author_user, reason="Die erste.")
    page_of(author, address(version, "versionen/"))
    with CaptureQueriesContext(connection) as few:
        page = page_of(author, address(version, "versionen/"))
    (row,) = [" ".join(each.text_content().split()) for each in page.tree.xpath("//tbody/tr")]
    assert row.startswith("Version 1 veröffentlicht am ")
    assert row.endswith("Frieda Redlich Frieda Redlich Die erste.")
    add("r-liste", title=title("Zweite"))
    add("r-liste", title=title("Dritte"), published=False)
    with CaptureQueriesContext(connection) as many:
        page = page_of(author, address(version, "versionen/"))
    assert len(few) == len(many) == VERSIONS_QUERIES
    rows = [" ".join(each.text_content().split()) for each in page.tree.xpath("//tbody/tr")]
    assert len(rows) == 3
    assert "in Arbeit" in rows[0]
    assert "Redaktion Redaktion –" in rows[1]


def test_version_is_readable_as_tables_also_when_it_is_old(author: Client) -> None:
    old = add("r-alt", title=title("Früher"))
    add("r-alt", title=title("Heute"))
    page = page_of(author, address(old, "versionen/1/"))
    assert "Überschrift (Deutsch): Früher" in text(page)
    assert "name Name eine Zeile Bezeichnung (Deutsch): Name Bezeichnung (Englisch): Name" in text(page)
    assert old.sha256 in text(page)


def test_difference_is_shown_before_and_after(author: Client) -> None:
    old = add("r-neu", title=title("Früher"))
    add("r-neu", title=title("Heute"))
    page = page_of(author, address(old, "unterschied/?von=1&bis=2"))
    assert "Formular geändert Heute Überschrift (Deutsch) Früher Heute Überschrift (Englisch) Früher Heute" in text(
        page
    )
    assert "Beide Versionen sagen dasselbe." in text(page_of(author, address(old, "unterschied/?von=2&bis=2")))


@pytest.mark.parametrize(
    "rest",
    [
        "versionen/9/",
        "unterschied/",
        "unterschied/?von=1",
        "unterschied/?von=1&bis=9",
        "unterschied/?von=-1&bis=1",
        "unterschied/?von=²&bis=1",
        "unterschied/?von=1&bis=99999999999999999999",
    ],
)
def test_version_that_there_is_not_is_404(author: Client, rest: str) -> None:
    version = add("r-fehlt")
    assert author.get(address(version, rest)).status_code == 404


def test_versions_of_another_authority_do_not_exist(author: Client) -> None:
    with scope.system("a test looks for somebody else's form"):
        theirs = FormVersion.objects.filter(authority__slug="rostock")[0]
    for rest in ("versionen/", f"versionen/{theirs.no}/", f"unterschied/?von={theirs.no}&bis={theirs.no}"):
        assert author.get(address(theirs, rest)).status_code == 404
    assert author.get(f"/backoffice/formulare/{new_id()}/versionen/").status_code == 404


# --- publishing ------------------------------------------------------------------------------------------------------


def publish_form(author: Client, version: FormVersion, **changes: str) -> Any:
    """What a browser sends of the publishing page, with these changes."""
    sent = {"action": "publish", "reason": "Neue Satzung.", "when": "now", "at": "", "seen": version.sha256} | changes
    return author.post(address(version, "veroeffentlichen/"), sent)


def now(version: FormVersion) -> FormVersion:
    with scope.system("a test looks"):
        return FormVersion.objects.get(pk=version.pk)


def faults(answer: Any) -> str:
    page = Page(answer)
    assert page.faults() == []
    assert "Fehler:" in page.title()
    return " ".join(page.tree.xpath("//*[@id='fehler']")[0].text_content().split())


def test_page_shows_check_difference_and_whom_it_touches(author: Client) -> None:
    add("r-seite", title=title("Früher"))
    version = add("r-seite", title=title("Heute!"), published=False)
    page = page_of(author, address(version, "veroeffentlichen/"))
    told = text(page)
    assert "1 Fehler hält die Version auf." in told
    assert "„Heute!“: kein Ausrufezeichen." in told
    assert "Überschrift (Deutsch) Früher Heute!" in told
    assert "Es gibt weder Entwürfe noch offene Vorgänge." in told
    assert page.count("//button[@value='publish']") == 0
    assert "Beheben Sie zuerst die Fehler oben." in told


def test_publishing_wants_a_reason_and_keeps_it_with_the_version(author: Client, author_user: User) -> None:
    version = add("r-grund", published=False)
    answer = publish_form(author, version, reason=" ")
    assert answer.status_code == 422
    assert "Schreiben Sie, warum es diese Version gibt." in faults(answer)
    assert now(version).published_at is None
    answer = publish_form(author, version)
    assert (answer.status_code, answer["Location"]) == (302, address(version, "versionen/"))
    found = now(version)
    assert (found.reason, found.published_by_id) == ("Neue Satzung.", author_user.pk)
    assert found.published_at is not None
    text = author.get(address(version, "versionen/")).content.decode()
    assert "Legen Sie unter „Leistung“ eine an." in text, "nobody finds a form without a service"


def test_faults_are_refused_also_when_nobody_pressed_the_button_of_the_page(author: Client) -> None:
    version = add("r-trotz", title=title("Neu!"), published=False)
    answer = publish_form(author, version)
    assert answer.status_code == 422
    assert "kein Ausrufezeichen" in faults(answer)
    assert now(version).published_at is None


def test_what_was_changed_since_the_page_was_opened_is_not_published(author: Client) -> None:
    version = add("r-seither", published=False)
    answer = publish_form(author, version, seen="0" * 64)
    assert answer.status_code == 422
    assert "Die Version wurde inzwischen geändert. Sehen Sie sie noch einmal an." in faults(answer)
    assert now(version).published_at is None


@pytest.mark.parametrize("at", ["", "morgen", "2026-13-40T08:00", "3.12.2026"])
def test_day_that_is_none_is_refused_and_nothing_typed_is_lost(author: Client, at: str) -> None:
    version = add("r-tag", published=False)
    answer = publish_form(author, version, when="later", at=at)
    assert answer.status_code == 422
    assert "Geben Sie Tag und Uhrzeit ein" in faults(answer)
    page = Page(answer)
    assert page.tree.xpath("string(//textarea[@name='reason'])").strip() == "Neue Satzung."
    assert page.tree.xpath("//input[@name='when' and @value='later' and @checked]")
    assert now(version).publish_at is None


def test_day_in_the_past_is_refused(author: Client) -> None:
    version = add("r-gestern", published=False)
    answer = publish_form(author, version, when="later", at="2020-01-01T08:00")
    assert "Dieser Zeitpunkt ist vorbei. Wählen Sie einen in der Zukunft." in faults(answer)


def test_version_is_planned_and_the_plan_is_taken_back(author: Client) -> None:
    version = add("r-plan", published=False)
    day = (clock.now() + timedelta(days=30)).strftime("%Y-%m-%dT08:00")
    assert publish_form(author, version, when="later", at=day).status_code == 302
    assert now(version).publish_at is not None
    assert "geplant für" in text(page_of(author, address(version, "versionen/")))
    page = page_of(author, address(version, "veroeffentlichen/"))
    assert "Geplant für den" in text(page)
    assert page.tree.xpath("string(//textarea[@name='reason'])").strip() == "Neue Satzung."
    assert author.post(address(version, "veroeffentlichen/"), {"action": "unplan"}).status_code == 302
    assert now(version).publish_at is None


def test_version_that_was_not_published_on_its_day_is_told_on_both_pages(author: Client) -> None:
    version = add("r-tat-nicht", published=False)
    with scope.system("its day came and it had faults"):
        FormVersion.objects.filter(pk=version.pk).update(publish_at=clock.now(), publish_failed_at=clock.now())
    assert "nicht veröffentlicht. Prüfen Sie die Version." in text(page_of(author, address(version, "versionen/")))
    assert "Sie hatte Fehler" in text(page_of(author, address(version, "veroeffentlichen/")))


def test_form_without_a_version_in_work_says_so(author: Client) -> None:
    version = add("r-ohne")
    sentence = "Es gibt keine Version in Arbeit. Ändern Sie zuerst das Formular."
    assert sentence in text(page_of(author, address(version, "veroeffentlichen/")))
    answer = author.post(address(version, "veroeffentlichen/"), {"action": "publish"}, follow=True)
    assert sentence in text(Page(answer))


@pytest.mark.usefixtures("form_of_its_own")
def test_dry_run_shows_numbers_and_keeps_what_was_typed(author: Client) -> None:
    carried.offer_form(carried.definition([carried.question("name")]))
    carried.begin(Client(), {"name": "Lena Kogge"})
    version = carried.add(carried.definition([carried.question("anders")]), published=False)
    answer = author.post(
        address(version, "veroeffentlichen/"), {"action": "try", "reason": "Halb getippt", "when": "later", "at": "x"}
    )
    page = Page(answer)
    assert (answer.status_code, page.faults()) == (200, [])
    told = text(page)
    assert "Geprüft: 1 von 1 Entwürfen und offenen Vorgängen" in told
    assert "Frage „Name“ 1 0" in told
    assert "Lena" not in told
    assert "Halb getippt" in told
    assert page.count("//*[@id='fehler']") == 0
    assert page.count("//table//td") > 10
    assert page.count("//table//td[not(@data-label) and normalize-space() and not(@colspan)]") == 0, "on a telephone"


def test_each_finding_leads_to_its_question_in_the_designer(author: Client) -> None:
    question = {"type": "multiline", "key": "text", "label": {"de": "Ihre Idee", "en": "Your idea"}}
    group = {"type": "group", "key": "idee", "title": {"de": "Idee", "en": "Idea"}, "items": [question]}
    step = {"key": "angaben", "title": {"de": "Angaben", "en": "Details"}, "items": [group]}
    version = add("r-funde", published=False, steps=[step])
    page = page_of(author, address(version, "veroeffentlichen/"))
    links = page.tree.xpath("//section[@aria-labelledby='pruefung']//li//a/@href")
    assert [link.partition("?")[2] for link in links] == ["ort=angaben:idee.text"]
    assert "Schritt „Angaben“, Gruppe „Idee“, Frage „Ihre Idee“" in text(page)
    for link in links:
        assert page_of(author, link).tree.xpath("//*[@aria-current='true']"), link
