"""What a field takes is stored, shown, and taken again as the same answer; in each type, whatever it holds."""

from __future__ import annotations

import time
from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.iso7064 import mod_11_10

from forms_engine import api
from forms_engine.field_types.countries import countries
from tests.forms_engine.definitions import OPTIONS, definition, field, filled, one_step, post, problems, step

NAME = st.from_regex(r"[A-Za-zÄÖÜäöüßŁłéğşİıÑñ]{1,12}([ '’-][A-Za-zÄÖÜäöüß]{1,12})?", fullmatch=True)
LINE = st.from_regex(r"[A-Za-zÄÖÜäöüß0-9][A-Za-zÄÖÜäöüß0-9 .,&/()-]{0,20}[A-Za-z0-9]", fullmatch=True)
DAY = st.dates(min_value=date(1800, 1, 1))
CLOCK = st.times().map(lambda moment: f"{moment:%H:%M}")


@st.composite
def tax_ids(draw: Any) -> str:
    """Ten digits of which one is there twice and one is not, then the check digit."""
    digits = draw(st.permutations("0123456789").filter(lambda order: order[0] != "0"))
    number = "".join([*digits[:9], digits[0]])
    return number + mod_11_10.calc_check_digit(number)


def in_boxes(day: Any, known: int = 3) -> dict[str, str]:
    parts = {"year": f"{day.year:04}", "month": str(day.month), "day": str(day.day)}
    return dict(list(parts.items())[:known])


HOUSE = st.fixed_dictionaries(
    {
        "street": LINE,
        "house_number": st.from_regex(r"[1-9][0-9]{0,2}( ?[a-z])?(-[1-9][0-9]{0,2})?", fullmatch=True),
        "postal_code": st.from_regex(r"[1-9][0-9]{4}", fullmatch=True),
        "city": LINE,
        "care_of": st.just("") | LINE,
    }
)
TYPED: dict[str, st.SearchStrategy[Any]] = {
    "text": LINE,
    "multiline": st.lists(LINE, min_size=1, max_size=3).map("\r\n".join),
    "number": st.integers(-(10**12), 10**12).map(lambda number: f"{number:,}".replace(",", ".")),
    "decimal": st.decimals(-(10**9), 10**9, places=2).map(lambda number: f"{number:f}".replace(".", ",")),
    "currency": st.decimals(0, 10**9, places=2).map(lambda number: f"{number:f}".replace(".", ",")),
    "date": DAY.map(in_boxes),
    "partial_date": st.builds(in_boxes, DAY, st.integers(1, 3)),
    "time": CLOCK,
    "datetime": st.builds(lambda day, hours: in_boxes(day) | {"time": hours}, DAY, CLOCK),
    "yes_no": st.sampled_from(["true", "false"]),
    "choice": st.sampled_from(["a", "b", "c"]),
    "choices": st.lists(st.sampled_from(["a", "b", "c"]), min_size=1, unique=True),
    "email": st.from_regex(r"[a-z][a-z0-9]{0,20}@example\.(org|net)", fullmatch=True),
    "phone": st.from_regex(r"\+49 [1-9][0-9]{2,4} [0-9]{4,7}", fullmatch=True),
    "postal_code": st.from_regex(r"[1-9][0-9]{4}", fullmatch=True),
    "iban": st.sampled_from(["DE02 1203 0000 0000 2020 51", "FR1420041010050500013M02606"]),
    "bic": st.from_regex(r"[A-Za-z]{4}DE[A-Z0-9]{2}([A-Z0-9]{3})?", fullmatch=True),
    "tax_id": tax_ids(),
    "licence_plate": st.from_regex(r"([A-ZÄÖÜ]{1,3}[- ][A-Z]{1,2} ?[1-9][0-9]{0,1}[EH]?)", fullmatch=True),
    "country": st.sampled_from(list(countries("de"))),
    "nationality": st.sampled_from([*countries("de"), "XXA", "XXX"]),
    "register_entry": st.fixed_dictionaries(
        {
            "court": st.sampled_from(["Rostock", "München", "Berlin"]),
            "number": st.integers(1, 99999).map("HRB {}".format),
        }
    ),
    "person_name": st.fixed_dictionaries({"given_name": NAME, "family_name": NAME})
    | st.fixed_dictionaries({"family_name": NAME, "one_name": st.just("true")}),
    "address": HOUSE | st.fixed_dictionaries({"city": LINE, "no_fixed_abode": st.just("true")}),
    "consent": st.just("true"),
}
MORE: dict[str, dict[str, Any]] = {
    "choice": {"options": OPTIONS},
    "choices": {"options": OPTIONS},
    "address": {"care_of": True, "no_fixed_abode": True},
}
FORM = one_step(*(field(kind, f"f_{kind}", **MORE.get(kind, {})) for kind in TYPED))


def posted(typed: dict[str, Any]) -> Any:
    """As a browser posts it: a box that is not ticked is not there."""
    values: dict[str, Any] = {}
    for kind, raw in typed.items():
        boxes = (
            {f"f_{kind}_{part}": text for part, text in raw.items()} if isinstance(raw, dict) else {f"f_{kind}": raw}
        )
        values |= boxes
    return post(**values)


@settings(deadline=None, max_examples=40)
@given(st.fixed_dictionaries(TYPED))
def test_each_type_takes_its_own_answer_again(typed):
    first = filled(FORM, posted(typed))
    assert first.is_valid(), first.error_list
    answers = first.cleaned_answers
    assert api.check(FORM, answers) == []
    assert api.effective(FORM, answers) == answers
    again = filled(FORM, posted({slot.field.type.name: slot.raw for slot in filled(FORM, answers=answers).slots}))
    assert again.is_valid(), again.error_list
    assert again.cleaned_answers == answers
    words = [row.value for row in api.summary(FORM, answers, language="de")[0].rows]
    assert all(word and word != "Nicht angegeben" for word in words)


def test_patterns_of_others_take_no_longer_than_the_text_is():
    form = one_step(field("text", "x", max_length=5000, pattern={"re": "(a+)+(a|aa)+b", "message": {"de": "Mit b."}}))
    started = time.process_time()
    assert filled(form, post(x="a" * 5000)).error_list[0][2] == "Mit b."
    assert time.process_time() - started < 1


def test_pattern_that_would_fill_the_memory_is_refused_to_its_author():
    item = field("text", "x", pattern={"re": "((a{1,1000}){1,1000}){1,1000}", "message": {"de": "Viele a."}})
    assert "versteht RE2 nicht" in " ".join(problems(definition(step("s", item))))
