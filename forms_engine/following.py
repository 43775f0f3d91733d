"""Forms that follow code lists: their options are those of the version that holds on a day.

A list that holds is never replaced for a day that has come (`xdatenfelder.keeping`). So the day on which an
application was sent says for ever which version its answers were chosen from.
"""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from uuid import UUID

from django.db.models import F, Q

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


def _filled(version: FormVersion, held: frozenset[UUID]) -> CompiledForm:
    lists = {
        each.uri: as_options(
            from_json(each.uri, each.version, each.entries).options(ListReference(each.uri, each.version)),
            lambda _sentence: None,
        )
        for each in CodeList.objects.using(version._state.db).filter(pk__in=held)
    }
    return compiling.compile_definition(version.definition, lists)


_published = lru_cache(maxsize=256)(_filled)
