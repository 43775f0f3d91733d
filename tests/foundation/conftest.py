import uuid
from pathlib import Path

import pytest

from foundation.ids import new_id

TEMPLATES = Path(__file__).parent / "templates"


@pytest.fixture
def here() -> uuid.UUID:
    """The id of an authority; the corridor needs no more than that."""
    return new_id()


@pytest.fixture
def there() -> uuid.UUID:
    return new_id()


@pytest.fixture
def sample_templates(settings):
    first = settings.TEMPLATES[0]
    settings.TEMPLATES = [{**first, "DIRS": [*first["DIRS"], TEMPLATES]}]
