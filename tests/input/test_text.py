"""Whatever is typed is stored exactly or refused with a sentence; nothing changes without a word, nothing breaks."""

import json
import unicodedata
from html import unescape
from typing import Any

import pytest
from django.test import Client
from lxml import html

from applications.models import Draft
from forms_engine.characters import normalise
from forms_engine.field_types import FIELD_TYPES
from foundation import scope
from tests import filler
from tests.forms_engine.definitions import field, filled, one_step, post
from tests.input.corpus import read_corpus
from tests.input.exact import CHOSEN, not_kept, paragraphs

#: B004 to B022 of the list of hostile inputs, and what becomes of each in free text.
STORED = [
    "Jose\u0301",
    "Ğ Õ ẞ ł Ţ ȋ ḷ́ ǻ",
    "Müller 😀",
    "{{7*7}}{% include 'x' %}${7*7}#{7*7}<%= 7*7 %>",
    "<img src=x onerror=alert(1)>\"'><svg onload=1>",
    "</script><script>1</script>",
    "Robert'); DROP TABLE students;--",
    "%s %n %x {0} {user.password}",
    "x\r\nBcc: a@example.org",
    "x\nINFO forged line",
]
REFUSED = [
    "a\x00b",
    "pay\u202egpj.exe",
    "ad\u200bmin\ufeff",
    "аdmin",  # a Cyrillic а
    "a\ufffeb",
    "\x1b[31mred\x07",
    "Z" + "\u0338\u0322\u034e" * 400,
    "A" * 200_000,
]
#: Types of fields that are typed in, and what makes such a field ask for all that it can.
TYPES: dict[str, dict[str, Any]] = {
    "address": {"care_of": True, "no_fixed_abode": True},
    **{type: {} for type in ("text", "multiline", "email", "phone", "postal_code", "iban", "bic", "tax_id")},
    **{type: {} for type in ("number", "decimal", "currency", "date", "partial_date", "time", "datetime")},
    **{type: {} for type in ("person_name", "register_entry", "licence_plate")},
}
DAY = {"x_day": "3", "x_month": "4", "x_year": "2027"}
#: What is right in fields of several boxes.
RIGHT = {
    "date": DAY,
    "partial_date": DAY,
    "datetime": DAY | {"x_time": "14:30"},
    "person_name": {"x_given_name": "Lena", "x_family_name": "Kogge"},
    "register_entry": {"x_court": "Rostock", "x_number": "HRB 12345"},
    "address": {
        "x_street": "Lange Straße",
        "x_house_number": "12a",
        "x_postal_code": "18055",
        "x_city": "Rostock",
        "x_care_of": "Hansen",
    },
}


@pytest.fixture
def step(city: None, client: Client) -> str:
    return f"{filler.begin(client)}schritt/idee/"


def told(answer: bytes) -> str:
    [summary] = html.fromstring(answer).xpath("//*[@id='fehler']")
    return summary.text_content()


def kept_draft() -> Draft:
    with scope.system("look", read_only=True):
        [draft] = Draft.objects.select_related("authority")
        return draft


def kept_text() -> str:
    return kept_draft().read_answers().get("text", "")


@pytest.mark.asvs("V1.2.1", "V1.3.7", "V1.3.10", "V1.3.11", "V1.2.4")
@pytest.mark.parametrize("typed", STORED, ids=ascii)
def test_hostile_text_is_stored_exactly_and_shown_literally(client: Client, step: str, typed: str) -> None:
    typed = f"Bitte lesen: {typed}"
    answer = filler.fill(client, step, thema="gruen", text=typed, ort="Neuer Markt")
    assert answer.status_code == 302
    assert kept_text() == normalise(typed.replace("\r\n", "\n"))
    page = client.get(step).content
    assert filler.boxes(html.fromstring(page))["text"] == kept_text()
    assert b"<img src=x" not in page
    assert b"</script><script>1" not in page


@pytest.mark.parametrize("typed", REFUSED, ids=lambda typed: ascii(typed[:12]))
def test_what_hides_or_is_too_long_is_refused_at_its_box_and_kept(client: Client, step: str, typed: str) -> None:
    answer = filler.fill(client, step, thema="gruen", text=typed, ort="Neuer Markt")
    assert answer.status_code in (200, 400)
    if answer.status_code == 200:
        assert told(answer.content)
        assert len(answer.content) < 500_000
    assert kept_text() in ("", typed.replace("\x00", "\ufffd"))


def test_blanks_of_all_kinds_are_no_answer(client: Client, step: str) -> None:
    answer = filler.fill(client, step, thema="gruen", text=" \u00a0\u3000\u2003 ", ort="")
    assert "Was möchten Sie uns sagen" in told(answer.content)


@pytest.mark.asvs("V2.2.1")
@pytest.mark.parametrize("type", TYPES)
def test_naughty_strings_are_kept_exactly_or_refused_with_a_sentence(type: str) -> None:
    """Each of the big list, in each box of each type of field that is typed in; beside it stands what is right."""
    item, wrong = field(type, "x", **TYPES[type]), []
    form, right = one_step(item), RIGHT.get(type, {"x": ""})
    for typed in json.loads(read_corpus("badinput/blns.json")):
        for box in right:
            wrong += not_kept(filled(form, post(**right | {box: typed})))
    assert wrong == []


def test_percent_sign_in_a_refusal_is_a_percent_sign() -> None:
    """Django fills the params of a fault into its sentence; a % in it used to end in a fault of ours."""
    [(_box, _label, sentence)] = filled(one_step(field("text", "x", charset="A")), post(x="% Lena")).error_list
    assert "„%“" in sentence
    rule = {
        "require": {"is_empty": {"answer": "x"}},
        "at": "x",
        "message": {"de": "Nehmen Sie 20 % oder mehr."},
    }
    [(_box, _label, sentence)] = filled(one_step(field("text", "x"), rules=[rule]), post(x="a")).error_list
    assert sentence == "Nehmen Sie 20 % oder mehr."


def test_every_type_that_is_typed_in_is_tried() -> None:
    assert TYPES.keys() | CHOSEN == FIELD_TYPES.keys()


@pytest.mark.parametrize("part", range(8))
def test_naughty_strings_pass_through_the_pages(client: Client, step: str, part: int) -> None:
    """All of them: in a step, where they stay in the box and are stored exactly, and in the search."""
    boxes = filler.boxes(filler.page(client, step)) | {"thema": "gruen", "ort": "Neuer Markt"}
    for typed in json.loads(read_corpus("badinput/blns.json"))[part::8]:
        answer = client.post(step, boxes | {"text": typed, "version": str(kept_draft().version)})
        assert answer.status_code in (200, 302), ascii(typed)
        if answer.status_code == 200:
            assert told(answer.content)
        else:
            assert kept_text() == paragraphs(typed), ascii(typed)
        assert client.get("/leistungen/", {"q": typed}).status_code in (200, 400), ascii(typed)


def test_search_shows_what_was_looked_for_literally(city: None, client: Client) -> None:
    answer = client.get("/leistungen/", {"q": "<img src=x onerror=alert(1)>"})
    assert b"<img src=x" not in answer.content
    assert "<img src=x" in unescape(answer.content.decode())


def test_composed_and_decomposed_letters_are_one_text(client: Client, step: str) -> None:
    filler.fill(client, step, thema="gruen", text=unicodedata.normalize("NFD", "Grüße von Jürgen"), ort="Neuer Markt")
    assert kept_text() == "Grüße von Jürgen"


OPTIONS = [{"value": "a", "label": {"de": "A"}}]


@pytest.mark.asvs("V1.4.2")
@pytest.mark.parametrize(
    ("type", "typed"),
    [
        ("number", "9" * 5_000),
        ("number", str(2**64)),
        ("number", "١٢٣"),
        ("decimal", "1e1000000"),
        ("decimal", "NaN"),
        ("decimal", "1,234.56"),
        ("date", "2026-03-29 02:30"),
        ("date", "2026-10-25 02:30"),
        ("date", "0000-00-00"),
        ("date", "2026-02-31"),
        ("date", "2025-02-29"),
        ("date", "9999-12-31T23:59:59-12:00"),
        ("iban", "DE00 0000 0000 0000 0000 00"),
        ("choice", "not among the options"),
    ],
)
def test_value_that_is_none_is_refused_with_a_sentence(type: str, typed: str) -> None:
    item = field(type, "x", options=OPTIONS) if type == "choice" else field(type, "x")
    done = filled(one_step(item), post(x=typed))
    assert not done.is_valid()
    assert done.error_list[0][2].endswith(".")


def test_german_separators_are_read_in_one_way() -> None:
    done = filled(one_step(field("decimal", "x")), post(x="1.234,56"))
    assert done.is_valid()
    assert done.cleaned_answers["x"] == "1234.56"
