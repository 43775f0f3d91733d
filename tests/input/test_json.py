"""JSON from outside passes one gate: JSONTestSuite and the hostile bodies of our own list (B041 to B052)."""

import base64
import json

import pytest

from foundation import strict_json
from tests.input.corpus import read_corpus

#: Valid JSON that the gate refuses on purpose, with the reason.
REFUSED_ON_PURPOSE = {
    "y_object_duplicated_key.json": "a key twice: the last would win without a word",
    "y_object_duplicated_key_and_value.json": "a key twice",
    "y_object_escaped_null_in_key.json": "NUL cannot be stored",
    "y_string_null_escape.json": "NUL cannot be stored",
    "y_number_double_close_to_zero.json": "more digits than anybody means",
}
HOSTILE = {
    "NUL": b'{"a":"x\\u0000y"}',
    "lone surrogate": b'{"a":"\\ud800"}',
    "NaN": b'{"a":NaN}',
    "endless number": b'{"a":1e999}',
    "nested 100,000 deep": b"[" * 100_000,
    "nested 7,000 deep": b"[" * 7_000 + b"]" * 7_000,
    "5,000 digits": b'{"a":' + b"9" * 5_000 + b"}",
    "broken UTF-8": bytes.fromhex("7b2261223a22ff227d"),
    "a key twice": b'{"a":1,"a":2}',
    "UTF-16": '{"a":1}'.encode("utf-16"),
}


@pytest.mark.asvs("V1.5.2")
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_body_is_refused_with_a_sentence(name: str) -> None:
    with pytest.raises(strict_json.NotStrict) as refusal:
        strict_json.parse(HOSTILE[name])
    assert refusal.value.sentence.endswith(".")


def test_json_test_suite_is_decided_as_its_names_say() -> None:
    wrong = []
    for name, content in suite().items():
        try:
            strict_json.parse(content)
            accepted = True
        except strict_json.NotStrict:
            accepted = False
        expected = {"y": name not in REFUSED_ON_PURPOSE, "n": False}.get(name[0], accepted)
        if accepted != expected:
            wrong.append((name, accepted))
    assert wrong == []


def test_fraction_keeps_its_digits() -> None:
    assert str(strict_json.parse(b"[0.1000]")[0]) == "0.1000"


def suite() -> dict[str, bytes]:
    found = json.loads(read_corpus("badinput/jsontestsuite.json"))["cases"]
    return {case["name"]: base64.b64decode(case["b64"]) for case in found}
