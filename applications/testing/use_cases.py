"""How a test application begins and how it goes. In between it is an application like others."""

from uuid import UUID

from django.utils.translation import gettext as _

from accounts.models import StaffRole
from accounts.people import Applicant, Clerk
from applications.erasing.use_cases import erase_application, erase_draft
from applications.errors import ApplicationError
from applications.filling.use_cases import begin_draft
from applications.models import Application, Draft
from catalogue.models import Offering
from foundation import audit, scope

ERASED_AS = "test"


def begin_test(offering: Offering, *, by: Applicant, author: Clerk) -> Draft:
    """A test draft on the newest published version, also while the service is closed or not online yet. Nothing else
    makes one; from here on the ordinary pages go on with it.

    `by` is the author as a person: a test belongs to nobody else. Opens its own scopes. Raises ApplicationError
    `not_an_author`, `acts_for_others` or `not_offered`.
    """
    if StaffRole.Role.FORM_AUTHOR not in author.roles or offering.authority_id != author.authority_id:
        raise ApplicationError("not_an_author", _("Dieses Formular gehört einer anderen Behörde."), status=404)
    if by.party_id != by.person_party_id:
        raise ApplicationError(
            "acts_for_others",
            _("Sie handeln gerade für eine Organisation. Wechseln Sie unter „Meine Anträge“ zu sich selbst."),
        )
    draft, _code = begin_draft(offering, by=by, is_test=True)
    with scope.authority(author.authority_id):
        audit.record(
            "test.begun",
            authority_id=author.authority_id,
            object_kind="draft",
            object_id=draft.pk,
            actor_id=author.user_id,
            form_version=draft.form_version_id,
        )
    return draft


def erase_tests(form_id: UUID, *, by: Clerk) -> int:
    """Erases every test application and test draft of a form of this authority; how many there were.

    Whose they are does not matter: what stands in them is made up. Opens its own scopes.
    """
    of_form = {"form_version__form": form_id, "authority_id": by.authority_id, "is_test": True}
    with scope.system("find the test applications of a form", read_only=True):
        cases = list(Application.objects.filter(**of_form).values_list("pk", flat=True))
        drafts = list(Draft.objects.filter(**of_form).values_list("pk", flat=True))
    number = sum(erase_application(each, ERASED_AS) for each in cases)
    number += sum(erase_draft(each, ERASED_AS) for each in drafts)
    with scope.authority(by.authority_id):
        audit.record(
            "test.erased",
            authority_id=by.authority_id,
            object_kind="form",
            object_id=form_id,
            actor_id=by.user_id,
            number=number,
        )
    return number
