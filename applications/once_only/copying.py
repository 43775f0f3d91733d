"""An earlier application as the beginning of a new one: a draft on the newest version, to be looked at step by step."""

from functools import partial

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.people import Applicant
from applications import reading
from applications.contents import form_of
from applications.errors import ApplicationError
from applications.filling.use_cases import begin_draft
from applications.following.door import own_case
from applications.models import Application, Draft
from applications.models.draft import TakenOver
from forms_engine import api as engine
from foundation import scope


def use_as_template(reference: str, *, by: Applicant) -> Draft:
    """A new draft of the same offering, with what still fits of the earlier answers. Opens its own scopes.

    Raises ApplicationError: `unknown_case` for a case of somebody else, `not_offered` if the service is no longer
    online, `is_test` for a test application: what was made up never becomes a real application.
    """
    with scope.for_person(by, read_only=True):
        earlier = own_case(by, reference)
        if earlier.is_test:
            raise ApplicationError("is_test", _("Ein Testantrag ist keine Vorlage. Beginnen Sie den Antrag neu."))
        offering = earlier.offering
        offering.authority = earlier.authority
    draft, _code = begin_draft(offering, by=by, fill=partial(_taken_over, earlier, get_language() or "de"))
    reading.note("application.reused", earlier, by=by)
    return draft


def _taken_over(earlier: Application, language: str, draft: Draft) -> TakenOver:
    new = engine.compiled(draft.form_version)
    old = form_of(earlier)
    answers, left = engine.take_over(old, earlier.read_answers(), new, language=language)
    return TakenOver(
        reference=earlier.reference,
        on=timezone.localdate(earlier.submitted_at),
        answers=answers,
        to_check=[step.key for step in new.steps if any(item.path[0] in answers for item in step.items)],
        left_out=[(each.label, each.reason) for each in left],
    )
