"""What a form takes from the account and does not let be changed there; and a birth date in parts."""

import pytest
from lxml import html

from tests.forms_engine.definitions import definition, field, filled, one_step, post, problems, step

FORM = one_step(
    field("text", "name", prefill="family_name", locked=True),
    field("number", "tag", prefill="birth_day", required=False),
    field("number", "monat", prefill="birth_month", required=False),
    field("number", "jahr", prefill="birth_year"),
)
PROFILE = {"family_name": "Kogge", "birth_date": "1985-06-11"}


def attributes(form, number: int = 0) -> dict:
    return dict(html.fromstring(f"<input{form.rows[number].attributes}>").attrib)


def test_what_the_account_knows_is_shown_and_sent_whatever_is_posted():
    shown = filled(FORM, prefill=PROFILE)
    assert attributes(shown)["value"] == "Kogge"
    assert "readonly" in attributes(shown)
    assert "Sie ändern sie dort" in shown.rows[0].hint
    sent = filled(FORM, post(name="Mallory", jahr="1985"), prefill=PROFILE)
    assert sent.is_valid()
    assert sent.cleaned_answers["name"] == "Kogge"


def test_without_an_account_it_is_a_question_like_others():
    shown = filled(FORM)
    assert "readonly" not in attributes(shown)
    sent = filled(FORM, post(name="Hansen", jahr="1985"))
    assert sent.cleaned_answers["name"] == "Hansen"


@pytest.mark.parametrize(
    ("born", "parts"), [("1985-06-11", ["11", "6", "1985"]), ("1985", ["", "", "1985"]), ("", ["", "", ""])]
)
def test_a_birth_date_fills_as_many_questions_as_are_known(born, parts):
    shown = filled(FORM, prefill={"birth_date": born})
    assert [attributes(shown, number)["value"] for number in (1, 2, 3)] == parts


def test_a_locked_question_says_where_it_comes_from():
    told = problems(definition(step("s", field("text", "name", locked=True))))
    assert any("Nennen Sie mit prefill" in sentence for sentence in told)
