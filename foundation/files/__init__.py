"""Files that people send and files that the portal makes: looked into, sealed, and on disk before a row says so."""

from foundation.files.refusals import FileRefused, clean_name
from foundation.files.storage import Limits, delete, keep, open_bytes, read, remove_orphans, store

__all__ = ["FileRefused", "Limits", "clean_name", "delete", "keep", "open_bytes", "read", "remove_orphans", "store"]
