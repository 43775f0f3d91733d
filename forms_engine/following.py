"""Forms that follow code lists: their options are those of the version that holds on a day.

A list that holds is never replaced for a day that has come (`xdatenfelder.keeping`). So the day on which an
application was sent says for ever which version its answers were chosen from.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import F, Func, IntegerField, Q

from authorities import clock
from forms_engine import compiling
from forms_engine.models import CodeList, FormVersion
from forms_engine.structure import CompiledForm
from forms_engine.xdatenfelder.code_lists import from_json
from forms_engine.xdatenfelder.fields import as_options
from forms_engine.xdatenfelder.schema import ListReference


def compiled(version: FormVersion, on: date | None = None) -> CompiledForm:
    """The compiled form of a version, with the options of this day (None: today). No query if it follows no list."""
    form = compiling.compiled(version)
    if not form.follows:
        return form
    # From the connection that the version came by: a move reads what it has not committed yet.
    found = holding(form.follows, on or clock.today(), using=version._state.db)
    held = frozenset(each.pk for each in found.values())
    return _published(version, held) if version.published_at else _filled(version, held)


def holding(uris: Iterable[str], day: date, *, using: str | None = None) -> dict[str, CodeList]:
    """The version of each list that holds on the day, without its entries; lists of which none does are left out.

    Of two for one day the later import holds. Of those without a day the first: nothing said when it is replaced.
    """
    found: dict[str, CodeList] = {}
    there = CodeList.objects.using(using).filter(Q(valid_from__isnull=True) | Q(valid_from__lte=day), uri__in=uris)
    for each in there.defer("entries").order_by(F("valid_from").asc(nulls_first=True), "id"):
        if each.valid_from is not None or each.uri not in found:
            found[each.uri] = each
    return found


#: So many answers one question offers at most, as `definition.schema.json` says of options that stand in a definition.
MOST_OPTIONS = 1000


def too_long(uri: str, count: int) -> str:
    """What an author reads who wants to follow a list that is too long."""
    told = f"{count:,}".replace(",", ".")
    return (
        f"Die Codeliste {uri} hat {told} Einträge. Eine Frage bietet höchstens 1.000 an. "
        "Nehmen Sie eine kürzere Liste, oder fragen Sie mit einem Textfeld."
    )


def lists_of(definition: Mapping[str, Any]) -> compiling.Lists:
    """The options that hold today of each list that a definition follows. No query if it follows none."""
    follows = set(compiling.followed_in(definition["steps"]))
    return _options(each.pk for each in holding(follows, clock.today()).values()) if follows else {}


#: How many entries a list has, counted by the database.
LENGTH = Func(F("entries__rows"), function="jsonb_array_length", output_field=IntegerField())


def lengths(held: Iterable[CodeList]) -> dict[str, int]:
    """How many entries these versions have, by list."""
    there = CodeList.objects.filter(pk__in=[each.pk for each in held])
    return dict(there.annotate(length=LENGTH).values_list("uri", "length"))


def list_today(uri: str) -> tuple[str, list[dict[str, Any]]] | None:
    """Version and options of a list as they hold today, to be kept in a definition; None if no version holds."""
    held = holding([uri], clock.today()).get(uri)
    return (held.version, _options([held.pk])[uri]) if held else None


def _options(held: Iterable[UUID], *, using: str | None = None) -> dict[str, list[dict[str, Any]]]:
    return {
        each.uri: as_options(
            from_json(each.uri, each.version, each.entries).options(ListReference(each.uri, each.version)),
            lambda _sentence: None,
        )
        for each in CodeList.objects.using(using).filter(pk__in=list(held))
    }


def _filled(version: FormVersion, held: frozenset[UUID]) -> CompiledForm:
    return compiling.compile_definition(version.definition, _options(held, using=version._state.db))


_published = lru_cache(maxsize=256)(_filled)
