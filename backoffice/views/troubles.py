"""Disturbances: what the portal could not do by itself, and the button that lets it try again."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from accounts.people import Clerk
from authorities.models import Authority
from backoffice.access import CASE_ROLES, trouble_page
from backoffice.queries import troubles as queries
from backoffice.views.inbox import as_uuid
from foundation import audit, scope
from foundation.outbox import working
from foundation.outbox.models import OutboxRow


@require_GET
@trouble_page
def troubles(request: HttpRequest, clerk: Clerk) -> HttpResponse:
    trail_waits_since = queries.trail_waits_since(clerk)
    with scope.for_person(clerk, read_only=True):
        context = {
            "authority": Authority.objects.get(pk=clerk.authority_id),
            "troubles": queries.troubles(clerk),
            "trail_waits_since": trail_waits_since,
            "can_redrive": queries.can_redrive(clerk),
            "most": queries.MOST,
            "for_operators": not clerk.roles & CASE_ROLES,
        }
        return render(request, "backoffice/troubles.html", context)


@require_POST
@trouble_page
def try_again(request: HttpRequest, clerk: Clerk) -> HttpResponse:
    """Gives each chosen effect a new try, and writes down who did so."""
    if not queries.can_redrive(clerk):
        raise Http404
    chosen = list(filter(None, map(as_uuid, request.POST.getlist("select"))))[: queries.MOST]
    with scope.for_person(clerk):
        tried = [_try(row, clerk.user_id) for row in queries.rows_of(clerk).filter(pk__in=chosen)]
    if tried:
        said = ngettext(
            "Das Portal versucht %(number)s Auftrag noch einmal.",
            "Das Portal versucht %(number)s Aufträge noch einmal.",
            len(tried),
        )
        messages.success(request, said % {"number": len(tried)})
    else:
        messages.warning(request, _("Wählen Sie mindestens eine Störung aus."))
    return redirect("backoffice:troubles")


def _try(row: OutboxRow, by_id: UUID) -> OutboxRow:
    if row.state == OutboxRow.State.DEAD:
        working.redrive(row)
    else:
        working.hasten(row)
    audit.record(
        "effect.tried_again",
        authority_id=row.authority_id,
        object_kind="effect",
        object_id=row.subject_id,
        actor_id=by_id,
        kind=row.kind,
        code=row.error_code,
    )
    return row
