from pathlib import Path
from typing import Any

import pytest
from django.test import Client

MAIL = """Subject: Probe
From: portal@example.org
To: lena@example.org
Date: Sat, 28 Nov 2026 10:00:00 -0000

Guten Tag,
"""


@pytest.mark.usefixtures("city")
def test_mails_of_the_demo_tell_the_time_of_the_town(client: Client, settings: Any, tmp_path: Path) -> None:
    """`-0000` is how Django writes UTC."""
    settings.DATA_DIR = tmp_path
    (tmp_path / "mail").mkdir()
    (tmp_path / "mail" / "1.log").write_text(MAIL)
    assert "28. November 2026, 11:00" in client.get("/demo/post/").content.decode()
