"""How much may come: of one case, of one person's drafts, and to one authority in a day."""

import uuid
from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import QuerySet, Sum
from django.db.models.functions import Now

from foundation import scope
from foundation.files import refusals
from foundation.files.gate import Taken

if TYPE_CHECKING:
    from foundation.files.models import StoredFile

MOST_OF_A_CASE = 150_000_000
MOST_OF_A_PERSON = 400_000_000


def require_room_at_authority(authority_id: uuid.UUID | None, name: str) -> None:
    """Raises `FileRefused` when the authority has got more than its share today; None: all folders of
    people together. Opens its own scope.

    It keeps one authority's flood from the disk that all of them share (fault F37), so it may be off by a few.
    """
    from foundation.files.models import StoredFile

    with scope.system("count what came to an authority today", read_only=True):
        today = StoredFile.objects.filter(authority_id=authority_id, created_at__gt=Now() - timedelta(days=1))
        if _bytes(today) > settings.UPLOADS_PER_DAY_BYTES:
            raise refusals.no_room(refusals.clean_name(name))


def require_room_for(taken: Taken, *, subject_id: uuid.UUID, of_person: Iterable[uuid.UUID] = ()) -> None:
    """Raises `FileRefused` when the case, or all drafts of the person together, would hold too much.

    To be called in the person's scope, behind a lock on the case: else two uploads at once count one another out.
    """
    from foundation.files.models import StoredFile

    for subjects, most in (([subject_id], MOST_OF_A_CASE), (list(of_person), MOST_OF_A_PERSON)):
        if subjects and _bytes(StoredFile.objects.filter(subject_id__in=subjects)) + len(taken.content) > most:
            raise refusals.too_much(taken.name, most // 1_000_000)


def _bytes(files: "QuerySet[StoredFile]") -> int:
    return files.aggregate(sum=Sum("size"))["sum"] or 0
