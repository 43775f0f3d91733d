"""One file for a form with its service: signed, adopted elsewhere, followed when it changes."""

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest

from authorities.models import Authority
from catalogue import tariffs
from catalogue.adopting import following, terms, use_cases
from catalogue.models import Offering
from forms_engine.models import CodeList, Form, FormVersion
from forms_engine.sharing import adopting, file
from forms_engine.sharing.file import SharingRefused
from forms_engine.use_cases import publish
from foundation import scope
from foundation.ids import new_id
from hro_portal.demo.city import load_city
from tests.forms_engine.definitions import field
from tests.sharing.conftest import FEE, Berth, berth_form


def content_of(berth: Berth) -> dict[str, Any]:
    with scope.authority(berth.offering.authority_id, read_only=True):
        version = FormVersion.objects.select_related("form__authority").get(pk=berth.version.pk)
        return use_cases.content_of(berth.offering, version)


def written(berth: Berth) -> bytes:
    return file.write(content_of(berth), keyset="rostock")


def adopt(berth: Berth, **how: Any) -> Offering:
    content = content_of(berth)
    with scope.system("a test adopts"):
        schwerin = Authority.objects.get(slug="schwerin")
        office = schwerin.departments.order_by("sort_key")[0]
        here = {"offering": berth.offering, "version": berth.version}
        return use_cases.adopt(content, schwerin, office, key=berth.key, by=None, **(how or here))


def follow(adopted: Offering) -> following.Followed:
    [found] = following.followed(adopted.authority_id, adopted.form_id)
    return found


# --- the file --------------------------------------------------------------------------------------------------------


def test_file_holds_the_whole_service_and_names_its_origin(berth: Berth) -> None:
    opened = file.read(written(berth))
    assert (opened.signer.organisation, opened.refusal) == ("Hanse- und Universitätsstadt Rostock", "")
    provenance = opened.content["provenance"]
    assert (provenance["form"], provenance["no"], provenance["chain"]) == (berth.key, 1, [])
    assert provenance["sha256"] == berth.version.sha256
    service = opened.content["service"]
    assert (service["fee"], service["retention_months"], service["routes"]) == (FEE, 24, [None])
    assert "steuern" not in json.dumps(service), "departments are their own"
    use_cases.check_content(opened.content)


def test_file_holds_the_code_lists_that_the_form_names(berth: Berth) -> None:
    uri = f"urn:test:{new_id()}"
    entries = {"columns": [["code", True], ["name", True]], "key": "code", "rows": [{"code": "a", "name": "A"}]}
    options = [{"value": "a", "label": {"de": "A"}}]
    with scope.system("a test needs a list"):
        for version in ("1", "2"):
            CodeList.objects.create(uri=uri, version=version, entries=entries, sha256="0" * 64)
    art = field("choice", "art", options=options, code_list={"uri": uri, "version": "2"})
    berth.publish(berth_form(berth.key, more=(art,)))
    lists = file.read(written(berth)).content["code_lists"]
    assert lists == [{"uri": uri, "version": "2"} | entries]


def test_what_is_not_published_does_not_leave(berth: Berth) -> None:
    with scope.system("a test works on"):
        draft = adopting.add_version(berth.offering.authority, berth_form(berth.key, label="Entwurf"))
        with pytest.raises(SharingRefused, match="nicht veröffentlicht"):
            adopting.content_of(draft)


def tampered(raw: bytes, change: Callable[[dict[str, Any]], None]) -> bytes:
    told = json.loads(raw)
    change(told)
    return json.dumps(told).encode()


def _resign(told: dict[str, Any]) -> None:
    """The signature of another content of the same authority."""
    told["signature"] = json.loads(file.write({"other": 1}, keyset="rostock"))["signature"]


def _flip(told: dict[str, Any]) -> None:
    raw = bytearray(base64.b64decode(told["signature"]))
    raw[-3] ^= 1
    told["signature"] = base64.b64encode(bytes(raw)).decode()


def _put(value: Any, *place: str) -> Callable[[dict[str, Any]], None]:
    def change(told: dict[str, Any]) -> None:
        for name in place[:-1]:
            told = told[name]
        told[place[-1]] = value

    return change


TAMPERINGS = {
    "a question": _put("Ihr Passwort", "content", "definition", "title", "de"),
    "the tariff": _put({"summary": {"de": "kostenlos"}}, "content", "service", "fee"),
    "the origin": _put({"slug": "wismar", "name": "Wismar"}, "content", "provenance", "authority"),
    "a version number": _put(99, "content", "provenance", "no"),
    "a code list more": _put(
        [{"uri": "urn:x", "version": "1", "columns": [["a", True]], "key": "a", "rows": []}], "content", "code_lists"
    ),
    "a signature of something else": _resign,
    "a bit of the signature": _flip,
    "the service taken out": lambda told: told["content"].pop("service"),
}


@pytest.mark.parametrize("change", TAMPERINGS.values(), ids=TAMPERINGS)
def test_changed_file_is_refused(berth: Berth, change: Callable[[dict[str, Any]], None]) -> None:
    with pytest.raises(SharingRefused) as refused:
        file.read(tampered(written(berth), change))
    assert refused.value.problems == [file.CHANGED]


def test_other_spacing_and_order_are_the_same_file(berth: Berth) -> None:
    told = json.loads(written(berth))
    assert file.read(json.dumps(told, sort_keys=True, indent=3).encode()).refusal == ""


REFUSED = {
    b"": "kein JSON",
    b"[]": "keine Datei mit einem geteilten Formular",
    b'{"format": 1, "format": 1}': "zweimal",
    b'{"a": 1.5}': "Kommazahlen",
    b"[" * 40 + b"]" * 40: "zu tief",
}


@pytest.mark.parametrize("raw", REFUSED, ids=str)
def test_what_is_no_such_file_is_refused_with_a_sentence(portal_db: None, raw: bytes) -> None:
    with pytest.raises(SharingRefused, match=REFUSED[raw]):
        file.read(raw)


def test_unknown_keys_and_a_service_that_nobody_could_describe_are_refused(berth: Berth) -> None:
    with pytest.raises(SharingRefused, match="keine Datei mit einem geteilten Formular"):
        file.read(tampered(written(berth), _put(1, "content", "more")))
    content = content_of(berth)
    for change in ({"more": 1}, {"level": "root"}, {"fee": {"summary": {"de": "x"}, "sum": [{"price": "1,00"}]}}):
        with pytest.raises(SharingRefused):
            use_cases.check_content(content | {"service": content["service"] | change})


# --- adopting --------------------------------------------------------------------------------------------------------


def test_adopted_service_is_a_copy_of_its_own_and_offline(berth: Berth) -> None:
    adopted = adopt(berth)
    with scope.authority(adopted.authority_id, read_only=True):
        form = Form.objects.select_related("upstream").get(pk=adopted.form_id)
        [version] = form.versions.all()
        [rule] = adopted.route_rules.all()
    assert not adopted.is_active
    assert (adopted.fee, adopted.retention_months, adopted.privacy) == (
        FEE,
        24,
        berth.offering.privacy,
    )
    assert (form.upstream_version_id, form.upstream.origin_name) == (
        berth.version.pk,
        "Hanse- und Universitätsstadt Rostock",
    )
    assert (version.published_at, version.definition) == (None, berth.version.definition)
    assert (rule.condition, rule.department_id) == (None, adopted.owner_id)


def test_service_is_adopted_once(berth: Berth) -> None:
    adopt(berth)
    with pytest.raises(SharingRefused, match="bieten Sie schon an"):
        adopt(berth)


def test_chain_grows_when_it_goes_on(berth: Berth) -> None:
    adopted = adopt(berth)
    with scope.authority(adopted.authority_id):
        terms.put_online(adopted, by=None)
        version = adopting.ours(adopted.form)
        provenance = adopting.content_of(version)["provenance"]
    assert provenance["authority"]["slug"] == "schwerin"
    assert [(each["authority"]["slug"], each["no"]) for each in provenance["chain"]] == [("rostock", 1)]


# --- following -------------------------------------------------------------------------------------------------------


def test_new_version_is_told_taken_over_and_own_rates_stay(berth: Berth) -> None:
    adopted = adopt(berth)
    own = {"summary": {"de": "25 € im Jahr"}, "sum": [{"price": {"by": ["dauer"], "amounts": {"1": "25.00"}}}]}
    with scope.authority(adopted.authority_id):
        terms.change_terms(adopted, {"fee": own}, by=None)
        terms.put_online(adopted, by=None)
        assert not follow(adopted).is_new
    berth.publish(berth_form(berth.key, label="Name laut Bootsschein", more=(field("text", "hafen"),)))
    with scope.authority(adopted.authority_id):
        news = follow(adopted)
        assert news.has_news
        mine = adopting.ours(adopted.form)
        following.take_over(news, following.compare(news, mine), by=None)
        after = follow(adopted)
        working = adopting.ours(adopted.form)
        fee = Offering.objects.get(pk=adopted.pk).fee
    assert not after.is_new
    assert working.published_at is None
    assert [item["key"] for item in working.definition["steps"][0]["items"]] == ["name", "dauer", "hafen"]
    assert fee == own


def test_who_stays_is_not_asked_again_until_the_next_version(berth: Berth) -> None:
    adopted = adopt(berth)
    berth.publish(berth_form(berth.key, label="Zwei"))
    with scope.authority(adopted.authority_id):
        following.stay(follow(adopted), reason="Passt nicht zu unserer Satzung.", by=None)
        stayed = follow(adopted)
        assert (stayed.has_news, stayed.is_new) == (False, True)
        assert stayed.upstream.stayed_reason == "Passt nicht zu unserer Satzung."
    berth.publish(berth_form(berth.key, label="Drei"))
    with scope.authority(adopted.authority_id):
        assert follow(adopted).has_news


def test_tariff_of_theirs_is_followed_too(berth: Berth) -> None:
    adopted = adopt(berth)
    changed = FEE | {"sum": [{"price": {"by": ["dauer"], "amounts": {"1": "33.00", "2": "60.00"}}}]}
    with scope.system("Rostock changes its tariff"):
        terms.change_terms(Offering.objects.get(pk=berth.offering.pk), {"fee": changed}, by=None)
    with scope.authority(adopted.authority_id):
        news = follow(adopted)
        compared = following.compare(news, adopting.ours(adopted.form))
        assert (compared.form, compared.part.conflicts) == (None, [])
        following.take_over(news, compared, by=None)
        assert Offering.objects.get(pk=adopted.pk).fee == changed


def test_tariff_that_needs_the_new_form_waits_until_that_is_published(berth: Berth) -> None:
    adopted = adopt(berth)
    with scope.authority(adopted.authority_id):
        terms.put_online(adopted, by=None)
    years = [{"value": value, "label": {"de": value}} for value in ("kurz", "lang")]
    berth.publish(berth_form(berth.key, more=(field("choice", "laenge", options=years),)))
    by_length = FEE | {"sum": [{"price": {"by": ["laenge"], "amounts": {"kurz": "10.00", "lang": "20.00"}}}]}
    with scope.system("Rostock changes its tariff"):
        terms.change_terms(Offering.objects.get(pk=berth.offering.pk), {"fee": by_length}, by=None)

    def go_along() -> bool:
        news = follow(adopted)
        assert news.is_new
        return following.take_over(news, following.compare(news, adopting.ours(adopted.form)), by=None)

    with scope.authority(adopted.authority_id):
        assert go_along() is True
        assert tariffs.today(Offering.objects.get(pk=adopted.pk)) == FEE
        publish(adopting.ours(adopted.form))
        assert go_along() is False
        assert tariffs.today(Offering.objects.get(pk=adopted.pk)) == by_length
        assert Offering.objects.get(pk=adopted.pk).fee == FEE, "what held before stays on record"
        assert not follow(adopted).is_new


def test_everybodys_services_in_the_demo_follow_rostocks_with_rates_of_their_own(city: None) -> None:
    load_city()
    schwerin = Authority.objects.get(slug="schwerin")
    with scope.authority(schwerin.pk, read_only=True):
        found = {each.adoption.base["slug"]: each for each in following.followed(schwerin.pk)}
    assert set(found) >= {"hundesteuer-anmelden", "gewerbe-anmelden", "urkunde-anfordern"}
    dogs = found["hundesteuer-anmelden"]
    assert not dogs.is_new
    assert dogs.adoption.base["fee"]["sum"][0]["scale"] == ["108.00", "144.00", "168.00"]
    assert dogs.adoption.offering.fee["sum"][0]["scale"] == ["96.00", "156.00", "204.00"]


def test_later_file_of_the_same_origin_is_the_next_version_and_an_old_one_is_none(berth: Berth) -> None:
    adopted = adopt(berth, peer="rostock-anderswo")
    first = content_of(berth)
    berth.publish(berth_form(berth.key, label="Zwei"))
    second = content_of(berth)
    with scope.authority(adopted.authority_id):
        schwerin = Authority.objects.get(pk=adopted.authority_id)
        assert following.receive(second, schwerin, peer="jemand-anders") == []
        assert not follow(adopted).is_new
        assert following.receive(second, schwerin, peer="rostock-anderswo") == [adopted.form]
        assert following.receive(first, schwerin, peer="rostock-anderswo") == []
        news = follow(adopted)
        assert (news.newer_form.provenance["no"], news.has_news) == (2, True)
        following.take_over(news, following.compare(news, adopting.ours(adopted.form)), by=None)
        assert not follow(adopted).is_new
