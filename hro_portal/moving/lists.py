"""Code lists travel with an authority: every version that its forms name or its cases were filled in by.

They belong to the whole installation. So what comes along never changes what a list says here on a day that has come,
nor on any day a list that forms here follow; and an authority is refused whose cases would read otherwise than there.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.db.models.functions import TruncDate

from applications.models import Application
from authorities import clock
from forms_engine import api as engine
from forms_engine.models import CodeList, FormVersion
from hro_portal.backup.database import OWNER
from hro_portal.moving.folder import Export
from hro_portal.moving.refusal import MovingRefused
from hro_portal.moving.rows import Row

OTHER_WORDS = (
    "Die Codeliste {uri} sagt hier am {day} etwas anderes als am alten Ort. Vorgänge dieser Behörde läsen sich anders. "
    "Klären Sie mit dem alten Ort, welche Fassung gilt. Es ist nichts geändert."
)


def of(authority_id: UUID) -> Q:
    """The versions that an authority needs elsewhere: all of a list that is followed, else the one that is named."""
    followed: set[str] = set()
    named: set[tuple[str, str]] = set()
    for definition in _definitions(authority_id):
        followed.update(engine.followed_in(definition.get("steps", [])))
        named.update(engine.named_in(definition.get("steps", [])))
    needed = Q(uri__in=sorted(followed))
    for uri, version in sorted(named):
        needed |= Q(uri=uri, version=version)
    return needed


def new_here(export: Export) -> set[str]:
    """The ids of those versions that can be written: the forms that come need them, they are not here, and they change
    nothing that holds here by now, or that somebody's form here would follow later.
    """
    wanted = _uris(row["definition"] for row in export.lines(FormVersion._meta.label)) - _followed_here()
    arriving = [row for row in export.lines(CodeList._meta.label) if row["uri"] in wanted]
    here = _rows_here({row["uri"] for row in arriving})
    taken: set[str] = set()
    for row in sorted(arriving, key=lambda each: each["id"]):
        mine = here.setdefault(row["uri"], [])
        if any(each["version"] == row["version"] for each in mine):
            continue
        if not mine or all(each["id"] in taken for each in mine) or _leaves_the_past(mine, row):
            mine.append(row)
            taken.add(row["id"])
    return taken


def with_origin(export: Export, row: Row) -> Row:
    """A list that nobody brought to the old place comes from the authority that moves."""
    about = export.manifest["authority"]
    return row | {"origin": row["origin"] or {"authority": {"slug": about["slug"], "name": about["name"]}}}


def require_same_words(export: Export, authority_id: UUID) -> None:
    """Raises `MovingRefused` where a list lacks here what it said there on a day on which a case was sent."""
    there: dict[str, list[Row]] = {}
    for row in export.lines(CodeList._meta.label):
        there.setdefault(row["uri"], []).append(row)
    here = _rows_here(there)
    for uri, day in sorted(_days_of_cases(authority_id)):
        theirs, ours = _holding(there.get(uri, []), day), _holding(here.get(uri, []), day)
        if theirs is not None and (ours is None or not _says_as_much(ours, theirs)):
            raise MovingRefused(OTHER_WORDS.format(uri=uri, day=f"{day:%d.%m.%Y}"))


def _uris(definitions: Iterable[dict[str, Any]]) -> set[str]:
    """The lists that these forms follow or name."""
    found: set[str] = set()
    for definition in definitions:
        found.update(engine.followed_in(definition.get("steps", [])))
        found.update(uri for uri, _ in engine.named_in(definition.get("steps", [])))
    return found


def _followed_here() -> set[str]:
    """Asked before anything arrives: what is followed here is followed by others."""
    here = FormVersion.objects.using(OWNER).values_list("definition", flat=True).iterator(100)
    return {uri for definition in here for uri in engine.followed_in(definition.get("steps", []))}


def _definitions(authority_id: UUID) -> Iterable[dict[str, Any]]:
    versions = FormVersion.objects.using(OWNER).filter(authority_id=authority_id)
    return versions.values_list("definition", flat=True)


def _days_of_cases(authority_id: UUID) -> set[tuple[str, date]]:
    """(list, day) of every case whose form follows a list."""
    cases = Application.objects.using(OWNER).filter(authority_id=authority_id)
    days = cases.annotate(_day=TruncDate("submitted_at")).values_list("form_version_id", "_day").distinct()
    found: set[tuple[str, date]] = set()
    versions = FormVersion.objects.using(OWNER).in_bulk({version for version, _ in days})
    for version, day in days:
        found.update((uri, day) for uri in engine.followed_in(versions[version].definition.get("steps", [])))
    return found


def _rows_here(uris: Iterable[str]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for each in CodeList.objects.using(OWNER).filter(uri__in=list(uris)).order_by("pk"):
        day = each.valid_from.isoformat() if each.valid_from else None
        row = {"id": str(each.pk), "version": each.version, "valid_from": day, "entries": each.entries}
        found.setdefault(each.uri, []).append(row)
    return found


def _leaves_the_past(mine: list[Row], row: Row) -> bool:
    """Whether the list holds here, on every day until today, what it holds without this version."""
    days = {day for each in [*mine, row] if (day := _day(each)) and day <= clock.today()}
    return all(_holding(mine, day) is _holding([*mine, row], day) for day in {date.min, *days, clock.today()})


def _holding(rows: list[Row], day: date) -> Row | None:
    """As `forms_engine.following.holding` does: the latest day, of one day the later; without a day the first."""
    with_day = [each for each in rows if (since := _day(each)) and since <= day]
    if with_day:
        return max(with_day, key=lambda each: (each["valid_from"], each["id"]))
    return min((each for each in rows if _day(each) is None), key=lambda each: str(each["id"]), default=None)


def _says_as_much(ours: Row, theirs: Row) -> bool:
    """Every code of theirs has the same row here."""
    return _by_code(theirs["entries"]).items() <= _by_code(ours["entries"]).items()


def _by_code(entries: Mapping[str, Any]) -> dict[str, str]:
    return dict(_coded(entries))


def _coded(entries: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for row in entries["rows"]:
        if code := row.get(entries["key"]):
            yield code, repr(sorted(row.items()))


def _day(row: Row) -> date | None:
    return date.fromisoformat(row["valid_from"]) if row["valid_from"] else None
