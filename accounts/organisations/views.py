"""Pages about organisations, and the switch for whom one acts. An organisation that is not one's own is not found."""

from http import HTTPStatus
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import people
from accounts.errors import AccountError
from accounts.models import Membership, User
from accounts.organisations import details, queries, use_cases
from accounts.organisations.forms import InviteForm, OrganisationForm, Sites, SitesForm, details_of
from accounts.signing_in import sign_in_required
from foundation import limits, paging, scope

INVITATIONS = {"tries": 20, "seconds": 60 * 60}


@require_safe
@never_cache
@sign_in_required
def organisations(request: HttpRequest) -> HttpResponse:
    user = cast(User, request.user)
    own = paging.in_this_order(
        list(queries.memberships_of(user.pk)), lambda each: each.pk, after=request.GET.get(paging.AFTER, "")
    )
    page = {"page": own, "invitations": queries.invitations_to(user)}
    return render(request, "accounts/organisations.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sign_in_required
def found(request: HttpRequest) -> HttpResponse:
    form, sites = OrganisationForm(request.POST or None), SitesForm(request.POST or None)
    if request.method != "POST" or not _are_valid(form, sites):
        return _edit(request, form, sites)
    organisation = use_cases.found(details_of(form, sites), by=cast(User, request.user))
    messages.success(
        request, _("Die Organisation ist eingetragen. Wählen Sie oben auf der Seite, für wen Sie handeln.")
    )
    return redirect("organisation", organisation.pk)


@require_safe
@never_cache
@sign_in_required
def organisation(request: HttpRequest, organisation_id: UUID) -> HttpResponse:
    own = _own_membership(request, organisation_id)
    with scope.party(organisation_id, read_only=True):
        members = paging.in_this_order(
            list(queries.members_of(organisation_id)), lambda each: each.pk, after=request.GET.get(paging.AFTER, "")
        )
        is_owner = own.role == Membership.Role.OWNER
        page = {
            "own": own,
            "details": details.read(organisation_id),
            "page": members,
            "invitations": list(queries.invitations_by(organisation_id)) if is_owner else [],
        }
    return render(request, "accounts/organisation.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sign_in_required
def edit(request: HttpRequest, organisation_id: UUID) -> HttpResponse:
    own = _own_membership(request, organisation_id, as_owner=True)
    with scope.party(organisation_id, read_only=True):
        known = details.read(organisation_id)
    form = OrganisationForm(request.POST or None, initial=vars(known))
    sites = SitesForm(request.POST or None, initial=known.sites)
    if request.method != "POST" or not _are_valid(form, sites):
        return _edit(request, form, sites, organisation=own.organisation)
    use_cases.change_details(organisation_id, details_of(form, sites), by=own.user)
    messages.success(request, _("Die Angaben sind gespeichert."))
    return redirect("organisation", organisation_id)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sign_in_required
def invite(request: HttpRequest, organisation_id: UUID) -> HttpResponse:
    """The answer is the same for every address, so that nobody learns who has an account."""
    own = _own_membership(request, organisation_id, as_owner=True)
    form = InviteForm(request.POST or None)
    if not form.is_valid():
        page = {"form": form, "organisation": own.organisation}
        return render(request, "accounts/invite.html", page, status=_status_of(form))
    if not limits.allow("invite", str(own.user_id), **INVITATIONS):
        raise AccountError("too_many", _("Das waren zu viele Einladungen. Warten Sie eine Stunde."), 429)
    use_cases.invite(organisation_id, by=own.user, **form.cleaned_data)
    messages.success(
        request, _("Die Einladung ist gespeichert. Wenn es das Konto gibt, bekommt die Person eine E-Mail.")
    )
    return redirect("organisation", organisation_id)


@require_POST
@sign_in_required
def take_back(request: HttpRequest, organisation_id: UUID, invitation_id: UUID) -> HttpResponse:
    own = _own_membership(request, organisation_id, as_owner=True)
    use_cases.take_back(organisation_id, invitation_id=invitation_id, by=own.user)
    messages.success(request, _("Die Einladung ist zurückgezogen."))
    return redirect("organisation", organisation_id)


@require_POST
@sign_in_required
def answer(request: HttpRequest, invitation_id: UUID) -> HttpResponse:
    accept = request.POST.get("answer") == "accept"
    joined = use_cases.answer_invitation(invitation_id, accept=accept, by=cast(User, request.user))
    if accept:
        messages.success(request, _("Sie können jetzt für %(name)s handeln.") % {"name": joined.name})
        return redirect("organisation", joined.pk)
    messages.success(request, _("Sie haben die Einladung abgelehnt."))
    return redirect("organisations")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sign_in_required
def end(request: HttpRequest, organisation_id: UUID, membership_id: UUID) -> HttpResponse:
    """Asks first; afterwards the member sees nothing of the organisation any more."""
    own = _own_membership(request, organisation_id)
    member = queries.members_of(organisation_id).filter(pk=membership_id).first()
    if member is None or (own.role != Membership.Role.OWNER and member.pk != own.pk):
        raise use_cases.unknown_organisation()
    if request.method != "POST":
        page = {"member": member, "organisation": own.organisation, "is_own": member.pk == own.pk}
        return render(request, "accounts/end_membership.html", page)
    use_cases.end_membership(organisation_id, membership_id=membership_id, by=own.user)
    messages.success(request, _("Der Zugang ist beendet."))
    return redirect("organisations") if member.pk == own.pk else redirect("organisation", organisation_id)


@require_POST
@sign_in_required
def act_for(request: HttpRequest) -> HttpResponse:
    """From now on this sitting acts for another party. What belongs to the former one stays with it."""
    chosen = request.POST.get("acting_for", "")
    user = cast(User, request.user)
    own = {str(membership.organisation_id): membership for membership in queries.memberships_of(user.pk)}
    if chosen in own:
        request.session[people.ACTING_FOR] = chosen
        messages.success(request, _("Sie handeln jetzt für %(name)s.") % {"name": own[chosen].organisation.name})
    elif chosen == "self":
        request.session.pop(people.ACTING_FOR, None)
        messages.success(request, _("Sie handeln jetzt für sich selbst."))
    else:
        raise use_cases.unknown_organisation()
    return redirect(_page_of_nobody(request.POST.get("next", "")) or "following:running")


def _page_of_nobody(path: str) -> str:
    """The page to stay on if it belongs to no party (a service, the start); empty for all others."""
    try:
        found_page = resolve(path)
    except Resolver404:
        return ""
    return path if found_page.namespace == "catalogue" or found_page.view_name == "start" else ""


def _own_membership(request: HttpRequest, organisation_id: UUID, *, as_owner: bool = False) -> Membership:
    own = (
        queries.members_of(organisation_id).filter(user=cast(User, request.user)).select_related("organisation").first()
    )
    if own is None or (as_owner and own.role != Membership.Role.OWNER):
        raise use_cases.unknown_organisation()
    return own


def _are_valid(form: OrganisationForm, sites: Sites) -> bool:
    """Both are asked, so that all that is wrong is told at once."""
    return all([form.is_valid(), sites.is_valid()])


def _edit(request: HttpRequest, form: OrganisationForm, sites: Sites, **page: Any) -> HttpResponse:
    errors = [*form.error_list, *sites.error_list] if form.is_bound else []
    status = HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.OK
    shown = page | {"form": form, "sites": sites, "error_list": errors}
    return render(request, "accounts/edit_organisation.html", shown, status=status)


def _status_of(form: InviteForm) -> int:
    return HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound and not form.is_valid() else HTTPStatus.OK
