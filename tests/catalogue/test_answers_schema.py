"""Each published version of a form has the JSON Schema of its answers at an address of its own."""

import pytest
from django.conf import settings
from django.test import Client
from jsonschema import Draft202012Validator

from authorities.models import Authority
from forms_engine.models import FormVersion
from forms_engine.use_cases import add_version, publish
from foundation import scope
from tests.forms_engine.definitions import definition, field, step

pytestmark = pytest.mark.usefixtures("city")


def version(*items: dict, is_published: bool = True) -> FormVersion:
    rostock = Authority.objects.get(slug="rostock")
    with scope.authority(rostock.pk):
        made = add_version(rostock, definition(step("s", *items), key="antwortschema"))
        return publish(made) if is_published else made


def address(no: int, authority: str = "rostock", key: str = "antwortschema") -> str:
    return f"/formulare/{authority}/{key}/{no}/schema.json"


def test_a_published_version_tells_everybody_what_it_submits() -> None:
    first = version(field("text", "name"))
    second = version(field("number", "zahl"))
    answer = Client().get(address(first.no))

    assert answer["Content-Type"] == "application/schema+json"
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    schema = answer.json()
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"] == settings.BASE_URL + address(first.no)
    assert Draft202012Validator(schema).is_valid({"name": "Ada"})
    assert not Draft202012Validator(schema).is_valid({"zahl": 1})
    assert Draft202012Validator(Client().get(address(second.no)).json()).is_valid({"zahl": 1})


def test_what_is_worked_on_or_unknown_has_none() -> None:
    working = version(field("text", "entwurf"), is_published=False)
    unknown = (working.no, working.no + 1, 10**30)
    assert [Client().get(address(no)).status_code for no in unknown] == [404, 404, 404]
    assert Client().get(address(1, key="gibt-es-nicht")).status_code == 404
    assert Client().get(address(1, authority="gibt-es-nicht")).status_code == 404


def test_the_schema_is_only_read() -> None:
    assert Client().post(address(1)).status_code == 405
