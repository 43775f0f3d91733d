"""The steps of a draft, with django-formtools' wizard (architecture § 2.2).

Its steps come from the form version of the draft, its storage is the draft. What is ours, before the wizard
looks at a post: files are stored, repetitions added or removed, and what is not valid yet is kept too.
"""

import uuid
from collections import OrderedDict
from functools import cached_property, partial
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import get_language
from formtools.wizard.views import NamedUrlWizardView

from accounts import people
from accounts.signing_in import sign_in_first, take_kept
from applications import reading
from applications.contents import title_of, uploads_of
from applications.errors import VersionConflict
from applications.filling import use_cases
from applications.filling.other_party import refuse_other_party
from applications.filling.queries import progress_of
from applications.filling.sent import leads_to_application
from applications.filling.uploads import Received, receive, receive_kept
from applications.models import Application, Draft
from applications.once_only.folder import chosen_in, kept_files_for
from applications.once_only.known import Known, known_of
from applications.once_only.offering import offers_for, taken_from
from forms_engine import api as engine
from foundation import limits, scope


class FillingWizard(NamedUrlWizardView):
    storage_name = "applications.filling.storage.DraftStorage"
    template_name = "filling/step.html"
    draft: Draft
    person: people.Person
    received: Received
    opened: list[Application]

    def dispatch(self, request: HttpRequest, draft_id: uuid.UUID, step: str) -> HttpResponse:
        person = people.who(request, subject_id=draft_id)
        if person is None:
            return sign_in_first(request)
        self.person, self.received, self.opened = person, Received(), []
        try:
            self._receive_files(request, draft_id)
            with scope.for_person(person, read_only=request.method in ("GET", "HEAD")):
                response = self._within_scope(request, draft_id, step)
            for application in self.opened:
                reading.note("application.offered", application, by=person)
            return response
        except Http404:
            refuse_other_party(request, person, draft_id)
            raise
        except VersionConflict:
            with scope.for_person(person, read_only=True):
                return self._conflict(request, draft_id, step)

    def _within_scope(self, request: HttpRequest, draft_id: uuid.UUID, step: str) -> HttpResponse:
        self.draft = get_draft(self.person, draft_id)
        self.definition = engine.compiled(self.draft.form_version)
        self.answers = self.draft.read_answers()
        if step not in self.get_form_list():
            raise Http404
        response = super().dispatch(request, draft_id=draft_id, step=step)
        if response.status_code == HTTPStatus.OK:
            response.status_code = self.received.status
            if self.received.retry_after:
                response["Retry-After"] = str(self.received.retry_after)
        return response.render() if hasattr(response, "render") else response

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self._open(kwargs["step"])
        typed = take_kept(request)
        if typed is not None:
            return self.render(self.get_form(data=typed), typed_before=True)
        return super().get(request, *args, **kwargs)

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        self._open(kwargs["step"])
        posted = self.request.POST
        if "delete_file" in posted:
            self._delete_file(posted["delete_file"])
        if "refresh" in posted or "delete_file" in posted:
            return self._show_again(engine.merge(self.answers, self._typed()))
        if "take" in posted:
            return self._take(posted["take"])
        if "add" in posted:
            answers, added = engine.add_instance(self.definition, self._typed_answers(), posted["add"])
            return self._show_again(answers, focus=added)
        if "remove" in posted:
            answers = engine.remove_instance(self.definition, self._typed_answers(), posted["remove"])
            return self._show_again(answers, focus=posted["remove"].rpartition("-")[0])
        if "later" in posted:
            self._keep(self.steps.current, self._typed())
            return redirect("filling:later", draft_id=self.draft.pk)
        if not self.received.refused and (unseen := self.get_form(data=posted).first_unseen):
            return self._show_again(self._typed_answers(), focus=unseen)
        return super().post(*args, **kwargs)

    # what the wizard asks for -------------------------------------------------------------------------

    def get_form_list(self) -> "OrderedDict[str, Any]":
        steps = engine.visible_steps(self.definition, self.answers)
        self._resolved_form_list = OrderedDict((step.key, forms.Form) for step in steps)
        self._cache_signature = ()
        return self._resolved_form_list

    def get_form(self, step: str | None = None, data: Any = None, files: Any = None) -> engine.StepForm:
        form = engine.step_form(
            self.definition,
            step or self.steps.current,
            self.answers,
            language=self.language,
            data=data,
            uploads=self.uploads,
            prefill=self.known.values,
        )
        refused = self.received.refused if data is not None else []
        for name in {name for name, _sentence in refused}:
            # What was wrong with the files says more than that there is none.
            form.errors.pop(name, None)
        for name, sentence in refused:
            form.add_error(name, sentence)
        return form

    def process_step(self, form: engine.StepForm) -> dict[str, Any]:
        return form.cleaned_answers

    def process_step_files(self, form: engine.StepForm) -> None:
        """They are stored already."""

    def render_done(self, form: engine.StepForm, **kwargs: Any) -> HttpResponse:
        return redirect("filling:check", draft_id=self.draft.pk)

    def get_step_url(self, step: str) -> str:
        return reverse("filling:step", kwargs={"draft_id": self.draft.pk, "step": step})

    def render(self, form: engine.StepForm | None = None, **kwargs: Any) -> HttpResponse:
        """A step that is not valid is kept as it was typed before it is shown again."""
        if form is not None and form.is_bound and self.request.method == "POST" and "conflict" not in kwargs:
            self._keep(self.steps.current, form.partial_answers)
        return super().render(form, **kwargs)

    def get_context_data(self, form: engine.StepForm, **kwargs: Any) -> dict[str, Any]:
        step = self.definition.step(self.steps.current)
        form.origins = self._origins(form)
        previous = self.steps.prev
        return super().get_context_data(form=form, **kwargs) | {
            "draft": self.draft,
            "authority": self.draft.authority,
            "department": self.draft.offering.owner,
            "title": title_of(self.draft),
            "step": step,
            "step_title": step.title(self.language),
            "step_intro": step.intro(self.language) if step.intro else "",
            "steps": progress_of(self.draft, self.uploads, language=self.language).steps,
            "previous_url": self.get_step_url(previous) if previous else task_list_url(self.draft),
        }

    # what is ours -------------------------------------------------------------------------------------

    def _open(self, step: str) -> None:
        self.storage.current_step = step
        self.storage.keep = self._keep_checked

    def _keep(self, step: str, step_answers: dict[str, Any], *, checked: str = "") -> None:
        self.answers = engine.merge(self.answers, step_answers)
        use_cases.save_answers(self.draft, self.answers, seen_version=self._seen_version(), checked=checked)

    def _keep_checked(self, step: str, step_answers: dict[str, Any]) -> None:
        """A step that is right and was sent by its own button: the person has looked at it."""
        self._keep(step, step_answers, checked=step)

    def _origins(self, form: engine.StepForm) -> engine.Origins:
        """Asked for when a step is shown, and not when it is saved."""
        taken, offers, kept_files = self.draft.read_taken_over(), {}, []
        if isinstance(self.person, people.Applicant):
            offered = offers_for(form, person=self.person)
            offers, self.opened = offered.by_name, offered.opened
            kept_files = kept_files_for(form, person=self.person)
        return engine.Origins(
            profile=self.known.origins,
            taken=taken.answers if taken else {},
            taken_from=taken_from(taken.on) if taken else "",
            offers=offers,
            kept_files=kept_files,
        )

    def _take(self, choice: str) -> HttpResponse:
        """Puts an earlier answer into its boxes; all that was typed stays."""
        filled, name = engine.with_choice(self.request.POST, choice)
        return self._show_again(engine.merge(self.answers, self.get_form(data=filled).partial_answers), focus=name)

    def _seen_version(self) -> int:
        seen = self.request.POST.get("version", "")
        return int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else -1

    def _typed(self) -> dict[str, Any]:
        """What the posted page holds for this step, valid or not."""
        return self.get_form(data=self.request.POST).partial_answers

    def _typed_answers(self) -> dict[str, Any]:
        return engine.merge(self.answers, self._typed())

    def _show_again(self, answers: dict[str, Any], focus: str | None = None) -> HttpResponse:
        """Saves, and shows the step without complaining about what is not filled in yet."""
        self.answers = answers
        use_cases.save_answers(self.draft, answers, seen_version=self._seen_version())
        form = self.get_form()
        form.tell_change(self.request.POST.get("shown", ""), focus or "")
        for _name, sentence in self.received.refused:
            messages.error(self.request, sentence)
        return super().render(form)

    def _receive_files(self, request: HttpRequest, draft_id: uuid.UUID) -> None:
        person = self.person
        if request.method != "POST":
            return
        chosen = chosen_in(request.POST) if isinstance(person, people.Applicant) else []
        if not request.FILES and not chosen:
            return
        limits.insist_for_address("upload", request)
        with scope.for_person(person, read_only=True):
            draft = get_draft(person, draft_id)
        self.received = receive(request.FILES, draft=draft, person=person)
        if isinstance(person, people.Applicant) and chosen:
            receive_kept(chosen, draft=draft, person=person, received=self.received)
        for sentence in self.received.told:
            messages.info(request, sentence)

    def _delete_file(self, value: str) -> None:
        try:
            use_cases.remove_file(self.draft, uuid.UUID(value))
        except ValueError:
            raise Http404 from None
        self.__dict__.pop("uploads", None)

    def _conflict(self, request: HttpRequest, draft_id: uuid.UUID, step: str) -> HttpResponse:
        """Both versions on one page: what was typed here, ready to be saved, and what somebody saved meanwhile."""
        self.draft = get_draft(self.person, draft_id)
        self.answers = self.draft.read_answers()
        self.__dict__.pop("uploads", None)
        sections = engine.summary(self.definition, self.answers, language=self.language, uploads=self.uploads)
        form = self.get_form(step, data=request.POST)
        response = super().render(
            form, conflict=True, other_version=[section for section in sections if section.step_key == step]
        )
        response.status_code = HTTPStatus.CONFLICT
        return response.render()

    @cached_property
    def uploads(self) -> dict[str, list[engine.Upload]]:
        return uploads_of(self.draft)

    @cached_property
    def known(self) -> Known:
        """What the account knows of the person; nothing without account."""
        return known_of(self.person, self.request.user if self.request.user.is_authenticated else None)

    @property
    def language(self) -> str:
        return get_language() or "de"


def task_list_url(draft: Draft) -> str:
    return reverse("filling:task-list", args=[draft.pk])


def get_draft(person: people.Person, draft_id: uuid.UUID) -> Draft:
    """The draft for this person, or 404."""
    rows = Draft.objects.visible_to(person).select_related(
        "authority", "offering__service", "offering__owner", "form_version"
    )
    return get_object_or_404(rows, pk=draft_id)


step = leads_to_application(partial(FillingWizard.as_view, url_name="filling:step", form_list=[("step", forms.Form)])())
