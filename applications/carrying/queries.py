"""What a person is told before their draft is carried over."""

from dataclasses import dataclass

from applications.contents import uploads_of
from applications.models import Draft
from forms_engine import api as engine
from forms_engine.fitting import Fit, fit
from forms_engine.models import FormVersion


@dataclass(frozen=True)
class Carried:
    """A draft laid into a newer version, as it would be; `problems` are those that it would have only there."""

    version: FormVersion
    fit: Fit
    problems: list[engine.Problem]


def newer_version(draft: Draft) -> FormVersion | None:
    """The newest published version of the draft's form, if the draft is on an older one. Without its definition."""
    mine = draft.form_version
    return (
        FormVersion.objects.filter(form=mine.form_id, published_at__isnull=False, no__gt=mine.no)
        .defer("definition")
        .order_by("-no")
        .first()
    )


def lay_over(draft: Draft, version: FormVersion, *, language: str) -> Carried:
    """What would become of the draft; changes nothing."""
    old, new, answers = engine.compiled(draft.form_version), engine.compiled(version), draft.read_answers()
    uploads = uploads_of(draft)
    laid = fit(old, new, answers, uploads=uploads, language=language)
    known = {(each.field_id, each.sentence) for each in engine.check(old, answers, uploads, language=language)}
    found = engine.check(new, laid.answers, uploads, language=language)
    return Carried(version, laid, [each for each in found if (each.field_id, each.sentence) not in known])
