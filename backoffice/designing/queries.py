"""The forms of an authority as their authors see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext as _

from applications.deciding.staff import identified
from authorities import clock
from catalogue.models import Offering
from forms_engine import api as engine
from forms_engine import checking_out
from forms_engine.models import CodeList, Form, FormVersion
from forms_engine.texts import Text


@dataclass(frozen=True, slots=True)
class FormEntry:
    """A form with its newest published version and the one that is worked on; either may be missing."""

    form: Form
    published: FormVersion | None
    working: FormVersion | None

    @property
    def newest(self) -> FormVersion | None:
        return self.working or self.published

    @property
    def title(self) -> str:
        return Text(self.newest.definition["title"])("de") if self.newest else self.form.key


def entries(authority_id: UUID) -> list[FormEntry]:
    """All forms of an authority, by title. Two queries, however many forms there are."""
    forms = Form.objects.filter(authority_id=authority_id)
    return sorted(_with_versions(list(forms)), key=lambda entry: entry.title)


def entry(authority_id: UUID, form_id: UUID) -> FormEntry:
    """One form of this authority, or Http404."""
    forms = list(Form.objects.filter(pk=form_id, authority_id=authority_id))
    if not forms:
        raise Http404
    return _with_versions(forms)[0]


def _with_versions(forms: Sequence[Form]) -> list[FormEntry]:
    published: dict[UUID, FormVersion] = {}
    working: dict[UUID, FormVersion] = {}
    for version in FormVersion.objects.filter(form__in=forms).order_by("form_id", "no"):
        (published if version.published_at else working)[version.form_id] = version
    return [FormEntry(form, published.get(form.pk), working.get(form.pk)) for form in forms]


@dataclass(frozen=True, slots=True)
class Holder:
    """Who works on a form, and since when they last saved."""

    is_me: bool
    name: str
    since: datetime


def holder(entry: FormEntry, user_id: UUID) -> Holder | None:
    """Who has the form now, as this author sees it; None if it is free."""
    if entry.working is None or entry.working.edited_at is None:
        return None
    held_by = checking_out.holder_of(entry.working)
    if held_by is None:
        return None
    name = identified([held_by]).get(held_by, _("jemand, der nicht mehr im Amt ist"))
    return Holder(held_by == user_id, name, entry.working.edited_at)


def used_in(form: Form) -> list[Offering]:
    """The services of this form, also those that are not online yet."""
    return list(Offering.objects.filter(form=form).select_related("service", "authority").order_by("pk"))


def steps_of(version: FormVersion) -> list[tuple[str, int]]:
    """Title of each step, and how many questions it has."""
    compiled = engine.compiled(version)
    return [(step.title("de"), len(step.fields)) for step in compiled.steps]


@dataclass(frozen=True, slots=True)
class KnownList:
    """A code list of the portal, with the version that holds today; `count` is None if none does."""

    uri: str
    words: str
    count: int | None


def known_lists() -> list[KnownList]:
    """All code lists that are known here, by their names. At most three queries, however many lists there are."""
    uris = sorted(set(CodeList.objects.values_list("uri", flat=True)))
    held = engine.holding(uris, clock.today()) if uris else {}
    counts = engine.lengths(held.values())
    return [KnownList(uri, _list_in_words(uri, held.get(uri), counts.get(uri)), counts.get(uri)) for uri in uris]


def _list_in_words(uri: str, held: CodeList | None, count: int | None) -> str:
    if held is None:
        return _("in der Codeliste %(uri)s (heute gilt keine Fassung)") % {"uri": uri}
    told = {"uri": uri, "version": held.version, "count": count}
    return _("in der Codeliste %(uri)s (Version %(version)s, %(count)s Einträge)") % told


def lists_of(version: FormVersion) -> list[tuple[str, CodeList | None]]:
    """The code lists that the form follows, each with the version that holds today. No query if there are none."""
    follows = sorted(engine.compiled(version).follows)
    held = engine.holding(follows, clock.today()) if follows else {}
    return [(uri, held.get(uri)) for uri in follows]
