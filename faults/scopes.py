"""The scopes in which faults read and change what the portal keeps, as its role, where Django is set up."""

from collections.abc import Iterator
from contextlib import contextmanager


def reconnect() -> None:
    """To be called before each question that is asked outside of the scopes below.

    Faults break connections: one that is broken is found before it is asked (CONN_HEALTH_CHECKS) and replaced.
    """
    from django.db import connection

    connection.close_if_unusable_or_obsolete()


@contextmanager
def reading() -> Iterator[None]:
    """Everybody's rows, to be looked at."""
    from foundation import scope

    reconnect()
    with scope.system("a fault is looked at", read_only=True):
        yield


@contextmanager
def changing() -> Iterator[None]:
    """Everybody's rows, to be changed."""
    from foundation import scope

    reconnect()
    with scope.system("a fault changes what people find"):
        yield
