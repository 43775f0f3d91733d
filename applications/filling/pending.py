"""What was typed when the sitting had ended already: kept sealed until the person is back at the same step.

It is not saved, because nobody knows yet who sent it; it is shown again to whoever may see the draft.
"""

from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse

from applications.models import Draft
from foundation import vault

KEYSET = "sessions"
LARGEST = 100_000
_SESSION_KEY = "typed"


def sign_in_first(request: HttpRequest, draft_id: UUID, step: str = "") -> HttpResponse:
    """To the sign-in page, which leads back here; what was posted is kept for that moment."""
    if request.method == "POST" and len(typed := request.POST.urlencode()) <= LARGEST:
        sealed = vault.seal(KEYSET, typed.encode(), owner=draft_id, row=draft_id, field=step)
        request.session[_SESSION_KEY] = {"draft": str(draft_id), "step": step, "sealed": sealed.hex()}
    here = (
        reverse("filling:step", kwargs={"draft_id": draft_id, "step": step})
        if step
        else reverse("filling:task-list", kwargs={"draft_id": draft_id})
    )
    return HttpResponseRedirect(f"{reverse('account_login')}?{urlencode({'next': here, 'grund': 'zeit'})}")


def take(request: HttpRequest, draft: Draft, step: str) -> QueryDict | None:
    """What was typed at this step before the person signed in again, once."""
    kept = request.session.get(_SESSION_KEY)
    if not kept or (kept["draft"], kept["step"]) != (str(draft.pk), step):
        return None
    del request.session[_SESSION_KEY]
    sealed = bytes.fromhex(kept["sealed"])
    return QueryDict(vault.open_sealed(KEYSET, sealed, owner=draft.pk, row=draft.pk, field=step))
