"""Which cases go."""

from itertools import chain, islice
from uuid import UUID

from django.db.models import DateTimeField, DurationField, Exists, ExpressionWrapper, Func, OuterRef, QuerySet, Value
from django.db.models.functions import Now, TruncDate

from applications.filling.use_cases import TESTS_KEPT_FOR
from applications.models import Application, Decision
from applications.states import FINAL
from catalogue.models import Offering
from foundation import scope


def past_retention(most: int) -> list[UUID]:
    """Test applications of more than thirty days, then closed cases whose time is over, oldest first within each
    offering. Opens its own scope.

    Asked for each offering on its own: the time differs, and so one range of an index answers it. A permit stays for as
    long as it is in force.
    """
    with scope.system("find cases past their retention", read_only=True):
        of_offerings = chain.from_iterable(map(_of_offering, Offering.objects.order_by("pk")))
        return list(islice(chain(_old_tests(), of_offerings), most))


def _old_tests() -> QuerySet[Application, UUID]:
    """Whatever came of them: they were never meant to be kept."""
    old = Application.objects.filter(is_test=True, submitted_at__lt=Now() - TESTS_KEPT_FOR)
    return old.order_by("submitted_at").values_list("pk", flat=True)


def _of_offering(offering: Offering) -> QuerySet[Application, UUID]:
    months = Func(Value(0), Value(offering.retention_months), function="make_interval", output_field=DurationField())
    closed_before = ExpressionWrapper(Now() - months, output_field=DateTimeField())
    in_force = Decision.objects.filter(application_id=OuterRef("pk"), valid_until__gte=TruncDate(Now()))
    return (
        Application.objects.real()
        .filter(~Exists(in_force), offering=offering, state__in=FINAL, changed_at__lt=closed_before)
        .order_by("changed_at")
        .values_list("pk", flat=True)
    )
