"""A description of services is checked whole before anything changes, and its faults are told with their place."""

import copy
import json
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from catalogue import describing
from catalogue.models import Offering, RouteRule, Service
from forms_engine.models import FormVersion
from foundation import scope
from hro_portal.demo.city import DATA, FORMS, read_json

pytestmark = pytest.mark.usefixtures("city")


@pytest.fixture
def entries() -> list[dict]:
    """The demo's services, to be damaged."""
    return copy.deepcopy(read_json(DATA / "services.json"))


def refused(entries: list[dict], tmp_path: Path) -> str:
    file = tmp_path / "services.json"
    file.write_text(json.dumps(entries))
    with pytest.raises(CommandError) as refusal:
        call_command("put_online", str(file), f"--forms={FORMS}")
    return str(refusal.value)


def rows() -> list[tuple]:
    with scope.system("a test counts"):
        return [
            *Service.objects.order_by("slug").values_list("slug", "texts", "short"),
            *Offering.objects.order_by("pk").values_list("pk", "fee", "deadline_weeks", "owner", "next_review_on"),
            (RouteRule.objects.count(), FormVersion.objects.count()),
        ]


def test_doing_it_again_changes_nothing(capsys) -> None:
    before = rows()
    call_command("put_online", str(DATA / "services.json"), f"--forms={FORMS}", f"--situations={DATA}/situations.json")
    assert rows() == before
    told = capsys.readouterr().out
    assert "/leistungen/rostock/hundesteuer-anmelden/" in told.split()
    assert "Suche: Die Wörter dieser Antworten liegen auch außerhalb des versiegelten Antrags" in told


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        (lambda entry: entry.update(titel="x"), "Das gibt es hier nicht: titel."),
        (lambda entry: entry["texts"].pop("title"), "texts: Es fehlt: title."),
        (lambda entry: entry["offerings"][0].update(level="hoch"), "Erlaubt ist: none, basis."),
        (lambda entry: entry["offerings"][0].update(reviewed_on="2026-02-30"), "Den Tag 2026-02-30 gibt es nicht."),
        (lambda entry: entry["offerings"][0].update(owner="mondamt"), "„mondamt“ (Amt) gibt es nicht."),
        (lambda entry: entry["offerings"][0].update(authority="atlantis"), "„atlantis“ (Behörde) gibt es nicht."),
        (lambda entry: entry.update(situations=["im-lotto"]), "„im-lotto“ (Lebenslage) gibt es nicht."),
        (lambda entry: entry.update(form="fehlt"), "„fehlt.json“ ist nicht lesbar."),
        (lambda entry: entry.update(appointment_url="javascript:alert(1)"), "appointment_url"),
        (
            lambda entry: entry["offerings"][0]["routes"].append({"department": entry["offerings"][0]["owner"]}),
            "Genau die letzte Route braucht keine Bedingung.",
        ),
    ],
)
def test_a_fault_is_told_and_nothing_has_changed(entries, tmp_path, damage, sentence) -> None:
    before = rows()
    entries[0]["texts"]["teaser"]["de"] = "Das darf nicht gespeichert werden."
    damage(entries[0])
    told = refused(entries, tmp_path)
    assert sentence in told
    assert "hundesteuer-anmelden" in told
    assert rows() == before


@pytest.mark.parametrize("content", ["", "[", "{}", "null", '[{"slug": 5}]', "[1]"])
def test_what_is_no_description_is_refused(tmp_path, content) -> None:
    file = tmp_path / "services.json"
    file.write_text(content)
    with pytest.raises(CommandError):
        call_command("put_online", str(file), f"--forms={FORMS}")


def test_a_law_that_names_days_is_kept_in_working_days() -> None:
    offering = Offering(deadline_weeks=1, deadline_working_days=3)
    assert offering.due_on(date(2026, 12, 23)) == date(2026, 12, 29)  # Christmas and the weekend do not count
    assert offering.duration == "bis zu 3 Arbeitstagen"
    assert Offering(deadline_weeks=4).due_on(date(2026, 11, 24)) == date(2026, 12, 22)


@pytest.mark.parametrize("start", [date(2026, 11, 27), date(2026, 11, 28)])
def test_a_promised_day_is_a_working_day(start: date) -> None:
    assert Offering(deadline_weeks=4).due_on(start) == date(2026, 12, 28)  # not on Christmas, nor the Saturday after


def test_the_file_must_be_there() -> None:
    with pytest.raises(describing.DescriptionError, match="nicht lesbar"):
        describing.read(Path("fehlt.json"))
