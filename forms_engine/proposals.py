"""Rules in words of an imported schema: kept beside the form until its author takes or dismisses each of them.

They stand outside of the definition: what is not switched on changes nothing. Runs in a scope of the form's authority.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from forms_engine.errors import DefinitionError
from forms_engine.models import Form, FormVersion
from forms_engine.use_cases import add_version
from forms_engine.xdatenfelder.api import InEnglish, Proposal, Translation, said_in_english
from forms_engine.xdatenfelder.changes import NoPlace, from_json, make
from foundation import audit

OPEN, TAKEN, DISMISSED = "open", "taken", "dismissed"


def keep_proposals(form: Form, found: Iterable[Proposal]) -> None:
    """Keeps the proposals of a schema that was just imported. One that was dismissed in the same words stays so;
    one that was taken is open again, for the schema came without it.
    """
    locked = Form.objects.select_for_update().get(pk=form.pk)
    dismissed = {(kept["id"], kept["words"]) for kept in locked.proposals if kept["state"] == DISMISSED}
    locked.proposals = [
        each.as_json() | {"state": DISMISSED if (each.id, each.words) in dismissed else OPEN} for each in found
    ]
    locked.save(update_fields=["proposals"])


def translate_proposals(form: Form, translation: Translation, made: InEnglish) -> None:
    """Puts the English messages of a translation at the rules that wait: they come along when these are taken."""
    locked = Form.objects.select_for_update().get(pk=form.pk)
    for proposal in locked.proposals:
        for change in proposal["changes"]:
            if "check" in change:
                change["check"].setdefault("fim", proposal["id"])
                said_in_english(change["check"], proposal["id"], translation.messages, made)
    locked.save(update_fields=["proposals"])


def take_proposal(form: Form, rule_id: str, *, by: UUID) -> FormVersion:
    """The version that is worked on, with this rule switched on. Raises DefinitionError; KeyError if nothing waits."""
    locked, proposal = _locked(form, rule_id, OPEN)
    newest = locked.versions.order_by("-no")[0]
    definition = copy.deepcopy(newest.definition)
    if not proposal["changes"]:
        raise DefinitionError(["Diese Regel lässt sich nicht übernehmen. Schreiben Sie sie selbst als Bedingung."])
    try:
        for change in proposal["changes"]:
            make(from_json(change), definition)
    except NoPlace:
        raise DefinitionError(
            ["Das Formular hat eine Frage dieser Regel nicht mehr. Verwerfen Sie die Regel."]
        ) from None
    version = add_version(newest.authority, definition, by=by)
    _settle(locked, proposal, TAKEN, by)
    return version


def dismiss_proposal(form: Form, rule_id: str, *, by: UUID) -> None:
    """The rule is not wanted. Raises KeyError if none of this id waits."""
    _settle(*_locked(form, rule_id, OPEN), DISMISSED, by)


def reopen_proposal(form: Form, rule_id: str, *, by: UUID) -> None:
    """A dismissed rule waits again. Raises KeyError if none of this id was dismissed."""
    _settle(*_locked(form, rule_id, DISMISSED), OPEN, by)


def _locked(form: Form, rule_id: str, state: str) -> tuple[Form, dict[str, Any]]:
    locked = Form.objects.select_for_update().get(pk=form.pk)
    for proposal in locked.proposals:
        if proposal["id"] == rule_id and proposal["state"] == state:
            return locked, proposal
    raise KeyError(rule_id)


def _settle(form: Form, proposal: dict[str, Any], state: str, by: UUID) -> None:
    proposal["state"] = state
    form.save(update_fields=["proposals"])
    audit.record(
        f"form.rule_{'reopened' if state == OPEN else state}",
        authority_id=form.authority_id,
        object_kind="form",
        object_id=form.pk,
        actor_id=by,
        rule=proposal["id"],
    )
