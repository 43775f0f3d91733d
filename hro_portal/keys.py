"""Who cannot seal and open must not start (fault F33); a missing key is never made anew behind people's backs."""

import logging
import sys
from collections.abc import Iterator

from django.db import OperationalError, connections
from django.db.models import Model

from accounts.models import Organisation, User
from applications.models import Application, Draft
from authorities.models import Authority
from foundation import scope, vault
from foundation.files.models import StoredFile
from foundation.vault import columns

#: How many values of a column a keyset may fail at before it counts as another one.
PROVED_BY = 3
PORTAL_KEYSETS = ("accounts", "sessions")
logger = logging.getLogger(__name__)


def all_keysets() -> list[str]:
    """The portal's own, and one for every authority that there is."""
    with scope.system("look which keysets are needed", read_only=True):
        return [*PORTAL_KEYSETS, *Authority.objects.values_list("keyset", flat=True)]


def create_missing() -> list[str]:
    """Makes the keysets that nothing is sealed with yet, and says which; raises `VaultError` for the others."""
    lost = [name for name in vault.missing(all_keysets()) if _is_in_use(name)]
    if lost:
        raise vault.VaultError(
            f"Es fehlt: {', '.join(lost)}. Mit diesen Schlüsseln sind Angaben von Menschen versiegelt. "
            "Holen Sie sie aus der Sicherung zurück. Geändert ist nichts."
        )
    return vault.create(all_keysets())


def require_all() -> None:
    """Raises `VaultError` unless each keyset is there and opens what was sealed with it."""
    names = all_keysets()
    vault.require(names)
    for name in names:
        _prove(name)


def require_all_or_exit() -> None:
    """For the start of a process: ends it with a sentence. A database that is away is waited for by whoever asks it."""
    try:
        require_all()
    except vault.VaultError as error:
        # An exception would be logged and passed over by Celery.
        sys.exit(f"Das Portal startet nicht: {error}")
    except OperationalError:
        logger.warning("keys: not proved, the database does not answer")
    finally:
        # What is forked from here must not share a connection.
        connections.close_all()


def _prove(name: str) -> None:
    """Opens one value of each column that is sealed with it: a wrong key is noticed before anybody waits for a page.

    A wrong key opens none of them. A single value that was damaged must not keep everybody out (fault F18).
    """
    with scope.system("prove that the keys open what they sealed", read_only=True):
        for values in _newest_values(name):
            if not any(_opens(place, sealed) for place, sealed in values):
                field = values[0][0].field
                raise vault.VaultError(
                    f"Der Schlüsselsatz {name} öffnet nicht, was mit ihm versiegelt ist ({field}). Er ist ein anderer."
                )


def _opens(place: vault.Place, sealed: bytes) -> bool:
    try:
        vault.open_sealed(place.keyset, sealed, **place.bound())
    except vault.VaultError:
        return False
    return True


def _newest_values(name: str) -> Iterator[list[tuple[vault.Place, bytes]]]:
    """Of each column that has any, the newest ones first."""
    for column in columns.columns:
        if column.model in (Application, Draft, User, Organisation):
            rows = column.model._base_manager.filter(column.rows_of(name)).exclude(**{column.name: b""})
            there = rows.filter(**{f"{column.name}__isnull": False}).select_related(*column.related)
            if newest := there.order_by("-pk")[:PROVED_BY]:
                yield [(column.place(row), bytes(getattr(row, column.name))) for row in newest]


def _is_in_use(name: str) -> bool:
    if name in PORTAL_KEYSETS:
        return User.objects.exists()
    owned: tuple[type[Model], ...] = (Draft, Application)
    with scope.system("look whether anything is sealed with this keyset", read_only=True):
        of_authority = any(model._base_manager.filter(authority__keyset=name).exists() for model in owned)
        return of_authority or StoredFile.objects.filter(keyset=name).exists()
