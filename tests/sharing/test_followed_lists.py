"""A form that follows code lists goes elsewhere with the versions that it needs; what holds there stays."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connections, transaction
from django.test import Client

from authorities import clock
from authorities.models import Authority
from catalogue.adopting import following, terms, use_cases
from forms_engine import api as engine
from forms_engine.models import CodeList
from forms_engine.sharing import adopting, file, lists
from forms_engine.sharing.file import SharingRefused
from forms_engine.xdatenfelder.code_lists import CodeList as Listed
from forms_engine.xdatenfelder.code_lists import Column
from foundation import scope, sealing
from foundation.ids import new_id
from tests.forms_engine.definitions import field
from tests.sharing.conftest import Berth, berth_form
from tests.sharing.desk import page_of, text_of, upload
from tests.sharing.test_sharing import content_of, written

Rows = dict[str, str]


@pytest.fixture
def uri() -> Iterator[str]:
    name = f"urn:test:{new_id()}"
    yield name
    forget(name)


def forget(uri: str) -> None:
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute("SELECT set_config('portal.erasing', 'on', true), set_config('portal.leaving', 'on', true)")
        cursor.execute("DELETE FROM forms_engine_codelist WHERE uri = %s", [uri])


def in_days(number: int) -> date:
    return clock.today() + timedelta(days=number)


def listed(uri: str, version: str, rows: Rows, valid_from: date | None = None) -> CodeList:
    """A version as if it had been taken in long ago."""
    columns = (Column("code", True), Column("name", True))
    said = Listed(uri, version, columns, "code", tuple({"code": code, "name": name} for code, name in rows.items()))
    return CodeList.objects.create(
        uri=uri, version=version, entries=said.as_json(), sha256=said.sha256, valid_from=valid_from
    )


def follow_list(berth: Berth, uri: str) -> None:
    berth.publish(berth_form(berth.key, more=(field("choice", "art", code_list={"uri": uri, "follow": True}),)))


def versions(uri: str) -> list[tuple[str, date | None]]:
    found = CodeList.objects.filter(uri=uri).order_by("version")
    return [(each.version, each.valid_from) for each in found]


@pytest.fixture
def travelling(berth: Berth, uri: str) -> dict[str, Any]:
    """What a file says of a form whose list changed yesterday and changes in a month; here nobody has the list."""
    listed(uri, "1", {"a": "Aal"})
    listed(uri, "2", {"a": "Aal", "b": "Barsch"}, in_days(-1))
    listed(uri, "3", {"b": "Barsch"}, in_days(30))
    follow_list(berth, uri)
    content = file.read(written(berth)).content
    forget(uri)
    return content


def test_file_holds_what_holds_today_and_what_comes(travelling: dict[str, Any], uri: str) -> None:
    told = [(each["uri"], each["version"], each.get("valid_from")) for each in travelling["code_lists"]]
    assert told == [(uri, "2", in_days(-1).isoformat()), (uri, "3", in_days(30).isoformat())]


def test_where_the_list_is_unknown_it_comes_with_its_days_and_says_who_brought_it(
    travelling: dict[str, Any], uri: str
) -> None:
    assert [sentence.split(": ")[1] for sentence in lists.differences(travelling)] == [
        f"Die Datei bringt Fassung 2 mit, sie gilt ab {in_days(-1):%d.%m.%Y}.",
        f"Die Datei bringt Fassung 3 mit, sie gilt ab {in_days(30):%d.%m.%Y}.",
    ]
    assert lists.take_in(travelling) == []
    assert versions(uri) == [("2", in_days(-1)), ("3", in_days(30))]
    origin = CodeList.objects.get(uri=uri, version="2").origin
    assert origin["authority"]["slug"] == "rostock"
    assert origin["sha256"] == travelling["provenance"]["sha256"]
    assert lists.differences(travelling) == []


def test_where_the_same_version_holds_the_later_ones_come(travelling: dict[str, Any], uri: str) -> None:
    listed(uri, "2", {"a": "Aal", "b": "Barsch"}, in_days(-1))
    assert lists.take_in(travelling) == []
    assert versions(uri) == [("2", in_days(-1)), ("3", in_days(30))]


def test_what_holds_here_stays_and_the_difference_is_told(travelling: dict[str, Any], uri: str) -> None:
    listed(uri, "1", {"a": "Aal", "c": "Hecht"})
    [sentence] = lists.differences(travelling)
    assert sentence.startswith(f"Codeliste {uri}: Dort gilt heute Fassung 2, hier Fassung 1 (anders: b, c).")
    lists.take_in(travelling)
    assert versions(uri) == [("1", None)]


def test_same_version_with_other_values_or_another_day_is_told(travelling: dict[str, Any], uri: str) -> None:
    listed(uri, "2", {"a": "Aal", "b": "Brasse"}, in_days(-1))
    assert "Fassung 2: Dort hat sie andere Werte als hier (anders: b)" in lists.differences(travelling)[0]
    lists.take_in(travelling)
    assert versions(uri) == [("2", in_days(-1))]
    forget(uri)
    listed(uri, "2", {"a": "Aal", "b": "Barsch"})
    [day, *_brought] = lists.differences(travelling)
    assert f"Dort gilt sie ab {in_days(-1):%d.%m.%Y}, hier seit jeher." in day


def test_list_that_is_nowhere_is_told(travelling: dict[str, Any], uri: str) -> None:
    assert lists.differences(travelling | {"code_lists": []}) == [
        f"Codeliste {uri}: Es gibt sie hier nicht, und die Datei bringt sie nicht mit. Lesen Sie sie ein."
    ]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"valid_from": "2027-02-30"}, "kein Tag im Kalender"),
        ({"key": "other"}, "mit den Codes fehlt"),
    ],
)
def test_list_that_is_none_is_refused(berth: Berth, uri: str, change: dict[str, str], told: str) -> None:
    listed(uri, "1", {"a": "Aal"})
    follow_list(berth, uri)
    content = content_of(berth)
    content["code_lists"][0] |= change
    with pytest.raises(SharingRefused, match=told):
        file.read(file.write(content, keyset="rostock"))


def test_list_that_stands_twice_is_refused(berth: Berth, uri: str) -> None:
    listed(uri, "1", {"a": "Aal"})
    follow_list(berth, uri)
    content = content_of(berth)
    content["code_lists"] *= 2
    with pytest.raises(SharingRefused, match="steht zweimal"):
        file.read(file.write(content, keyset="rostock"))


def adopted_from(content: dict[str, Any]) -> Any:
    with scope.system("a test adopts"):
        schwerin = Authority.objects.get(slug="schwerin")
        office = schwerin.departments.order_by("sort_key")[0]
        key = content["provenance"]["form"]
        return use_cases.adopt(content, schwerin, office, key=key, by=None, peer="anderswo")


def test_adopted_form_can_be_published_at_once(travelling: dict[str, Any], uri: str) -> None:
    adopted = adopted_from(travelling)
    with scope.authority(adopted.authority_id):
        terms.put_online(adopted, by=None)
        form = engine.compiled(adopting.ours(adopted.form))
    [art] = [each for each in form.steps[0].fields if each.key == "art"]
    assert [option.value for option in art.options] == ["a", "b"]


def test_lists_of_the_next_version_wait_until_that_is_taken_over(berth: Berth, uri: str) -> None:
    adopted = adopted_from(content_of(berth))
    listed(uri, "1", {"a": "Aal"})
    follow_list(berth, uri)
    second = content_of(berth)
    forget(uri)
    with scope.authority(adopted.authority_id):
        schwerin = Authority.objects.get(pk=adopted.authority_id)
        following.receive(second, schwerin, peer="anderswo")
        assert versions(uri) == []
        [news] = following.followed(schwerin.pk, adopted.form_id)
        following.take_over(news, following.compare(news, adopting.ours(adopted.form)), by=None)
    assert versions(uri) == [("1", None)]


def test_later_file_of_the_version_that_we_have_brings_what_its_list_will_say(
    travelling: dict[str, Any], uri: str
) -> None:
    only_today = travelling | {"code_lists": travelling["code_lists"][:1]}
    adopted = adopted_from(only_today)
    assert versions(uri) == [("2", in_days(-1))]
    with scope.authority(adopted.authority_id):
        following.receive(travelling, Authority.objects.get(pk=adopted.authority_id), peer="anderswo")
    assert versions(uri) == [("2", in_days(-1)), ("3", in_days(30))]


# --- pages -----------------------------------------------------------------------------------------------------------


def test_page_of_a_file_tells_its_lists_and_how_they_differ(
    author: Client,
    travelling: dict[str, Any],
    uri: str,
    settings: Any,
    tmp_path: Any,
) -> None:
    listed(uri, "1", {"a": "Aal", "c": "Hecht"})
    here, settings.KEYS_DIR = settings.KEYS_DIR, tmp_path / "elsewhere"
    sealing.create({"wismar": "Hansestadt Wismar"})
    raw = file.write(travelling, keyset="wismar")
    settings.KEYS_DIR = here
    told = text_of(upload(author, raw))
    assert f"{uri} (2, gilt ab {in_days(-1):%d.%m.%Y}), {uri} (3, gilt ab {in_days(30):%d.%m.%Y})" in told
    assert "Codelisten: hier und dort" in told
    assert "Dort gilt heute Fassung 2, hier Fassung 1 (anders: b, c)." in told


def test_difference_to_the_origin_names_lists_and_the_form_who_brought_them(
    author: Client,
    berth: Berth,
    uri: str,
) -> None:
    adopted = adopted_from(content_of(berth))
    listed(uri, "1", {"a": "Aal"})
    follow_list(berth, uri)
    second = content_of(berth)
    forget(uri)
    with scope.authority(adopted.authority_id):
        following.receive(second, Authority.objects.get(pk=adopted.authority_id), peer="anderswo")
    address = f"/backoffice/formulare/{adopted.form_id}/"
    page = page_of(author.get(f"{address}herkunft/"))
    assert f"Codeliste {uri}: Die Datei bringt Fassung 1 mit, sie gilt seit jeher." in page.tree.text_content()
    seen = page.tree.xpath("string(//input[@name='seen']/@value)")
    assert author.post(f"{address}herkunft/", {"seen": seen, "action": "take_over"}).status_code == 302
    told = text_of(author.get(address))
    assert "gilt seit jeher – mitgebracht von: Hanse- und Universitätsstadt Rostock, Formular" in told
