"""Which department an application goes to: the first rule of its offering whose condition holds."""

from typing import Any

from applications.models import Application
from authorities.models import Department
from catalogue.models import Offering, RouteRule
from forms_engine import api as engine


def department_for(offering: Offering, form: engine.CompiledForm, answers: dict[str, Any]) -> Department:
    """The last rule has no condition, so there always is one."""
    rules = RouteRule.objects.filter(offering=offering).select_related("department").order_by("position")
    for rule in rules:
        if rule.condition is None or engine.evaluate(rule.condition, answers, form) is True:
            return rule.department
    raise LookupError(f"Offering {offering.pk} has no unconditional route.")


def department_of(application: Application) -> Department:
    """Where the application is; before it was routed: where it will go."""
    if application.department is not None:
        return application.department
    form = engine.compiled(application.form_version)
    return department_for(application.offering, form, application.read_answers())
