"""The fault of these tests: a service, a period within a day, and cases filed during it or before it."""

from datetime import datetime, timedelta
from typing import Any

from django.db import connections
from django.utils import timezone

from applications.models import Application
from applications.telling import queries
from tests.factories import make_application

SERVICE = "hundesteuer-anmelden"
NOW = timezone.now()
#: The fault of these tests lay between these two, within a day; cases are filed before it.
NOON = timezone.localtime(NOW).replace(hour=12, minute=0, second=0, microsecond=0) - timedelta(days=1)
SINCE, UNTIL = NOON - timedelta(hours=1), NOON + timedelta(hours=1)
DURING, BEFORE = NOON, NOON - timedelta(hours=3)
FAULT = queries.Period(SINCE, UNTIL)


def local(moment: datetime) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M")


def filed(at: datetime = DURING, **fields: Any) -> Application:
    """A case whose steps all happened when it was filed."""
    case = make_application(submitted_at=at, changed_at=at, **fields)
    with connections["owner"].cursor() as cursor:
        cursor.execute("ALTER TABLE applications_transition DISABLE TRIGGER append_only")
        cursor.execute("UPDATE applications_transition SET at = %s WHERE application_id = %s", [at, case.pk])
        cursor.execute("ALTER TABLE applications_transition ENABLE TRIGGER append_only")
    return case
