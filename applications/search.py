"""Finding applications by words although their answers are sealed (architecture § 3a).

A word becomes a keyed digest of its search form; looking one up is a plain equality on an index.
"""

from typing import TypeVar

from applications.models import Application, SearchTerm
from applications.models.application import ApplicationQuerySet
from foundation import vault
from foundation.ids import parse_reference
from foundation.latin import search_words

_Q = TypeVar("_Q", bound=ApplicationQuerySet)


def index(application: Application, *texts: str) -> None:
    """Makes the application findable by its reference and by every word of these texts."""
    keyset = application.authority.keyset
    words = search_words(*texts) | {application.reference}
    SearchTerm.objects.bulk_create(
        SearchTerm(
            authority_id=application.authority_id,
            digest=vault.keyed_digest(keyset, word),
            application_id=application.pk,
        )
        for word in sorted(words)
    )


def matching(applications: _Q, text: str, *, keyset: str) -> _Q:
    """Those that hold all words of what a clerk typed; a reference is recognised as one."""
    reference = parse_reference(text)
    for word in [reference] if reference else sorted(search_words(text)):
        applications = applications.filter(search_terms__digest=vault.keyed_digest(keyset, word))
    return applications
