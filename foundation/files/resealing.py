"""Stored files under a new key: each is sealed again beside its place and moved there when whole."""

from django.db.models import QuerySet

from foundation import durable, scope, vault
from foundation.files import storage
from foundation.files.models import StoredFile
from foundation.vault import rotation
from foundation.vault.columns import Resealed

AT_ONCE = 100


def reseal(keyset: str) -> Resealed:
    """Seals again what is sealed with another key than the first; goes on behind a file that nobody can read."""
    found, last = Resealed(), None
    while page := _page(keyset, last):
        found = sum((_reseal(stored) for stored in page), found)
        last = page[-1].pk
    return found


def _page(keyset: str, last: object) -> list[StoredFile]:
    with scope.system("seal stored files with a new key", read_only=True):
        rows: QuerySet[StoredFile] = StoredFile.objects.filter(keyset=keyset).order_by("pk")
        return list((rows.filter(pk__gt=last) if last else rows)[:AT_ONCE])


def _reseal(stored: StoredFile) -> Resealed:
    path, place = storage._path(stored.storage_key), {"owner": stored.owner_id, "row": stored.pk}
    try:
        sealed = path.read_bytes()
    except FileNotFoundError:  # removed meanwhile
        return Resealed()
    except OSError:  # the disk no longer gives it
        return _lost(stored)
    if rotation.is_current(stored.keyset, sealed):
        return Resealed()
    content = rotation.opened(stored.keyset, sealed, **place, field=storage.FIELD)
    if content is None:
        return _lost(stored)
    durable.replace(path, vault.seal(stored.keyset, content, **place, field=storage.FIELD))
    return Resealed(done=1)


def _lost(stored: StoredFile) -> Resealed:
    return Resealed(lost=frozenset({f"{stored._meta.label}:{stored.pk}"}))
