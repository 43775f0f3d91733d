"""The command line: what keeps every command from beginning is said in a sentence, not as a traceback."""

import os
import sys
from collections.abc import Sequence

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line
from django.db import OperationalError

#: Without these the portal refuses to start.
REQUIRED = ("SECRET_KEY", "DATABASE_URL")
_WHERE = "docs/operations.md nennt alle Einstellungen."


def run(argv: Sequence[str]) -> None:
    """Runs a command; ends the process with a sentence where settings are missing or no database answers.

    With `--traceback` the fault comes out as it is.
    """
    try:
        execute_from_command_line(list(argv))
    except ImproperlyConfigured as error:
        _end(argv, error, _settings_in_words(error))
    except OperationalError as error:
        if _was_refused_by_a_database_that_answers(error):
            raise
        _end(argv, error, _database_in_words(error))


def _end(argv: Sequence[str], error: Exception, sentence: str) -> None:
    if "--traceback" in argv:
        raise error
    sys.exit(sentence)


def _settings_in_words(error: ImproperlyConfigured) -> str:
    missing = [name for name in REQUIRED if not os.environ.get(name)]
    if missing:
        return f"Diese Einstellung fehlt: {', '.join(missing)}. Setzen Sie sie als Umgebungsvariable. {_WHERE}"
    return f"Eine Einstellung passt nicht: {error}. Prüfen Sie die Umgebungsvariablen. {_WHERE}"


def _database_in_words(error: OperationalError) -> str:
    told = " ".join(str(error).split())
    return (
        "Die Datenbank antwortet nicht. Prüfen Sie, ob PostgreSQL läuft und ob DATABASE_URL stimmt "
        f"(bei „migrate“ DATABASE_OWNER_URL). {_WHERE}\nPostgreSQL sagt: {told}"
    )


def _was_refused_by_a_database_that_answers(error: OperationalError) -> bool:
    """A statement that failed has a code of PostgreSQL; a connection that did not come about has none."""
    return getattr(error.__cause__, "sqlstate", None) is not None
