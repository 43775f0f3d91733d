"""The authors' lists with 1, 3 and 300 rows: the same number of queries, and pages that end."""

from collections.abc import Iterator
from uuid import UUID

import pytest
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from applications.models import Remark
from catalogue.models import Offering, Service
from forms_engine.models import Form, FormVersion
from foundation import scope, vault
from foundation.ids import new_id
from foundation.paging import SIZE
from tests.backoffice.test_forms import make_form, page_of
from tests.backoffice.test_releasing import VERSIONS_QUERIES
from tests.factories import make_clerk

ROWS = "//tbody/tr"
NEXT = "//main//a[@rel='next']/@href"
MARK = "lang-"
#: Those of the list of forms, two counts, the remarks, who wrote them, what moved, and what lost questions were called.
REMARKS_QUERIES = 21


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


def more_versions(like: FormVersion, number: int, by: User) -> None:
    """So many more versions of its form."""
    with scope.system("a test needs many versions"):
        begin = FormVersion.objects.filter(form_id=like.form_id).count() + 1
        for no in range(begin, begin + number):
            like.pk, like.no, like.created_by_id = new_id(), no, by.pk
            like.save(force_insert=True)


def test_the_versions_of_a_form_are_paged_and_ask_as_often_for_300_as_for_one(author: Client) -> None:
    user, _clerk = make_clerk("many-versions@example.org", role="form_author", authority="schwerin", department=None)
    version = make_form(f"versionen-{new_id()}")
    address = f"/backoffice/formulare/{version.form_id}/versionen/"
    page_of(author, address)
    costs = []
    for number in (0, 2, 297):
        more_versions(version, number, user)
        with CaptureQueriesContext(connection) as asked:
            page = page_of(author, address)
        costs.append(len(asked))
    # Nobody made the first one: whose name it is need not be asked.
    assert costs == [VERSIONS_QUERIES - 1, VERSIONS_QUERIES, VERSIONS_QUERIES]
    assert page.tree.xpath("//select[@id='von']/option/@value") == [str(no) for no in range(300, 0, -1)]
    shown, lengths = [], []
    following = [""]
    while following:
        page = page_of(author, address + following[0])
        rows = [" ".join(row.text_content().split()) for row in page.tree.xpath(ROWS + "/th")]
        shown += rows
        lengths.append(len(rows))
        following = page.tree.xpath(NEXT)
    assert lengths == [SIZE] * 6
    assert shown == [f"Version {no}" for no in range(300, 0, -1)]


def more_remarks(number: int, paths: list[str], by: User) -> UUID:
    """So many more remarks at one form, at each of these questions in turn; the id of the form."""
    with scope.system("a test needs many remarks"):
        version = FormVersion.objects.filter(form__authority__slug="schwerin", published_at__isnull=False)[0]
        begin = Remark.objects.count()
        for no in range(begin, begin + number):
            row = Remark(
                id=new_id(),
                authority_id=version.authority_id,
                form_version=version,
                path=paths[no % len(paths)],
                by_id=by.pk,
            )
            row.text = vault.seal_json(
                version.authority.keyset, f"Anmerkung {no}.", owner=version.authority_id, row=row.pk, field="text"
            )
            row.save(force_insert=True)
        return version.form_id


def test_remarks_are_paged_and_ask_as_often_for_300_as_for_one(author: Client) -> None:
    user, _clerk = make_clerk("many-remarks@example.org", authority="schwerin", department=None)
    paths = ["weg.eins", "weg.zwei"]
    address = f"/backoffice/formulare/{more_remarks(1, paths, user)}/rueckmeldungen/"
    page_of(author, address)
    costs = []
    for number in (0, 2, 297):
        more_remarks(number, paths, user)
        with CaptureQueriesContext(connection) as asked:
            page = page_of(author, address)
        costs.append(len(asked))
    assert costs == [REMARKS_QUERIES] * 3
    shown: list[str] = []
    lengths, headings = [], []
    following = [""]
    while following:
        page = page_of(author, address + following[0])
        rows = [text.strip() for text in page.tree.xpath("//li//p[1]/text()") if text.startswith("Anmerkung")]
        shown += rows
        lengths.append(len(rows))
        headings.append(page.tree.xpath("//h3/text()"))
        following = page.tree.xpath(NEXT)
    assert lengths == [SIZE] * 6
    assert headings == [["weg.eins"]] * 3 + [["weg.zwei"]] * 3
    assert shown == [f"Anmerkung {no}." for no in [*range(0, 300, 2), *range(1, 300, 2)]]


def test_whoever_settles_a_remark_stays_on_their_page(author: Client) -> None:
    user, _clerk = make_clerk("many-remarks@example.org", authority="schwerin", department=None)
    address = f"/backoffice/formulare/{more_remarks(SIZE + 2, ['weg'], user)}/rueckmeldungen/"
    [second] = page_of(author, address).tree.xpath(NEXT)
    [form, _other] = page_of(author, address + second).tree.xpath("//form[contains(@action, '/erledigt/')]")
    answer = author.post(form.action, dict(form.fields))
    assert answer.status_code == 302
    assert answer["Location"] == address + second
    assert f"Anmerkung {SIZE + 1}." in page_of(author, answer["Location"]).tree.text_content()
