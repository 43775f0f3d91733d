"""What an authority gives away as a file, and takes from one: on pages and by commands."""

import io
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from authorities.models import Authority
from backoffice.sharing.forms import pack
from catalogue.models import Offering
from forms_engine.models import Upstream
from forms_engine.sharing import file
from foundation import scope, sealing
from tests.backoffice.designer import author_of
from tests.frame.pages import Page
from tests.sharing.conftest import Berth
from tests.sharing.desk import office, page_of, text_of, upload
from tests.sharing.test_sharing import content_of, tampered, written


def hand_on(author: Client, page: Page, **data: str) -> Any:
    packed = page.tree.xpath("string(//input[@name='packed']/@value)")
    return author.post("/backoffice/formulare/uebernehmen/datei/", {"packed": packed} | data)


def test_file_that_rostock_gives_is_taken_in_schwerin(author: Client, berth: Berth) -> None:
    rostock = author_of("rostock@example.org", "Ria", authority="rostock")
    address = reverse("backoffice:share", args=[berth.offering.form_id])
    assert "Signierte Datei herunterladen" in text_of(rostock.get(address))
    answer = rostock.get(f"{address}datei.json")
    assert answer["Content-Disposition"] == f'attachment; filename="rostock-{berth.key}-1.json"'
    page = page_of(upload(author, answer.content))
    text = " ".join(page.tree.text_content().split())
    assert "Die Datei ist unverändert. Signiert hat: Hanse- und Universitätsstadt Rostock" in text
    response = hand_on(author, page, action="adopt", department=office(), key=berth.key)
    adopted = Offering.objects.select_related("form").get(authority__slug="schwerin", service=berth.offering.service)
    assert response["Location"] == f"/backoffice/formulare/{adopted.form_id}/leistung/"
    assert adopted.form.upstream_version_id == berth.version.pk, "an authority of this house is followed without files"


def test_form_without_a_service_is_taken_as_a_form(author: Client, berth: Berth) -> None:
    content = {name: part for name, part in content_of(berth).items() if name != "service"}
    page = page_of(upload(author, file.write(content, keyset="rostock")))
    assert page.count("//select[@name='department']") == 0
    response = hand_on(author, page, action="adopt", key=berth.key)
    with scope.system("a test looks", read_only=True):
        adopted = Upstream.objects.select_related("form").get(authority__slug="schwerin", form__key=berth.key)
        assert [each.published_at for each in adopted.form.versions.all()] == [None]
    assert response["Location"] == f"/backoffice/formulare/{adopted.form_id}/"
    assert "Noch keine Leistung nutzt dieses Formular" in text_of(
        author.get(f"/backoffice/formulare/{adopted.form_id}/leistung/")
    )


def test_changed_file_and_no_file_are_told(author: Client, berth: Berth) -> None:
    def change(told: dict[str, Any]) -> None:
        told["content"]["service"]["fee"]["summary"]["de"] = "kostenlos"

    assert "Jemand hat sie geändert" in text_of(upload(author, tampered(written(berth), change)), 422)
    assert "kein JSON" in text_of(upload(author, b"{"), 422)
    assert "Wählen Sie die Datei" in text_of(author.post("/backoffice/formulare/uebernehmen/datei/", {}), 422)
    answer = author.post("/backoffice/formulare/uebernehmen/datei/", {"packed": "AAAA", "action": "adopt"})
    assert "kein JSON" in text_of(answer, 422)


def test_stranger_is_named_and_nothing_of_theirs_is_taken(
    author: Client, berth: Berth, settings: Any, tmp_path: Any
) -> None:
    content = content_of(berth)
    here, settings.KEYS_DIR = settings.KEYS_DIR, tmp_path / "elsewhere"
    sealing.create({"wismar": "Hansestadt Wismar"})
    raw = file.write(content, keyset="wismar")
    settings.KEYS_DIR = here
    page = page_of(upload(author, raw))
    text = page.tree.text_content()
    assert "Das Siegel von „Hansestadt Wismar“ kennt dieses Portal nicht" in text
    assert "Leistung übernehmen" not in text
    packed = {"packed": pack(raw)}
    forced = {"action": "adopt", "department": office(), "key": berth.key}
    assert author.post("/backoffice/formulare/uebernehmen/datei/", packed | forced).status_code == 200
    assert not Offering.objects.filter(authority__slug="schwerin", service=berth.offering.service).exists()


def test_commands_do_the_same(berth: Berth, tmp_path: Any) -> None:
    out = io.StringIO()
    target = tmp_path / "service.json"
    call_command("export_service", berth.key, authority="rostock", to=target)
    with pytest.raises(CommandError, match="--department"):
        call_command("import_service", str(target), authority="schwerin", stdout=out)
    department = Authority.objects.get(slug="schwerin").departments.order_by("sort_key")[0].slug
    call_command("import_service", str(target), authority="schwerin", department=department, stdout=out)
    assert "Signiert hat: Hanse- und Universitätsstadt Rostock" in out.getvalue()
    assert not Offering.objects.get(authority__slug="schwerin", service__slug=berth.key).is_active
    for wrong in ({"authority": "wismar"}, {"authority": "schwerin", "department": department}):
        with pytest.raises(CommandError):
            call_command("import_service", str(target), stdout=out, **wrong)
    with pytest.raises(CommandError, match="bietet die Leistung nicht an"):
        call_command("export_service", "gibt-es-nicht", authority="rostock")
