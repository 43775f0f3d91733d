"""Keysets: one file to seal with and one to make search digests with, each read once per process."""

import os
import re
import secrets
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import tink
from django.conf import settings
from tink import aead, prf, secret_key_access

aead.register()
prf.register()

_SEALING = ".json", aead.aead_key_templates.AES256_GCM
_SEARCHING = ".search.json", prf.prf_key_templates.HMAC_SHA256
_NAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?")


class VaultError(Exception):
    """Something could not be sealed or opened. The text names a keyset or a field, never a content."""


def create(names: Iterable[str]) -> list[str]:
    """Makes the keysets that are missing, readable by this user only; says which. None is ever overwritten."""
    settings.KEYS_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
    return [name for name in names if _create_pair(name)]


def require(names: Iterable[str]) -> None:
    """Raises `VaultError` unless every keyset can be used: who cannot seal must not start (fault F33)."""
    for name in names:
        sealing(name)
        searching(name)


def sealing(name: str) -> aead.Aead:
    """The primitive that seals and opens under this keyset."""
    return _primitive(_path(name, _SEALING[0]), aead.Aead)


def searching(name: str) -> prf.PrfSet:
    """The primitive that makes keyed digests under this keyset."""
    return _primitive(_path(name, _SEARCHING[0]), prf.PrfSet)


def _path(name: str, suffix: str) -> Path:
    if not _NAME.fullmatch(name):
        raise VaultError("A keyset has a name of small letters, digits and hyphens.")
    return settings.KEYS_DIR / f"{name}{suffix}"


@cache
def _primitive(path: Path, kind: Any) -> Any:
    try:
        handle = tink.json_proto_keyset_format.parse(path.read_text(), secret_key_access.TOKEN)
        return handle.primitive(kind)
    except (OSError, ValueError, tink.TinkError) as error:
        # `from None`: what a broken file holds may be half a key.
        raise VaultError(f"The keyset {path.name} cannot be used ({type(error).__name__}).") from None


def _create_pair(name: str) -> bool:
    created = [_create_file(_path(name, suffix), template) for suffix, template in (_SEALING, _SEARCHING)]
    return any(created)


def _create_file(path: Path, template: Any) -> bool:
    """Linking a finished file is all or nothing, and refuses to replace one that is there."""
    if path.exists():
        return False
    text = tink.json_proto_keyset_format.serialize(tink.new_keyset_handle(template), secret_key_access.TOKEN)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)
    except FileExistsError:
        return False
    finally:
        draft.unlink(missing_ok=True)
    return True
