"""A service of an author's own: begun for a form, offline until its terms and texts are there."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from authorities.models import Department
from catalogue import carried, fees, trail
from catalogue.models import Offering, RouteRule, Service
from catalogue.use_cases import Terms
from forms_engine import api as engine
from forms_engine.editing.api import key_from
from forms_engine.models import Form
from foundation.ids import new_id

#: What the keys of services begin with that authors have begun.
OWN = "eigene-"


class ServiceRefused(Exception):
    """A service cannot be begun or removed; the text is a German sentence."""


def begin_service(
    form: Form,
    *,
    title: str,
    audience: list[str],
    level: str,
    department: Department,
    amount: Decimal | None,
    by_id: UUID,
) -> Offering:
    """The service at the form's authority, all applications go to this department. In a scope of the authority.

    `amount` is what each application costs, in euros; None where it costs nothing.

    Raises ServiceRefused if the portal has one of this name: that one is taken over, or ours is called otherwise.
    """
    # Its key is unique where services of several portals meet; a LeiKa key is for the operator to set.
    made = {"key": f"{OWN}{new_id().hex}", "texts": {"title": {"de": title}}, "audience": audience}
    service, is_new = Service.objects.get_or_create(slug=key_from(title, (), joint="-", longest=80), defaults=made)
    if not is_new:
        sentence = _(
            "Eine Leistung „%(title)s“ gibt es im Portal schon. Nennen Sie Ihre anders, oder übernehmen Sie jene."
        )
        raise ServiceRefused(sentence % {"title": service.title})
    usual = Terms()
    offering = Offering.objects.create(
        authority_id=form.authority_id,
        service=service,
        form=form,
        owner=department,
        level=level,
        fee=_fixed(amount),
        deadline_weeks=usual.deadline_weeks,
        retention_months=usual.retention_months,
        earlier_paths=carried.paths_with(form, None),
        is_active=False,
    )
    RouteRule.objects.create(authority_id=form.authority_id, offering=offering, position=0, department=department)
    trail.record("offering.begun", offering, by_id=by_id)
    return offering


def may_remove(offering: Offering) -> bool:
    """Was it begun by an author, and has nobody ever seen it?"""
    return not offering.is_active and offering.service.key.startswith(OWN)


def remove_service(offering: Offering, *, by_id: UUID) -> None:
    """Takes back what was begun; the form stays. In a scope of the authority. Raises ServiceRefused."""
    if not may_remove(offering):
        raise ServiceRefused(_("Diese Leistung bleibt: Sie war schon online oder kommt von einer anderen Behörde."))
    if offering.tariffs.exists():
        raise ServiceRefused(_("Diese Leistung bleibt: Sie hat schon Gebühren ab einem Tag."))
    try:
        with transaction.atomic():
            trail.record("offering.removed", offering, by_id=by_id)
            offering.delete()
            offering.service.delete()
            _look_at_once()
    except (ProtectedError, IntegrityError):
        sentence = _("Zu dieser Leistung gibt es noch Testanträge oder Testentwürfe. Löschen Sie diese zuerst.")
        raise ServiceRefused(sentence) from None


def _look_at_once() -> None:
    """The database says now, not at the end, what hangs on what is gone: drafts are their people's, and unseen here."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def _fixed(amount: Decimal | None) -> dict[str, Any]:
    if not amount:
        return {"summary": {"de": "kostenlos", "en": "free of charge"}}
    told = amount.quantize(fees.CENT)
    summary = {"de": f"{engine.german(told, grouped=True)} €", "en": f"€{told:,}"}
    return {"summary": summary, "sum": [{"price": f"{told:f}"}]}
