from typing import Any

import pytest


@pytest.fixture(autouse=True)
def unhashed_static_files(settings: Any) -> None:
    """Pages are rendered here without `collectstatic`, also where no database is set up."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": plain}
