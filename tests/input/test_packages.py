"""B080: the portal reads no packages. A zip at any door that takes forms, services or authorities is refused whole."""

import io
import stat
import zipfile
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from lxml import html

from catalogue.models import Service
from forms_engine.models import FormVersion
from foundation import scope
from tests.backoffice.designer import author_of

OUTSIDE = "../../../../../../../../tmp/b080-outside.json"


def package() -> bytes:
    """Leads out of its folder by a name and by a link, and says twice what is in it."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as file:
        file.writestr(OUTSIDE, "{}")
        link = zipfile.ZipInfo("formular.json")
        link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
        file.writestr(link, "/etc/passwd")
        file.writestr("manifest.json", '{"format": 1}')
        with pytest.warns(UserWarning, match="Duplicate name"):
            file.writestr("manifest.json", '{"format": 2}')
    return written.getvalue()


def counted() -> tuple[int, int]:
    with scope.system("a test counts", read_only=True):
        return FormVersion.objects.count(), Service.objects.count()


@pytest.fixture
def nothing_came(city: None):
    before = counted()
    yield
    assert counted() == before
    assert not Path("/tmp/b080-outside.json").exists()


@pytest.mark.usefixtures("nothing_came")
@pytest.mark.parametrize("door", ["formulare/einlesen/", "formulare/uebernehmen/datei/"])
@pytest.mark.parametrize("name", ["paket.zip", "formular.json", "formular.xml"])
def test_package_is_refused_on_the_page(door: str, name: str) -> None:
    author = author_of("bau@example.org", "Bea")
    answer = author.post(f"/backoffice/{door}", {"file": SimpleUploadedFile(name, package())})
    assert answer.status_code == 422
    [told] = html.fromstring(answer.content).xpath("//main")
    assert "b080" not in told.text_content()
    assert "passwd" not in told.text_content()


@pytest.mark.usefixtures("nothing_came")
@pytest.mark.parametrize(
    "command",
    [
        ("import_form", "FILE", "--authority", "rostock"),
        ("import_service", "FILE", "--authority", "rostock"),
        ("put_online", "FILE"),
        ("put_authority", "FILE"),
        ("import_authority", "FILE"),
    ],
    ids=lambda command: command[0],
)
def test_package_is_refused_by_the_command(command: tuple[str, ...], tmp_path: Path) -> None:
    file = tmp_path / "paket.zip"
    file.write_bytes(package())
    with pytest.raises((CommandError, SystemExit)):
        call_command(*[str(file) if part == "FILE" else part for part in command], stdout=io.StringIO())
