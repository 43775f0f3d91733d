"""Photos straight from a phone: upright, without where they were taken, and as small as they have to be."""

import io

import pytest
from PIL import Image

from foundation import files
from foundation.files import inspecting
from foundation.inspection import pictures
from foundation.inspection.kinds import HEIC, JPEG
from tests.uploads.making import photo


@pytest.fixture(autouse=True)
def demo(settings, portal_db) -> None:
    settings.DEMO, settings.CLAMD_URL = True, ""


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


@pytest.mark.parametrize(
    ("orientation", "size", "red_at"),
    [(1, (80, 60), (40, 5)), (3, (80, 60), (40, 55)), (6, (60, 80), (55, 40)), (8, (60, 80), (5, 40))],
)
def test_photo_is_upright_without_its_notes(orientation: int, size, red_at) -> None:
    taken = files.take(photo(orientation=orientation), name="Foto.JPG", limits=files.Limits())
    picture = opened(taken.content)
    assert picture.size == size
    red, _green, blue = picture.getpixel(red_at)
    assert red > 200 > 60 > blue
    assert dict(picture.getexif()) == {}
    assert b"Fernsprech" not in taken.content
    turned = "Das Foto „Foto.JPG“ haben wir gedreht. Den Aufnahmeort haben wir gelöscht."
    assert taken.told == (turned if orientation != 1 else "Im Foto „Foto.JPG“ haben wir den Aufnahmeort gelöscht.",)


def test_photo_keeps_its_quality() -> None:
    sent = photo(quality=95, subsampling=0)
    taken = files.take(sent, name="foto.jpg", limits=files.Limits())
    assert opened(taken.content).quantization == opened(sent).quantization


def test_picture_without_notes_is_taken_without_a_word() -> None:
    content = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(content, "JPEG")
    assert files.take(content.getvalue(), name="foto.jpg", limits=files.Limits()).told == ()


def test_picture_for_printers_becomes_one_for_screens() -> None:
    content = io.BytesIO()
    Image.new("CMYK", (40, 30), (0, 255, 255, 0)).save(content, "JPEG", icc_profile=b"of a printing press")
    picture = opened(pictures.inspect(content.getvalue(), JPEG, 1_000_000).content)
    assert picture.mode == "RGB"
    assert picture.getpixel((5, 5))[0] > 200
    assert "icc_profile" not in picture.info


def test_phones_own_format_becomes_one_that_every_office_opens() -> None:
    taken = files.take(photo("HEIF"), name="IMG_0815.HEIC", limits=files.Limits(media_types=(JPEG,)))
    assert (taken.name, taken.media_type) == ("IMG_0815.jpg", JPEG)
    assert opened(taken.content).format == "JPEG"
    told = "Das Foto „IMG_0815.jpg“ haben wir als JPEG gespeichert. Den Aufnahmeort haben wir gelöscht."
    assert taken.told == (told,)


def test_photo_longer_than_the_field_takes_is_made_to_fit() -> None:
    noise = io.BytesIO()
    Image.effect_noise((1500, 1500), 120).convert("RGB").save(noise, "JPEG", quality=98)
    assert len(noise.getvalue()) > 1_000_000
    taken = files.take(noise.getvalue(), name="foto.jpg", limits=files.Limits(max_bytes=1_000_000))
    assert len(taken.content) <= 1_000_000
    assert "verkleinert" in taken.told[0]


@pytest.mark.asvs("V5.2.2")
@pytest.mark.tr("A3.8.06")
def test_what_is_hidden_behind_the_end_of_a_picture_is_gone() -> None:
    taken = files.take(photo() + b"<script>1</script>PK\3\4", name="foto.jpg", limits=files.Limits())
    assert b"script" not in taken.content
    assert b"PK\3\4" not in taken.content


def test_picture_with_notes_in_it_loses_them(tmp_path) -> None:
    taken = files.take(photo("PNG"), name="foto.png", limits=files.Limits())
    assert b"Fernsprech" not in taken.content


@pytest.mark.parametrize(
    "line",
    [
        "while True: pass",
        "bytearray(4_000_000_000)",
        "import os; os.abort()",
        "import tempfile; file = tempfile.TemporaryFile(); file.write(b'x'); file.flush()",
        "raise SystemExit",
    ],
)
@pytest.mark.asvs("V15.2.2")
def test_decoder_that_runs_wild_dies_alone(monkeypatch, line: str) -> None:
    """What it does, it does behind the limits of the inspection's own process."""
    command = f"import foundation.inspection.__main__ as m; m.MOST_SECONDS = 1; m._limit(); {line}"
    monkeypatch.setattr(inspecting, "_COMMAND", ("-c", command))
    with pytest.raises(files.FileRefused) as refusal:
        files.take(photo(), name="foto.jpg", limits=files.Limits())
    assert refusal.value.code == "file-heavy"


def test_decoder_knows_no_secret_of_the_portal(monkeypatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "canary")
    command = "import json, os; print(json.dumps({'refused': 'locked' if 'SECRET_KEY' in os.environ else 'broken'}))"
    monkeypatch.setattr(inspecting, "_COMMAND", ("-c", command))
    with pytest.raises(files.FileRefused) as refusal:
        files.take(photo(), name="foto.jpg", limits=files.Limits())
    assert refusal.value.code == "file-broken"


@pytest.mark.asvs("V1.2.5")
@pytest.mark.parametrize("name", [";id;.jpg", "$(id).jpg", "--help.jpg"])
def test_name_reaches_no_command(monkeypatch, name: str) -> None:
    command = "import json, sys; print(json.dumps({'refused': 'locked' if 'jpg' in ' '.join(sys.argv) else 'broken'}))"
    monkeypatch.setattr(inspecting, "_COMMAND", ("-c", command))
    with pytest.raises(files.FileRefused) as refusal:
        files.take(photo(), name=name, limits=files.Limits())
    assert refusal.value.code == "file-broken"


def test_heif_turned_by_its_container_is_not_turned_twice() -> None:
    passed = pictures.inspect(photo("HEIF", (64, 48)), HEIC, 1_000_000)
    assert opened(passed.content).size == (64, 48)
