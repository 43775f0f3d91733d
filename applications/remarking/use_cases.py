"""Leaving a remark at a question, and settling it. Each runs in the scope of the authority."""

from uuid import UUID

from accounts.people import Clerk
from applications.models import Application, Remark
from foundation import audit, vault
from foundation.ids import new_id


def leave(application: Application, *, path: str, text: str, by: Clerk) -> Remark:
    """Keeps what a clerk noticed at this question. Nothing in it leads back to the case that they were looking at."""
    version, authority = application.form_version, application.authority
    remark = Remark(id=new_id(), authority=authority, form_version=version, path=path, by_id=by.user_id)
    remark.text = vault.seal_json(authority.keyset, text, owner=authority.pk, row=remark.pk, field="text")
    remark.save(force_insert=True)
    _record("remark.left", remark, version.form_id, by)
    return remark


def settle(remark: Remark, *, by: Clerk) -> None:
    """The author has seen to it: the text is removed, the trail keeps that it was there."""
    remark.delete()
    _record("remark.settled", remark, remark.form_version.form_id, by)


def _record(action: str, remark: Remark, form_id: UUID, by: Clerk) -> None:
    audit.record(action, authority_id=remark.authority_id, object_kind="form", object_id=form_id, actor_id=by.user_id)
