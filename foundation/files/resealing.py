"""Stored files under a new key: each is sealed again beside its place and moved there when whole."""

from django.db.models import QuerySet

from foundation import durable, scope, vault
from foundation.files import storage
from foundation.files.models import StoredFile
from foundation.vault import rotation

AT_ONCE = 100


def reseal(keyset: str) -> int:
    """Seals again what is sealed with another key than the first; says how many files."""
    done, last = 0, None
    while page := _page(keyset, last):
        done += sum(_reseal(stored) for stored in page)
        last = page[-1].pk
    return done


def _page(keyset: str, last: object) -> list[StoredFile]:
    with scope.system("seal stored files with a new key", read_only=True):
        rows: QuerySet[StoredFile] = StoredFile.objects.filter(keyset=keyset).order_by("pk")
        return list((rows.filter(pk__gt=last) if last else rows)[:AT_ONCE])


def _reseal(stored: StoredFile) -> bool:
    path, place = storage._path(stored.storage_key), {"owner": stored.owner_id, "row": stored.pk}
    try:
        sealed = path.read_bytes()
    except FileNotFoundError:  # removed meanwhile
        return False
    if rotation.is_current(stored.keyset, sealed):
        return False
    content = vault.open_sealed(stored.keyset, sealed, **place, field=storage.FIELD)
    durable.replace(path, vault.seal(stored.keyset, content, **place, field=storage.FIELD))
    return True
