"""Keysets: one to seal with and one to make search digests with, from a file or from the environment.

A file is looked at with every use and read again when it changed, so that a new key is known to every process at once.
"""

import json
import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

import tink
from django.conf import settings
from tink import aead, prf, secret_key_access

from foundation import durable

aead.register()
prf.register()

SEALING, SEARCHING = "sealing", "searching"
_ENDINGS = {SEALING: ".json", SEARCHING: ".search.json"}
_PRIMITIVES = {SEALING: aead.Aead, SEARCHING: prf.PrfSet}
TEMPLATES = {SEALING: aead.aead_key_templates.AES256_GCM, SEARCHING: prf.prf_key_templates.HMAC_SHA256}
_NAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?")


class VaultError(Exception):
    """Something could not be sealed or opened. The text names a keyset or a field, never a content."""


def create(names: Iterable[str]) -> list[str]:
    """Makes the keysets that are missing, readable by this user only; says which. None is ever overwritten."""
    return [name for name in names if _create_pair(name)]


def missing(names: Iterable[str]) -> list[str]:
    """Which of these have not both of their parts."""
    return [name for name in names if not all(_given(name, part) or path(name, part).exists() for part in _ENDINGS)]


def require(names: Iterable[str]) -> None:
    """Raises `VaultError` unless every keyset can be used: who cannot seal must not start (fault F33)."""
    for name in names:
        sealing(name)
        searching(name)


def sealing(name: str) -> aead.Aead:
    """The primitive that seals and opens under this keyset."""
    return _primitive(name, SEALING)


def searching(name: str) -> prf.PrfSet:
    """The primitive that makes keyed digests under this keyset."""
    return _primitive(name, SEARCHING)


def read(name: str) -> dict[str, Any]:
    """The sealing keyset as Tink writes it."""
    try:
        return json.loads(_given(name, SEALING) or path(name).read_text())
    except (OSError, ValueError) as error:
        raise _unusable(name, SEALING, error) from None


def path(name: str, part: str = SEALING) -> Path:
    """Where the keyset lies, if it is not in the environment."""
    if not _NAME.fullmatch(name):
        raise VaultError("Ein Schlüsselsatz heißt nach kleinen Buchstaben, Ziffern und Strichen, zum Beispiel rostock.")
    return settings.KEYS_DIR / f"{name}{_ENDINGS[part]}"


def is_in_environment(name: str) -> bool:
    return _given(name, SEALING) is not None


def _given(name: str, part: str) -> str | None:
    """From the environment, if it is there: `PORTAL_KEYSETS` wins over a file."""
    keyset = settings.KEYSETS.get(name, {}).get(part)
    return json.dumps(keyset) if keyset else None


def _primitive(name: str, part: str) -> Any:
    if given := _given(name, part):
        return _parsed(name, part, given)
    file = path(name, part)
    try:
        known = file.stat()
        return _read(name, part, file, (known.st_mtime_ns, known.st_ino, known.st_size))
    except OSError as error:
        raise _unusable(name, part, error) from None


@lru_cache(maxsize=256)
def _read(name: str, part: str, file: Path, stamp: tuple[int, int, int]) -> Any:
    """`stamp` is of the file: another one is another file."""
    return _parsed(name, part, file.read_text())


@lru_cache(maxsize=256)
def _parsed(name: str, part: str, text: str) -> Any:
    try:
        handle = tink.json_proto_keyset_format.parse(text, secret_key_access.TOKEN)
        return handle.primitive(_PRIMITIVES[part])
    except (ValueError, tink.TinkError) as error:
        raise _unusable(name, part, error) from None


def _unusable(name: str, part: str, error: Exception) -> VaultError:
    """Raised `from None`: what a broken file holds may be half a key."""
    return VaultError(
        f"Der Schlüsselsatz {name}{_ENDINGS[part]} ist nicht brauchbar ({type(error).__name__}). Prüfen Sie die Datei."
    )


def _create_pair(name: str) -> bool:
    created = [_create_file(path(name, part), TEMPLATES[part]) for part in _ENDINGS if not _given(name, part)]
    return any(created)


def _create_file(file: Path, template: Any) -> bool:
    if file.exists():
        return False
    text = tink.json_proto_keyset_format.serialize(tink.new_keyset_handle(template), secret_key_access.TOKEN)
    return durable.create(file, text.encode())
