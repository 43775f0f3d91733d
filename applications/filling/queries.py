"""What the pages of a draft show."""

from dataclasses import dataclass
from typing import Any

from accounts.people import Applicant
from applications.models import Draft
from catalogue.models import Offering
from forms_engine import api as engine


@dataclass(frozen=True)
class StepState:
    """A step in the task list; `state` is done, begun or open."""

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
    """What the person has begun of this service already, saved last first."""
    return list(Draft.objects.visible_to(person).filter(offering=offering).order_by("-saved_at"))


def progress_of(draft: Draft, uploads: engine.Uploads, *, language: str) -> Progress:
    """The visible steps with their state, and what is still wrong or missing."""
    form, answers = engine.compiled(draft.form_version), draft.read_answers()
    problems = engine.check(form, answers, uploads, language=language)
    faulty = {problem.step_key for problem in problems}
    return Progress(
        steps=[
            StepState(step.key, step.title(language), _state(step, answers, faulty))
            for step in engine.visible_steps(form, answers)
        ],
        problems=problems,
    )


def _state(step: engine.Step, answers: dict[str, Any], faulty: set[str]) -> str:
    if not any(item.path[0] in answers for item in step.items):
        return "open"
    return "begun" if step.key in faulty else "done"
