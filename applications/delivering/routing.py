"""Which department an application goes to: the first rule of its offering whose condition holds.

Rules are data (`catalogue_routerule.condition`, the condition language of docs/form-definition.md).
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from accounts.models import Party
from applications.models import Application
from authorities.models import Department
from catalogue.carried import on_version
from catalogue.models import RouteRule
from catalogue.tariffs import NOT_MOVED
from forms_engine import api as engine
from forms_engine.moved import with_paths

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Checked:
    """A rule, and whether it holds for an application: True, False, or None (unknown) with what is wrong with it."""

    rule: RouteRule
    holds: bool | None
    problem: str = ""
    condition: dict[str, Any] | None = None  # as it reads in the version that was answered


@dataclass(frozen=True)
class Way:
    """Where an application goes, and what each rule says to it; `taken` is the rule that decided."""

    checked: list[Checked]
    taken: RouteRule

    @property
    def department(self) -> Department:
        return self.taken.department


def way_of(application: Application) -> Way:
    """Where this application would go now, and why; changes nothing."""
    rules = RouteRule.objects.filter(offering=application.offering_id).select_related("department").order_by("position")
    form = engine.compiled(application.form_version)
    moved = on_version(application.offering, application.form_version)
    return choose(list(rules), application.read_answers(), form, surroundings_of(application), moved=moved)


def choose(
    rules: Sequence[RouteRule],
    answers: dict[str, Any],
    form: engine.CompiledForm,
    around: engine.Surroundings,
    *,
    moved: Mapping[str, str] = NOT_MOVED,
) -> Way:
    """The first rule that holds. The last rule has no condition, so there always is one.

    `moved`: where questions stand in the version that was answered, see `catalogue.carried.on_version`.
    """
    checked = [_check(rule, with_paths(rule.condition, moved), answers, form, around) for rule in rules]
    taken = next((each.rule for each in checked if each.holds is True), None)
    if taken is None:
        raise LookupError("An offering has no unconditional route.")
    return Way(checked, taken)


def surroundings_of(application: Application) -> engine.Surroundings:
    """What rules may name besides the answers."""
    return engine.Surroundings(
        areas=application.authority.areas,
        case={
            "applicant_kind": _kind_of(application),
            "level": application.level,
            "submitted_on": timezone.localdate(application.submitted_at).isoformat(),
        },
    )


def department_of(application: Application) -> Department:
    """Where the application is; before it was routed: where it will go.

    Only the authority may read its rules. Until the case is routed, a person is told who answers for the service.
    """
    if application.department is not None:
        return application.department
    try:
        return way_of(application).department
    except LookupError:
        return application.offering.owner or application.authority.departments.order_by("sort_key")[0]


def _check(
    rule: RouteRule,
    condition: dict[str, Any] | None,
    answers: dict[str, Any],
    form: engine.CompiledForm,
    around: engine.Surroundings,
) -> Checked:
    """A rule that names what a later form no longer asks is unknown: the application goes on to the next rule."""
    try:
        return Checked(rule, engine.evaluate(condition, answers, form, around), condition=condition)
    except engine.ConditionError as error:
        logger.warning("route rule %s cannot be understood", rule.pk)
        return Checked(rule, None, str(error), condition)


def _kind_of(application: Application) -> str:
    if application.party_id is None:
        return "guest"
    kind = Party.objects.filter(pk=application.party_id).values_list("kind", flat=True).first()
    return kind or Party.Kind.PERSON
