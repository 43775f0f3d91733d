"""Which translation is missing or older than its source follows from the versions, and from looks."""

from typing import Any

import pytest

from forms_engine import api as engine
from forms_engine.translations import WHOLE_FORM, Age, ages, with_wordings, wordings
from hro_portal.demo.city import FORMS, read_json

PATH = "items/name/label"


def form(de: str, en: str = "", **more: Any) -> dict[str, Any]:
    label = {"de": de} | ({"en": en} if en else {})
    step = {"key": "a", "title": {"de": "A", "en": "A"}, "items": [{"type": "text", "key": "name", "label": label}]}
    return {"format": 1, "key": "f", "title": {"de": "F", "en": "F"}, "steps": [step]} | more


@pytest.mark.parametrize(
    ("chain", "age"),
    [
        ([form("Name")], Age.MISSING),
        ([form("Name", "Name")], Age.CURRENT),
        ([form("Name", "Name"), form("Vorname", "Name")], Age.OLDER),
        ([form("Name", "Name"), form("Vorname", "Given name")], Age.CURRENT),
        ([form("Name", "Name"), form("Vorname", "Name"), form("Vorname", "Given name")], Age.CURRENT),
        ([form("Name", "Name"), form("Vorname", "Given name"), form("Rufname", "Given name")], Age.OLDER),
        ([form("Name", "Name"), form("Name", "Full name")], Age.CURRENT),
        ([form("Name", "Name"), form("Vorname")], Age.MISSING),
        ([form("Name"), form("Name", "Name")], Age.CURRENT),
        # The German text came back to what it was: that is a change, too.
        ([form("Name", "Name"), form("Vorname", "Given name"), form("Name", "Given name")], Age.OLDER),
    ],
)
def test_a_translation_is_older_when_its_source_changed_in_a_later_version(
    chain: list[dict[str, Any]], age: Age
) -> None:
    assert ages(chain)[PATH] == age


def test_who_has_looked_decides() -> None:
    chain = [form("Name", "Name"), form("Vorname", "Name")]
    [right] = [each.pair for each in wordings(chain[-1]) if each.path == PATH]
    assert ages(chain, [right])[PATH] == Age.CURRENT
    assert ages([*chain, form("Rufname", "Name")], [right])[PATH] == Age.OLDER
    # Within one version nobody can tell, unless somebody had looked.
    assert ages([form("Rufname", "Name")])[PATH] == Age.CURRENT
    assert ages([form("Rufname", "Name")], [right])[PATH] == Age.OLDER
    assert ages([form("Rufname", "Other")], [right])[PATH] == Age.CURRENT
    assert ages([]) == {}


def test_a_question_that_moves_to_another_step_keeps_the_age_of_its_words() -> None:
    moved = form("Vorname", "Name")
    moved["steps"].insert(0, {"key": "b", "title": {"de": "B"}, "items": moved["steps"][0]["items"]})
    moved["steps"][1]["items"] = [{"type": "yes_no", "key": "ja", "label": {"de": "Ja"}}]
    found = ages([form("Name", "Name"), moved])
    assert found[PATH] == Age.OLDER
    assert found["steps/b/title"] == Age.MISSING
    assert found["items/ja/label"] == Age.MISSING


@pytest.mark.parametrize("path", sorted(FORMS.glob("*.json")), ids=lambda path: path.stem)
def test_every_text_of_every_form_of_the_demo_has_a_place_of_its_own(path: Any) -> None:
    definition = read_json(path)
    found = wordings(definition)
    assert len({each.path for each in found}) == len(found)
    assert next(each.path for each in found if each.step == WHOLE_FORM) == "title"
    other = {each.path: (f"{each.source} neu", f"{each.path} new") for each in found}
    changed = with_wordings(definition, other)
    assert engine.load(changed) == changed
    assert {each.path: (each.source, each.translation) for each in wordings(changed)} == other
    assert str(changed).count(" neu'") == len(found) == _texts_in(definition)
    assert with_wordings(changed, {each.path: (each.source, each.translation) for each in found}) == definition


def _texts_in(value: Any) -> int:
    if isinstance(value, dict):
        return 1 if "de" in value else sum(map(_texts_in, value.values()))
    return sum(map(_texts_in, value)) if isinstance(value, list) else 0


def test_an_empty_translation_is_left_out() -> None:
    assert with_wordings(form("Name", "Name"), {PATH: ("Name", "")}) == form("Name")
