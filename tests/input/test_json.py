"""JSON from outside passes one gate: JSONTestSuite and the hostile bodies of our own list (B041 to B052)."""

import base64
import json
import re
from pathlib import Path

import pytest
from django import forms
from django.conf import settings
from django.utils.datastructures import MultiValueDict

from backoffice.designing.limits import FormulaField
from bootstrap import ROOMS
from forms_engine import api
from foundation import strict_json
from foundation.erasure import journal
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


#: Where JSON is read without the gate: what the portal, its operator or a program of its own wrote.
OF_OUR_OWN = {
    "bootstrap.py": "the stamp of what is installed",
    "foundation/files/inspecting.py": "the head of what our own inspecting process says",
    "foundation/sealing/checking.py": "what our own judging process says",
    "foundation/sealing/child.py": "what the portal asks that process",
    "foundation/sealing/verdict.py": "what our own judging process says",
    "foundation/strict_json.py": "the gate itself",
    "foundation/vault/keysets.py": "keysets",
    "foundation/vault/rotation.py": "a keyset that tink has just made",
    "foundation/vault/sealing.py": "what we sealed, opened and found whole",
    "forms_engine/editing/kinds.py": "a schema of ours",
    "forms_engine/loading.py": "a schema of ours",
    "forms_engine/sharing/file.py": "a schema of ours",
    "catalogue/describing.py": "a schema of ours",
    "applications/delivering/handover.py": "our own payload",
    "backoffice/copies.py": "our own data of a case",
    "hro_portal/backup/archive.py": "the contents of an archive, whose seal is found whole before a byte is read",
    "hro_portal/health/probe.py": "what the portal itself says of its health",
    "hro_portal/demo/city.py": "the demo's data",
    "hro_portal/moving/cases.py": "opened answers of a case that leaves",
    "hro_portal/security_table/__main__.py": "results of our own tests",
    "hro_portal/texts_check/sources.py": "the demo's data and our own forms",
}


def test_whatever_comes_from_outside_passes_the_gate() -> None:
    """A new reader of JSON takes the gate, or says here whose words it reads."""
    found = {
        str(file.relative_to(settings.BASE_DIR))
        for room in ROOMS
        for file in [*Path(settings.BASE_DIR).glob(f"{room}/**/*.py"), Path(settings.BASE_DIR, room)]
        if file.is_file() and re.search(r"\bjson\.loads?\b|JSONDecoder", file.read_text())
    }
    assert found == OF_OUR_OWN.keys()


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_formula_of_an_author_is_refused_at_its_box(name: str) -> None:
    with pytest.raises(forms.ValidationError) as refusal:
        FormulaField().clean(HOSTILE[name].decode(errors="surrogateescape"))
    assert re.match("Zeichen [0-9]+, |Am Ende: |Die Formel ist zu ", refusal.value.messages[0])


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_offer_is_none(name: str) -> None:
    posted: MultiValueDict[str, str] = MultiValueDict({"a": ["typed"]})
    for choice in (HOSTILE[name], b'["a",' + HOSTILE[name] + b"]"):
        assert api.with_choice(posted, choice.decode(errors="surrogateescape")) == (posted, "")


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_line_of_a_journal_of_erasures_is_named(name: str, tmp_path: Path) -> None:
    (tmp_path / "journal").write_bytes(HOSTILE[name].replace(b"\n", b"") + b"\n")
    with pytest.raises(ValueError, match=r"^Zeile 1 von journal nennt keine Löschung\.$"):
        list(journal.read(tmp_path / "journal"))


def test_fraction_keeps_its_digits() -> None:
    assert str(strict_json.parse(b"[0.1000]")[0]) == "0.1000"


def suite() -> dict[str, bytes]:
    found = json.loads(read_corpus("badinput/jsontestsuite.json"))["cases"]
    return {case["name"]: base64.b64decode(case["b64"]) for case in found}
