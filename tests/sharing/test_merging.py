"""The merge of two versions that began as the same: by path and id, and never with a word lost unseen."""

import copy
import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from forms_engine.api import load
from forms_engine.sharing.merging import (
    MISSING,
    changes_of_definition,
    changes_of_values,
    merge_definitions,
    merge_values,
)
from tests.forms_engine.definitions import DEMO, definition, field, group, problems, repeat, step

OPTIONS = [{"value": value, "label": {"de": value.upper()}} for value in ("a", "b", "c")]


def began() -> dict[str, Any]:
    dogs = group("hunde", field("text", "name"), field("text", "rasse"), repeat=repeat())
    return load(
        definition(
            step(
                "halter", field("text", "vorname"), field("text", "nachname"), field("choice", "art", options=OPTIONS)
            ),
            step("tiere", dogs, field("yes_no", "steuerfrei"), field("date", "beginn")),
            rules=[
                {
                    "require": {"equal": [{"answer": "steuerfrei"}, True]},
                    "at": "steuerfrei",
                    "message": {"de": "Bitte prüfen."},
                }
            ],
        )
    )


def labelled(of: dict[str, Any], *place: Any, label: str) -> dict[str, Any]:
    changed = copy.deepcopy(of)
    item: Any = changed["steps"]
    for key in place:
        item = item[key]
    item["label"]["de"] = label
    return changed


# --- edits that people make ------------------------------------------------------------------------------------------


def _items(of: dict[str, Any]) -> list[tuple[list[Any], int]]:
    found = []
    lists = [each["items"] for each in of["steps"]]
    while lists:
        items = lists.pop()
        found += [(items, number) for number in range(len(items))]
        lists += [item["items"] for item in items if "items" in item]
    return found


def edit(of: dict[str, Any], kind: str, number: int, word: str) -> None:
    """One edit; one that would not make sense there does nothing."""
    places = _items(of)
    items, at = places[number % len(places)]
    item = items[at]
    match kind:
        case "label" if "label" in item:
            item["label"]["de"] = word
        case "english" if "label" in item:
            item["label"]["en"] = word
        case "optional" if item["type"] != "group":
            item["required"] = False
        case "hint":
            item["hint"] = {"de": word}
        case "remove" if len(items) > 1:
            del items[at]
        case "add":
            items.insert(at, field("text", f"neu_{number}") | {"label": {"de": word}})
        case "swap":
            items[at], items[0] = items[0], items[at]
        case "move":
            top = [each for each in of["steps"] if item in each["items"] and len(each["items"]) > 1]
            if top:
                items.remove(item)
                of["steps"][number % len(of["steps"])]["items"].append(item)
        case "option" if "options" in item:
            item["options"][number % len(item["options"])]["label"]["de"] = word
        case "condition" if item["key"] != "steuerfrei" and item in of["steps"][-1]["items"]:
            item["when"] = {"equal": [{"answer": "steuerfrei"}, number % 2 == 0]}
        case "step":
            of["steps"][number % len(of["steps"])]["title"]["de"] = word
        case "steps":
            of["steps"].reverse()


KINDS = (
    "label",
    "english",
    "optional",
    "hint",
    "remove",
    "add",
    "swap",
    "move",
    "option",
    "condition",
    "step",
    "steps",
)
WORD = st.sampled_from(["Rostock", "Schwerin", "Wismar", "Güstrow"])
EDITS = st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 20), WORD), max_size=6)


def edited(edits: list[tuple[str, int, str]]) -> dict[str, Any]:
    of = began()
    for kind, number, word in edits:
        before = copy.deepcopy(of)
        edit(of, kind, number, word)
        if problems(of):  # an edit that nobody could save
            of = before
    return of


@given(EDITS)
@settings(max_examples=40, deadline=None)
def test_no_change_upstream_gives_ours(edits) -> None:
    ours = edited(edits)
    merged = merge_definitions(began(), ours, began())
    assert (merged.result, merged.conflicts, merged.problems) == (ours, [], [])


@given(EDITS)
@settings(max_examples=40, deadline=None)
def test_no_change_of_ours_gives_theirs(edits) -> None:
    theirs = edited(edits)
    merged = merge_definitions(began(), began(), theirs)
    assert (merged.result, merged.conflicts, merged.problems) == (theirs, [], [])


@given(EDITS)
@settings(max_examples=30, deadline=None)
def test_both_equal_gives_the_same(edits) -> None:
    both = edited(edits)
    merged = merge_definitions(began(), both, both)
    assert (merged.result, merged.conflicts, merged.problems) == (both, [], [])


@given(EDITS, EDITS, st.sampled_from(["ours", "theirs"]))
@settings(max_examples=60, deadline=None)
def test_result_loads_or_says_why_not_and_loses_no_question_that_nobody_removed(ours_edits, theirs_edits, side) -> None:
    base, ours, theirs = began(), edited(ours_edits), edited(theirs_edits)
    first = merge_definitions(base, ours, theirs)
    merged = merge_definitions(base, ours, theirs, {each.place: side for each in first.conflicts})
    assert bool(merged.problems) == bool(problems(merged.result))
    assert {each.place for each in first.conflicts} >= {
        each.place for each in merged.conflicts if not each.place.endswith("/order")
    }
    if not merged.problems:
        text = json.dumps(merged.result)
        for name in ("vorname", "nachname", "art", "beginn", "rasse"):
            if f'"{name}"' in json.dumps(ours) and f'"{name}"' in json.dumps(theirs):
                assert text.count(f'"key": "{name}"') == 1


@given(EDITS, EDITS)
@settings(max_examples=30, deadline=None)
def test_differences_are_empty_only_between_equals(one_edits, other_edits) -> None:
    one, other = edited(one_edits), edited(other_edits)
    assert (changes_of_definition(one, other) == []) == (one == other)


# --- by hand ---------------------------------------------------------------------------------------------------------


def test_what_only_one_side_touched_is_taken_from_it() -> None:
    ours = labelled(began(), 0, "items", 0, label="Rufname")
    theirs = labelled(began(), 1, "items", 0, "items", 1, label="Rasse laut Impfpass")
    merged = merge_definitions(began(), ours, theirs)
    assert merged.conflicts == []
    assert merged.result["steps"][0]["items"][0]["label"]["de"] == "Rufname"
    assert merged.result["steps"][1]["items"][0]["items"][1]["label"]["de"] == "Rasse laut Impfpass"


def test_same_place_is_a_conflict_that_somebody_decides() -> None:
    ours = labelled(began(), 0, "items", 0, label="Rufname")
    theirs = labelled(began(), 0, "items", 0, label="Vornamen")
    merged = merge_definitions(began(), ours, theirs)
    [conflict] = merged.conflicts
    place = "item:vorname/label/de"
    assert (conflict.place, conflict.base, conflict.ours, conflict.theirs) == (place, "Vorname", "Rufname", "Vornamen")
    assert merged.result["steps"][0]["items"][0]["label"]["de"] == "Rufname"
    chosen = merge_definitions(began(), ours, theirs, {place: "theirs"})
    assert chosen.result["steps"][0]["items"][0]["label"]["de"] == "Vornamen"


def test_question_that_they_moved_and_we_renamed_is_one_question_at_its_new_place() -> None:
    ours = labelled(began(), 0, "items", 1, label="Familienname")
    theirs = began()
    theirs["steps"][1]["items"].append(theirs["steps"][0]["items"].pop(1))
    merged = merge_definitions(began(), ours, theirs)
    assert merged.conflicts == []
    assert [item["key"] for item in merged.result["steps"][0]["items"]] == ["vorname", "art"]
    assert merged.result["steps"][1]["items"][-1]["label"]["de"] == "Familienname"


def test_question_that_they_removed_and_we_changed_is_a_conflict() -> None:
    ours = labelled(began(), 0, "items", 0, label="Rufname")
    theirs = began()
    del theirs["steps"][0]["items"][0]
    [conflict] = merge_definitions(began(), ours, theirs).conflicts
    assert (conflict.place, conflict.theirs) == ("item:vorname", MISSING)
    gone = merge_definitions(began(), ours, theirs, {"item:vorname": "theirs"})
    assert [item["key"] for item in gone.result["steps"][0]["items"]] == ["nachname", "art"]


def test_conditions_are_taken_as_a_whole() -> None:
    ours, theirs = began(), began()
    ours["steps"][1]["items"][2]["when"] = {"equal": [{"answer": "steuerfrei"}, True]}
    theirs["steps"][1]["items"][2]["when"] = {"not": {"is_empty": {"answer": "steuerfrei"}}}
    merged = merge_definitions(began(), ours, theirs)
    assert [each.place for each in merged.conflicts] == ["item:beginn/when"]
    assert merged.result["steps"][1]["items"][2]["when"] == ours["steps"][1]["items"][2]["when"]


def test_what_does_not_fit_together_is_told() -> None:
    """They remove a question that a condition of ours needs."""
    ours, theirs = began(), began()
    ours["steps"][1]["items"][2]["when"] = {"equal": [{"answer": "vorname"}, "Lena"]}
    del theirs["steps"][0]["items"][0]
    merged = merge_definitions(began(), ours, theirs)
    assert merged.problems
    assert "vorname" in merged.problems[0]


def test_our_key_stays_ours() -> None:
    ours = began() | {"key": "hund-in-schwerin"}
    theirs = began() | {"title": {"de": "Neu"}}
    merged = merge_definitions(began(), ours, theirs)
    assert (merged.result["key"], merged.result["title"]) == ("hund-in-schwerin", {"de": "Neu"})
    assert changes_of_definition(ours, began()) == []


def test_own_rates_stay_and_new_positions_of_a_table_come() -> None:
    base = {"summary": {"de": "30 €"}, "sum": [{"price": {"by": ["dauer"], "amounts": {"1": "30.00"}}}]}
    ours = {"summary": {"de": "25 €"}, "sum": [{"price": {"by": ["dauer"], "amounts": {"1": "25.00"}}}]}
    theirs = {"summary": {"de": "30 €"}, "sum": [{"price": {"by": ["dauer"], "amounts": {"1": "30.00", "2": "60.00"}}}]}
    merged = merge_values(base, ours, theirs)
    assert merged.conflicts == []
    assert merged.result["sum"][0]["price"]["amounts"] == {"1": "25.00", "2": "60.00"}
    assert merged.result["summary"] == {"de": "25 €"}
    assert [each.place for each in changes_of_values(base, ours)] == ["summary/de", "sum/0/price/amounts/1"]


def test_forms_of_the_demo_merge_with_themselves() -> None:
    for file in DEMO.glob("*.json"):
        form = load(file.read_bytes())
        assert merge_definitions(form, form, form).result == form
