"""Code lists in the database: a version is kept once and never changes."""

from __future__ import annotations

from datetime import date
from typing import Any

from authorities import clock
from forms_engine.errors import DefinitionError
from forms_engine.following import LENGTH, MOST_OPTIONS, holding, too_long
from forms_engine.models import CodeList as Kept
from forms_engine.xdatenfelder.code_lists import CodeList, from_json
from forms_engine.xdatenfelder.schema import ListReference


def keep(code_list: CodeList, valid_from: date | None = None, *, origin: dict[str, Any] | None = None) -> None:
    """Keeps a list, from a day on; `origin` says who brought it, where a shared form did.

    Raises DefinitionError if this version is known with other rows or another day, or would replace what holds already
    on a day that has come: answers of that day were chosen from it. A list that questions can follow does not grow
    beyond what a question offers.
    """
    known = Kept.objects.filter(uri=code_list.uri, version=code_list.version).exists()
    today = clock.today()
    if not known and valid_from is not None and valid_from <= today and holding([code_list.uri], today):
        raise DefinitionError(
            [f"Eine Fassung der Codeliste {code_list.uri} gilt schon. Nennen Sie für die neue einen Tag nach heute."]
        )
    if not known and valid_from is not None and len(code_list.rows) > MOST_OPTIONS:
        before = Kept.objects.filter(uri=code_list.uri).annotate(length=LENGTH)
        if before.filter(length__lte=MOST_OPTIONS).exists():
            raise DefinitionError([too_long(code_list.uri, len(code_list.rows))])
    kept, is_new = Kept.objects.get_or_create(
        uri=code_list.uri,
        version=code_list.version,
        defaults={
            "entries": code_list.as_json(),
            "sha256": code_list.sha256,
            "valid_from": valid_from,
            "origin": origin,
        },
    )
    if not is_new and kept.sha256 != code_list.sha256:
        raise DefinitionError(
            [f"Die Codeliste {code_list.uri} ({code_list.version}) ist schon da und hat andere Zeilen. Sie bleibt."]
        )
    if not is_new and valid_from not in (None, kept.valid_from):
        day = f"ab {kept.valid_from:%d.%m.%Y}" if kept.valid_from else "seit jeher"
        raise DefinitionError(
            [f"Die Codeliste {code_list.uri} ({code_list.version}) ist schon da und gilt {day}. Das bleibt."]
        )


def find(reference: ListReference) -> CodeList | None:
    """The list that a field names; without a version the newest that is known."""
    kept = Kept.objects.filter(uri=reference.uri)
    found = kept.filter(version=reference.version).first() if reference.version else kept.order_by("-version").first()
    return from_json(found.uri, found.version, found.entries) if found else None
