"""Trying a version out (Probelauf): an author fills it in as a person would and sees what would become of it.

Nothing of it is kept: the answers travel with the page, signed, and end with it. So a rehearsal is in no list, no
number and no inbox, and there is nothing to erase.
"""

from typing import Any
from uuid import UUID

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from accounts.people import Clerk
from applications.carrying.rehearsing import rehearse, without_files
from authorities.models import Authority
from backoffice.access import author_page
from backoffice.designing.queries import entry as form_entry
from forms_engine import api as engine
from forms_engine.models import FormVersion
from foundation import scope

SALT = "backoffice.rehearsal"
#: Names of the page's own boxes; those of questions begin with a small letter.
TOKEN, STEP = "Antworten", "Schritt"
LONGEST = 1_000_000


@require_http_methods(["GET", "HEAD", "POST"])
@author_page
def rehearsal(request: HttpRequest, clerk: Clerk, form_id: UUID) -> HttpResponse:
    """The first step, then what `POST` leads to: a step again, another one, or the report at the end."""
    with scope.for_person(clerk, read_only=True):
        page: dict[str, Any] = {
            "authority": Authority.objects.get(pk=clerk.authority_id),
            "entry": form_entry(clerk.authority_id, form_id),
        }
        version = page["entry"].working or page["entry"].published
        if version is None:
            return render(request, "backoffice/releasing/rehearsal.html", page)
        walk = _Walk(request, version)
        page |= {"shown_version": version, "steps": walk.steps}
        if walk.step is None:
            report = rehearse(version, walk.form, walk.answers)
            return render(request, "backoffice/releasing/rehearsed.html", page | {"report": report})
        page |= {
            "form": walk.step_form,
            "step": walk.step,
            "number": walk.steps.index(walk.step) + 1,
            "step_title": walk.step.title("de"),
            "step_intro": walk.step.intro("de") if walk.step.intro else "",
            "token": signing.dumps(walk.answers, salt=SALT, compress=True),
        }
        return render(request, "backoffice/releasing/rehearsal.html", page)


class _Walk:
    """One request on the way through a form. `step` is the one to show, None at the end."""

    def __init__(self, request: HttpRequest, version: FormVersion) -> None:
        self.form = engine.compile_definition(without_files(version.definition))
        self._posted = request.POST
        self.answers = self._received()
        self.step: engine.Step | None = self._asked()
        self.step_form: engine.StepForm | None = None
        if self.step is not None:
            self._go_on(self.step)

    @property
    def steps(self) -> list[engine.Step]:
        return engine.visible_steps(self.form, self.answers)

    def _received(self) -> dict[str, Any]:
        """The answers so far; none if the page was not ours."""
        token = self._posted.get(TOKEN, "")
        if not token or len(token) > LONGEST:
            return {}
        try:
            answers = signing.loads(token, salt=SALT)
        except signing.BadSignature:
            return {}
        return answers if isinstance(answers, dict) else {}

    def _asked(self) -> engine.Step | None:
        key = self._posted.get(STEP, "")
        return next((step for step in self.steps if step.key == key), next(iter(self.steps), None))

    def _go_on(self, step: engine.Step) -> None:
        posted = self._posted
        if "shown" not in posted:
            return self._show(step)
        typed = self._step_form(step, posted)
        if "add" in posted:
            self.answers, added = engine.add_instance(
                self.form, engine.merge(self.answers, typed.partial_answers), posted["add"]
            )
            return self._show(step, focus=added or "")
        kept = engine.merge(self.answers, typed.partial_answers)
        if "remove" in posted:
            self.answers = engine.remove_instance(self.form, kept, posted["remove"])
            return self._show(step, focus=posted["remove"].rpartition("-")[0])
        if "refresh" in posted or (typed.first_unseen and "back" not in posted):
            self.answers = kept
            return self._show(step, focus="" if "refresh" in posted else typed.first_unseen)
        if "back" in posted:
            self.answers = kept
            return self._show(self._neighbour(step, -1) or step, is_new=True)
        if not typed.is_valid():
            self.answers, self.step_form = kept, typed
            return None
        self.answers = engine.merge(self.answers, typed.cleaned_answers)
        self.step = self._neighbour(step, +1)
        return self._show(self.step, is_new=True) if self.step else None

    def _neighbour(self, step: engine.Step, way: int) -> engine.Step | None:
        steps = self.steps
        place = steps.index(step) + way if step in steps else 0
        return steps[place] if 0 <= place < len(steps) else None

    def _show(self, step: engine.Step, *, focus: str = "", is_new: bool = False) -> None:
        self.step, self.step_form = step, self._step_form(step, None)
        if not is_new and "shown" in self._posted:
            self.step_form.tell_change(self._posted.get("shown", ""), focus)

    def _step_form(self, step: engine.Step, data: Any) -> engine.StepForm:
        return engine.step_form(self.form, step.key, self.answers, language="de", data=data)
