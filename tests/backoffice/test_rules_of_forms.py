"""The rules in words of an imported schema, as the author of the form decides about them."""

import pytest
from django.test import Client

from authorities.models import Authority
from forms_engine import api as engine
from forms_engine.models import Form, FormVersion
from forms_engine.proposals import keep_proposals
from forms_engine.use_cases import add_version, publish
from forms_engine.xdatenfelder.api import import_xml
from foundation import scope
from foundation.audit.models import AuditEvent
from tests.backoffice.test_forms import page_of
from tests.xdatenfelder.schemas import field3, schema3
from tests.xdatenfelder.test_proposals import rule3

WORDS = "Es muss mindestens eines der Felder F13000000001, F13000000002 befüllt sein."
DOUBT = "Die Angaben F13000000001 müssen plausibel sein."


@pytest.fixture
def form(city: None) -> Form:
    parts = [("0:1", field3(f"F1300000000{number}", f"Frage {number}")) for number in (1, 2)]
    raw = schema3(*parts, fim_id="S13000000088", more=rule3(WORDS, "R1") + rule3(DOUBT, "R2"))
    imported = import_xml(raw, (), lambda _: None)
    schwerin = Authority.objects.get(slug="schwerin")
    with scope.authority(schwerin.pk):
        version = publish(add_version(schwerin, imported.definition))
        Form.objects.filter(pk=version.form_id).update(proposals=[])  # forms stay between tests
        keep_proposals(version.form, imported.proposals)
    return version.form


def newest(form: Form) -> FormVersion:
    with scope.system("look"):
        return FormVersion.objects.filter(form=form).order_by("-no")[0]


def states(form: Form) -> dict[str, str]:
    return {kept["id"]: kept["state"] for kept in Form.objects.get(pk=form.pk).proposals}


def test_a_rule_that_is_taken_stands_in_the_version_that_is_worked_on(author: Client, form: Form) -> None:
    address = f"/backoffice/formulare/{form.pk}/regeln/"
    before = newest(form)
    page = page_of(author, address)
    assert page.tree.xpath("//button[@value='take']/../input[@name='rule']/@value") == ["R1"]
    assert page.tree.xpath("string(//article[1]//details//li)").startswith("Bei „Frage 1“ muss gelten: ")
    assert "rules" not in before.definition

    assert author.post(address, {"rule": "R1", "action": "take"})["Location"] == address

    after = newest(form)
    assert after.published_at is None
    compiled = engine.compiled(after)
    assert [problem.label for problem in engine.check(compiled, {})] == ["Frage 1"]
    assert engine.check(compiled, {"f13000000002": "x"}) == []
    assert states(form) == {"R1": "taken", "R2": "open"}
    with scope.system("look"):
        assert AuditEvent.objects.get(action="form.rule_taken").refs["rule"] == "R1"


def test_a_rule_that_is_not_wanted_is_dismissed_and_can_come_back(author: Client, form: Form) -> None:
    address, version = f"/backoffice/formulare/{form.pk}/regeln/", newest(form)
    for action, state in (("dismiss", "dismissed"), ("reopen", "open"), ("dismiss", "dismissed")):
        assert author.post(address, {"rule": "R2", "action": action}).status_code == 302
        assert states(form)["R2"] == state
    page_of(author, address)
    assert newest(form).pk == version.pk


@pytest.mark.parametrize(
    "sent", [{"rule": "R9", "action": "take"}, {"rule": "R2", "action": "take"}, {"rule": "R1", "action": "eat"}, {}]
)
def test_what_cannot_be_decided_is_told(author: Client, form: Form, sent: dict[str, str]) -> None:
    answer = author.post(f"/backoffice/formulare/{form.pk}/regeln/", sent)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert set(states(form).values()) == {"open"}


def test_a_dismissed_rule_stays_so_when_the_schema_is_imported_again(author: Client, form: Form) -> None:
    author.post(f"/backoffice/formulare/{form.pk}/regeln/", {"rule": "R1", "action": "dismiss"})
    raw = schema3(("0:1", field3("F13000000001", "Frage 1")), more=rule3(WORDS, "R1") + rule3(WORDS, "R2"))
    with scope.system("look"):
        keep_proposals(form, import_xml(raw, (), lambda _: None).proposals)
    assert states(form) == {"R1": "dismissed", "R2": "open"}


def test_a_form_of_our_own_has_none(author: Client, form: Form) -> None:
    schwerin = Authority.objects.get(slug="schwerin")
    with scope.authority(schwerin.pk):
        Form.objects.filter(pk=form.pk).update(proposals=[])
    assert "Hier warten keine Regeln" in page_of(author, f"/backoffice/formulare/{form.pk}/regeln/").text
