"""A row with a valid sealed value for each sealed column that there is."""

from typing import Any

from django.db import connections, transaction

from accounts.models import Document, Organisation, Party
from foundation import files, scope, vault
from foundation.vault import SealedColumn, columns
from tests.house.rows import furnish

SAID = b'"Quirina Zweifelstein"'


def furnish_sealed(slug: str) -> None:
    """Rows of every kind at an authority; then each sealed column of them says `SAID`, at its own place."""
    furnish(slug)
    with scope.system("a test needs rows of every kind"):
        party = Party.objects.create(kind=Party.Kind.ORGANISATION)
        Organisation.objects.create(party=party, legal_form="gmbh", sites=b"x")
        stored = files.keep(
            b"%PDF-1.7 paper", authority_id=None, keyset="accounts", subject_id=party.pk, media_type="application/pdf"
        )
        Document.objects.create(party=party, file=stored, details=b"x")
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute("SELECT set_config('portal.resealing', 'on', true)")
        for column in columns.columns:
            for row in rows_of(column, using="owner"):
                column.model._base_manager.using("owner").filter(pk=row.pk).update(**{column.name: sealed(column, row)})


def rows_of(column: SealedColumn, *, using: str = "owner") -> list[Any]:
    return list(column.model._base_manager.using(using).select_related(*column.related).order_by("pk"))


def sealed(column: SealedColumn, row: Any) -> bytes:
    place = column.place(row)
    return vault.seal(place.keyset, SAID, **place.bound())


def opened(column: SealedColumn, row: Any, content: bytes | None = None) -> bytes:
    place = column.place(row)
    kept = bytes(getattr(row, column.name)) if content is None else content
    return vault.open_sealed(place.keyset, kept, **place.bound())
