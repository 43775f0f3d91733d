"""Rules in words: understood where the words leave no doubt, kept as proposals, and never switched on unseen."""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import escape

import pytest

from forms_engine import api
from forms_engine.xdatenfelder.api import Imported, import_xml, read_rules
from forms_engine.xdatenfelder.changes import make
from forms_engine.xdatenfelder.wording import told
from tests.xdatenfelder.schemas import field3, group3, schema3
from tests.xdatenfelder.test_corpus import CORPUS, _schemas, collected, find


def rule3(words: str, fim_id: str = "R13000000001") -> str:
    return (
        f"<x:regel><x:identifikation><x:id>{fim_id}</x:id></x:identifikation><x:name>Regel</x:name>"
        f"<x:freitextRegel>{escape(words)}</x:freitextRegel></x:regel>"
    )


WERTE = (
    "<x:werte><x:wert><x:code>001</x:code><x:name>Ja</x:name></x:wert>"
    "<x:wert><x:code>002</x:code><x:name>Nein</x:name></x:wert></x:werte>"
)


def boat(words: str, count: str = "1:1") -> Imported:
    parts = [
        ("0:1", field3("F13000000001", "Motor", kind="select", more=WERTE)),
        ("0:1", field3("F13000000002", "Leistung", "num_int")),
        ("0:1", field3("F13000000003", "Neu", "bool")),
    ]
    return import_xml(schema3((count, group3("G13000000001", "Boot", parts, more=rule3(words)))), (), lambda _: None)


def switched_on(imported: Imported) -> api.CompiledForm:
    [proposal] = imported.proposals
    assert proposal.changes
    for change in proposal.changes:
        make(change, imported.definition)
    return api.compile_definition(api.load(imported.definition))


def fine(form: api.CompiledForm, **answers: Any) -> bool:
    return api.check(form, {"g13000000001": answers}) == []


@pytest.mark.parametrize(
    ("words", "kept", "broken"),
    [
        (
            'Wenn das Feld F13000000001 "Motor" = 001 "Ja", dann muss das Feld F13000000002 "Leistung" befüllt sein.',
            {"f13000000001": "001", "f13000000002": 5},
            {"f13000000001": "001"},
        ),
        (
            "Wenn im Datenfeld F13000001 der Wert 002 angegeben wurde, dann soll F13000002 zum Pflichtfeld werden.",
            {"f13000000001": "001"},
            {"f13000000001": "002"},
        ),
        (
            'Wenn F13000000001 "Motor" nicht leer, dann darf F13000000002 "Leistung" nicht leer sein.',
            {},
            {"f13000000001": "001"},
        ),
        (
            'Es muss mindestens eines der Felder F13000000001 "Motor", F13000000002 "Leistung" befüllt sein.',
            {"f13000000002": 1},
            {"f13000000003": True},
        ),
        (
            'Entweder muss das Feld F13000000001 "Motor" oder das Feld F13000000002 "Leistung" befüllt sein.',
            {"f13000000002": 1},
            {"f13000000001": "001", "f13000000002": 1},
        ),
        (
            "Wenn F13000000003 = JA, dann muss F13000000002 befüllt sein. "
            'Wenn F13000000001 = "Nein", dann muss F13000000002 befüllt sein.',
            {"f13000000001": "001", "f13000000003": False},
            {"f13000000001": "002", "f13000000003": False},
        ),
        (
            'Wenn bei F13000000001 "001 Ja" angegeben wird, dann wird F13000000002 zur Pflichtangabe.',
            {"f13000000001": "002"},
            {"f13000000001": "001"},
        ),
        (
            'Wenn im Datenfeld F13000000001 nicht der Wert "" angegeben wurde, dann soll F13000000002 zum Pflichtfeld '
            "werden.",
            {"f13000000003": True},
            {"f13000000001": "001"},
        ),
        (
            'F13000000002 ist ein Pflichtfeld, wenn eines der folgenden Felder F13000000001, F13000000003 mit "Ja" '
            "belegt ist.",
            {"f13000000001": "002", "f13000000003": False},
            {"f13000000001": "002", "f13000000003": True},
        ),
    ],
)
def test_what_the_words_say_is_proposed_and_does_nothing_before_it_is_taken(words, kept, broken):
    imported = boat(words)
    asked = api.compile_definition(api.load(imported.definition))
    assert fine(asked, **kept)
    assert fine(asked, **broken)
    form = switched_on(imported)
    assert fine(form, **kept)
    assert not fine(form, **broken)


@pytest.mark.parametrize(
    "words",
    [
        "WENN F13000000001 'Motor' = 001 'Ja', DANN aktiviere F13000000002 'Leistung'.",
        "WENN F13000000003 = NEIN, DANN deaktiviere F13000000002 'Leistung'.",
        'Wenn F13000000001 <> 001 "Ja", dann darf F13000000002 nicht befüllt sein.',
        # A name without marks is left out where it is the one of the schema.
        'Wenn Feld F13000000001 Motor === "Ja", dann zeige F13000000002 Leistung an, sonst zeige F13000002 nicht an.',
        'Wenn F13000000001 == "001 Ja", dann zeige F13000000002 Leistung, ansonsten nicht.',
        'Wenn F13000000001 Motor === "Ja" ist, dann zeige F13000000002, wenn <> "Ja", dann blende F13000000002 aus.',
        'Wenn F13000000003 == Ja, dann zeige F13000000002 an, bei F13000000003 == "Nein" zeige F13000000002 nicht an.',
        'Wenn F13000000003 Neu === "Ja" zeige F13000000002, wenn F13000000003 Neu === "Nein" zeige F13000000002 nicht.',
        "WENN G13000000001.F13000000001 Motor = 001 - Ja, DANN zeige F13000000002 Leistung an, SONST zeige "
        "F13000000002 nicht an.",
    ],
)
def test_what_is_switched_off_is_not_asked(words):
    form = switched_on(boat(words, "1:*"))
    boats = [
        {"_id": "a", "f13000000001": "001", "f13000000002": 5, "f13000000003": True},
        {"_id": "b", "f13000000001": "002", "f13000000002": 5, "f13000000003": False},
    ]
    shown = api.effective(form, {"g13000000001": boats})["g13000000001"]
    assert [entry.get("f13000000002") for entry in shown] == [5, None]


@pytest.mark.parametrize(
    "words",
    [
        "WENN F13000000001 = 001, DANN aktiviere F13000000002 UND mache es zu einer Pflichtangabe UND deaktiviere "
        "F13000000003.",
        "WENN F13000000001 = 001, DANN zeige als Pflicht F13000000002 an UND deaktiviere F13000000003.",
        "WENN F13000000001 = 001 DANN deaktiviere F13000000003 und zeige F13000000002 als Pflichtfeld an, sonst zeige "
        "das Feld nicht an.",
    ],
)
def test_what_is_shown_can_be_required_and_others_go(words):
    form = switched_on(boat(words))
    assert not fine(form, f13000000001="001")
    assert fine(form, f13000000001="002")
    shown = api.effective(form, {"g13000000001": {"f13000000001": "001", "f13000000002": 5, "f13000000003": True}})
    assert shown == {"g13000000001": {"f13000000001": "001", "f13000000002": 5}}
    hidden = api.effective(form, {"g13000000001": {"f13000000001": "002", "f13000000002": 5, "f13000000003": True}})
    assert hidden == {"g13000000001": {"f13000000001": "002", "f13000000003": True}}


def test_of_several_values_none_may_hold():
    form = switched_on(
        boat('Wenn F13000000001 <> 001 "Ja" UND <> 002 "Nein", dann darf F13000000002 nicht befüllt sein.')
    )
    for motor, left in (("001", 5), ("002", 5), (None, None)):
        answers = {"g13000000001": {"f13000000001": motor, "f13000000002": 5}}
        assert api.effective(form, answers).get("g13000000001", {}).get("f13000000002") == left


def test_three_numbers_that_are_no_day_are_told():
    parts = [("0:1", field3(f"F6000000023{number}", name, "num_int")) for number, name in enumerate("TMJ", start=1)]
    words = (
        'Wenn alle drei Felder F60000000231 "Tag (ohne Monat und Jahr)", F60000000232 "Monat" und F60000000233 "Jahr" '
        "befüllt sind, muss die Validität des sich ergebenden Kalenderdatums sichergestellt werden. D.h. es muss z.B. "
        "30.02.2019 oder der 31.11.1968 verhindert werden, da diese keine korrekten Datumsangaben sind."
    )
    born = group3("G60000000083", "Geburtsdatum", parts, more=rule3(words))
    form = switched_on(import_xml(schema3(("1:1", born)), (), lambda _: None))

    def fits(day: int | None, month: int | None, year: int) -> bool:
        told = {"f60000000231": day, "f60000000232": month, "f60000000233": year}
        return api.check(form, {"g60000000083": told}) == []

    assert fits(28, 2, 2019)
    assert fits(None, None, 1960)
    assert not fits(30, 2, 2019)


def test_rules_that_each_show_the_same_question_leave_it_to_the_author():
    parts = [
        ("0:1", field3("F13000000001", "Motor", kind="select", more=WERTE)),
        ("0:1", field3("F13000000002", "Leistung", "num_int")),
    ]
    rules = "".join(
        rule3(f"WENN F13000000001 = {code}, DANN aktiviere F13000000002.", f"R1300000000{code[-1]}")
        for code in ("001", "002")
    )
    imported = import_xml(schema3(("1:1", group3("G13000000001", "Boot", parts, more=rules))), (), lambda _: None)
    assert [proposal.changes for proposal in imported.proposals] == [(), ()], "together they would show it never"


@pytest.mark.parametrize(
    "words",
    [
        "WENN F13000000001 = 001, DANN aktiviere F13000000002 UND frage nach.",
        "Wenn F13000000001 = 001, dann zeige F13000000002, sonst zeige F13000000003 nicht an.",
        "Wenn F13000000001 = 001, dann zeige F13000000002, wenn F13000000001 = 001, dann zeige F13000000002 nicht an.",
        "Wenn F13000000001 Segel = 001, dann zeige F13000000002 an, sonst nicht.",
        "Wenn F13000000001 = 001, dann zeige F13000000002 an, wenn <> 002, dann blende F13000000002 aus.",
        "Wenn F13000000001 = 001, dann muss F13000000002 befüllt sein. Ausgenommen sind Kanus.",
        "Die Angaben F13000000001 und F13000000002 müssen sinnvoll sein.",
        "Wenn F13000000001 = 009, dann muss F13000000002 befüllt sein.",
        "Wenn F13000000002 = JA, dann muss F13000000001 befüllt sein.",
        "Wenn F13000000001 = 001, dann muss F13000000099 befüllt sein.",
    ],
)
def test_in_doubt_the_author_has_the_word(words):
    [proposal] = boat(words).proposals
    assert proposal.changes == ()
    assert "g13000000001.f13000000001" in proposal.places
    assert list(proposal.unknown) == (["F13000000099"] if "99" in words else [])


def test_long_words_are_not_pondered():
    assert told("Es muss mindestens eines der Felder " + 'F13000000001 "a", ' * 500) == []


@collected
@pytest.mark.parametrize("file", _schemas(), ids=lambda file: file.stem)
def test_each_proposal_of_the_collected_schemas_can_be_taken(file):
    imported = import_xml(file.read_bytes(), (), find)
    for proposal in imported.proposals:
        for change in proposal.changes:
            make(change, imported.definition)
    api.load(imported.definition)


@collected
def test_most_rules_in_words_of_the_collected_schemas_are_understood():
    waiting: dict[str, bool] = {}
    for file in _schemas():
        for proposal in import_xml(file.read_bytes(), (), find).proposals:
            waiting[proposal.words] = waiting.get(proposal.words, False) or bool(proposal.changes)
    assert sum(waiting.values()) >= 0.6 * len(waiting) > 0


def test_what_came_translated_does_not_wait_in_words_too():
    words = 'Wenn F13000000001 <> 001 "Ja", dann darf F13000000002 nicht befüllt sein.'
    parts = [
        ("0:1", field3("F13000000001", "Motor", kind="select", more=WERTE)),
        ("0:1", field3("F13000000002", "Leistung", "num_int")),
    ]
    raw = schema3(("1:1", group3("G13000000001", "Boot", parts, more=rule3(words))))

    def waiting(condition: Any) -> int:
        told = {"bearer": "G13000000001", "action": ["forbidden"], "target": "F13000000002", "condition": condition}
        return len(import_xml(raw, [told], lambda _: None).proposals)

    assert waiting({"not_equal": [{"identifier": "self.F13000000001"}, "001"]}) == 0
    assert waiting({"not": {"or": [{"equal": [{"identifier": "F13000000001"}, "001"]}]}}) == 0
    assert waiting({"equal": [{"identifier": "F13000000001"}, "001"]}) == 1


@collected
def test_the_translated_rules_of_a_real_schema_take_their_words_with_them():
    raw = (CORPUS / "xdf3" / "S00000000362.xdf3.xml").read_bytes()
    rules = read_rules((CORPUS / "rules" / "translated_rules_api.json").read_bytes())
    alone, translated = (len(import_xml(raw, told, find).proposals) for told in ((), rules))
    assert translated < alone
