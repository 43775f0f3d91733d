"""What the pages of a draft show."""

from dataclasses import dataclass
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from accounts.people import Applicant
from applications.models import Draft
from catalogue.models import Offering
from forms_engine import api as engine


@dataclass(frozen=True)
class StepState:
    """A step in the task list; `state` is done, check (taken over, not looked at yet), begun or open."""

    key: str
    title: str
    state: str


@dataclass(frozen=True)
class Progress:
    """How far a draft is. `problems` are those of the whole form, as before submitting."""

    steps: list[StepState]
    problems: list[engine.Problem]

    @property
    def done(self) -> int:
        return sum(step.state == "done" for step in self.steps)

    @property
    def percent(self) -> int:
        return 100 * self.done // len(self.steps)


def drafts_of(person: Applicant, offering: Offering) -> list[Draft]:
    """What the person has begun of this service already, saved last first; no tests."""
    return list(Draft.objects.visible_to(person).real().filter(offering=offering).order_by("-saved_at"))


def progress_of(draft: Draft, uploads: engine.Uploads, *, language: str) -> Progress:
    """The visible steps with their state, and what is still wrong or missing."""
    form, answers = engine.compiled(draft.form_version), draft.read_answers()
    unseen = unseen_steps(draft, form, answers, language=language)
    problems = engine.check(form, answers, uploads, language=language)
    faulty = {problem.step_key for problem in problems}
    to_check = {problem.step_key for problem in unseen}
    return Progress(
        steps=[
            StepState(step.key, step.title(language), _state(step, answers, faulty, to_check))
            for step in engine.visible_steps(form, answers)
        ],
        problems=[*unseen, *problems],
    )


def unseen_steps(
    draft: Draft, form: engine.CompiledForm, answers: dict[str, Any], *, language: str
) -> list[engine.Problem]:
    """Steps with answers from an earlier application that nobody has looked at: nothing is sent unseen."""
    taken = draft.read_taken_over()
    if taken is None:
        return []
    with translation.override(language):
        sentence = _("Sehen Sie an, was wir übernommen haben, und speichern Sie den Schritt.")
    return [
        engine.Problem(step.key, "schritt", step.title(language), sentence)
        for step in engine.visible_steps(form, answers)
        if step.key in taken.to_check
    ]


def _state(step: engine.Step, answers: dict[str, Any], faulty: set[str], to_check: set[str]) -> str:
    if step.key in to_check:
        return "check"
    if not any(item.path[0] in answers for item in step.items):
        return "open"
    return "begun" if step.key in faulty else "done"
