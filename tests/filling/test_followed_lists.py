"""A question that follows a code list offers what the list says on the day, and an answer keeps its words."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from lxml import html

from applications.contents import summary_of
from applications.models import Application, Draft
from authorities import clock
from forms_engine import api as engine
from forms_engine.errors import DefinitionError
from forms_engine.models import CodeList, FormVersion
from forms_engine.publishing import blockers
from forms_engine.xdatenfelder.code_lists import read_code_list
from forms_engine.xdatenfelder.elements import parse
from forms_engine.xdatenfelder.keeping import keep
from foundation import scope
from tests import filler
from tests.carrying.forms import KEY, add, begin, case, definition, offer_form, question
from tests.xdatenfelder.schemas import code_list

pytestmark = pytest.mark.usefixtures("form_of_its_own")

URI = "urn:probe:boote"
FOLLOWS = {"uri": URI, "follow": True}
FORM = definition([question("boot", "choice", code_list=FOLLOWS)])
SEVERAL = definition([question("boote", "choices", code_list=FOLLOWS)])


def in_days(number: int) -> date:
    return clock.today() + timedelta(days=number)


def listed(version: str, rows: dict[str, str], valid_from: date | None = None) -> None:
    """A version of the list as if it had been taken in long ago: also for a day that has come."""
    read = read_code_list(parse(code_list(URI, rows, version)))
    CodeList.objects.create(uri=URI, version=version, entries=read.as_json(), sha256=read.sha256, valid_from=valid_from)


def take_in(version: str, rows: dict[str, str], valid_from: date | None = None) -> None:
    keep(read_code_list(parse(code_list(URI, rows, version))), valid_from)


def options_of(version: FormVersion, on: date | None = None) -> list[tuple[str, str]]:
    (step,) = engine.compiled(version, on=on).steps
    return [(option.value, option.label("de")) for option in step.fields[0].options]


def in_words(row: Draft | Application) -> str:
    (section,) = summary_of(row, language="de")
    return section.rows[0].value


def words(answer: Any) -> str:
    return " ".join(" ".join(html.fromstring(answer.content).itertext()).split())


# --- the day decides -------------------------------------------------------------------------------------------------


def test_options_are_those_of_the_newest_version_that_holds(client: Client) -> None:
    listed("1", {"01": "Jolle", "02": "Kutter"})
    offer_form(FORM)
    listed("2", {"01": "Jolle", "03": "Yacht"}, in_days(-1))
    listed("3", {"04": "Floß"}, in_days(1))
    page = filler.page(client, f"/antrag/{begin(client).pk}/schritt/s1/")
    assert page.xpath("//input[@name='boot']/@value") == ["01", "03"]
    with scope.system("a test looks"):
        version = FormVersion.objects.get(form__key=KEY)
    assert options_of(version, in_days(-2)) == [("01", "Jolle"), ("02", "Kutter")]
    assert options_of(version, in_days(1)) == [("04", "Floß")]


def test_of_two_for_one_day_the_later_holds_and_of_undated_ones_the_first(client: Client) -> None:
    listed("9", {"01": "Jolle"})
    listed("10", {"02": "Kutter"})
    version = add(FORM)
    assert options_of(version) == [("01", "Jolle")]
    listed("b", {"03": "Yacht"}, in_days(0))
    listed("a", {"04": "Floß"}, in_days(0))
    assert options_of(version) == [("04", "Floß")]


def test_an_answer_keeps_the_words_of_the_day_of_sending(client: Client) -> None:
    listed("1", {"01": "Jolle", "02": "Kutter"})
    offer_form(FORM)
    listed("2", {"01": "Segelboot"}, in_days(-1))
    long_ago = datetime.now(UTC) - timedelta(days=3)
    gone, known = case({"boot": "02"}, submitted_at=long_ago), case({"boot": "01"}, submitted_at=long_ago)
    newer = case({"boot": "01"})
    with scope.system("a test looks"):
        assert [in_words(row) for row in (gone, known, newer)] == ["Kutter", "Jolle", "Segelboot"]


def test_what_is_sent_today_is_chosen_from_the_list_of_today(client: Client) -> None:
    listed("1", {"01": "Jolle"})
    offer_form(FORM)
    draft = begin(client, {"boot": "01"})
    assert filler.submit(client, f"/antrag/{draft.pk}/").status_code == 302
    take_in("2", {"01": "Segelboot"}, in_days(1))
    with scope.system("a test looks"):
        assert in_words(Application.objects.select_related("authority", "form_version").get()) == "Jolle"


def as_sent(page: html.HtmlElement) -> dict[str, list[str]]:
    """What a browser would send of the step, with every tick of a question."""
    found: dict[str, list[str]] = {}
    for name, value in page.xpath("//main//form[.//input[@name='version']]")[0].form_values():
        found.setdefault(name, []).append(value)
    return found


# --- a code that is gone ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("form", "answers", "sentence"),
    [
        (FORM, {"boot": "02"}, "Die Antwort „02“ gibt es nicht mehr. Wählen Sie neu aus."),
        (SEVERAL, {"boote": ["01", "02"]}, "Die Antwort „02“ gibt es nicht mehr. Wählen Sie neu aus."),
    ],
)
def test_a_code_that_is_gone_is_told_at_its_question_and_stays(
    client: Client, form: dict[str, Any], answers: dict[str, Any], sentence: str
) -> None:
    listed("1", {"01": "Jolle", "02": "Kutter"})
    offer_form(form)
    draft = begin(client, answers)
    listed("2", {"01": "Jolle"}, in_days(0))
    page = words(client.get(f"/antrag/{draft.pk}/pruefen/"))
    assert sentence in page
    assert "02" in page
    assert filler.submit(client, f"/antrag/{draft.pk}/").status_code == 422
    with scope.system("a test looks"):
        assert Draft.objects.select_related("authority").get(pk=draft.pk).read_answers() == answers
        assert not Application.objects.exists()


@pytest.mark.parametrize(
    ("form", "answers", "key"),
    [
        (SEVERAL, {"boote": ["01", "02"]}, "boote"),
        (FORM, {"boot": "02"}, "boot"),
    ],
)
def test_a_code_that_is_gone_is_marked_at_its_question_and_not_lost_when_the_step_is_saved(
    client: Client, form: dict[str, Any], answers: dict[str, Any], key: str
) -> None:
    listed("1", {"01": "Jolle", "02": "Kutter"})
    offer_form(form)
    draft = begin(client, answers)
    listed("2", {"01": "Jolle", "03": "Yacht"}, in_days(0))
    address = f"/antrag/{draft.pk}/schritt/s1/"
    page = filler.page(client, address)
    assert page.xpath("//input[@checked]/@value") == ([answers[key]] if key == "boot" else answers[key])
    assert "02 (nicht mehr wählbar – bitte neu wählen)" in " ".join(page.text_content().split())

    refused = client.post(address, as_sent(page))
    assert refused.status_code == 200, "the step stays, with its complaint"
    with scope.system("a test looks"):
        assert Draft.objects.select_related("authority").get(pk=draft.pk).read_answers() == answers

    again = html.fromstring(refused.content)
    assert again.xpath("//input[@checked]/@value") == ([answers[key]] if key == "boot" else answers[key])
    assert "Die Antwort „02“ gibt es nicht mehr. Wählen Sie neu aus." in words(refused)
    chosen = as_sent(again) | {key: "01"}
    assert client.post(address, chosen).status_code == 302
    with scope.system("a test looks"):
        kept = Draft.objects.select_related("authority").get(pk=draft.pk).read_answers()
    assert kept == {key: "01" if key == "boot" else ["01"]}


def test_a_code_that_is_gone_is_kept_where_the_page_is_only_refreshed(client: Client) -> None:
    listed("1", {"01": "Jolle", "02": "Kutter"})
    offer_form(SEVERAL)
    draft = begin(client, {"boote": ["01", "02"]})
    listed("2", {"01": "Jolle"}, in_days(0))
    address = f"/antrag/{draft.pk}/schritt/s1/"
    page = filler.page(client, address)
    client.post(address, as_sent(page) | {"later": "1"})
    with scope.system("a test looks"):
        assert Draft.objects.select_related("authority").get(pk=draft.pk).read_answers() == {"boote": ["01", "02"]}


# --- what it costs ---------------------------------------------------------------------------------------------------


def test_only_a_form_that_follows_a_list_asks_the_database(client: Client) -> None:
    listed("1", {"01": "Jolle"})
    follows, plain = add(FORM), add(definition([question("name")]))
    engine.compiled(follows)
    with CaptureQueriesContext(connection) as none:
        engine.compiled(plain)
    with CaptureQueriesContext(connection) as some:
        engine.compiled(follows)
    assert (len(none), len(some)) == (0, 2)  # the day, and which version holds


# --- what authors may say --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"code_list": FOLLOWS, "options": [{"value": "a", "label": {"de": "A", "en": "A"}}]}, "Lassen Sie die Opt"),
        ({"code_list": {"uri": URI}}, "code_list"),
        ({"code_list": FOLLOWS | {"version": "1"}}, "code_list"),
        ({"code_list": FOLLOWS | {"follow": False}}, "code_list"),
    ],
)
def test_a_definition_that_says_two_things_is_refused(more: dict[str, Any], sentence: str) -> None:
    with pytest.raises(DefinitionError) as refused:
        engine.load(definition([question("boot", "choice", **more)]))
    assert sentence in " ".join(refused.value.problems)


def test_a_condition_may_name_a_code_that_a_list_no_longer_has(client: Client) -> None:
    listed("1", {"01": "Jolle"})
    more = question("segel", when={"equal": [{"answer": "boot"}, "99"]})
    version = add(definition([*FORM["steps"][0]["items"], more]))
    assert engine.visible_steps(engine.compiled(version), {"boot": "99"})


def test_without_a_version_of_today_a_form_is_not_published() -> None:
    take_in("1", {"01": "Jolle"}, in_days(1))
    assert blockers(FORM) == [
        f"Von der Codeliste {URI} gilt heute keine Fassung. Übernehmen Sie zuerst eine Liste, die heute gilt."
    ]
    take_in("0", {"01": "Jolle"}, in_days(-30))
    assert blockers(FORM) == []


def test_json_schema_of_a_followed_list_is_a_string(client: Client) -> None:
    listed("1", {"01": "Jolle"})
    version = add(FORM)
    told = client.get(f"/formulare/schwerin/{KEY}/{version.no}/schema.json").json()
    assert "enum" not in str(told["properties"]["boot"])
    assert "string" in str(told["properties"]["boot"])


# --- taking lists in -------------------------------------------------------------------------------------------------


def test_no_list_is_replaced_for_a_day_that_has_come() -> None:
    take_in("1", {"01": "Jolle"})
    with pytest.raises(DefinitionError, match="Nennen Sie für die neue einen Tag nach heute"):
        take_in("2", {"02": "Kutter"}, in_days(0))
    take_in("2", {"02": "Kutter"}, in_days(1))
    assert engine.holding([URI], in_days(0))[URI].version == "1"
    assert engine.holding([URI], in_days(1))[URI].version == "2"


def test_the_day_of_a_version_stays() -> None:
    take_in("1", {"01": "Jolle"}, date(2026, 1, 1))
    take_in("1", {"01": "Jolle"})
    take_in("1", {"01": "Jolle"}, date(2026, 1, 1))
    with pytest.raises(DefinitionError, match=r"gilt ab 01\.01\.2026\. Das bleibt"):
        take_in("1", {"01": "Jolle"}, date(2026, 2, 1))


# --- how long a list may be ------------------------------------------------------------------------------------------


def long_list(number: int) -> dict[str, str]:
    return {f"{each:04}": f"Boot {each}" for each in range(number)}


def test_a_form_that_follows_a_list_that_is_too_long_is_not_published() -> None:
    listed("1", long_list(1000))
    assert blockers(FORM) == []
    listed("2", long_list(1001), in_days(0))
    (sentence,) = blockers(FORM)
    assert sentence == (
        f"Die Codeliste {URI} hat 1.001 Einträge. Eine Frage bietet höchstens 1.000 an. "
        "Nehmen Sie eine kürzere Liste, oder fragen Sie mit einem Textfeld."
    )


def test_a_list_that_forms_may_follow_does_not_grow_beyond_what_a_question_offers() -> None:
    take_in("1", {"01": "Jolle"})
    take_in("2", long_list(1000), in_days(1))
    with pytest.raises(DefinitionError) as refused:
        take_in("3", long_list(1001), in_days(2))
    assert "1.001 Einträge" in refused.value.problems[0]
    assert set(CodeList.objects.values_list("version", flat=True)) == {"1", "2"}


def test_a_long_list_that_no_question_can_follow_is_taken_in() -> None:
    take_in("1", long_list(1001))
    take_in("2", long_list(1002), in_days(1))
    assert CodeList.objects.count() == 2
