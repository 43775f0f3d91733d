"""What the portal keeps of a case in the end, to be compared with what it keeps when nothing happens."""

from collections import Counter
from collections.abc import Iterator

from faults.person import Letter

LOOKS = (".read", ".found")


def kept(letter: Letter) -> Counter[str]:
    """Every step, paper, effect and deed of the case, by name; whoever merely looked at it changed nothing."""
    from foundation import scope

    with scope.system("a fault is looked at", read_only=True):
        return Counter(_lines(letter))


def _lines(letter: Letter) -> Iterator[str]:
    from django.db.models import Q

    from applications.models import (
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
    for model in (Routing, Receipt, CorrectionRequest, Decision, IssuedDocument):
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
