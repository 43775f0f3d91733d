"""What was typed when the sitting had ended already: kept sealed until the person is back at the case."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from foundation import vault

KEYSET = "sessions"
LONGEST = 5_000
_SESSION_KEY = "answer"
_FIELD = "answer"


def keep_answer(request: HttpRequest) -> None:
    """Keeps the text of an answer that nobody known sent; it is shown again to whoever may see the case."""
    text, question_id = request.POST.get("text", "")[:LONGEST], _uuid(request.POST.get("question", ""))
    if not text or question_id is None:
        return
    sealed = vault.seal(KEYSET, text.encode(), owner=question_id, row=question_id, field=_FIELD)
    request.session[_SESSION_KEY] = {"question": str(question_id), "sealed": sealed.hex()}
    messages.info(
        request,
        _("Ihre Sitzung war zu Ende. Ihr Text ist gespeichert. Öffnen Sie den Vorgang und senden Sie noch einmal ab."),
    )


def kept_answer(request: HttpRequest, question_id: UUID) -> str:
    """The text for this question, as long as the sitting lasts; empty if there is none."""
    kept = request.session.get(_SESSION_KEY, {})
    if kept.get("question") != str(question_id):
        return ""
    sealed = bytes.fromhex(kept["sealed"])
    return vault.open_sealed(KEYSET, sealed, owner=question_id, row=question_id, field=_FIELD).decode()


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
