"""The authors' lists with 1, 3 and 300 rows: the same number of queries, and pages that end."""

from collections.abc import Iterator

import pytest
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalogue.models import Offering, Service
from forms_engine.models import Form, FormVersion
from foundation import scope
from foundation.ids import new_id
from foundation.paging import SIZE
from tests.backoffice.test_forms import page_of

ROWS = "//tbody/tr"
NEXT = "//main//a[@rel='next']/@href"
MARK = "lang-"


def more(number: int, authority: str) -> None:
    """So many services with a form each at an authority."""
    with scope.system("a test needs many services"):
        like = Offering.objects.select_related("authority").get(
            authority__slug=authority, service__slug="hundesteuer-anmelden"
        )
        version = FormVersion.objects.filter(form_id=like.form_id, published_at__isnull=False)[0]
        for_each = [(new_id(), new_id(), new_id(), new_id()) for _ in range(number)]
        Form.objects.bulk_create(
            Form(id=form, authority=like.authority, key=f"{MARK}{form}") for form, *_others in for_each
        )
        for form, _service, _offering, key in for_each:
            version.pk, version.form_id, version.published_at = key, form, None
            version.no = 1
            version.save(force_insert=True)
        Service.objects.bulk_create(
            Service(
                id=service, key=str(service), slug=f"{MARK}{service}", texts={"title": {"de": f"Leistung {service}"}}
            )
            for _form, service, *_others in for_each
        )
        like_this = Offering.objects.get(pk=like.pk)
        offerings = []
        for form, service, offering, _key in for_each:
            each = Offering.objects.get(pk=like_this.pk)
            each.pk, each.service_id, each.form_id = offering, service, form
            offerings.append(each)
        Offering.objects.bulk_create(offerings)


@pytest.fixture
def tidy(city: None) -> Iterator[None]:
    """What a city sets up stays between tests; these rows do not."""
    yield
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "DELETE FROM catalogue_offering USING catalogue_service s WHERE service_id = s.id AND s.slug LIKE 'lang-%'"
        )
        cursor.execute("DELETE FROM catalogue_service WHERE slug LIKE 'lang-%'")
        cursor.execute(
            "DELETE FROM forms_engine_formversion v USING forms_engine_form f"
            " WHERE v.form_id = f.id AND f.key LIKE 'lang-%'"
        )
        cursor.execute("DELETE FROM forms_engine_form WHERE key LIKE 'lang-%'")


@pytest.mark.parametrize(
    ("address", "authority", "queries"),
    [
        ("/backoffice/formulare/", "schwerin", 15),
        ("/backoffice/leistungen/", "schwerin", 16),
        ("/backoffice/formulare/uebernehmen/", "rostock", 16),
    ],
)
def test_a_list_asks_as_often_for_300_rows_as_for_one(
    tidy: None,
    author: Client,
    address: str,
    authority: str,
    queries: int,
) -> None:
    page_of(author, address)
    costs = []
    for number in (1, 2, 297):
        more(number, authority)
        with CaptureQueriesContext(connection) as asked:
            page = page_of(author, address)
        costs.append(len(asked))
    assert costs == [queries] * 3
    shown: list[str] = []
    following = [""]
    while following:
        page = page_of(author, address + following[0])
        rows = [" ".join(row.text_content().split()) for row in page.tree.xpath("(//table)[last()]" + ROWS)]
        assert len(rows) <= SIZE
        shown += rows
        following = page.tree.xpath(NEXT)
    assert len(shown) >= 300
