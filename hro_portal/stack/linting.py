"""Looks at each migration after the first release: can it run while the old code serves? Part of `make check`.

django-migration-linter reads the SQL that PostgreSQL would get. It knows what locks a table for long, and what the
statements of the code before would fail on: columns gone or renamed, required without a default.
"""

import logging
import sys

import django
from django.apps import apps

#: The last migration of each app when a city could first run the portal. Up to here a database was made new; from here
#: on it is full, and people are at work in it.
FIRST_RELEASE = {
    "accounts": "0003_organisations",
    "applications": "0006_decisions_that_live",
    "audit": "0001_initial",
    "authorities": "0004_areas",
    "catalogue": "0005_deadline_in_working_days",
    "files": "0001_initial",
    "forms_engine": "0002_walls",
    "health": "0002_cache_table",
    "outbox": "0002_add_index_of_dead_rows",
    "postbox": "0003_deliver_again",
    "scope": "0001_refuse_change",
}
#: The linter calls them warnings. Locking a table for as long as an index is built stops a city's work all the same.
AS_BAD_AS_ERRORS = ["CREATE_INDEX", "CREATE_INDEX_EXCLUSIVE", "DROP_INDEX", "REINDEX"]
#: Migrations that break a rule knowingly, and why nobody notices.
ACCEPTED = {
    ("accounts", "0004_data_protection_officer"): "PostgreSQL lengthens a varchar without touching a row",
}


def main() -> int:
    django.setup()
    # A tool of developers, which production does not have.
    from django_migration_linter import MigrationLinter

    linter = MigrationLinter(
        database="owner",
        no_cache=True,
        quiet=["ok", "ignore", "warning"],
        warnings_as_errors_tests=AS_BAD_AS_ERRORS,
    )
    logging.getLogger("django_migration_linter").setLevel(logging.ERROR)
    own = {config.label for config in apps.get_app_configs() if "site-packages" not in config.path}
    looked_at = sorted(key for key in linter.migration_loader.disk_migrations if is_linted(*key, own=own))
    for key in looked_at:
        linter.lint_migration(linter.migration_loader.disk_migrations[key])
    if linter.has_errors:
        print("Migrationen laufen, während das Portal arbeitet: erst ergänzen, dann füllen, dann verlangen.")
    return 1 if linter.has_errors else 0


def is_linted(app: str, name: str, *, own: set[str]) -> bool:
    """Whether this migration came after the first release; an app that is younger has only such."""
    return app in own and name > FIRST_RELEASE.get(app, "") and (app, name) not in ACCEPTED


if __name__ == "__main__":
    sys.exit(main())
