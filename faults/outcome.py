"""What the portal keeps of a case in the end, to be compared with what it keeps when nothing happens."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from faults.person import Letter

WHOLE, TYPED = "draft with its files", "draft without its files"
LOOKS = (".read", ".found")


def kept(letter: Letter) -> Counter[str]:
    """Every step, paper, effect and deed of the case, by name, and the draft; looks alone change nothing."""
    from foundation import scope

    with scope.system("a fault is looked at", read_only=True):
        return Counter(_lines(letter))


def draft(letter: Letter) -> list[str]:
    """What the draft holds, as a digest with its files and one without; nothing where there is no draft (any more)."""
    from foundation import scope

    with scope.system("a fault is looked at", read_only=True):
        return list(_draft(letter))


def _draft(letter: Letter) -> Iterator[str]:
    from applications.models import Attachment, Draft
    from applications.submitting.use_cases import answers_digest

    content = dict(Attachment.objects.filter(application_id=letter.draft_id).values_list("pk", "file__sha256"))
    for found in Draft.objects.select_related("authority").filter(pk=letter.draft_id):
        answers = found.read_answers()
        # Files are told apart by what is in them: their ids are drawn anew each time.
        named = {key: _named(value, content) for key, value in answers.items()}
        yield f"{WHOLE} {answers_digest(named)}"
        typed = {key: value for key, value in answers.items() if named[key] == value}
        yield f"{TYPED} {answers_digest(_said(typed))}"


def _said(answers: Mapping[str, Any]) -> dict[str, Any]:
    """Without questions that were left empty: a step that is kept before it is right says nothing of these."""
    inner = {key: _said(value) if isinstance(value, dict) else value for key, value in answers.items()}
    return {key: value for key, value in inner.items() if value not in (None, "", [], {})}


def _named(value: Any, content: Mapping[UUID, str]) -> Any:
    text = json.dumps(value)
    for attachment, sha256 in content.items():
        text = text.replace(str(attachment), sha256)
    return json.loads(text)


def _lines(letter: Letter) -> Iterator[str]:
    from django.db.models import Q

    from applications.models import (
        Attachment,
        CorrectionAnswer,
        CorrectionRequest,
        Decision,
        IssuedDocument,
        Receipt,
        Routing,
        Transition,
    )
    from foundation.audit.models import AuditEvent
    from foundation.files.models import StoredFile
    from foundation.outbox.models import OutboxRow
    from postbox.models import PostboxItem

    case = letter.draft_id
    for step in Transition.objects.filter(application_id=case):
        yield f"step to {step.to_state}"
    yield from _draft(letter)
    for model in (Attachment, Routing, Receipt, CorrectionRequest, Decision, IssuedDocument):
        yield from [model.__name__] * model.objects.filter(application_id=case).count()
    yield from ["CorrectionAnswer"] * CorrectionAnswer.objects.filter(request__application_id=case).count()
    yield from ["StoredFile"] * StoredFile.objects.filter(subject_id=case).count()
    for item in PostboxItem.objects.filter(subject_id=case):
        yield f"{item.regime}, {'retrieved' if item.retrieved_at else 'posted' if item.posted_on else 'waits'}"
    for row in OutboxRow.objects.filter(subject_id=case):
        yield f"effect {row.kind}"
    for event in AuditEvent.objects.filter(Q(object_id=case) | Q(refs__subject=str(case))):
        if not event.action.endswith(LOOKS):
            yield f"deed {event.action}"
