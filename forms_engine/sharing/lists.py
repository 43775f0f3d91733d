"""Code lists that go along with a form: those that it names, and of those that it follows what holds and what comes.

A list belongs to the installation, not to an authority. So a file never changes what a list says here today: where no
version of it holds yet, the file brings them; where the same version holds here and there, what comes later is brought
too; where another one holds, it stays, and the difference is told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django.db.models import F

from authorities import clock
from forms_engine.compiling import followed_in, named_in
from forms_engine.errors import DefinitionError
from forms_engine.following import holding
from forms_engine.models import CodeList
from forms_engine.xdatenfelder.code_lists import from_json
from forms_engine.xdatenfelder.keeping import keep

#: How many codes a difference names.
MOST_NAMED = 5

_NOT_HERE = "Codeliste {uri}: Es gibt sie hier nicht, und die Datei bringt sie nicht mit. Lesen Sie sie ein."
_OTHER_ROWS = (
    "Codeliste {uri}, Fassung {version}: Dort hat sie andere Werte als hier ({codes}). Hier bleibt sie, wie sie ist."
)
_OTHER_HOLDS = (
    "Codeliste {uri}: Dort gilt heute Fassung {theirs}, hier Fassung {ours} ({codes}). Hier bleibt Fassung {ours}. "
    "Brauchen Sie die andere, lesen Sie sie mit einem Tag nach heute ein."
)
_OTHER_DAY = "Codeliste {uri}, Fassung {version}: Dort gilt sie {theirs}, hier {ours}. Hier bleibt der Tag, wie er ist."
_BRINGS = "Codeliste {uri}: Die Datei bringt Fassung {version} mit, sie gilt {day}."


def of(definition: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The lists that a definition needs elsewhere, for a file; of followed ones the version of today and later ones."""
    follows, named = set(followed_in(definition["steps"])), set(named_in(definition["steps"]))
    carried: list[CodeList] = []
    if follows:
        carried += holding(follows, clock.today()).values()
        later = CodeList.objects.filter(uri__in=follows, valid_from__gt=clock.today())
        carried += later.order_by("valid_from", "id")
    if named:
        there = CodeList.objects.filter(uri__in=[uri for uri, _ in named]).order_by("uri", "version")
        known = {each.pk for each in carried}
        carried += [each for each in there if (each.uri, each.version) in named and each.pk not in known]
    return [_told(each, with_day=each.uri in follows) for each in carried]


def problems(content: Mapping[str, Any]) -> list[str]:
    """What the schema of the file cannot say of its lists: German sentences."""
    told, seen = [], set()
    for each in content["code_lists"]:
        if not _is_day(each.get("valid_from")):
            told.append(f"Codeliste {each['uri']}: „{each['valid_from']}“ ist kein Tag im Kalender.")
        if each["key"] not in (name for name, _ in each["columns"]):
            told.append(f"Codeliste {each['uri']}: Die Spalte „{each['key']}“ mit den Codes fehlt.")
        if (each["uri"], each["version"]) in seen:
            told.append(f"Codeliste {each['uri']}: Die Fassung {each['version']} steht zweimal in der Datei.")
        seen.add((each["uri"], each["version"]))
    return told


def take_in(content: Mapping[str, Any]) -> list[str]:
    """Keeps the lists of a file, as far as nothing changes that holds here today; out: what was not taken, and why."""
    told: list[str] = []
    provenance = content["provenance"]
    origin = {name: provenance[name] for name in ("authority", "form", "no", "sha256")}
    for each in _wanted(content):
        try:
            keep(from_json(each["uri"], each["version"], each), _day(each), origin=origin)
        except DefinitionError as error:
            told += error.problems
    return told


def differences(content: Mapping[str, Any]) -> list[str]:
    """What the lists of a file say otherwise than those here, and what it brings: German sentences. Changes nothing."""
    told: list[str] = []
    here = _known(content)
    today = holding({uri for uri, _ in here} | set(followed_in(content["definition"]["steps"])), clock.today())
    wanted = [(each["uri"], each["version"]) for each in _wanted(content)]
    for uri, entries in _by_uri(content).items():
        current = _holding_of(entries)
        if current and uri in today and current["version"] != today[uri].version:
            codes = _codes_that_differ(current, here[uri, today[uri].version])
            told.append(_OTHER_HOLDS.format(uri=uri, theirs=current["version"], ours=today[uri].version, codes=codes))
        for each in entries:
            told += _differences_of(each, here.get((uri, each["version"])), brought=(uri, each["version"]) in wanted)
    there = {each["uri"] for each in content["code_lists"]} | set(today)
    missing = set(followed_in(content["definition"]["steps"])) - there
    return told + [_NOT_HERE.format(uri=uri) for uri in sorted(missing)]


def _differences_of(each: Mapping[str, Any], ours: CodeList | None, *, brought: bool) -> Iterator[str]:
    uri, version = each["uri"], each["version"]
    if ours is None:
        if brought:
            yield _BRINGS.format(uri=uri, version=version, day=_said(_day(each)))
        return
    if _sha256(each) != ours.sha256:
        yield _OTHER_ROWS.format(uri=uri, version=version, codes=_codes_that_differ(each, ours))
    elif "valid_from" in each and _day(each) != ours.valid_from:
        yield _OTHER_DAY.format(uri=uri, version=version, theirs=_said(_day(each)), ours=_said(ours.valid_from))


def _wanted(content: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What is to be kept here: see the top of this file."""
    follows = set(followed_in(content["definition"]["steps"]))
    today = holding(follows, clock.today()) if follows else {}
    wanted: list[dict[str, Any]] = []
    for uri, entries in _by_uri(content).items():
        if uri not in follows:
            wanted += entries
            continue
        current, ours = _holding_of(entries), today.get(uri)
        later = [each for each in entries if (day := _day(each)) and day > clock.today()]
        if ours is None:
            wanted += ([current] if current else []) + later
        elif current and (ours.version, ours.sha256) == (current["version"], _sha256(current)):
            wanted += later
    return wanted


def _by_uri(content: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for each in content["code_lists"]:
        found.setdefault(each["uri"], []).append(each)
    return found


def _holding_of(entries: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The version that holds today of those in a file, by the rule of `following.holding`."""
    started = [each for each in entries if (day := _day(each)) is None or day <= clock.today()]
    with_day = [each for each in started if _day(each)]
    if with_day:
        latest = max(_day(each) or date.min for each in with_day)
        return next(each for each in reversed(with_day) if _day(each) == latest)
    return started[0] if started else None


def _known(content: Mapping[str, Any]) -> dict[tuple[str, str], CodeList]:
    uris = {each["uri"] for each in content["code_lists"]} | set(followed_in(content["definition"]["steps"]))
    there = CodeList.objects.filter(uri__in=uris).order_by(F("valid_from").asc(nulls_first=True), "id")
    return {(each.uri, each.version): each for each in there}


def _codes_that_differ(theirs: Mapping[str, Any], ours: CodeList) -> str:
    """Which codes have another row or none on one side; a few of them by name."""
    there, here = _rows(theirs), _rows(ours.entries)
    codes = sorted(code for code in there.keys() | here.keys() if there.get(code) != here.get(code))
    if not codes:
        return "gleiche Werte"
    named = ", ".join(codes[:MOST_NAMED])
    more = f" und {len(codes) - MOST_NAMED} weitere" if len(codes) > MOST_NAMED else ""
    return f"anders: {named}{more}"


def _rows(kept: Any) -> dict[str, dict[str, str]]:
    return {row[kept["key"]]: row for row in kept["rows"] if row.get(kept["key"])} if kept else {}


def _sha256(each: Mapping[str, Any]) -> str:
    return from_json(each["uri"], each["version"], dict(each)).sha256


def _told(kept: CodeList, *, with_day: bool) -> dict[str, Any]:
    day = {"valid_from": kept.valid_from.isoformat()} if with_day and kept.valid_from else {}
    return {"uri": kept.uri, "version": kept.version} | day | kept.entries


def _day(each: Mapping[str, Any]) -> date | None:
    return date.fromisoformat(each["valid_from"]) if each.get("valid_from") else None


def _is_day(text: str | None) -> bool:
    try:
        return text is None or bool(date.fromisoformat(text))
    except ValueError:
        return False


def _said(day: date | None) -> str:
    return f"ab {day:%d.%m.%Y}" if day else "seit jeher"
