"""Publishing: what the check finds, what changes, whom it touches; then at once or on a day, with a reason."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.people import Clerk
from applications.carrying.trying import DryRun, on_versions, try_change
from authorities.models import Authority
from backoffice.access import author_page
from backoffice.designing.queries import FormEntry, used_in
from backoffice.designing.queries import entry as form_entry
from backoffice.releasing.forms import PublishForm
from catalogue.carried import plans
from forms_engine.api import DefinitionError
from forms_engine.comparing import compare
from forms_engine.models import FormVersion
from forms_engine.proofing import proof
from forms_engine.use_cases import publish, schedule, unschedule
from foundation import scope


@require_http_methods(["GET", "HEAD", "POST"])
@author_page
def publishing(request: HttpRequest, clerk: Clerk, form_id: UUID) -> HttpResponse:
    """The page, and its deeds: `try` (dry run), `publish` (now or on a day), `unplan`."""
    with scope.for_person(clerk, read_only=True):
        authority = Authority.objects.get(pk=clerk.authority_id)
        entry = form_entry(clerk.authority_id, form_id)
    if request.method != "POST":
        return _page(request, authority, entry, PublishForm(initial=_initial(entry)))
    if entry.working is None:
        messages.error(request, _("Es gibt keine Version in Arbeit. Ändern Sie zuerst das Formular."))
        return redirect("backoffice:form-versions", form_id)
    action = request.POST.get("action", "publish")
    if action == "try":
        typed = PublishForm(initial=_initial(entry) | request.POST.dict() | {"seen": entry.working.sha256})
        return _page(request, authority, entry, typed, run=try_change(entry.working, by=clerk))
    if action == "unplan":
        with scope.for_person(clerk):
            unschedule(entry.working, by=clerk.user_id)
        messages.success(request, _("Die Version wird nicht mehr von selbst veröffentlicht."))
        return redirect("backoffice:form-publish", form_id)
    form = PublishForm(request.POST)
    if not form.is_valid() or not _release(form, entry.working, clerk):
        return _page(request, authority, entry, form, status=422)
    done = _("Die Version ist geplant.") if form.at_or_none else _("Die Version ist veröffentlicht.")
    messages.success(request, done)
    with scope.for_person(clerk, read_only=True):
        is_used = bool(used_in(entry.form))
    if not is_used:
        messages.info(request, _("Noch keine Leistung nutzt das Formular. Legen Sie unter „Leistung“ eine an."))
    return redirect("backoffice:form-versions", form_id)


def _release(form: PublishForm, version: FormVersion, clerk: Clerk) -> bool:
    """Publishes or plans; False, with a sentence at the form, where that is refused."""
    reason, at = form.cleaned_data["reason"], form.at_or_none
    try:
        with scope.for_person(clerk):
            locked = FormVersion.objects.select_for_update().filter(pk=version.pk).first()
            if locked is None or locked.sha256 != form.cleaned_data["seen"]:
                raise DefinitionError([_("Die Version wurde inzwischen geändert. Sehen Sie sie noch einmal an.")])
            if at is None:
                publish(locked, reason=reason, by=clerk.user_id)
            else:
                schedule(locked, at=at, reason=reason, by=clerk.user_id)
    except DefinitionError as error:
        for sentence in error.problems:
            form.add_error(None, sentence)
        return False
    return True


def _initial(entry: FormEntry) -> dict[str, object]:
    version = entry.working
    if version is None:
        return {}
    planned = {"reason": version.reason, "at": version.publish_at, "when": "later"} if version.publish_at else {}
    return {"when": "now", "seen": version.sha256} | planned


def _page(
    request: HttpRequest,
    authority: Authority,
    entry: FormEntry,
    form: PublishForm,
    *,
    run: DryRun | None = None,
    status: int = 200,
) -> HttpResponse:
    page: dict[str, object] = {
        "authority": authority,
        "entry": entry,
        "form": form,
        "run": run,
        "version": entry.working,
    }
    if entry.working is not None:
        findings = proof(entry.working.definition)
        with scope.authority(authority.pk, read_only=True):
            carried = plans(entry.working)
        page |= {
            "faults": [each for each in findings if each.is_fault],
            "followers": [sentence for plan in carried for sentence in plan.told],
            "left_behind": [sentence for plan in carried for sentence in plan.problems],
            "hints": [each for each in findings if not each.is_fault],
            "changes": compare(entry.published.definition, entry.working.definition) if entry.published else None,
            "on_versions": on_versions(entry.form.pk, authority_id=authority.pk),
        }
    return render(request, "backoffice/releasing/publish.html", page, status=status)
