"""A day is written one way in each language, wherever a page, a mail or a document of a person names it."""

import re
from datetime import date, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.template import Context, Template
from django.utils import translation

ROOT = Path(settings.BASE_DIR)
OWN_WAY = re.compile(r"""(?:date:|date_format\([^)]*)["'][^"']*\b[jd]\.? ?[FNM]""")


@pytest.mark.parametrize(("language", "day"), [("de", "3. Dezember 2026"), ("en", "3 December 2026")])
def test_a_day_is_written_as_people_of_the_language_write_it(language: str, day: str) -> None:
    shown = Template('{{ day|date:"DATE_FORMAT" }}|{{ at|date:"DATETIME_FORMAT" }}|{{ day }}')
    with translation.override(language):
        text = shown.render(Context({"day": date(2026, 12, 3), "at": datetime(2026, 12, 3, 14, 5)}))
    assert text == f"{day}|{day}, 14:05|{day}"


def test_no_page_of_citizens_has_a_way_of_its_own() -> None:
    rooms = ("accounts", "applications", "catalogue", "forms_engine", "hro_portal", "postbox", "templates")
    files = [file for room in rooms for kind in ("*.py", "*.html", "*.txt") for file in (ROOT / room).rglob(kind)]
    own = [file for file in files if "backoffice" not in file.parts and OWN_WAY.search(file.read_text())]
    assert len(files) > 100
    assert own == []
