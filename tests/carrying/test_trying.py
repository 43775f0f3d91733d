"""The dry run of a change: numbers that are right, and nothing but numbers."""

from dataclasses import asdict
from typing import Any

import pytest
from django.test import Client

from applications.carrying import trying
from applications.carrying.trying import DryRun, Number, OnVersion, on_versions, try_change
from applications.states import State
from authorities.models import Authority
from foundation import scope
from foundation.audit.models import AuditEvent
from tests.carrying.forms import add, begin, case, definition, offer_form, question
from tests.factories import make_clerk

pytestmark = pytest.mark.usefixtures("form_of_its_own")

HUND = {"equal": [{"answer": "hund"}, True]}
FIRST = definition([question("name"), question("hund", "yes_no")], [question("rasse", when=HUND), question("ort")])
LENA: dict[str, Any] = {"name": "Lena Kogge", "hund": True, "rasse": "Labrador", "ort": "Neuer Markt"}
KNUT: dict[str, Any] = {"name": "Knut", "hund": False, "ort": "Hafen"}
ROUTES = [("mobilitaet", {"equal": [{"answer": "ort"}, "Hafen"]}), ("finanzen", None)]


def run(raw: dict[str, Any]) -> DryRun:
    _user, clerk = make_clerk("tries@example.org", role="form_author", authority="schwerin", department=None)
    return try_change(add(raw, published=False), by=clerk)


def departments() -> list[str]:
    with scope.system("a test looks"):
        return list(Authority.objects.get(slug="schwerin").departments.values_list("slug", flat=True))


def test_drafts_and_open_cases_are_counted_per_version() -> None:
    offering = offer_form(FIRST)
    begin(Client(), LENA)
    case(LENA)
    case(KNUT, state=State.COMPLETED)
    add(definition([question("name"), question("hund", "yes_no")]))
    begin(Client(), KNUT)
    found = on_versions(offering.form_id, authority_id=offering.authority_id)
    assert found == [OnVersion(2, 1, 0), OnVersion(1, 1, 1)]


def test_answers_without_a_place_are_counted_by_question_and_never_told() -> None:
    offer_form(FIRST)
    begin(Client(), LENA)
    begin(Client(), KNUT)
    case(LENA)
    found = run(definition([question("name", "number"), question("hund", "yes_no")], [question("ort")]))
    assert found.homeless == [Number("Frage „Name“", 2, 1), Number("Frage „Rasse“", 1, 1)]
    assert (found.looked_at, found.there_are) == (3, 3)
    told = str(asdict(found))
    assert not any(answer in told for answer in ("Lena", "Kogge", "Labrador", "Knut", "Hafen"))


def test_conditions_that_flip_are_counted() -> None:
    offer_form(FIRST)
    begin(Client(), LENA)
    case(KNUT)
    other = {"equal": [{"answer": "hund"}, False]}
    found = run(
        definition([question("name"), question("hund", "yes_no")], [question("rasse", when=other), question("ort")])
    )
    assert found.appears == [Number("Frage „Rasse“", 0, 1)]
    assert found.disappears == [Number("Frage „Rasse“", 1, 0)]
    assert found.homeless == []


def test_rules_that_hold_no_longer_are_counted() -> None:
    offer_form(FIRST)
    begin(Client(), LENA)
    case(KNUT)
    rule = {"require": {"equal": [{"answer": "hund"}, True]}, "at": "hund", "message": {"de": "Nennen Sie den Hund."}}
    (only,) = run(FIRST | {"rules": [rule]}).complaints
    assert (only.drafts, only.cases) == (0, 1)
    assert only.what == "Bei „Hund“ muss gelten: „Hund“ ist Ja. Sonst: Nennen Sie den Hund."


def test_other_ways_and_rules_that_no_longer_fit_are_told() -> None:
    second = next(slug for slug in departments() if slug != "finanzen")
    offer_form(FIRST, [(second, ROUTES[0][1]), ROUTES[1]])
    begin(Client(), LENA)
    case(KNUT)
    found = run(definition([question("name"), question("hund", "yes_no")], [question("rasse", when=HUND)]))
    (only,) = found.routes
    assert (only.drafts, only.cases) == (0, 1)
    assert " → " in only.what
    (sentence,) = found.unclear_routes
    assert sentence.startswith("Regel 1 (")
    assert "„ort“" in sentence


def test_change_that_touches_nobody_says_nothing() -> None:
    offer_form(FIRST)
    begin(Client(), LENA)
    found = run(FIRST | {"title": {"de": "Anders"}})
    assert (found.homeless, found.appears, found.disappears, found.complaints, found.routes) == ([], [], [], [], [])


def test_no_more_are_opened_than_is_allowed_and_the_newest_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trying, "MOST", 1)
    offer_form(FIRST)
    case(KNUT)
    begin(Client(), LENA)
    found = run(definition([question("ort")]))
    assert (found.looked_at, found.there_are) == (1, 2)
    assert {each.what for each in found.homeless} == {"Frage „Name“", "Frage „Hund“", "Frage „Rasse“"}


def test_looking_is_noted_with_who_and_how_many() -> None:
    offer_form(FIRST)
    begin(Client(), LENA)
    run(FIRST | {"title": {"de": "Anders"}})
    with scope.system("a test looks"):
        event = AuditEvent.objects.get(action="form.change_tried")
    assert event.refs == {"looked_at": 1}
    assert event.actor_id is not None


def boats(limit: int) -> dict[str, Any]:
    rule = {
        "require": {"less_or_equal": [{"answer": "./laenge"}, limit]},
        "at": "./laenge",
        "message": {"de": f"Geben Sie höchstens {limit} Meter an."},
    }
    group = {
        "type": "group",
        "key": "boote",
        "title": {"de": "Boote"},
        "repeat": {"min": 1, "max": 5, "instance": {"de": "Boot"}, "add": {"de": "Boot hinzufügen"}},
        "items": [question("laenge", "number"), question("tief", "number", required=False)],
        "rules": [rule],
    }
    return definition([group])


def test_rules_of_a_repeated_group_are_tried_in_each_instance() -> None:
    offer_form(boats(20))
    short, long = {"_id": "i1", "laenge": 5}, {"_id": "i2", "laenge": 12}
    begin(Client(), {"boote": [short, long]})
    begin(Client(), {"boote": [short]})
    case({"boote": [long, {"_id": "i3", "laenge": 15}]})
    case({"boote": [{"_id": "i1", "laenge": 30}]})  # broke the old one with other words
    (only,) = run(boats(10)).complaints
    assert only.what == (
        "In jeder Gruppe „Boote“: Bei „Laenge“ muss gelten: „Laenge“ ist höchstens 10. "
        "Sonst: Geben Sie höchstens 10 Meter an."
    )
    assert (only.drafts, only.cases) == (1, 2)


def test_what_an_instance_broke_before_is_no_news() -> None:
    offer_form(boats(20))
    case({"boote": [{"_id": "i1", "laenge": 30}]})
    assert run(boats(20) | {"title": {"de": "Anders"}}).complaints == []


def test_a_rule_of_a_group_counts_where_it_holds_no_more_in_one_instance_only() -> None:
    def dogs(**more: Any) -> dict[str, Any]:
        rule = {
            "require": {"equal": [{"answer": "./art.ruhig"}, True]},
            "at": "./art.ruhig",
            "message": {"de": "Nennen Sie nur ruhige Hunde."},
        }
        inner = {
            "type": "group",
            "key": "art",
            "title": {"de": "Art"},
            "items": [question("ruhig", "yes_no", **more)],
            "rules": [rule],
        }
        group = {
            "type": "group",
            "key": "hunde",
            "title": {"de": "Hunde"},
            "repeat": {"min": 1, "max": 5, "instance": {"de": "Hund"}, "add": {"de": "Hund hinzufügen"}},
            "items": [question("alt", "yes_no"), inner],
        }
        return definition([group])

    offer_form(dogs(when={"equal": [{"answer": "./alt"}, True]}))
    both = [
        {"_id": "i1", "alt": True, "art": {"ruhig": False}},
        {"_id": "i2", "alt": False, "art": {"ruhig": False}},
    ]
    begin(Client(), {"hunde": both})
    begin(Client(), {"hunde": both[:1]})
    (only,) = run(dogs()).complaints
    assert (only.drafts, only.cases) == (1, 0), "only the second dog is asked anew"
