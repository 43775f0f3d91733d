"""Changes an export as whoever wrote it could have: each file in it is as its manifest says."""

import hashlib
import json
from pathlib import Path
from typing import Any

from django.db.models import Model

from hro_portal.moving import folder
from hro_portal.moving.rows import column_names

Row = dict[str, Any]


def put(export: Path, name: str, content: bytes) -> None:
    """Writes a file of the export, and says so in its manifest."""
    path, manifest = export / name, json.loads((export / folder.MANIFEST).read_text())
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    said = {"path": name, "sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
    manifest["files"] = [*(each for each in manifest["files"] if each["path"] != name), said]
    (export / folder.MANIFEST).write_text(json.dumps(manifest))


def rows(export: Path, table: type[Model]) -> list[Row]:
    files = sorted((export / folder.TABLES).glob(f"{table._meta.label}-*.jsonl"))
    return [json.loads(line) for path in files for line in path.read_text().splitlines()]


def add(export: Path, table: type[Model], **row: Any) -> None:
    """A row more; what is not named is null."""
    columns = column_names(table)
    assert row.keys() <= set(columns)
    replace(export, table, [*rows(export, table), {name: _plain(row.get(name)) for name in columns}])


def replace(export: Path, table: type[Model], changed: list[Row]) -> None:
    """The rows of a table, instead of those that it has."""
    written = sorted((export / folder.TABLES).glob(f"{table._meta.label}-*.jsonl"))
    [name] = [path.name for path in written] or [f"{table._meta.label}-0001.jsonl"]
    put(export, f"{folder.TABLES}/{name}", folder.as_lines(changed))


def _plain(value: Any) -> Any:
    return value if isinstance(value, str | int | bool | dict | list | None) else str(value)
