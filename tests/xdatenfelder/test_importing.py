"""Schemas of the federation as definitions: what each element becomes, and what is refused."""

import pytest

from forms_engine import api
from forms_engine.publishing import blockers
from forms_engine.xdatenfelder.api import import_xml
from forms_engine.xdatenfelder.code_lists import read_code_list
from forms_engine.xdatenfelder.elements import parse
from forms_engine.xdatenfelder.precision import read
from forms_engine.xdatenfelder.schema import Limits, ListReference
from tests.xdatenfelder.schemas import code_list, field3, group3, limited, reference, schema2, schema3


def no_lists(_: ListReference) -> None:
    return None


def imported(raw: bytes, lists=no_lists, rules=()) -> tuple[dict, list[str]]:
    result = import_xml(raw, rules, lists)
    return api.load(result.definition), result.warnings


def only(raw: bytes, lists=no_lists) -> dict:
    """The one item of a schema with one field."""
    definition, _ = imported(raw, lists)
    return definition["steps"][0]["items"][0]


def test_a_field_becomes_a_question_with_its_limits():
    more = limited(minLength="15", maxLength="15", pattern="[0-9]{15}")
    assert only(schema3(("1:1", field3("F13000000001", "Chipnummer", more=more)))) == {
        "type": "text",
        "key": "f13000000001",
        "fim": "F13000000001",
        "label": {"de": "Chipnummer"},
        "charset": "C",
        "min_length": 15,
        "max_length": 15,
        "pattern": {"re": "[0-9]{15}", "message": {"de": "Prüfen Sie die Schreibweise: Chipnummer."}},
    }


@pytest.mark.parametrize(
    ("data_type", "kind"),
    [
        ("bool", "yes_no"),
        ("num_int", "number"),
        ("num", "decimal"),
        ("num_currency", "currency"),
        ("date", "date"),
        ("time", "time"),
        ("datetime", "datetime"),
        ("file", "file"),
        ("obj", "file"),
        ("text_latin", "text"),
    ],
)
def test_each_data_type_has_its_question(data_type, kind):
    assert only(schema3(("1:1", field3("F13000000001", "Angabe", data_type))))["type"] == kind


def test_how_often_a_field_is_asked():
    def asked(count: str, **kind: str) -> dict:
        return only(schema3((count, field3("F13000000001", "Angabe", **kind))))

    assert "required" not in asked("1:1")
    assert asked("0:1")["required"] is False
    assert asked("2:5")["repeat"]["min"] == 2
    assert asked("2:5")["items"][0]["key"] == "f13000000001"
    assert asked("0:*")["repeat"]["max"] == 50
    assert asked("0:3", data_type="file")["max_files"] == 3


def test_how_often_a_group_is_asked():
    def group(count: str) -> dict:
        inner = [("1:1", field3("F13000000001", "Angabe"))]
        return only(schema3((count, group3("G13000000001", "Boot", inner))))

    assert group("0:1")["optional"] is True
    assert group("1:*")["repeat"] | {"instance": 0, "add": 0} == {"min": 1, "max": 50, "instance": 0, "add": 0}
    assert "repeat" not in group("1:1")


def test_the_same_field_in_two_groups_is_two_questions():
    inner = [("1:1", field3("F13000000001", "Name")), ("0:1", field3("F13000000001", "Name"))]
    definition, _ = imported(
        schema3(("1:1", group3("G13000000001", "A", inner)), ("1:1", group3("G13000000002", "B", inner)))
    )
    form = api.compile_definition(definition)
    assert [".".join(field.path) for step in form.steps for field in step.fields] == [
        "g13000000001.f13000000001",
        "g13000000001.f13000000001_2",
        "g13000000002.f13000000001",
        "g13000000002.f13000000001_2",
    ]


def test_harmonised_fields_are_filled_for_the_first_person_only():
    inner = [("1:1", field3("F60000000227", "Familienname")), ("0:1", field3("F60000000242", "E-Mail"))]
    definition, _ = imported(
        schema3(("1:1", group3("G13000000001", "Sie", inner)), ("1:1", group3("G13000000002", "Kind", inner)))
    )
    mine, child = (step["items"][0]["items"] for step in definition["steps"])
    assert [item.get("prefill") for item in mine] == ["family_name", "email"]
    assert [item["type"] for item in mine] == ["text", "email"]
    assert [item.get("prefill") for item in child] == [None, None]


ADDRESS = group3(
    "G60000000086",
    "Straßenanschrift",
    [
        ("1:1", field3("F60000000243", "Straße")),
        ("0:1", field3("F60000000244", "Hausnummer")),
        ("1:1", field3("F60000000246", "Postleitzahl")),
        ("1:1", field3("F60000000247", "Ort")),
    ],
)
OF_COMPANY = ("1:1", field3("F60000000319", "Eingetragener Name"))
OF_PERSON = ("1:1", field3("F60000000227", "Familienname"))


def filled_from(raw: bytes) -> dict[str, str]:
    """What each question is filled with, by its path."""
    form = api.compile_definition(imported(raw)[0])
    return {".".join(f.path): f.prefill for step in form.steps for f in step.fields if f.prefill}


def test_the_address_in_the_block_of_a_company_is_the_company_s_and_not_the_home_of_who_types():
    company = group3("G13000000001", "Betrieb", [OF_COMPANY, ("1:1", ADDRESS)])
    person = group3("G13000000002", "Verantwortliche Person", [OF_PERSON, ("1:1", ADDRESS)])
    building = group3("G13000000003", "Gebäude", [("1:1", ADDRESS)])
    assert filled_from(schema3(("1:1", company), ("1:1", person), ("1:1", building))) == {
        "g13000000001.f60000000319": "organisation_name",
        "g13000000001.g60000000086.f60000000243": "organisation_street",
        "g13000000001.g60000000086.f60000000244": "organisation_house_number",
        "g13000000001.g60000000086.f60000000246": "organisation_postal_code",
        "g13000000001.g60000000086.f60000000247": "organisation_city",
        "g13000000002.f60000000227": "family_name",
        "g13000000002.g60000000086.f60000000243": "street",
        "g13000000002.g60000000086.f60000000244": "house_number",
        "g13000000002.g60000000086.f60000000246": "postal_code",
        "g13000000002.g60000000086.f60000000247": "city",
    }


def test_a_state_s_own_field_for_the_name_of_a_company_is_filled_too():
    name = field3("F05000006115", "Eingetragener Name des Unternehmens:", more=limited(maxLength="1000"))
    assert filled_from(schema3(("1:1", name))) == {"f05000006115": "organisation_name"}


def test_people_who_are_listed_do_not_make_an_address_theirs():
    staff = ("0:*", group3("G13000000002", "Beschäftigte", [OF_PERSON]))
    company = group3("G13000000001", "Betrieb", [("1:1", ADDRESS), staff, OF_COMPANY])
    assert filled_from(schema3(("1:1", company)))["g13000000001.g60000000086.f60000000243"] == "organisation_street"


def test_a_name_and_an_address_beside_each_other_belong_together():
    name, address = group3("G13000000001", "Name", [OF_PERSON]), group3("G13000000002", "Wohnung", [("1:1", ADDRESS)])
    filled = filled_from(schema3(("1:1", name), ("1:1", address)))
    assert filled["g13000000002.g60000000086.f60000000247"] == "city"


def test_whether_an_address_is_in_germany_is_known_with_the_address():
    values = "".join(
        f"<x:wert><x:code>{code}</x:code><x:name>{name}</x:name></x:wert>"
        for code, name in (("001", "in Deutschland"), ("002", "außerhalb von Deutschland"))
    )
    where = field3("F60000000263", "Wo?", kind="select", more=f"<x:werte>{values}</x:werte>")
    definition, _ = imported(
        schema3(
            ("1:1", group3("G13000000001", "Betrieb", [OF_COMPANY, ("1:1", where)])),
            ("1:1", group3("G13000000002", "Sie", [OF_PERSON, ("1:1", where)])),
        )
    )
    form = api.compile_definition(definition)
    shown = [
        api.step_form(form, step.key, {}, language="de", prefill={"address_country": "DE"}).sheet.slots[1].raw
        for step in form.steps
    ]
    assert shown == ["", "001"]
    of_company = api.step_form(form, form.steps[0].key, {}, language="de", prefill={"organisation_country": "DE"})
    assert of_company.sheet.slots[1].raw == "001"


@pytest.mark.parametrize(
    ("field", "known", "code"),
    [
        (reference("urn:xoev-de:xgewerbeanzeige:codeliste:rechtsformen"), {"legal_form": "ev"}, "2"),
        (reference("urn:xoev-de:xunternehmen:codeliste:registergerichte"), {"register_court": "Rostock"}, "3"),
    ],
)
def test_the_list_of_a_choice_tells_what_it_asks_for_whatever_the_id_of_the_field(field, known, code):
    offered = {"1": "GmbH", "2": "Eingetragener Verein", "3": "Amtsgericht Rostock"}
    asked = field3("F00000000103", "Angabe", kind="select", more=field)
    definition, _ = imported(
        schema3(("1:1", asked)), lambda wanted: read_code_list(parse(code_list(wanted.uri, offered)))
    )
    form = api.compile_definition(definition)
    assert api.step_form(form, form.steps[0].key, {}, language="de", prefill=known).sheet.slots[0].raw == code


def test_labels_are_texts_and_hidden_fields_are_not_asked():
    definition, warnings = imported(
        schema3(
            ("1:1", field3("F13000000001", "Hinweis", kind="label", more="<x:inhalt>Bitte <b>lesen</b></x:inhalt>")),
            ("1:1", field3("F13000000002", "Technisch", kind="hidden")),
            ("0:1", field3("F13000000003", "Konto", kind="locked")),
        )
    )
    static, locked = definition["steps"][0]["items"]
    assert static["type"] == "static"
    assert locked["required"] is False
    assert any("F13000000002" in warning and "Niemand wird danach gefragt" in warning for warning in warnings)
    assert any("F13000000003" in warning and "nicht ändern" in warning for warning in warnings)


def test_what_is_locked_comes_from_the_account_where_it_knows_it():
    mark = "<x:vorbefuellung><code>verpflichtend</code></x:vorbefuellung>"
    definition, warnings = imported(
        schema3(
            ("1:1", field3("F60000000227", "Familienname", kind="locked", more=mark)),
            ("1:1", field3("F60000000233", "Jahr", "num_int")),
            ("1:1", field3("F13000000003", "Kontonummer", more=mark)),
        )
    )
    name, year, number = definition["steps"][0]["items"]
    assert (name["prefill"], name["locked"]) == ("family_name", True)
    assert year["prefill"] == "birth_year"
    assert "prefill" not in number
    assert any("F13000000003" in warning and "aus dem Konto" in warning for warning in warnings)
    assert not any("F60000000227" in warning for warning in warnings)


def test_what_the_schema_says_itself_is_told_and_answers_nothing():
    told = "<x:inhalt>Ein &lt;b&gt;Hinweis&lt;/b&gt;</x:inhalt>"
    definition, warnings = imported(
        schema3(
            ("1:1", field3("F13000000001", "Ort", more=told)),
            ("1:1", field3("F13000000002", "Art des Antrags", kind="hidden", more=told)),
        )
    )
    [item] = definition["steps"][0]["items"]
    assert item == {
        "type": "text",
        "key": "f13000000001",
        "fim": "F13000000001",
        "label": {"de": "Ort"},
        "charset": "C",
    }
    assert any("F13000000001" in each and "gibt die Antwort „Ein Hinweis“ vor" in each for each in warnings)
    assert any("F13000000002" in each and "Der feste Wert „Ein Hinweis“ geht nicht mit" in each for each in warnings)


def test_inline_values_are_options():
    values = "<x:werte><x:wert><x:code>001</x:code><x:name>Jolle</x:name></x:wert></x:werte>"
    item = only(schema3(("1:1", field3("F13000000001", "Art", kind="select", more=values))))
    assert item["options"] == [{"value": "001", "label": {"de": "Jolle"}}]


def test_help_of_an_inline_value_stands_at_its_option():
    helped = "<x:wert><x:code>002</x:code><x:name>Kutter</x:name><x:hilfe> ab zwei Masten </x:hilfe></x:wert>"
    values = f"<x:werte><x:wert><x:code>001</x:code><x:name>Jolle</x:name></x:wert>{helped}</x:werte>"
    item = only(schema3(("1:1", field3("F13000000001", "Art", kind="select", more=values))))
    assert [option.get("hint") for option in item["options"]] == [None, {"de": "ab zwei Masten"}]


def test_help_of_a_value_whose_code_is_changed_or_comes_twice_stays_with_it():
    told = "".join(
        f"<x:wert><x:code>{code}</x:code><x:name>{name}</x:name><x:hilfe>zu {name}</x:hilfe></x:wert>"
        for code, name in (("A 1", "erste"), ("A_1", "zweite"), ("B 2", "dritte"))
    )
    field = field3("F13000000001", "Art", kind="select", more=f"<x:werte>{told}</x:werte>")
    definition, _ = imported(schema3(("1:1", field)))
    options = definition["steps"][0]["items"][0]["options"]
    assert [(option["value"], option["hint"]["de"]) for option in options] == [
        ("A_1", "zu erste"),
        ("B_2", "zu dritte"),
    ]


def test_a_known_code_list_is_frozen_into_the_definition():
    known = read_code_list(parse(code_list("urn:boote", {"01": "Jolle", "02": "Kutter"}, "2.1")))
    raw = schema3(("0:*", field3("F13000000001", "Art", kind="select", more=reference("urn:boote"))))
    item = only(raw, lambda asked: known if asked.uri == "urn:boote" else None)
    assert item["type"] == "choices"
    assert item["code_list"] == {"uri": "urn:boote", "version": "2.1"}
    assert [option["label"]["de"] for option in item["options"]] == ["Jolle", "Kutter"]


def test_several_entries_of_a_long_list_are_chosen_one_by_one():
    known = read_code_list(parse(code_list("urn:staat", {f"{number:03}": f"Staat {number}" for number in range(26)})))
    item = only(
        schema3(("1:5", field3("F13000000001", "Staat", kind="select", more=reference("urn:staat")))), lambda _: known
    )
    assert (item["repeat"]["min"], item["repeat"]["max"]) == (1, 5)
    assert [single["type"] for single in item["items"]] == ["choice"]


@pytest.mark.django_db
def test_without_its_code_list_a_schema_is_kept_but_not_published():
    raw = schema3(("1:1", field3("F13000000001", "Art", kind="select", more=reference("urn:boote", "2"))))
    definition, _ = imported(raw)
    api.compile_definition(definition)
    [sentence] = blockers(definition)
    assert "urn:boote (2)" in sentence


def test_of_a_choice_group_exactly_one_part_is_answered():
    inner = [("0:1", field3("F13000000001", "Länge", "num_int")), ("0:1", field3("F13000000002", "Breite", "num_int"))]
    group = group3("G13000000001", "Maß", inner, more="<x:art><code>X</code></x:art>")
    form = api.compile_definition(imported(schema3(("1:1", group)))[0])
    long, wide = {"f13000000001": 4}, {"f13000000002": 2}
    assert api.check(form, {"g13000000001": long}) == []
    assert [problem.label for problem in api.check(form, {"g13000000001": {**long, **wide}})] == ["Länge"]
    assert [problem.label for problem in api.check(form, {"g13000000001": {}})] == ["Länge"]


@pytest.mark.parametrize(
    ("told", "limits"),
    [
        ("", Limits()),
        ("5", Limits(max_length=5)),
        ("1..31", Limits(min_value="1", max_value="31")),
        ('{"minLength":"1","maxLength":"120"}', Limits(min_length=1, max_length=120)),
        ('{"pattern":"Mehrfachauswahl"}', Limits(note="Mehrfachauswahl")),
        ('{"pattern":"(?=a)b"}', Limits(note="(?=a)b")),
        ('{"pattern":"\\\\p{L}+"}', Limits(pattern="\\p{L}+")),
        ("siehe Satzung", Limits(note="siehe Satzung")),
        ('{"minLength":"1","minLength":"9"}', Limits(note='{"minLength":"1","minLength":"9"}')),
        ("[" * 40, Limits(note="[" * 40)),
    ],
)
def test_precision_of_version_2(told, limits):
    assert read({}, told) == limits


def test_prose_in_a_precision_becomes_a_warning():
    _, warnings = imported(schema2("siehe Satzung"))
    assert any("siehe Satzung" in warning for warning in warnings)


def test_rules_in_words_wait_for_the_author():
    rule = (
        "<x:regel><x:identifikation><x:id>R1</x:id></x:identifikation><x:name>Pflicht</x:name>"
        "<x:freitextRegel>Wenn F13000001 = ja, dann F99000009.</x:freitextRegel></x:regel>"
    )
    definition, warnings = imported(schema3(("1:1", field3("F13000000001", "Art")), more=rule))
    assert "rules" not in definition
    assert any("R1 wartet auf Ihre Entscheidung" in warning for warning in warnings)
    assert any("F99000009" in warning and "gibt es in diesem Schema nicht" in warning for warning in warnings)
    assert not any("nennt F13000001" in warning for warning in warnings)  # the old way to write F13000000001


@pytest.mark.asvs("V1.5.1")
@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (b"<a>", "wohlgeformtes XML"),
        (b"<a/>", "weder ein Schema noch eine Codeliste"),
        (schema3(("1:1", field3("F13000000001", "A")), before="<!DOCTYPE a [<!ENTITY b 'c'>]>"), "DTD"),
        (b"<a>" * 300 + b"</a>" * 300, "zu tief"),
        (schema3(), "keine Felder"),
        (schema3(("1:1", field3("F13000000001", "A"))).replace(b"felder_3.0.0", b"felder_9"), "Namensraum"),
        (schema3(("1:1", field3("", "A"))), "Kennung"),
        (schema3(("3:1", field3("F13000000001", "A"))), "3:1"),
        (
            schema3(("1:1", field3("F13000000001", "A"))).replace(b".stammdatenschema.0102", b".datenfeld.0104"),
            "datenfeld",
        ),
        (schema3(("1:1", field3("F1", "A", more="<x:name>B</x:name>"))), "2-mal"),
    ],
)
def test_what_is_refused(raw, sentence):
    with pytest.raises(api.DefinitionError, match=sentence):
        import_xml(raw, (), no_lists)
