"""Code lists (OASIS genericode 1.0): read from a file, kept per version for ever."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from forms_engine.errors import DefinitionError
from forms_engine.xdatenfelder.elements import Element
from forms_engine.xdatenfelder.schema import ListReference, Value


@dataclass(frozen=True, slots=True)
class Column:
    id: str
    required: bool


@dataclass(frozen=True, slots=True)
class CodeList:
    """A list in one version: all its columns, for a field may choose which one is shown."""

    uri: str
    version: str
    columns: tuple[Column, ...]
    key: str
    rows: tuple[dict[str, str], ...]

    def options(self, reference: ListReference) -> list[Value]:
        """Code and label of each row, by the columns that the field names, else by those that the list itself does."""
        known = [column.id for column in self.columns]
        code = reference.code_key if reference.code_key in known else self.key
        label = reference.name_key if reference.name_key in known else self._label_column(code)
        return [Value(row[code], row.get(label) or row[code]) for row in self.rows if row.get(code)]

    def _label_column(self, code: str) -> str:
        others = [column for column in self.columns if column.id != code]
        exact = [column for column in others if column.id.lower() == "name"]
        named = [column for column in others if "name" in column.id.lower()]
        required = [column for column in others if column.required]
        return next((column.id for column in (*exact, *named, *required, *others)), code)

    def as_json(self) -> dict[str, object]:
        """For keeping; `from_json` is the way back."""
        columns = [[column.id, column.required] for column in self.columns]
        return {"columns": columns, "key": self.key, "rows": list(self.rows)}

    @property
    def sha256(self) -> str:
        text = json.dumps(self.as_json(), ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


def from_json(uri: str, version: str, kept: Mapping[str, object]) -> CodeList:
    columns = tuple(Column(str(name), bool(required)) for name, required in kept["columns"])  # type: ignore[attr-defined]
    return CodeList(uri, version, columns, str(kept["key"]), tuple(kept["rows"]))  # type: ignore[arg-type]


def is_code_list(root: Element) -> bool:
    return root.name == "CodeList"


def read_code_list(root: Element) -> CodeList:
    """The list in a genericode file. Raises DefinitionError with a German sentence."""
    identity, column_set, simple = root.one("Identification"), root.one("ColumnSet"), root.one("SimpleCodeList")
    if identity is None or column_set is None or simple is None:
        raise DefinitionError(["Die Codeliste ist unvollständig: Kennung, Spalten oder Zeilen fehlen."])
    uri = " ".join(identity.said("CanonicalUri").split())
    columns = tuple(
        Column(column.attributes.get("Id", ""), column.attributes.get("Use") == "required")
        for column in column_set.all("Column")
    )
    if not uri or not columns:
        raise DefinitionError(["Die Codeliste nennt keine Kennung (CanonicalUri) oder keine Spalten."])
    rows = tuple(dict(_cells(row, columns)) for row in simple.all("Row"))
    if len(uri) > 500 or len(rows) > 50_000:
        raise DefinitionError(["Die Codeliste ist zu groß. Erlaubt sind 50.000 Zeilen."])
    return CodeList(uri, " ".join(identity.said("Version").split())[:100], columns, _key(column_set, columns), rows)


def _key(column_set: Element, columns: tuple[Column, ...]) -> str:
    known = {column.id for column in columns}
    named = [ref.attributes.get("Ref", "") for key in column_set.all("Key") for ref in key.all("ColumnRef")]
    return next((name for name in named if name in known), columns[0].id)


def _cells(row: Element, columns: tuple[Column, ...]) -> Iterator[tuple[str, str]]:
    """The cells of a row by column; a cell that names none stands in the one after its neighbour."""
    ids = [column.id for column in columns]
    position = 0
    for value in row.all("Value"):
        name = value.attributes.get("ColumnRef", ids[position] if position < len(ids) else "")
        position = ids.index(name) + 1 if name in ids else position + 1
        if name in ids:
            yield name, " ".join(value.said("SimpleValue").split())
