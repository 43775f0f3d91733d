"""Rostock offers something that Schwerin does not have yet; it is all gone again after the test."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connections, transaction
from django.test import Client

from authorities.models import Authority
from catalogue.models import Offering, Service
from catalogue.use_cases import Route, Terms, offer
from forms_engine.models import Form, FormVersion
from forms_engine.use_cases import add_version, publish
from foundation import scope
from foundation.ids import new_id
from tests.backoffice.designer import author_of
from tests.forms_engine.definitions import definition, field, step

FEE = {
    "summary": {"de": "30 € im Jahr", "en": "30 € a year"},
    "sum": [{"price": {"by": ["dauer"], "amounts": {"1": "30.00", "2": "60.00"}}}],
}
TEXTS = {"title": {"de": "Bootsliegeplatz beantragen"}, "teaser": {"de": "Ein Platz für Ihr Boot."}}
PRIVACY = {name: {"de": "Wasserrecht"} for name in ("purpose", "legal_basis", "recipients")}


@dataclass
class Berth:
    """A service of Rostock's with its form."""

    key: str
    offering: Offering
    version: FormVersion

    def publish(self, changed: dict[str, Any]) -> FormVersion:
        with scope.system("a test publishes"):
            self.version = publish(add_version(self.offering.authority, changed))
        return self.version


def berth_form(key: str, *, label: str = "Name des Bootes", more: tuple[dict[str, Any], ...] = ()) -> dict[str, Any]:
    years = [{"value": value, "label": {"de": f"{value} Jahr"}} for value in ("1", "2")]
    name = field("text", "name") | {"label": {"de": label}}
    return definition(step("boot", name, field("choice", "dauer", options=years), *more)) | {"key": key}


@pytest.fixture
def author(city: None) -> Client:
    """An author of forms in Schwerin, signed in."""
    return author_of("forms@example.org", "Frieda")


@pytest.fixture
def berth(city: None) -> Iterator[Berth]:
    key = f"liegeplatz-{new_id().hex[-10:]}"
    with scope.system("a test needs a service"):
        rostock = Authority.objects.get(slug="rostock")
        version = publish(add_version(rostock, berth_form(key)))
        service = Service.objects.create(slug=key, key=f"L-{key}"[:40], texts=TEXTS)
        terms = Terms(level="none", fee=FEE, deadline_weeks=4, retention_months=24, privacy=PRIVACY)
        offering = offer(
            rostock, service, version.form, terms=terms, routes=[Route(rostock.departments.order_by("sort_key")[0])]
        )
    yield Berth(key, offering, version)
    forget(key)


def forget(key: str) -> None:
    """Takes away what stays between tests: the service with its offerings, and all forms of that name."""
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute("SELECT set_config('portal.leaving', 'on', true), set_config('portal.erasing', 'on', true)")
        services = Service.objects.using("owner").filter(slug=key)
        for offering in Offering.objects.using("owner").filter(service__in=services):
            cursor.execute("TRUNCATE catalogue_tariff")
            cursor.execute("DELETE FROM catalogue_adoption WHERE offering_id = %s", [offering.pk])
            cursor.execute("DELETE FROM catalogue_routerule WHERE offering_id = %s", [offering.pk])
            cursor.execute("DELETE FROM catalogue_poster WHERE offering_id = %s", [offering.pk])
            cursor.execute("DELETE FROM catalogue_offering WHERE id = %s", [offering.pk])
        services.delete()
        forms = list(Form.objects.using("owner").filter(key__startswith=key).values_list("pk", flat=True))
        cursor.execute("UPDATE forms_engine_form SET upstream_version_id = NULL WHERE id = ANY(%s)", [forms])
        cursor.execute("DELETE FROM forms_engine_upstream WHERE form_id = ANY(%s)", [forms])
        cursor.execute("DELETE FROM forms_engine_formversion WHERE form_id = ANY(%s)", [forms])
        cursor.execute("DELETE FROM forms_engine_form WHERE id = ANY(%s)", [forms])
