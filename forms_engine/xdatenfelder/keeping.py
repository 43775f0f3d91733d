"""Code lists in the database: a version is kept once and never changes."""

from __future__ import annotations

from forms_engine.errors import DefinitionError
from forms_engine.models import CodeList as Kept
from forms_engine.xdatenfelder.code_lists import CodeList, from_json
from forms_engine.xdatenfelder.schema import ListReference


def keep(code_list: CodeList) -> None:
    """Keeps a list. Raises DefinitionError if this version is known with other rows."""
    kept, is_new = Kept.objects.get_or_create(
        uri=code_list.uri,
        version=code_list.version,
        defaults={"entries": code_list.as_json(), "sha256": code_list.sha256},
    )
    if not is_new and kept.sha256 != code_list.sha256:
        raise DefinitionError(
            [f"Die Codeliste {code_list.uri} ({code_list.version}) ist schon da und hat andere Zeilen. Sie bleibt."]
        )


def find(reference: ListReference) -> CodeList | None:
    """The list that a field names; without a version the newest that is known."""
    kept = Kept.objects.filter(uri=reference.uri)
    found = kept.filter(version=reference.version).first() if reference.version else kept.order_by("-version").first()
    return from_json(found.uri, found.version, found.entries) if found else None
