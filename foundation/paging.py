"""Lists that go on over several pages. The place where a page begins stands in its address (`?nach=`): the key of the
last row before it, never a number of rows, so that nothing is shown twice or left out when a row is added meanwhile.

A place that the list does not know counts as its beginning.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from uuid import UUID

from django.db.models import Model, Q, QuerySet
from django.utils.dateparse import parse_datetime

#: More than this on one page nobody reads.
SIZE = 50
AFTER = "nach"

Row = TypeVar("Row")
Stored = TypeVar("Stored", bound=Model)


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Some rows of a list; `following` is the place where the next page begins, empty on the last one."""

    rows: list[Row]
    following: str = ""
    is_first: bool = True


def newest_first(rows: QuerySet[Stored], by: str, *, after: str = "", size: int = SIZE) -> Page[Stored]:
    """Rows by a time that each of them has, then by id. No page costs more than the first; one query."""
    beyond = _beyond(by, after)
    found = list((rows if beyond is None else rows.filter(beyond)).order_by(f"-{by}", "-pk")[: size + 1])
    shown = found[:size]
    following = f"{getattr(shown[-1], by).isoformat()}_{shown[-1].pk}" if len(found) > size else ""
    return Page(shown, following, beyond is None)


def _beyond(by: str, after: str) -> Q | None:
    at, _sign, key = after.partition("_")
    try:
        time, pk = parse_datetime(at), UUID(key)
    except ValueError:
        return None
    if time is None or time.tzinfo is None:
        return None
    return Q(**{f"{by}__lte": time}) & (Q(**{f"{by}__lt": time}) | Q(pk__lt=pk))


def in_this_order(
    rows: Sequence[Row], key: Callable[[Row], UUID | str], *, after: str = "", size: int = SIZE
) -> Page[Row]:
    """Rows that stand in their order already, such as by what each of them waits for."""
    begin = next((no for no, row in enumerate(rows, start=1) if str(key(row)) == after), 0)
    shown = list(rows[begin : begin + size])
    return Page(shown, str(key(shown[-1])) if len(rows) > begin + size else "", begin == 0)
