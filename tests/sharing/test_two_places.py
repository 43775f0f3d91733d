"""Two installations with keys of their own; and authorities that leave with what they adopted."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from authorities.models import Authority
from catalogue.adopting import following
from catalogue.models import Adoption, Offering
from forms_engine.models import Form, Upstream
from forms_engine.sharing import adopting
from foundation import scope
from tests.forms_engine.definitions import field
from tests.moving.places import Place, founded
from tests.sharing.conftest import Berth, berth_form
from tests.sharing.test_sharing import adopt, follow, written


@pytest.fixture
def rostocks(berth: Berth, tmp_path: Path) -> Iterator[Place]:
    with founded("old", tmp_path) as place:
        yield place


@pytest.fixture
def schwerins(berth: Berth, tmp_path: Path) -> Iterator[Place]:
    """An installation in which there is no Rostock."""
    with founded("new", tmp_path) as place:
        with place.entered():
            leave("rostock")
        yield place


def leave(slug: str) -> None:
    call_command("remove_authority", slug, stdout=io.StringIO(), without_export=True)


def said(name: str, *args: object, **options: object) -> str:
    out = io.StringIO()
    call_command(name, *map(str, args), stdout=out, **options)
    return out.getvalue()


def test_service_travels_by_file_and_its_next_version_too(
    rostocks: Place, schwerins: Place, berth: Berth, tmp_path: Path
) -> None:
    first, second, certificate = (tmp_path / name for name in ("1.json", "2.json", "rostock.pem"))
    with rostocks.entered():
        first.write_bytes(written(berth))
        certificate.write_text(said("show_certificate", "rostock"))
        berth.publish(berth_form(berth.key, label="Name laut Bootsschein", more=(field("text", "hafen"),)))
        second.write_bytes(written(berth))
    with schwerins.entered():
        with pytest.raises(CommandError, match="kennt dieses Portal nicht"):
            said("import_service", first, authority="schwerin", department="finanzen")
        assert "Vertraut: Hanse- und Universitätsstadt Rostock" in said("trust_authority", "rostock", certificate)
        assert "Übernommen" in said("import_service", first, authority="schwerin", department="finanzen")
        adopted = Offering.objects.select_related("form", "service").get(
            authority__slug="schwerin", service__slug=berth.key
        )
        with scope.authority(adopted.authority_id, read_only=True):
            began = follow(adopted)
            assert (began.upstream.peer, adopted.form.upstream_version_id, began.is_new) == ("rostock", None, False)
        assert "vorgemerkt" in said("import_service", second, authority="schwerin")
        with scope.authority(adopted.authority_id):
            news = follow(adopted)
            assert (news.has_news, news.newer_form.provenance["no"]) == (True, 2)
            following.take_over(news, following.compare(news, adopting.ours(adopted.form)), by=None)
            assert not follow(adopted).is_new
            items = adopting.ours(adopted.form).definition["steps"][0]["items"]
        assert [item["label"]["de"] for item in items] == ["Name laut Bootsschein", "Dauer", "Hafen"]


def test_followers_keep_form_and_provenance_when_their_origin_leaves(rostocks: Place, berth: Berth) -> None:
    with rostocks.entered():
        adopted = adopt(berth)
        leave("rostock")
        with scope.authority(adopted.authority_id, read_only=True):
            left = follow(adopted)
            assert not left.is_new
            assert left.upstream.provenance["authority"]["slug"] == "rostock"
            assert Form.objects.get(pk=adopted.form_id).upstream_version_id is None
            assert adopting.ours(adopted.form).definition == berth.version.definition


def test_authority_that_leaves_takes_along_what_it_adopted(
    rostocks: Place, schwerins: Place, berth: Berth, tmp_path: Path
) -> None:
    with rostocks.entered():
        adopted = adopt(berth)
        said("export_authority", "schwerin", tmp_path / "export")
    with schwerins.entered():
        leave("schwerin")
        said("import_authority", tmp_path / "export")
        schwerin = Authority.objects.get(slug="schwerin")
        with scope.authority(schwerin.pk, read_only=True):
            assert Upstream.objects.get(form=adopted.form_id).provenance["form"] == berth.key
            assert Adoption.objects.get(offering=adopted.pk).base["slug"] == berth.key
            assert not follow(adopted).is_new
