"""The rules in words that came with a form's schema: looked at, taken or dismissed, one by one."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.people import Clerk
from authorities.models import Authority
from backoffice.access import author_page
from backoffice.designing import queries
from forms_engine import api as engine
from forms_engine.proposals import DISMISSED, OPEN, TAKEN, dismiss_proposal, reopen_proposal, take_proposal
from forms_engine.wording import Wording
from foundation import scope

_DEEDS = {"take": take_proposal, "dismiss": dismiss_proposal, "reopen": reopen_proposal}


@require_http_methods(["GET", "HEAD", "POST"])
@author_page
def proposals(request: HttpRequest, clerk: Clerk, form_id: UUID) -> HttpResponse:
    """The rules of one form; a POST names one (`rule`) and what becomes of it (`action`)."""
    refused = ""
    if request.method == "POST":
        refused = _decide(request, clerk, form_id)
        if not refused:
            return redirect("backoffice:rules", form_id)
    with scope.for_person(clerk, read_only=True):
        entry = queries.entry(clerk.authority_id, form_id)
        page = {
            "authority": Authority.objects.get(pk=clerk.authority_id),
            "entry": entry,
            "refused": refused,
            "sections": _sections(entry),
        }
        return render(request, "backoffice/designing/rules.html", page, status=422 if refused else 200)


def _decide(request: HttpRequest, clerk: Clerk, form_id: UUID) -> str:
    """Does what the author decided; a sentence if it cannot be done."""
    decide = _DEEDS.get(request.POST.get("action", ""))
    with scope.for_person(clerk):
        form = queries.entry(clerk.authority_id, form_id).form
        if decide is None:
            return _("Diese Schaltfläche gibt es nicht. Laden Sie die Seite neu.")
        try:
            decide(form, request.POST.get("rule", ""), by=clerk.user_id)
        except KeyError:
            return _("Über diese Regel ist schon entschieden. Sehen Sie unten nach, wie.")
        except engine.DefinitionError as error:
            return " ".join(error.problems)
    return ""


def _sections(entry: queries.FormEntry) -> list[tuple[str, str, list[dict[str, Any]]]]:
    """(state, heading, rules) of each state that there is a rule of."""
    headings = ((OPEN, _("Wartet auf Sie")), (TAKEN, _("Übernommen")), (DISMISSED, _("Verworfen")))
    newest = entry.working or entry.published
    said = Wording(newest.definition) if newest else None
    rules = [
        kept | {"shown": [_in_words(change, said) for change in kept["changes"]] if said else []}
        for kept in entry.form.proposals
    ]
    found = [(state, heading, [rule for rule in rules if rule["state"] == state]) for state, heading in headings]
    return [section for section in found if section[2]]


def _in_words(change: dict[str, Any], said: Wording) -> str:
    """What a change asks of the form, in the words of the form."""
    path = change["path"]
    if "check" in change:
        return said.rule(change["check"], path)
    words = {"name": said.name(path), "condition": said.condition(change["when"], said.instance_around(path))}
    return _("„%(name)s“ erscheint nur, wenn gilt: %(condition)s.") % words
