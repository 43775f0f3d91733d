"""Whatever is posted to a step of a real form: it is judged, each fault has a sentence, and the page can be drawn."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forms_engine import api
from forms_engine.rows import FieldRow
from tests.forms_engine.definitions import DEMO, post

FORMS = sorted(path.name for path in Path(DEMO).glob("*.json"))
WORDS = st.text(max_size=40) | st.sampled_from(
    ["true", "false", "0", "-1", "1e9", "18055", "2027-04-01", "\x00", "\ud800"]
)


def boxes(form: api.CompiledForm, step: str) -> list[str]:
    """The names of the boxes of a step; they are its ids, too."""
    rows = [row for row in api.step_form(form, step, {}, language="de").rows if isinstance(row, FieldRow)]
    return [row.id for row in rows] + [box.id for row in rows for line in row.boxes for box in line]


@pytest.mark.parametrize("name", FORMS)
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_no_post_breaks_a_step(name: str, data: st.DataObject) -> None:
    form = api.compile_definition(api.load(json.loads((DEMO / name).read_text(encoding="utf-8"))))
    step = data.draw(st.sampled_from([step.key for step in form.steps]))
    typed = {box: data.draw(WORDS | st.lists(WORDS, max_size=3)) for box in boxes(form, step)}
    done = api.step_form(form, step, {}, language="de", data=post(**typed))
    if not done.is_valid():
        assert all(sentence for _box, _label, sentence in done.error_list)
    assert all(row.template for row in done.rows)
