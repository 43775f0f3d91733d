"""A rehearsal: what would become of an application with these answers. Nothing is kept, sent or counted."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils import timezone

from accounts.models import Party
from applications.delivering.routing import Way, choose
from authorities import clock as calendar
from catalogue import fees, tariffs
from catalogue.carried import in_rehearsal
from catalogue.models import Offering, RouteRule
from forms_engine import api as engine
from forms_engine.models import FormVersion
from forms_engine.moved import with_paths
from forms_engine.wording import Wording
from foundation import clock


@dataclass(frozen=True)
class Destination:
    """One offering of the form: where the application would go there and what it would cost."""

    title: str
    department: str
    rule: str  # why, in words; empty where the last rule decides
    fee: Decimal | None
    fee_period: str


@dataclass(frozen=True)
class Rehearsal:
    """What a person would see and what the office would get."""

    problems: list[engine.Problem]
    sections: list[engine.Section]
    destinations: list[Destination]
    submitted: str  # the answers as JSON


def without_files(definition: dict[str, Any]) -> dict[str, Any]:
    """The definition with voluntary files: a rehearsal keeps nothing, so nobody can hand one in."""

    def changed(value: Any) -> Any:
        if isinstance(value, list):
            return [changed(each) for each in value]
        if not isinstance(value, dict):
            return value
        inner = {key: changed(each) for key, each in value.items()}
        return inner | {"required": False} if inner.get("type") == "file" and "key" in inner else inner

    result: dict[str, Any] = changed(definition)
    return result


def rehearse(version: FormVersion, form: engine.CompiledForm, answers: dict[str, Any]) -> Rehearsal:
    """`form` is the version without its files, `answers` what was typed. Runs in a scope of the form's authority."""
    effective = engine.effective(form, answers)
    offerings = Offering.objects.filter(form=version.form_id, authority=version.authority_id).select_related(
        "authority", "service"
    )
    return Rehearsal(
        problems=engine.check(form, answers),
        sections=engine.summary(form, answers, language="de"),
        destinations=[_destination(each, version, form, effective) for each in offerings],
        submitted=json.dumps(effective, ensure_ascii=False, indent=2),
    )


def _destination(
    offering: Offering, version: FormVersion, form: engine.CompiledForm, answers: dict[str, Any]
) -> Destination:
    moved = in_rehearsal(offering, version)
    way = _way(offering, form, answers, moved)
    condition = with_paths(way.taken.condition, moved) if way else None
    fee, tariff = tariffs.expected(offering, answers, submitted_on=calendar.today(), moved=moved)
    return Destination(
        title=offering.service.title,
        department=way.department.name if way else "",
        rule=Wording(version.definition).condition(condition) if condition else "",
        fee=fee,
        fee_period=fees.period(tariff),
    )


def _way(
    offering: Offering, form: engine.CompiledForm, answers: dict[str, Any], moved: Mapping[str, str]
) -> Way | None:
    """As for a person with an account who sends today."""
    rules = list(RouteRule.objects.filter(offering=offering).select_related("department"))
    case = {
        "applicant_kind": Party.Kind.PERSON,
        "level": offering.level,
        "submitted_on": timezone.localdate(clock.now()).isoformat(),
    }
    around = engine.Surroundings(areas=offering.authority.areas, case=case)
    return choose(rules, answers, form, around, moved=moved) if any(rule.condition is None for rule in rules) else None
