"""What an offering says of the questions of its form, and what becomes of it when a version is published.

Routes, tariffs and the question whose day decides name questions by their path. Where the new version has moved or
renamed one, they go along in the commit that publishes it; where nobody can tell which question is meant, or it is
gone, the version is kept back. Drafts and cases stay on their version: `on_version` says the paths of then.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Any
from uuid import UUID

from catalogue import fees, tariffs, trail
from catalogue.models import Offering, RouteRule, Tariff
from forms_engine import api as engine
from forms_engine.models import Form, FormVersion
from forms_engine.moved import Moves, earlier, label_of, moves, names_in, with_paths

_GONE = "{place} nennt „{label}“ ({path}). Diese Frage hat die neue Version nicht mehr. {where}"
_UNCLEAR = (
    "{place} nennt „{label}“ ({path}). In der neuen Version kann {candidates} gemeint sein. "
    "Geben Sie der Frage ihren früheren Schlüssel. Oder: {where}"
)
_WHERE_ROUTE = "Bitten Sie zuerst Ihren Betreiber, den Weg zu ändern („manage.py put_online“)."
_WHERE_FEE = "Bitten Sie zuerst Ihren Betreiber, die Gebühr zu ändern („manage.py put_online“)."
_WHERE_RATE = "Lassen Sie die Frage im Formular, solange dieser Satz gilt (Leistungen → Gebühren)."
_WHERE_DAY = "Wählen Sie eine andere Frage unter Leistungen → Gebühren."
_TOLD = "{place}: „{label}“ steht jetzt unter {path}."


def on_version(offering: Offering, version: FormVersion) -> Mapping[str, str]:
    """Where the questions that the offering names stand in this version, as far as it is elsewhere. No query."""
    key = str(version.no) if version.form_id == offering.form_id else str(version.pk)
    found: Mapping[str, str] = offering.earlier_paths.get(key, {})
    return found


def paths_with(form: Form, before: Offering | None) -> dict[str, dict[str, str]]:
    """What an offering of this form has to know: by number of its versions, by id of those of forms before.

    Had it this form before, it knows that already. With another one numbers begin anew, and drafts and cases on a form
    before still go their ways.
    """
    if before is None:
        return _history(form)
    known: dict[str, dict[str, str]] = before.earlier_paths
    if before.form_id == form.pk:
        return known
    left = FormVersion.objects.filter(form=before.form_id).exclude(published_at=None).values_list("pk", "no")
    return _of_forms_before(known) | {str(pk): known.get(str(no), {}) for pk, no in left} | _history(form)


def _of_forms_before(known: Mapping[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    return {key: paths for key, paths in known.items() if not key.isdecimal()}


def _history(form: Form) -> dict[str, dict[str, str]]:
    """By number: where the questions of its newest published version stood in the older ones."""
    found: dict[str, dict[str, str]] = {}
    versions = list(form.versions.exclude(published_at=None).order_by("no"))
    compiled = [engine.compile_definition(version.definition) for version in versions]
    for place, (old, new) in enumerate(pairwise(compiled), start=1):
        found = earlier(found, moves(old, new).to, [str(version.no) for version in versions[:place]])
    return found


def in_rehearsal(offering: Offering, version: FormVersion) -> Mapping[str, str]:
    """The same, also for a version that is worked on: where the questions will stand."""
    if version.published_at is not None:
        return on_version(offering, version)
    before = version.form.versions.exclude(published_at=None).order_by("-no").first()
    if before is None:
        return {}
    return moves(*(engine.compile_definition(each.definition) for each in (before, version))).to


@dataclass(frozen=True)
class Whereabouts:
    """Where questions of older versions stand in the one that is published now; `earlier` as the offering knows it."""

    earlier: Mapping[str, Mapping[str, str]]

    def now(self, version_no: int, path: str) -> str | None:
        """Its path of today, asked or not; None where another question stands at this path by now."""
        stood = self.earlier.get(str(version_no), {})
        found = next((today for today, then in stood.items() if then == path), path)
        return None if found == path and path in stood else found


def whereabouts(form: Form) -> Whereabouts:
    """Of all its versions."""
    offering = Offering.objects.filter(form=form).order_by("pk").first()
    return Whereabouts(offering.earlier_paths if offering else _history(form))


@dataclass
class Plan:
    """What becomes of one offering: `told` is carried along, `problems` keep the version back."""

    offering: Offering
    made: Moves
    told: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    conditions: dict[UUID, Any] = field(default_factory=dict)
    fee: dict[str, Any] | None = None
    rates: list[tuple[date, dict[str, Any]]] = field(default_factory=list)
    deciding_date: str | None = None


def plans(version: FormVersion) -> list[Plan]:
    """One for each offering of the form; none if this is its first version. In a scope of the authority."""
    before = version.form.versions.exclude(published_at=None).exclude(pk=version.pk).order_by("-no").first()
    if before is None:
        return []
    old, new = (engine.compile_definition(each.definition) for each in (before, version))
    made = moves(old, new)
    offerings = Offering.objects.filter(form=version.form_id, authority=version.authority_id)
    rows = offerings.select_related("service").prefetch_related("tariffs", "route_rules__department")
    return [_plan(offering, made, old, new) for offering in rows.order_by("pk")]


def conditions_on(version: FormVersion) -> dict[UUID, Any]:
    """By rule: its condition as it would be once this version is published; those that stay as they are left out."""
    return {rule: condition for plan in plans(version) for rule, condition in plan.conditions.items()}


def settle(version: FormVersion, *, by: UUID | None, only_try: bool = False, said_anew: bool = False) -> None:
    """Carries everything along, in the transaction that publishes. Raises `engine.DefinitionError` where it cannot.

    `said_anew`: whoever publishes brings routes and fees of the new version; only what is older is looked after.
    """
    found = plans(version)
    if said_anew:
        for plan in found:
            _remember(plan, version)
            plan.offering.save(update_fields=["earlier_paths"])
        return
    if problems := [problem for plan in found for problem in plan.problems]:
        raise engine.DefinitionError(problems)
    if not only_try:
        for plan in found:
            _carry(plan, version, by)


def _plan(offering: Offering, made: Moves, old: engine.CompiledForm, new: engine.CompiledForm) -> Plan:
    plan = Plan(offering, made)
    title = offering.service.title
    for rule in offering.route_rules.all():
        place = f"Leistung „{title}“, Weg {rule.position + 1} ({rule.department.name})"
        if _note(plan, place, _WHERE_ROUTE, names_in(rule.condition), old, new):
            plan.conditions[rule.pk] = with_paths(rule.condition, made.to)
    for rate in tariffs.rates(offering):
        if not tariffs.may_be_charged(offering, rate):
            continue
        place, where = f"Leistung „{title}“, Gebühr", _WHERE_FEE
        if rate.first:
            place, where = f"{place} ab {rate.first:%d.%m.%Y}", _WHERE_RATE
        changed = fees.with_paths(rate.tariff, made.to)
        if _note(plan, place, where, fees.paths(rate.tariff), old, new):
            plan.rates += [(rate.first, changed)] if rate.first else []
            plan.fee = plan.fee if rate.first else changed
        known = {*fees.problems(rate.tariff, old), *fees.problems(rate.tariff, new)}
        plan.problems += [f"{place}: {each}" for each in fees.problems(changed, new) if each not in known]
    if _note(
        plan, f"Leistung „{title}“, der Tag, der die Gebühr entscheidet,", _WHERE_DAY, _deciding(offering), old, new
    ):
        plan.deciding_date = made.to[offering.deciding_date]
    return plan


def _deciding(offering: Offering) -> list[str]:
    return [offering.deciding_date] if offering.deciding_date else []


def _note(
    plan: Plan, place: str, where: str, names: Iterable[str], old: engine.CompiledForm, new: engine.CompiledForm
) -> bool:
    """Says what becomes of these names; out: whether any is elsewhere. What the old version lacked is no new fault."""
    is_carried = False
    for name in dict.fromkeys(names):
        path = tuple(name.split("."))
        if path in new.declared or path not in old.declared:
            continue
        said = {"place": place, "label": label_of(old, path), "path": name, "where": where}
        if name in plan.made.to:
            is_carried = True
            plan.told.append(_TOLD.format(**said | {"path": plan.made.to[name]}))
        elif name in plan.made.unclear:
            candidates = " oder ".join(plan.made.unclear[name])
            plan.problems.append(_UNCLEAR.format(**said, candidates=candidates))
        else:
            plan.problems.append(_GONE.format(**said))
    return is_carried


def _carry(plan: Plan, version: FormVersion, by: UUID | None) -> None:
    if not plan.made.to:
        return
    offering = plan.offering
    for rule_id, condition in plan.conditions.items():
        RouteRule.objects.filter(pk=rule_id).update(condition=condition)
    Tariff.objects.bulk_create(
        # The same amounts for the same days: a rate itself never changes, and of two for one day the later one holds.
        Tariff(offering=offering, authority_id=offering.authority_id, valid_from=first, tariff=tariff, added_by_id=by)
        for first, tariff in plan.rates
    )
    _remember(plan, version)
    offering.fee = plan.fee or offering.fee
    offering.deciding_date = plan.deciding_date or offering.deciding_date
    offering.save(update_fields=["earlier_paths", "fee", "deciding_date"])
    if plan.told:
        trail.record("offering.questions_followed", offering, by_id=by, form_version=version.pk)


def _remember(plan: Plan, version: FormVersion) -> None:
    """Where the questions stand in older versions, seen from this one."""
    numbers = version.form.versions.exclude(published_at=None).filter(no__lt=version.no).values_list("no", flat=True)
    known = plan.offering.earlier_paths
    keys = [*map(str, numbers), *_of_forms_before(known)]
    plan.offering.earlier_paths = earlier(known, plan.made.to, keys)
