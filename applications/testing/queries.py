"""The test applications of a form, as its authors see them: where each one landed, and nothing that was typed."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from accounts.people import Clerk
from applications.models import Application
from applications.states import State

MOST = 50


@dataclass(frozen=True)
class Filed:
    """One test application. `department` is empty until it was routed; `is_mine` where the reader filed it."""

    reference: str
    title: str
    version_no: int
    submitted_at: datetime
    state: str
    department: str
    is_mine: bool


def filed(form_id: UUID, *, by: Clerk) -> list[Filed]:
    """The newest first, at most `MOST`; one query. Runs in the scope of the authority."""
    cases = (
        Application.objects.filter(form_version__form=form_id, authority_id=by.authority_id, is_test=True)
        .select_related("offering__service", "form_version", "department")
        .defer("answers", "applicant_name", "form_version__definition")
        .order_by("-submitted_at")
    )
    return [
        Filed(
            reference=case.reference,
            title=case.offering.service.title,
            version_no=case.form_version.no,
            submitted_at=case.submitted_at,
            state=str(State(case.state).label),
            department=case.department.name if case.department else "",
            is_mine=case.acting_user_id == by.user_id,
        )
        for case in cases[:MOST]
    ]
