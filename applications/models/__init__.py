"""The tables of a case: draft, application, its history, its papers, and what was decided."""

from applications.models.announcement import Announcement
from applications.models.application import Application, SearchTerm
from applications.models.correction import CorrectionAnswer, CorrectionRequest
from applications.models.decision import Decision, Payment
from applications.models.delivery import Line, Receipt, Routing
from applications.models.draft import Draft
from applications.models.files import Attachment
from applications.models.history import LegalTransition, Transition
from applications.models.issued import IssuedDocument, Revocation
from applications.models.message import Message
from applications.models.remark import Remark

__all__ = [
    "Announcement",
    "Application",
    "Attachment",
    "CorrectionAnswer",
    "CorrectionRequest",
    "Decision",
    "Draft",
    "IssuedDocument",
    "LegalTransition",
    "Line",
    "Message",
    "Payment",
    "Receipt",
    "Remark",
    "Revocation",
    "Routing",
    "SearchTerm",
    "Transition",
]
