"""The key of the backups, and the sealed streams under it.

A backup holds the portal's own keysets, so its key opens everything: it is none of them, lies elsewhere, and is the one
thing that an operator must keep apart. AES-256-GCM in segments: a cut, changed or reordered file does not open.
"""

import os
from pathlib import Path
from typing import BinaryIO

import tink
from django.conf import settings
from tink import secret_key_access, streaming_aead

from hro_portal.backup.refusal import BackupRefused

streaming_aead.register()

_TEMPLATE = streaming_aead.streaming_aead_key_templates.AES256_GCM_HKDF_1MB
_MAGIC = b"HRO-Portal-Sicherung 1 "
_LINE_BYTES = len(_MAGIC) + len("0123456789\n")

NOT_A_BACKUP = "Die Datei ist keine Sicherung des Portals. Prüfen Sie den Namen der Datei."
DAMAGED = "Die Sicherung ist beschädigt oder unvollständig. Nehmen Sie eine andere Sicherung."
WRONG_KEY = "Die Sicherung gehört zu einem anderen Schlüssel. Geben Sie den Schlüssel an, mit dem sie gemacht wurde."
NO_KEY = (
    "Der Schlüssel der Sicherungen fehlt. Legen Sie mit „manage.py create_backup_key DATEI“ einen an, "
    "und nennen Sie die Datei in PORTAL_BACKUP_KEY_FILE."
)
KEY_AMONG_KEYS = (
    "Der Schlüssel der Sicherungen liegt bei den Schlüsseln des Portals. Legen Sie ihn in einen anderen Ordner."
)
KEY_BROKEN = "Der Schlüssel der Sicherungen ist nicht lesbar. Prüfen Sie die Datei und ihre Rechte."


def create_key(path: Path) -> None:
    """Writes a new key, for this user only; raises `FileExistsError` where a file is: no key is ever overwritten."""
    handle = tink.new_keyset_handle(_TEMPLATE)
    text = tink.json_proto_keyset_format.serialize(handle, secret_key_access.TOKEN)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def load_key() -> tink.KeysetHandle:
    """The key that the operator has given, as text or as a file; raises `BackupRefused` when there is none."""
    try:
        text = settings.BACKUP_KEY or _key_file().read_text()
        return tink.json_proto_keyset_format.parse(text, secret_key_access.TOKEN)
    except (OSError, ValueError, tink.TinkError):
        # `from None`: what a broken file holds may be half a key.
        raise BackupRefused(KEY_BROKEN) from None


def sealed(target: BinaryIO, key: tink.KeysetHandle) -> BinaryIO:
    """A stream that seals into the target; closing it writes the end and closes the target."""
    line = b"%s%010d\n" % (_MAGIC, key.keyset_info().primary_key_id)
    target.write(line)
    return key.primitive(streaming_aead.StreamingAead).new_encrypting_stream(target, line)


def opened(source: BinaryIO, key: tink.KeysetHandle) -> BinaryIO:
    """A stream that opens what `sealed` sealed. Reading raises `tink.TinkError` where it was changed or cut.

    The first line names the key, which is no secret, so that a wrong key is told apart from a damaged file.
    """
    line = source.read(_LINE_BYTES)
    number = line.removeprefix(_MAGIC).strip()
    if not line.startswith(_MAGIC) or not line.endswith(b"\n") or not number.isdigit():
        raise BackupRefused(NOT_A_BACKUP)
    if int(number) not in {info.key_id for info in key.keyset_info().key_info}:
        raise BackupRefused(WRONG_KEY)
    return key.primitive(streaming_aead.StreamingAead).new_decrypting_stream(source, line)


def _key_file() -> Path:
    if not settings.BACKUP_KEY_FILE:
        raise BackupRefused(NO_KEY)
    path = Path(settings.BACKUP_KEY_FILE).resolve()
    if path.is_relative_to(settings.KEYS_DIR.resolve()):
        raise BackupRefused(KEY_AMONG_KEYS)
    return path
