"""Takes leave of an authority: its rows, its files and the people who have to do with it alone."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import DatabaseError, connections
from django.db.models.functions import Now

from accounts.models import Document, Party, User
from authorities.models import Authority
from forms_engine.models import Form
from foundation import files
from foundation.audit import anchors, chain
from foundation.audit.models import AuditEvent, AuditLink
from foundation.files import removal
from foundation.files.models import StoredFile
from hro_portal.backup.database import OWNER
from hro_portal.moving import anchored, belongings, exporting, folder, people
from hro_portal.moving.people import People
from hro_portal.moving.refusal import MovingRefused

MOVED = "authority.moved"

NO_EXPORT = (
    "Nennen Sie den Ordner des Exports mit „--export ORDNER“. "
    "Ohne Export gehen alle Daten der Behörde verloren; das verlangt „--without-export“."
)
OTHER_AUTHORITY = "Der Export im Ordner „{folder}“ gehört zu einer anderen Behörde. Prüfen Sie den Namen des Ordners."
STILL_USED = (
    "Mit der Behörde arbeitet noch jemand, oder eine andere hängt an ihren Daten. "
    "Halten Sie das Portal an, und starten Sie erneut. Es ist nichts geändert."
)
CHANGED_SINCE = (
    "Seit dem Export hat sich etwas geändert: {tables}. Halten Sie das Portal an, und exportieren Sie erneut."
)


def remove_authority(slug: str, *, export: Path | None, without_export: bool = False) -> int:
    """Removes everything that is the authority's; out: how many rows. Raises `MovingRefused`, and nothing is changed.

    In: the folder of its export, which must still say what is here; or the word that there is none.
    """
    exporting.require_owner()
    if not export and not without_export:
        raise MovingRefused(NO_EXPORT)
    authority = exporting.authority_of(slug)
    anchored.require_readable()
    with _one_moment():
        # In the moment of the export's comparison: what somebody adds meanwhile is not lost, it stops the removal.
        sha256 = _require_fresh(export, authority) if export else ""
        with connections[OWNER].cursor() as cursor:
            # What is kept for ever, and what is never changed, is guarded by triggers: they let the owner take leave.
            cursor.execute("SELECT set_config('portal.erasing', 'on', true), set_config('portal.leaving', 'on', true)")
        alone = people.of(authority.pk).without(people.of_others(authority.pk))
        paths = [files.path_of(stored) for stored in _files(authority, alone)]
        _note(authority, sha256)
        removed = _remove_rows(authority) + _remove_people(alone)
    removal.remove(paths)
    anchors.forget(authority.pk)
    return removed


@contextmanager
def _one_moment() -> Iterator[None]:
    try:
        with exporting.moment(read_only=False):
            yield
    except DatabaseError:
        # `from None`: the database's own sentence would show a row.
        raise MovingRefused(STILL_USED) from None


def _require_fresh(source: Path, authority: Authority) -> str:
    """Raises `MovingRefused` unless the export is whole and an export of this moment would say the same."""
    export = folder.open_export(source)
    if export.manifest["authority"]["id"] != str(authority.pk):
        raise MovingRefused(OTHER_AUTHORITY.format(folder=source))
    then = export.sums(folder.TABLES)
    now = exporting.sums_of_tables(authority)
    if differing := sorted({Path(name).name for name, _ in then.items() ^ now.items()}):
        raise MovingRefused(CHANGED_SINCE.format(tables=", ".join(differing)))
    return export.sha256


def _files(authority: Authority, alone: People) -> list[StoredFile]:
    return list(StoredFile.objects.using(OWNER).filter(belongings.of(authority.pk, StoredFile) | alone.files))


def _note(authority: Authority, sha256: str) -> None:
    """In the chain of what belongs to no authority: that it left, with which export, and where its own chain ended."""
    end = AuditLink.objects.using(OWNER).filter(authority_id=authority.pk).order_by("-no").first()
    AuditEvent.objects.using(OWNER).create(
        at=Now(),
        authority_id=None,
        action=MOVED,
        object_kind="authority",
        object_id=authority.pk,
        refs={
            "slug": authority.slug,
            "export": sha256 or None,
            "last_link": end.no if end else 0,
            "last_hash": bytes(end.hash).hex() if end else chain.BEGINNING.hex(),
        },
    )


def _remove_rows(authority: Authority) -> int:
    """Children first. Nothing is asked one by one: the database's own laws are the guard."""
    removed = 0
    followers = Form.objects.using(OWNER).exclude(authority=authority)
    followers.filter(upstream_version__authority=authority).update(upstream_version=None)
    for table in reversed(belongings.owned()):
        rows = table._base_manager.using(OWNER).filter(belongings.of(authority.pk, table))
        removed += rows._raw_delete(OWNER)
    return removed


def _remove_people(alone: People) -> int:
    """Accounts with their sittings, and organisations, that have to do with nobody else here."""
    sittings = UserSession.objects.using(OWNER).filter(user_id__in=alone.users)
    Session.objects.using(OWNER).filter(pk__in=list(sittings.values_list("session_key", flat=True))).delete()
    documents, _ = Document.objects.using(OWNER).filter(alone.rows(Document)).delete()
    kept, _ = StoredFile.objects.using(OWNER).filter(alone.files).delete()
    users, _ = User.objects.using(OWNER).filter(pk__in=alone.users).delete()
    parties, _ = Party.objects.using(OWNER).filter(pk__in=alone.parties).delete()
    return users + parties + documents + kept
