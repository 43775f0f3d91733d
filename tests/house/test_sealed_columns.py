"""Every column of bytes is sealed or named here with the reason; a sealed value opens at its own place only."""

import pytest
from django.apps import apps
from django.db.models import BinaryField

from foundation import vault
from foundation.vault import columns
from tests.house.sealed import SAID, furnish_sealed, opened, rows_of

pytestmark = [
    pytest.mark.usefixtures("city"),
    pytest.mark.asvs("V11.3.2", "V11.3.3"),
    pytest.mark.tr("A3.16.01", "A3.18.01"),
]

#: Bytes that hide nothing.
DIGESTS = {
    "audit.AuditLink.prev_hash",
    "audit.AuditLink.hash",
    "applications.Draft.access_digest",
    "applications.Application.access_digest",
    "applications.IssuedDocument.access_digest",
    "applications.SearchTerm.digest",
}


def test_each_column_of_bytes_is_declared_as_sealed() -> None:
    found = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if isinstance(field, BinaryField)
    }
    assert found - DIGESTS == {str(column) for column in columns.columns}


def test_a_sealed_value_opens_in_its_own_row_and_field_only() -> None:
    """What is moved to another row or another column is refused."""
    furnish_sealed("rostock")
    furnish_sealed("schwerin")
    rows = {column: rows_of(column) for column in columns.columns}
    assert [str(column) for column, found in rows.items() if len(found) < 2] == []
    taken = [
        f"{column} took {other}"
        for column in columns.columns
        for other in columns.columns
        for here in rows[column][:1]
        for there in rows[other][-1:]
        if _opens(column, here, bytes(getattr(there, other.name)))
    ]
    assert all(opened(column, row) == SAID for column in columns.columns for row in rows[column])
    assert taken == []


def test_a_value_with_a_flipped_bit_is_refused_in_every_column() -> None:
    furnish_sealed("rostock")
    taken = []
    for column in columns.columns:
        row = rows_of(column)[0]
        kept = bytes(getattr(row, column.name))
        for place in (0, 1, 5, len(kept) // 2, len(kept) - 1):
            flipped = bytearray(kept)
            flipped[place] ^= 1
            if _opens(column, row, bytes(flipped)):
                taken.append(f"{column}[{place}]")
        if _opens(column, row, kept[:-1]) or _opens(column, row, b""):
            taken.append(f"{column}, cut")
    assert taken == []


def _opens(column: vault.SealedColumn, row: object, content: bytes) -> bool:
    try:
        opened(column, row, content)
    except vault.VaultError:
        return False
    return True
