"""The formula of a calculated field as its author types it: read, written, and refused at its place."""

import copy
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forms_engine import api
from forms_engine.compiling import declare
from forms_engine.editing import api as editing
from forms_engine.editing.api import Address, FormulaError, Operands
from forms_engine.formulas import compile_formula
from tests.forms_engine.definitions import OPTIONS, definition, field, group, repeat, step

RECKONED = field("calculated", "gesamt", value=0)


def rooms() -> dict[str, Any]:
    """A house with rooms, each with windows: questions on all levels."""
    windows = group("fenster", field("decimal", "flaeche"), repeat=repeat())
    house = group("haus", field("number", "etagen"))
    return definition(
        step(
            "s",
            field("number", "laenge", label={"de": "Länge"}),
            field("decimal", "breite"),
            field("currency", "preis"),
            field("text", "name"),
            field("choices", "arten", options=OPTIONS),
            house,
            group(
                "zimmer",
                field("decimal", "hoehe"),
                windows,
                copy.deepcopy(RECKONED),
                repeat=repeat(),
            ),
            copy.deepcopy(RECKONED),
        )
    )


OUTSIDE = editing.operands(rooms(), Address.read("s:gesamt"))
INSIDE = editing.operands(rooms(), Address.read("s:zimmer.gesamt"))
DECLARED = declare(rooms())


def with_formula(at: str, raw: Any) -> dict[str, Any]:
    form = rooms()
    editing.find(form, Address.read(at))["value"] = raw
    return form


def test_operands_are_said_by_their_whole_path() -> None:
    assert {operand.text: operand.raw for operand in OUTSIDE.usable} == {
        "laenge": {"answer": "laenge"},
        "breite": {"answer": "breite"},
        "preis": {"answer": "preis"},
        "Anzahl(arten)": {"count": "arten"},
        "haus.etagen": {"answer": "haus.etagen"},
        "Anzahl(zimmer)": {"count": "zimmer"},
        "Summe(zimmer.hoehe)": {"answer": "zimmer.hoehe"},
        "Anzahl(zimmer.fenster)": {"count": "zimmer.fenster"},
        "Summe(zimmer.fenster.flaeche)": {"answer": "zimmer.fenster.flaeche"},
    }


def test_in_a_repeated_group_a_name_means_the_same_instance() -> None:
    assert {operand.text: operand.raw for operand in INSIDE.usable if "zimmer" in operand.text} == {
        "Anzahl(zimmer)": {"count": "zimmer"},
        "zimmer.hoehe": {"answer": "./hoehe"},
        "Gesamtsumme(zimmer.hoehe)": {"answer": "zimmer.hoehe"},
        "Anzahl(zimmer.fenster)": {"count": "./fenster"},
        "Gesamtanzahl(zimmer.fenster)": {"count": "zimmer.fenster"},
        "Summe(zimmer.fenster.flaeche)": {"answer": "./fenster.flaeche"},
        "Gesamtsumme(zimmer.fenster.flaeche)": {"answer": "zimmer.fenster.flaeche"},
    }


def test_operands_say_what_they_mean() -> None:
    meanings = {operand.text: operand.meaning for operand in INSIDE.usable}
    assert meanings["laenge"] == "Länge"
    assert meanings["Anzahl(zimmer)"].endswith(", wie viele")
    assert meanings["Gesamtsumme(zimmer.hoehe)"].endswith(", alle zusammen, auch die der anderen Wiederholungen")


A, B, C = ({"answer": name} for name in ("laenge", "breite", "preis"))


@pytest.mark.parametrize(
    ("text", "raw"),
    [
        ("laenge * breite", {"product": [A, B]}),
        ("(laenge + breite) / 2", {"quotient": [{"sum": [A, B]}, 2]}),
        ("laenge + breite * 2,50", {"sum": [A, {"product": [B, "2.50"]}]}),
        ("laenge - breite - preis", {"difference": [A, B, C]}),
        ("laenge - (breite - preis)", {"difference": [A, {"difference": [B, C]}]}),
        ("laenge - breite + preis", {"sum": [{"difference": [A, B]}, C]}),
        ("laenge × breite : preis", {"quotient": [{"product": [A, B]}, C]}),
        ("laenge − 1\r\n– 2", {"difference": [A, 1, 2]}),
        ("-laenge", {"difference": [0, A]}),
        ("-3 * laenge", {"product": [-3, A]}),
        ("laenge * -1,5", {"product": [A, "-1.5"]}),
        ("((7))", 7),
        ("summe(zimmer.hoehe) + ANZAHL( zimmer )", {"sum": [{"answer": "zimmer.hoehe"}, {"count": "zimmer"}]}),
        ("laenge*breite/haus.etagen", {"quotient": [{"product": [A, B]}, {"answer": "haus.etagen"}]}),
    ],
)
def test_formula_is_read_as_on_paper(text: str, raw: Any) -> None:
    assert editing.formula_of(text, OUTSIDE) == raw
    api.compile_definition(with_formula("s:gesamt", raw))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("laenge * breit", "Zeichen 10, „breit“: Dieses Feld gibt es nicht. Meinen Sie „breite“?"),
        ("Länge * 2", "Zeichen 1, „Länge“: Dieses Feld gibt es nicht. Meinen Sie „laenge“?"),
        ("2 * hoehe", "Zeichen 5, „hoehe“: Dieses Feld gibt es nicht. Meinen Sie „Summe(zimmer.hoehe)“?"),
        ("xyz", "Zeichen 1, „xyz“: Dieses Feld gibt es nicht. Nehmen Sie eines aus der Liste."),
        ("1 + zimmer.hoehe", "„zimmer.hoehe“ geht an dieser Stelle nicht. Schreiben Sie Summe(zimmer.hoehe)."),
        ("Summe(laenge)", "Zeichen 7, „laenge“: „Summe(laenge)“ geht an dieser Stelle nicht. Schreiben Sie laenge."),
        ("zimmer", "„zimmer“ geht an dieser Stelle nicht. Schreiben Sie Anzahl(zimmer)."),
        ("name * 2", "Zeichen 1, „name“: Damit lässt sich nicht rechnen. Nehmen Sie ein Feld, das nach einer Zahl"),
        ("gesamt / 2", "Mit berechneten Feldern lässt sich nicht weiterrechnen."),
        ("(laenge + 2", "Am Ende: Die Klammer bei Zeichen 1 ist nicht geschlossen. Schreiben Sie „)“."),
        ("laenge + 2)", "Zeichen 11, „)“: Zu dieser Klammer fehlt die öffnende."),
        ("laenge +", "Am Ende: Hier fehlt eine Zahl oder ein Feld."),
        ("laenge + * 2", "Zeichen 10, „*“: Hier fehlt eine Zahl oder ein Feld."),
        ("()", "Zeichen 2, „)“: Hier fehlt eine Zahl oder ein Feld."),
        ("2 laenge", "Zeichen 3, „laenge“: Davor fehlt ein Rechenzeichen."),
        ("(2)(3)", "Zeichen 4, „(“: Davor fehlt ein Rechenzeichen."),
        ("2.5 * laenge", "Zeichen 1, „2.5“: Schreiben Sie Zahlen ohne Punkt und mit Komma"),
        ("1.000", "Schreiben Sie Zahlen ohne Punkt und mit Komma, zum Beispiel 1500 oder 12,50."),
        ("1,2,3", "Schreiben Sie Zahlen ohne Punkt"),
        ("laenge ^ 2", "Zeichen 8, „^“: Dieses Zeichen gehört in keine Formel. Rechnen Sie mit + - * / und Klammern."),
        ("Mittel(laenge)", "Vor einer Klammer steht ein Rechenzeichen oder Summe, Gesamtsumme, Anzahl, Gesamtanzahl."),
        ("Summe(2)", "In die Klammer von Summe gehört ein Feld, zum Beispiel Summe(zimmer.hoehe)."),
        ("Summe(zimmer.hoehe * 2)", "Zeichen 20, „*“"),
        ("(" * 60, "Die Formel ist zu tief geschachtelt."),
        ("laenge + 1 - 1 " * 1 + "+ 1 - 1 " * 40, "Die Formel ist zu tief geschachtelt."),
        ("1 + " * 600 + "1", "Die Formel ist zu lang. Schreiben Sie höchstens 2000 Zeichen."),
        ('{"sum": [1]}', "Zeichen 1, „{“: Dieses Zeichen gehört in keine Formel."),
    ],
)
def test_what_cannot_be_read_is_refused_at_its_place(text: str, sentence: str) -> None:
    with pytest.raises(FormulaError) as refusal:
        editing.formula_of(text, OUTSIDE)
    assert sentence in str(refusal.value)


def test_within_its_own_group_a_sum_is_refused_with_both_meanings() -> None:
    with pytest.raises(FormulaError, match=r"Schreiben Sie zimmer\.hoehe oder Gesamtsumme\(zimmer\.hoehe\)\."):
        editing.formula_of("Summe(zimmer.hoehe)", INSIDE)


# --- round trip ------------------------------------------------------------------------------------------------------

_NUMBERS = st.integers(-(10**14), 10**14) | st.from_regex(r"-?(0|[1-9][0-9]{0,14})\.[0-9]{1,12}", fullmatch=True)


def formulas(known: Operands) -> st.SearchStrategy[Any]:
    leaves = _NUMBERS | st.sampled_from([dict(operand.raw) for operand in known.usable])
    few = {"sum": 1, "difference": 2, "product": 1, "quotient": 2}
    return st.recursive(
        leaves,
        lambda parts: st.one_of(
            *(
                st.builds(lambda told, o=name: {o: told}, st.lists(parts, min_size=n, max_size=4))
                for name, n in few.items()
            )
        ),
        max_leaves=12,
    )


def plain(raw: Any) -> Any:
    """Numbers by their value, and without operations of one part."""
    if not isinstance(raw, dict):
        return Decimal(raw)
    ((operator, content),) = raw.items()
    if not isinstance(content, list):
        return raw
    parts = [plain(part) for part in content]
    return parts[0] if len(parts) == 1 else {operator: parts}


@pytest.mark.parametrize("known", [OUTSIDE, INSIDE], ids=["outside", "inside"])
@given(data=st.data())
@settings(max_examples=150)
def test_what_is_written_is_read_as_the_same_formula(known: Operands, data: st.DataObject) -> None:
    raw = data.draw(formulas(known))
    text = editing.written(raw, known)
    assert plain(editing.formula_of(text, known)) == plain(raw)
    assert editing.written(editing.formula_of(text, known), known) == text
    compile_formula(editing.formula_of(text, known), DECLARED, ("zimmer",) if known is INSIDE else ())


@given(
    st.text(st.sampled_from("laenge breite()+-*/,.0123 Summe(zimmer.hoehe)×:−\n"), max_size=60) | st.text(max_size=40)
)
@settings(max_examples=150)
def test_any_text_is_a_formula_or_refused_in_words(text: str) -> None:
    try:
        raw = editing.formula_of(text, OUTSIDE)
    except FormulaError as refusal:
        raw, told = 0, str(refusal)
    else:
        told = "."
    assert told.endswith((".", "?"))
    compile_formula(raw, DECLARED, ())
