"""Whatever is posted to a step of a real form: it is judged, kept exactly or refused at its box, and the page drawn."""

from pathlib import Path

import pytest
from django.conf import settings
from django.http import QueryDict
from hypothesis import HealthCheck, given
from hypothesis import settings as runs
from hypothesis import strategies as st

from authorities.models import Authority
from forms_engine import api
from forms_engine.models import FormVersion
from forms_engine.structure import Field
from foundation import scope
from hro_portal.demo.city import DATA, FORMS, read_json
from tests.input.exact import not_kept

#: Every form of every authority of the demo, as `load_city` puts them online.
ONLINE = sorted(
    {
        (offering["authority"], service["form"])
        for name in ("services", "portal_services")
        for service in read_json(DATA / f"{name}.json")
        for offering in service["offerings"]
    }
)
WORDS = st.text(max_size=40) | st.sampled_from(
    [
        *("true", "false", "0", "-1", "1e9", "18055", "2027-04-01", "\x00", "\ud800", "3", "2027", "9 Uhr", "1.234,50"),
        *("Łucja  Kogge", "„Ja“ – …", "a@example.org", "0381 1234567", "DE02 1203 0000 0000 2020 51", "12 - 14", "X"),
    ]
)


def published(authority: str, key: str) -> api.CompiledForm:
    with scope.system("a test reads forms", read_only=True):
        versions = FormVersion.objects.filter(
            form__authority__slug=authority, form__key=key, published_at__isnull=False
        )
        return api.compiled(versions.latest("no"))


def boxes(form: api.StepForm) -> dict[str, Field]:
    """The boxes of all questions on the page, by their HTML names."""
    return {
        f"{slot.name}_{part}" if part else slot.name: slot.field
        for slot in form.slots
        for part in slot.field.type.parts or ("",)
    }


def grown(form: api.CompiledForm, answers: api.Answers) -> api.Answers:
    """The answers with one more of everything that may be there more than once."""
    for path, declared in form.declared.items():
        if declared.type is None and declared.repeated == (True,):
            answers, _id = api.add_instance(form, answers, path[0])
    return answers


def words_for(asked: Field) -> st.SearchStrategy[str | list[str]]:
    offered = [option.value for option in asked.options]
    return (st.sampled_from(offered) | WORDS if offered else WORDS) | st.lists(WORDS, max_size=3)


def posted(values: dict[str, str | list[str]]) -> QueryDict:
    data = QueryDict(mutable=True)
    for name, value in values.items():
        data.setlist(name, value if isinstance(value, list) else [value])
    return data


@pytest.mark.usefixtures("city")
def test_every_form_of_the_demo_is_tried() -> None:
    with scope.system("a test reads forms", read_only=True):
        there = FormVersion.objects.values_list("form__authority__slug", "form__key").distinct()
        assert sorted(there) == ONLINE
        assert {authority for authority, _key in ONLINE} == set(Authority.objects.values_list("slug", flat=True))


@pytest.mark.usefixtures("city")
@pytest.mark.asvs("V2.2.1", "V2.2.2")
@pytest.mark.parametrize(("authority", "key"), ONLINE)
def test_no_post_breaks_a_step_or_is_changed_silently(authority: str, key: str) -> None:
    form = published(authority, key)

    @runs(max_examples=40, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(data=st.data())
    def try_one(data: st.DataObject) -> None:
        step = data.draw(st.sampled_from([step.key for step in form.steps]))
        language, answers = data.draw(st.sampled_from(["de", "en"])), {}
        if data.draw(st.booleans()):
            answers = grown(form, answers)
        # What is answered first may bring further questions, which the second post answers as well.
        for _ in range(2):
            asked = boxes(api.step_form(form, step, answers, language=language))
            typed = {name: data.draw(words_for(question)) for name, question in asked.items()}
            done = api.step_form(form, step, answers, language=language, data=posted(typed))
            assert list(not_kept(done)) == []
            assert all(sentence for _box, _label, sentence in done.error_list)
            assert all(row.template for row in done.rows)
            answers = answers | done.partial_answers
        api.check(form, answers, language=language)
        api.summary(form, answers, language=language)

    try_one()


def test_every_definition_is_put_online() -> None:
    assert {path.stem for path in Path(FORMS).glob("*.json")} == {key for _authority, key in ONLINE}
    assert Path(FORMS).is_relative_to(settings.BASE_DIR)
