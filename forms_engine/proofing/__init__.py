"""Check before publishing: what keeps a form from being published, and what its author should look at.

Pure: from a definition to findings. Faults block, hints do not.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from forms_engine import loading
from forms_engine.compiling import compile_definition
from forms_engine.errors import DefinitionError
from forms_engine.proofing import completeness, pages, reaching, words
from forms_engine.proofing.findings import Finding, Level
from forms_engine.proofing.places import named, of_definition

__all__ = ["Finding", "Level", "proof", "refusals"]


def proof(definition: Mapping[str, Any]) -> list[Finding]:
    """Everything there is to say of a definition, faults first, each in the order of the form.

    A definition that cannot be compiled (a cycle of conditions, for example) has these faults and no others.
    """
    try:
        checked = loading.load(dict(definition))
    except DefinitionError as error:
        refused = list(of_definition(definition, error))
        try:
            return list(named(definition, refused))
        except (KeyError, TypeError, AttributeError):  # no form at all
            return refused
    found = [
        *completeness.findings(checked),
        *reaching.findings(compile_definition(checked)),
        *words.findings(checked),
        *pages.findings(checked),
    ]
    unique = list(named(checked, dict.fromkeys(found)))
    return sorted(unique, key=lambda finding: not finding.is_fault)


def refusals(definition: Mapping[str, Any], *, foreign_words: bool = False) -> list[str]:
    """The faults as sentences with their places; empty if the form may be published.

    `foreign_words`: the texts are those of an official schema, whose wording its author does not answer for.
    """
    faults = (each for each in proof(definition) if each.is_fault and not (foreign_words and each.is_wording))
    return list(dict.fromkeys(f"{each.place}: {each.sentence}" if each.place else each.sentence for each in faults))
