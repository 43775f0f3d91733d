"""The legal form and the court of an account as the code of whatever list a question offers."""

from typing import Any

import pytest

from forms_engine import api
from forms_engine.xdatenfelder.api import import_xml
from forms_engine.xdatenfelder.code_lists import read_code_list
from forms_engine.xdatenfelder.elements import parse
from tests.forms_engine.definitions import field, filled, one_step
from tests.xdatenfelder.schemas import code_list, field3, group3, reference, schema3

COMMON = {
    "170": "eingetragenes Einzelunternehmen (e.K.; e.Kfm.; e.Kfr.)",
    "180": "nicht eingetragenes Einzelunternehmen",
    "210": "Offene Handelsgesellschaft (OHG)",
    "220": "Kommanditgesellschaft (KG)",
    "230": "GmbH & Co. KG",
    "270": "Gesellschaft des bürgerlichen Rechts (GbR; BGB-Gesellschaft)",
    "293": "Partnerschaftsgesellschaft",
    "310": "Aktiengesellschaften (AG)",
    "350": "Gesellschaft mit beschränkter Haftung (GmbH)",
    "351": "Unternehmergesellschaft (haftungsbeschränkt)",
    "400": "eingetragene Genossenschaft (eG)",
    "590": "eingetragener Verein",
}
WIDE = {
    "123000": "eingetragene Gesellschaft des bürgerlichen Rechts",
    "120000": "Gesellschaft des bürgerlichen Rechts (BGB-Gesellschaft); auch eingetragene Gesellschaft des "
    "bürgerlichen Rechts",
    "221000": "Gesellschaft mit beschränkter Haftung; auch Unternehmergesellschaft (haftungsbeschränkt)",
    "221110": "Gesellschaft mit beschränkter Haftung (GmbH)",
    "411000": "eingetragenes gewerbliches Einzelunternehmen (e.K.; e.Kfm.; e.Kfr.)",
    "411100": "eingetragenes gewerbliches Einzelunternehmen (e.K.; e.Kfm.; e.Kfr.) (Sitz in Deutschland)",
    "211000": "eingetragener Verein (e.V.)",
    "222200": "Europäische Aktiengesellschaft (SE)",
}
COURTS = {
    "R1": "Amtsgericht Rostock",
    "F1": "Charlottenburg (Berlin)",
    "S1": "Stralsund",
    "S2": "Amtsgericht Stralsund",
}


def chosen(prefill: str, known: Any, options: dict[str, str]) -> str:
    """The value that stands chosen in the page; empty for none."""
    offered = [{"value": value, "label": {"de": label}} for value, label in options.items()]
    form = filled(one_step(field("choice", "wahl", options=offered, prefill=prefill)), prefill={prefill: known})
    return str(form.sheet.slots[0].raw)


@pytest.mark.parametrize(
    ("known", "code"),
    [
        *(("ek", "170"), ("ohg", "210"), ("kg", "220"), ("gmbh_kg", "230"), ("gbr", "270"), ("partg", "293")),
        *(("ag", "310"), ("gmbh", "350"), ("ug", "351"), ("eg", "400"), ("ev", "590"), ("egbr", ""), ("andere", "")),
    ],
)
def test_common_legal_forms_are_known_by_their_names(known: str, code: str) -> None:
    assert chosen("legal_form", known, COMMON) == code


@pytest.mark.parametrize(
    ("known", "code", "why"),
    [
        ("gmbh", "221110", "the narrow entry of a known list"),
        ("ev", "211000", "only one says so"),
        ("ek", "", "seat here or abroad: the account does not say"),
        ("egbr", "", "two entries speak of it"),
        ("ag", "", "the European one is another"),
        ("kg", "", "not offered"),
    ],
)
def test_where_entries_stand_in_one_another_doubt_leaves_it_open(known: str, code: str, why: str) -> None:
    assert chosen("legal_form", known, WIDE) == code, why


def test_codes_of_ones_own_go_before_words() -> None:
    assert chosen("legal_form", "kg", {"kg": "Kommanditgesellschaft", "x": "KG"}) == "kg"


@pytest.mark.parametrize(
    ("known", "code"),
    [("Rostock", "R1"), ("Stralsund", ""), ("Schwerin", ""), ("", ""), (None, "")],
)
def test_court_is_known_by_its_town(known: str | None, code: str) -> None:
    assert chosen("register_court", known, COURTS) == code


def imported() -> dict[str, Any]:
    """A schema with the blocks Rechtsform, Registergericht, Ort and Nummer of the register, and a second Rechtsform."""
    legal = read_code_list(
        parse(code_list("urn:de:fim:codeliste:rechtsformen-gaengig", COMMON | {"230": "GmbH &amp; Co. KG"}))
    )
    courts = read_code_list(parse(code_list("urn:xoev-de:xunternehmen:codeliste:registergerichte", COURTS)))
    lists = {each.uri: each for each in (legal, courts)}

    def block(fim_id: str, label: str, uri: str) -> str:
        return field3(fim_id, label, kind="select", more=reference(uri))

    company = [
        ("1:1", block("F60000000339", "Rechtsform", legal.uri)),
        ("0:1", block("F60000000325", "Registergericht", courts.uri)),
        ("0:1", field3("F60000000327", "Ort des Registereintrags")),
        ("0:1", field3("F60000000328", "Nummer des Registereintrags")),
    ]
    second = [("0:1", block("F60000000339", "Rechtsform", legal.uri))]
    raw = schema3(
        ("1:1", group3("G13000000001", "Betrieb", company)), ("1:1", group3("G13000000002", "Käufer", second))
    )
    return api.load(import_xml(raw, (), lambda wanted: lists.get(wanted.uri)).definition)


def test_harmonised_blocks_are_filled_from_the_account_of_the_first_organisation() -> None:
    groups = [item for step in imported()["steps"] for item in step["items"]]
    assert [
        [(item["type"], item.get("prefill")) for item in group.get("items", [group])] for group in _flat(groups)
    ] == [
        [
            ("choice", "legal_form"),
            ("choice", "register_court"),
            ("text", "register_court"),
            ("text", "register_number"),
        ],
        [("choice", None)],
    ]


def _flat(groups: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [group for group in groups if group["type"] == "group"]


def test_page_shows_what_was_found_and_where_from() -> None:
    form = api.compile_definition(imported())
    known = {"legal_form": "gmbh", "register_court": "Rostock", "register_number": "HRB 12345"}
    shown = api.step_form(form, form.steps[0].key, {}, language="de", prefill=known)
    assert [slot.raw for slot in shown.sheet.slots][:4] == ["350", "R1", "Rostock", "HRB 12345"]
    assert [slot.prefilled for slot in shown.sheet.slots][:4] == [True] * 4
    assert [row.source for group in shown.rows[:1] for row in group.rows] == ["Aus Ihrem Konto"] * 4


def test_several_answers_and_typed_ones_are_not_filled() -> None:
    select = field3("F60000000339", "Rechtsform", kind="select", more=reference("urn:x"))
    for count, raw in (("0:3", select), ("1:1", field3("F60000000339", "Rechtsform"))):
        definition = import_xml(schema3((count, raw)), (), lambda _: None).definition
        assert "prefill" not in str(api.load(definition))
