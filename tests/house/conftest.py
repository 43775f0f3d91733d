from collections.abc import Iterator

import pytest
from django.db import connections

from tests.house.rows import Furnished, furnish


@pytest.fixture
def rostock(city: None) -> Iterator[Furnished]:
    yield furnish("rostock")
    _remove_unpublished_forms()


@pytest.fixture
def schwerin(city: None) -> Iterator[Furnished]:
    yield furnish("schwerin")
    _remove_unpublished_forms()


def _remove_unpublished_forms() -> None:
    """Forms stay between tests; the ones without a published version are ours."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("DELETE FROM forms_engine_upstream")
        cursor.execute("DELETE FROM forms_engine_translationlook")
        cursor.execute("DELETE FROM forms_engine_formversion WHERE published_at IS NULL")
        cursor.execute("DELETE FROM forms_engine_form WHERE id NOT IN (SELECT form_id FROM forms_engine_formversion)")
