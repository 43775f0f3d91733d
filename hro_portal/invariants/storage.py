"""I4: rows and sealed bytes belong together. One look into the folder, no file is opened."""

import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from django.conf import settings

from foundation import clock
from foundation.files.models import StoredFile
from foundation.files.storage import ORPHAN_AGE_SECONDS
from foundation.scope import NOBODY
from hro_portal.invariants.rules import Breach, Span, invariant

#: The scanner has looked, or there is none (demo).
LOOKED_AT = set(StoredFile.Verdict.values) - {StoredFile.Verdict.PENDING}


@invariant()
def rows_have_bytes(span: Span) -> Iterator[Breach]:
    """I4: each stored file has its bytes in the folder and within a day a verdict, and no bytes lie there unowned.

    Bytes without a row may be an upload that goes on right now or was rolled back: after a day they must be gone.
    """
    # Rows first: bytes are written before their row, so what a row names now must be there afterwards.
    rows = list(StoredFile.objects.values_list("storage_key", "id", "verdict", "created_at"))
    a_day_ago = clock.now() - timedelta(seconds=ORPHAN_AGE_SECONDS)
    there = {f"{path.parent.name}/{path.name}": path for path in settings.FILES_DIR.glob("*/*")}
    for key, file_id, verdict, created_at in rows:
        if there.pop(key, None) is None and StoredFile.objects.filter(pk=file_id).exists():
            yield Breach("I4 rows_have_bytes", file_id, f"Von der Datei {file_id} fehlt der Inhalt im Dateispeicher.")
        if verdict not in LOOKED_AT and (verdict != StoredFile.Verdict.PENDING or created_at < a_day_ago):
            yield Breach("I4 rows_have_bytes", file_id, f"Die Datei {file_id} hat kein Ergebnis der Virenprüfung.")
    yield from _unowned(there)


def _unowned(without_row: dict[str, Path]) -> Iterator[Breach]:
    oldest = time.time() - ORPHAN_AGE_SECONDS
    for key, path in without_row.items():
        if _changed_at(path) < oldest:
            yield Breach(
                "I4 rows_have_bytes", NOBODY, f"Der Inhalt {key} im Dateispeicher gehört seit über einem Tag zu nichts."
            )


def _changed_at(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:  # finished or removed in the meantime
        return time.time()


@invariant()
def files_have_an_owner(span: Span) -> Iterator[Breach]:
    """I4: a file of a case is named by an attachment, a receipt or a postbox item; else nobody finds it."""
    for (file_id,) in span.rows(
        """
        SELECT f.id FROM files_storedfile f
        JOIN applications_application a ON a.id = f.subject_id
        WHERE a.submitted_at >= %(since)s AND f.created_at < now() - interval '24 hours'
          AND NOT EXISTS (SELECT 1 FROM applications_attachment t WHERE t.file_id = f.id)
          AND NOT EXISTS (SELECT 1 FROM applications_receipt r WHERE r.file_id = f.id)
          AND NOT EXISTS (SELECT 1 FROM postbox_postboxitem p WHERE p.file_id = f.id)
        """
    ):
        yield Breach(
            "I4 files_have_an_owner", file_id, f"Die Datei {file_id} gehört zu einem Vorgang, aber nichts nennt sie."
        )
