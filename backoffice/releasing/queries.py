"""The versions of a form as their authors read them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext as _

from accounts import profile
from accounts.models import User
from forms_engine.comparing import Line, lines
from forms_engine.models import Form, FormVersion
from foundation.vault import VaultError


@dataclass(frozen=True, slots=True)
class VersionEntry:
    """A version with who made and who published it, by name where their profile can be opened."""

    version: FormVersion
    author: str
    publisher: str

    @property
    def failed(self) -> bool:
        """Was it to be published by itself, and was refused?"""
        return self.version.published_at is None and self.version.publish_failed_at is not None


@dataclass(frozen=True, slots=True)
class Place:
    """The parts of a version that stand together, to be read as one table."""

    title: str
    lines: list[Line]


def versions(form: Form) -> list[FormVersion]:
    """All versions of a form, the newest first; without their definitions. One query."""
    return list(FormVersion.objects.filter(form=form).defer("definition").order_by("-no"))


def with_people(found: Sequence[FormVersion]) -> list[VersionEntry]:
    """The same versions with their people. One query, however many there are."""
    names = _names_of(user_id for each in found for user_id in (each.created_by_id, each.published_by_id))
    office = _("Redaktion")
    return [
        VersionEntry(
            version,
            names.get(version.created_by_id, office),
            names.get(version.published_by_id, office),
        )
        for version in found
    ]


def version(form: Form, no: int) -> FormVersion:
    """One version of a form with its definition, or Http404."""
    found = FormVersion.objects.filter(form=form, no=no).first()
    if found is None:
        raise Http404
    return found


def places(version: FormVersion) -> list[Place]:
    """Everything that a version says: the form as a whole, then step by step."""
    found: list[Place] = []
    for line in lines(version.definition):
        if line.what == "Formular":
            found.append(Place(_("Das Formular im Ganzen"), [line]))
        elif line.what == "Schritt":
            found.append(Place(_("Schritt „%(title)s“") % {"title": line.label}, [line]))
        else:
            found[-1].lines.append(line)
    return found


def _names_of(user_ids: Iterable[UUID | None]) -> dict[UUID | None, str]:
    names: dict[UUID | None, str] = {}
    for user in User.objects.filter(pk__in={user_id for user_id in user_ids if user_id}):
        try:
            known = profile.read(user)
        except VaultError:  # the name is gone with the account's key; the role is told instead
            continue
        if name := " ".join(filter(None, (known.get("given_name"), known.get("family_name")))):
            names[user.pk] = name
    return names
