"""All hostile files of the corpus go through the real gate, with a real scanner behind it."""

import json
import time
from pathlib import Path

import pytest

from forms_engine.api import DefinitionError
from forms_engine.xdatenfelder.api import import_xml
from foundation import files

#: What the manifest wants, and the reasons by which the gate may keep it. A kind that no field takes is refused first.
KEPT_BY = {
    "reject:400": {"file-format"},
    "reject:active": {"file-active"},
    "reject:count": {"file-format"},
    "reject:empty": {"file-empty"},
    "reject:encrypted": {"file-locked"},
    "reject:extension": {"file-format"},
    "reject:infected": {"file-infected", "file-format"},
    "reject:pages": {"file-pages"},
    "reject:parse": {"file-broken", "file-format"},
    "reject:path": {"file-format"},
    "reject:pixels": {"file-pixels"},
    "reject:ratio": {"file-broken", "file-format"},
    "reject:signature": {"file-format"},
    "reject:trailing": {"file-broken"},
    "reject:type": {"file-format"},
    "accept": {"taken"},
}


@pytest.mark.asvs("V1.3.4", "V5.2.3")
@pytest.mark.tr("A3.8.02", "A3.8.04", "A3.8.06")
@pytest.mark.asvs("V1.5.1", "V5.2.2", "V5.2.3")
def test_each_hostile_file_meets_the_decision_of_the_manifest(corpus: Path, scanning, portal_db) -> None:
    manifest = json.loads((corpus / "manifest.json").read_text())
    decided = {name: _decision((corpus / name).read_bytes(), name) for name in manifest}
    wrong = {
        name: (file["expect"], decided[name])
        for name, file in manifest.items()
        if decided[name] not in KEPT_BY[file["expect"]]
    }
    assert wrong == {}
    assert len(manifest) == 52
    assert decided["eicar_in.pdf"] == "file-infected"


@pytest.mark.asvs("V1.5.1")
def test_each_hostile_schema_is_refused_before_anything_in_it_is_followed(corpus: Path) -> None:
    hostile = sorted(corpus.glob("xml_*.xml"))
    assert len(hostile) == 10
    begun = time.process_time()
    for file in hostile:
        with pytest.raises(DefinitionError):
            import_xml(file.read_bytes(), (), lambda _: None)
    assert time.process_time() - begun < len(hostile), "each is refused within a second (B073)"


def _decision(content: bytes, name: str) -> str:
    try:
        taken = files.take(content, name=name, limits=files.Limits())
    except files.FileRefused as refusal:
        return refusal.code
    return "taken" if taken.verdict == "clean" else taken.verdict
