"""Earlier answers to the same question: offered at the field, never filled in unasked."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from accounts.people import Applicant
from applications.contents import form_of
from applications.models import Application
from forms_engine import api as engine

MOST_APPLICATIONS = 5
MOST_OFFERS = 3


@dataclass
class Offered:
    """Offers by the HTML name of the question, and the applications that were opened for them."""

    by_name: dict[str, list[engine.Offer]] = field(default_factory=dict)
    opened: list[Application] = field(default_factory=list)


def offers_for(form: engine.StepForm, *, person: Applicant) -> Offered:
    """For the empty questions of a step that mean the same in every form; in the person's scope.

    One query, and none at all for a step without such questions.
    """
    questions = engine.open_questions(form)
    if not questions:
        return Offered()
    offered = Offered(opened=list(_last_of(person)))
    answers = [(each, each.read_answers()) for each in offered.opened]
    for slot in questions:
        if found := list(_offers(slot.field, answers, form.language)):
            offered.by_name[slot.name] = found
    return offered


def _last_of(person: Applicant) -> Any:
    own = Application.objects.visible_to(person).real().select_related("authority", "form_version")
    return own.order_by("-submitted_at")[:MOST_APPLICATIONS]


def _offers(
    wanted: engine.Field, answers: list[tuple[Application, dict[str, Any]]], language: str
) -> Iterator[engine.Offer]:
    """The newest distinct answers, newest first."""
    seen: list[Any] = []
    for application, given in answers:
        form = form_of(application)
        for answer in engine.same_answers(form, given, wanted, language):
            if answer in seen:
                continue
            if len(seen) == MOST_OFFERS:
                return
            seen.append(answer)
            yield engine.Offer(
                wanted.type.raw(answer), wanted.type.text(wanted, answer, language), origin_of(application)
            )


def origin_of(application: Application) -> str:
    return taken_from(timezone.localdate(application.submitted_at))


def taken_from(day: Any) -> str:
    """Where an answer of an application of this day comes from; without a full stop."""
    return _("Aus Ihrem Antrag vom %(day)s") % {"day": formats.date_format(day, "DATE_FORMAT")}
