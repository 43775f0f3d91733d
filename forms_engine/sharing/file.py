"""The one file in which a form travels: strict JSON, signed by the authority that publishes it."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from forms_engine.errors import DefinitionError
from forms_engine.loading import load
from forms_engine.sharing import lists
from forms_engine.use_cases import digest
from foundation import sealing, strict_json
from foundation.sealing import peers
from foundation.sealing.checking import signer_in_child

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator

FORMAT, VERSION = "hro-portal/shared-form", 1
LARGEST = 10_000_000
#: A definition stands two levels deeper here than by itself.
DEEPEST = strict_json.DEEPEST + 2
_SCHEMA = Path(__file__).with_name("file.schema.json")

CHANGED = (
    "Die Datei ist nicht so, wie eine Behörde sie signiert hat. Jemand hat sie geändert, oder die Signatur fehlt. "
    "Laden Sie die Datei bei der Behörde noch einmal herunter."
)
UNKNOWN = (
    "Das Siegel von „{organisation}“ kennt dieses Portal nicht. Ein Betreiber kann ihm vertrauen: "
    "„manage.py trust_authority NAME ZERTIFIKAT“. Vergleichen Sie vorher den Fingerabdruck: {fingerprint}"
)
RUN_OUT = (
    "Das Zertifikat von „{organisation}“ gilt heute nicht. Bitten Sie die Behörde um eine Datei mit gültigem Siegel."
)


class SharingRefused(Exception):
    """A form is not taken or given; `problems` are German sentences that say what and what to do."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Opened:
    """A file as it was signed, and by whom. Trust is another question: `refusal` answers it."""

    content: dict[str, Any]
    signer: peers.Signer

    @property
    def refusal(self) -> str:
        """Why this is not taken, as a German sentence; empty for a signer that this place trusts."""
        said = {"organisation": self.signer.organisation, "fingerprint": self.signer.fingerprint}
        if not self.signer.peer:
            return UNKNOWN.format(**said)
        return "" if self.signer.is_valid_today else RUN_OUT.format(**said)


def write(content: dict[str, Any], *, keyset: str) -> bytes:
    """The signed file; the same content gives the same text but for the signature. Raises `SealUnavailable`."""
    signature = base64.b64encode(sealing.sign_data(_signed_bytes(content), keyset=keyset)).decode()
    file = {"format": FORMAT, "version": VERSION, "content": content, "signature": signature}
    return json.dumps(file, ensure_ascii=False, indent=1).encode()


def read(raw: bytes) -> Opened:
    """What a file holds, checked as a whole. Raises SharingRefused for what is no such file and for a changed one."""
    file = _parsed(raw)
    content = file["content"]
    try:
        signature = base64.b64decode(file["signature"], validate=True)
    except binascii.Error:
        raise SharingRefused([CHANGED]) from None
    pem = signer_in_child(_signed_bytes(content), signature)
    if pem is None:
        raise SharingRefused([CHANGED])
    try:
        definition = load(content["definition"])
    except DefinitionError as error:
        raise SharingRefused(error.problems) from None
    if digest(definition) != content["provenance"]["sha256"]:
        raise SharingRefused(["Die Prüfsumme des Formulars stimmt nicht. Laden Sie die Datei noch einmal herunter."])
    if found := lists.problems(content):
        raise SharingRefused(found)
    return Opened(content, peers.known(pem))


def _signed_bytes(content: dict[str, Any]) -> bytes:
    """What is signed is what the file says, not how its JSON is spaced and ordered."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def _parsed(raw: bytes) -> dict[str, Any]:
    try:
        file = strict_json.parse(raw, largest=LARGEST, deepest=DEEPEST)
        # No fractions: they would be written in another way than they were read.
        json.dumps(file, allow_nan=False)
    except strict_json.NotStrict as error:
        raise SharingRefused([error.sentence]) from None
    except TypeError:
        raise SharingRefused(["Die Datei enthält Kommazahlen. In geteilten Formularen sind sie Text."]) from None
    if errors := list(_validator().iter_errors(file)):
        place = errors[0].json_path
        raise SharingRefused(
            [f"{place}: Das ist keine Datei mit einem geteilten Formular. Laden Sie sie in einem Portal herunter."]
        )
    return file


@cache
def _validator() -> Draft202012Validator:
    # Its import takes a second and 27 MB where all its formats are installed; few processes read definitions.
    from jsonschema import Draft202012Validator

    return Draft202012Validator(json.loads(_SCHEMA.read_text(encoding="utf-8")))
