"""The preview beside the properties: the page as people see it, with trial values that nobody keeps."""

from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.http import QueryDict

from forms_engine import api as engine
from forms_engine.editing import api as editing

_SALT = "backoffice.designing.trying"


@dataclass(frozen=True)
class Trial:
    """A step of the form with trial values. `kept` carries them from step to step, signed, in the page only."""

    form: engine.StepForm
    key: str
    title: str
    intro: str
    number: int
    total: int
    is_shown: bool
    when: str
    before: str
    after: str
    kept: str
    complains: bool

    @property
    def error_list(self) -> list[tuple[str, str, str]]:
        return self.form.error_list if self.complains else []


def trial(definition: dict[str, Any], step_key: str, posted: QueryDict | None = None) -> Trial:
    """The step with what was typed in a preview before; `posted` also says what was pressed there."""
    form = engine.compile_definition(definition, engine.lists_of(definition))
    answers, focus = _answers(form, posted) if posted else ({}, "")
    checks = posted is not None and "pruefen" in posted
    data = posted if checks and posted and posted.get("Schritt") == step_key else None
    shown = engine.step_form(form, step_key, answers, language="de", data=data)
    if posted and data is None:
        shown.tell_change(posted.get("shown", ""), focus)
    step = form.step(step_key)
    keys = [each.key for each in form.steps]
    ways = [each.key for each in engine.visible_steps(form, answers)]
    position = keys.index(step_key)
    return Trial(
        form=shown,
        key=step_key,
        title=step.title("de"),
        intro=step.intro("de") if step.intro else "",
        number=position + 1,
        total=len(keys),
        is_shown=step_key in ways,
        when=_sentence(definition, step_key),
        before=next((key for key in reversed(ways) if keys.index(key) < position), ""),
        after=next((key for key in ways if keys.index(key) > position), ""),
        kept=signing.dumps(answers, salt=_SALT, compress=True),
        complains=data is not None,
    )


def _answers(form: engine.CompiledForm, posted: QueryDict) -> tuple[dict[str, Any], str]:
    """All trial values so far, and the instance or group that the author goes on at."""
    try:
        answers: dict[str, Any] = signing.loads(posted.get("Probe", ""), salt=_SALT)
    except signing.BadSignature:
        answers = {}
    try:
        typed = engine.step_form(form, posted.get("Schritt", ""), answers, language="de", data=posted)
    except KeyError:  # the step has gone since
        return answers, ""
    answers = engine.merge(answers, typed.partial_answers)
    if "add" in posted:
        answers, added = engine.add_instance(form, answers, posted.get("add", ""))
        return answers, added or ""
    if "remove" in posted:
        removed = posted.get("remove", "")
        return engine.remove_instance(form, answers, removed), removed.rpartition("-")[0]
    return answers, ""


def _sentence(definition: dict[str, Any], step_key: str) -> str:
    return editing.sentence(definition, editing.Address(step_key))
