"""Finding applications by words although their answers are sealed (architecture § 3a).

A word becomes a keyed digest of its search form; looking one up is a plain equality on an index.
"""

from applications.models import Application, SearchTerm
from foundation import vault
from foundation.ids import parse_reference
from foundation.latin import search_words


def index(application: Application, *texts: str) -> None:
    """Makes the application findable by its reference and by every word of these texts."""
    SearchTerm.objects.bulk_create(terms_of(application, *texts))


def terms_of(application: Application, *texts: str) -> list[SearchTerm]:
    """What `index` adds, not saved."""
    keyset = application.authority.keyset
    words = search_words(*texts) | {application.reference}
    return [
        SearchTerm(
            authority_id=application.authority_id,
            digest=vault.keyed_digest(keyset, word),
            application_id=application.pk,
        )
        for word in sorted(words)
    ]


def digests_of(text: str, *, keyset: str) -> list[bytes]:
    """What to look for when somebody types this: every word of it; a reference, however written, as one word."""
    reference = parse_reference(text)
    words = [reference] if reference else sorted(search_words(text))
    return [vault.keyed_digest(keyset, word) for word in words]
