"""Dry run of a change: whom a new version of a form touches, in numbers. Changes nothing.

Drafts are seen by their people only. So that their number can be told, and how many would lose a place, this one use
case looks in the portal's own scope, at the forms of the asking author's authority only. It gives out numbers and what
the form itself says, never an answer, a reference or an owner; and it says in the trail that it looked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count
from django.utils import timezone

from accounts.models import Party
from accounts.people import Clerk
from applications.models import Application, Draft
from applications.models.owned import Owned
from catalogue.carried import conditions_on, on_version
from catalogue.models import RouteRule
from forms_engine import api as engine
from forms_engine.comparing import lines
from forms_engine.conditions import Condition
from forms_engine.fitting import fit, shown
from forms_engine.models import FormVersion
from forms_engine.moved import with_paths
from forms_engine.reading import Reading, places
from forms_engine.structure import Group, Item, Path, Where
from forms_engine.wording import Wording
from foundation import audit, clock, scope

#: So many drafts and cases are opened at the most, the newest first.
MOST = 500


@dataclass(frozen=True, slots=True)
class OnVersion:
    """How many drafts and open cases are on one version."""

    no: int
    drafts: int
    cases: int


@dataclass(frozen=True, slots=True)
class Number:
    """Something that the form says, and how many drafts and cases it concerns."""

    what: str
    drafts: int
    cases: int


@dataclass
class DryRun:
    """What a change would do; `looked_at` of `there_are` drafts and open cases were opened."""

    there_are: int = 0
    looked_at: int = 0
    homeless: list[Number] = field(default_factory=list)
    appears: list[Number] = field(default_factory=list)
    disappears: list[Number] = field(default_factory=list)
    complaints: list[Number] = field(default_factory=list)
    routes: list[Number] = field(default_factory=list)
    unclear_routes: list[str] = field(default_factory=list)


def on_versions(form_id: UUID, *, authority_id: UUID) -> list[OnVersion]:
    """How many drafts and open cases are on which version, newest first; counted by the database, nothing is opened.

    Opens its own scope.
    """
    with scope.system("count the drafts and cases of a form", read_only=True):
        drafts, cases = (
            dict(rows.order_by().values_list("form_version__no").annotate(Count("pk")))
            for rows in _rows(form_id, authority_id)
        )
    return [OnVersion(no, drafts.get(no, 0), cases.get(no, 0)) for no in sorted({*drafts, *cases}, reverse=True)]


def try_change(version: FormVersion, *, by: Clerk) -> DryRun:
    """What this version would do to the drafts and open cases of its form. Opens its own scope; writes one event.

    `version` has been fetched for the author, so it is one of their authority.
    """
    with scope.system("find out in numbers whom a change of a form touches", read_only=True):
        drafts, cases = _rows(version.form_id, by.authority_id)
        found = [
            *drafts.order_by("-saved_at").select_related("authority", "offering", "form_version")[:MOST],
            *cases.order_by("-submitted_at").select_related("authority", "offering", "form_version")[:MOST],
        ]
        newest = sorted(found, key=_when, reverse=True)[:MOST]
        run = _Trial(version, newest).run()
        run.there_are = drafts.count() + cases.count()
    audit.record_access(
        "form.change_tried",
        authority_id=by.authority_id,
        object_kind="form_version",
        object_id=version.pk,
        actor_id=by.user_id,
        looked_at=run.looked_at,
    )
    return run


def _rows(form_id: UUID, authority_id: UUID) -> tuple[Any, Any]:
    of_form = {"form_version__form": form_id, "authority_id": authority_id}
    return Draft.objects.real().filter(**of_form), Application.objects.real().open().filter(**of_form)


def _when(row: Draft | Application) -> datetime:
    return row.submitted_at if isinstance(row, Application) else row.saved_at


class _Tally:
    """Counts of things said once, drafts and cases apart."""

    def __init__(self) -> None:
        self._drafts: Counter[str] = Counter()
        self._cases: Counter[str] = Counter()

    def add(self, whats: Iterable[str], row: Owned) -> None:
        """Counts each of them once for this row."""
        (self._cases if isinstance(row, Application) else self._drafts).update(set(whats))

    def numbers(self) -> list[Number]:
        both = self._drafts + self._cases
        return [Number(what, self._drafts[what], self._cases[what]) for what, _ in both.most_common()]


class _Trial:
    def __init__(self, version: FormVersion, rows: list[Owned]) -> None:
        self._version, self._rows = version, rows
        self._new = engine.compiled(version)
        self._names = _names(version.definition)
        self._rules = _rules(version.definition, self._new)
        self._conditions = conditions_on(version)
        self._routes: dict[UUID, list[RouteRule]] = {}
        for rule in RouteRule.objects.filter(offering__in={row.offering_id for row in rows}).select_related(
            "department"
        ):
            self._routes.setdefault(rule.offering_id, []).append(rule)
        parties = {row.party_id for row in rows if row.party_id}
        self._kinds = dict(Party.objects.filter(pk__in=parties).values_list("pk", "kind"))
        self._today = timezone.localdate(clock.now()).isoformat()

    def run(self) -> DryRun:
        homeless, appears, disappears, complaints, routes = (_Tally() for _ in range(5))
        unclear: dict[str, None] = {}
        for row in self._rows:
            old, answers = engine.compiled(row.form_version), row.read_answers()
            names = self._names | _names(row.form_version.definition)
            laid = fit(old, self._new, answers)
            homeless.add((names[each.path] for each in laid.homeless), row)
            before, after = shown(old, answers), shown(self._new, laid.answers)
            in_both = _places(old) & _places(self._new)
            appears.add((names[each] for each in (after - before) & in_both), row)
            disappears.add((names[each] for each in (before - after) & in_both), row)
            complaints.add(self._new_complaints(row, old, answers, laid.answers), row)
            routes.add(self._other_way(row, old, answers, laid.answers, unclear), row)
        return DryRun(
            looked_at=len(self._rows),
            homeless=homeless.numbers(),
            appears=appears.numbers(),
            disappears=disappears.numbers(),
            complaints=complaints.numbers(),
            routes=routes.numbers(),
            unclear_routes=list(unclear),
        )

    def _new_complaints(
        self, row: Owned, old: engine.CompiledForm, answers: dict[str, Any], carried: dict[str, Any]
    ) -> list[str]:
        """The rules that these answers break in the new version and that did not exist, or held, in the old one.

        A rule of a repeated group counts where it holds no more in one instance, whatever it does in the others.
        """
        known = _rules(row.form_version.definition, old)
        before, after = Reading(old, answers), Reading(self._new, carried)
        return [
            words
            for words, rule in self._rules.items()
            if _breaks(rule, after) - (_breaks(known[words], before) if words in known else set())
        ]

    def _other_way(
        self,
        row: Owned,
        old: engine.CompiledForm,
        answers: dict[str, Any],
        carried: dict[str, Any],
        unclear: dict[str, None],
    ) -> list[str]:
        rules = self._routes.get(row.offering_id, [])
        around = self._around(row)
        moved = on_version(row.offering, row.form_version)
        then = {rule.pk: with_paths(rule.condition, moved) for rule in rules}
        before = _first(rules, then, answers, old, around, None)
        after = _first(rules, self._conditions, carried, self._new, around, unclear)
        if before is None or after is None or before.department_id == after.department_id:
            return []
        return [f"{before.department.name} → {after.department.name}"]

    def _around(self, row: Owned) -> engine.Surroundings:
        kind = self._kinds.get(row.party_id, Party.Kind.PERSON) if row.party_id else "guest"
        day = timezone.localdate(row.submitted_at).isoformat() if isinstance(row, Application) else self._today
        level = row.level if isinstance(row, Application) else row.offering.level
        return engine.Surroundings(
            areas=row.authority.areas, case={"applicant_kind": kind, "level": level, "submitted_on": day}
        )


def _first(
    rules: list[RouteRule],
    conditions: dict[UUID, Any],
    answers: dict[str, Any],
    form: engine.CompiledForm,
    around: engine.Surroundings,
    unclear: dict[str, None] | None,
) -> RouteRule | None:
    for rule in rules:
        try:
            if engine.evaluate(conditions.get(rule.pk, rule.condition), answers, form, around) is True:
                return rule
        except engine.ConditionError as error:
            if unclear is not None:
                unclear[f"Regel {rule.position + 1} ({rule.department.name}): {error}"] = None
    return None


@dataclass(frozen=True, slots=True)
class _Rule:
    """A rule of a form, and the repeated group in whose instances it is asked; no group: once."""

    require: Condition
    group: Path


def _breaks(rule: _Rule, reading: Reading) -> set[Where]:
    """The instances in which these answers break the rule."""
    repeated = reading.form.declared[rule.group].repeated if rule.group else ()
    return {
        where
        for _instance, where in places(reading.answers, rule.group, repeated, ())
        if reading.holds(rule.require, where) is False
    }


def _rules(definition: dict[str, Any], form: engine.CompiledForm) -> dict[str, _Rule]:
    """The rules by their words: those of the form, and those of its groups, said with the group that repeats."""
    words = Wording(definition)
    found = {
        words.rule(raw): _Rule(rule.require, ())
        for raw, rule in zip(definition.get("rules", ()), form.rules, strict=True)
    }
    for raw_step, step in zip(definition["steps"], form.steps, strict=True):
        found |= _rules_below(raw_step["items"], step.items, (), words)
    return found


def _rules_below(raws: list[dict[str, Any]], items: Sequence[Item], inside: Path, words: Wording) -> dict[str, _Rule]:
    found: dict[str, _Rule] = {}
    for raw, group in zip(raws, items, strict=True):
        if not isinstance(group, Group):
            continue
        around = group.path if group.repeat else inside
        name = ".".join(around)
        before = f"In jeder Gruppe „{words.name(name)}“: " if around else ""
        for said, rule in zip(raw.get("rules", ()), group.rules, strict=True):
            found[before + words.rule(said, name)] = _Rule(rule.require, around)
        found |= _rules_below(raw["items"], group.items, around, words)
    return found


def _names(definition: dict[str, Any]) -> dict[str, str]:
    """What each step, group and question is called, with its place in the form."""
    return {
        f"/{line.path}" if line.what == "Schritt" else line.path: f"{line.what} „{line.label}“"
        for line in lines(definition)
    }


def _places(form: engine.CompiledForm) -> set[str]:
    return {f"/{step.key}" for step in form.steps} | {".".join(path) for path in form.declared}
