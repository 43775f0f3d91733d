"""Files that people send and files that the portal makes: looked into, sealed, and on disk before a row says so."""

from foundation.files.gate import Limits, Taken, take
from foundation.files.quota import require_room_at_authority, require_room_for
from foundation.files.refusals import FileRefused, clean_name
from foundation.files.storage import again, delete, keep, open_bytes, path_of, put_back, read, remove_orphans, store

__all__ = [
    "FileRefused",
    "Limits",
    "Taken",
    "again",
    "clean_name",
    "delete",
    "keep",
    "open_bytes",
    "path_of",
    "put_back",
    "read",
    "remove_orphans",
    "require_room_at_authority",
    "require_room_for",
    "store",
    "take",
]
