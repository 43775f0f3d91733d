"""The forms of an authority as their authors see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.http import Http404

from forms_engine.models import Form, FormVersion
from forms_engine.texts import Text


@dataclass(frozen=True, slots=True)
class FormEntry:
    """A form with its newest published version and the one that is worked on; either may be missing."""

    form: Form
    published: FormVersion | None
    working: FormVersion | None

    @property
    def title(self) -> str:
        newest = self.working or self.published
        return Text(newest.definition["title"])("de") if newest else self.form.key


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
