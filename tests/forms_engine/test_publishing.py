"""A version goes out at once or on its day, once, without faults, and says why and by whom."""

from datetime import timedelta
from typing import Any

import pytest

from authorities.models import Authority
from forms_engine import api
from forms_engine.models import FormVersion
from forms_engine.tasks import publish_due
from forms_engine.use_cases import add_version, digest, publish, schedule, unschedule
from foundation import clock, scope
from foundation.audit.models import AuditEvent
from foundation.ids import new_id

pytestmark = pytest.mark.usefixtures("city")
AUTHOR = new_id()


def definition(key: str, **label: str) -> dict[str, Any]:
    text = {"de": "Name", "en": "Name"} | label
    step = {"key": "s", "title": {"de": "Angaben"}, "items": [{"type": "text", "key": "name", "label": text}]}
    return {"format": 1, "key": key, "title": {"de": "Probe"}, "steps": [step]}


def make_version(key: str, **label: str) -> FormVersion:
    with scope.system("a test needs a version"):
        return add_version(Authority.objects.get(slug="schwerin"), definition(key, **label), by=AUTHOR)


def planned(key: str, *, is_due: bool = True) -> FormVersion:
    """A version that is planned; `is_due`: its time has come meanwhile."""
    version = make_version(key)
    with scope.system("a test plans a version"):
        schedule(version, at=clock.now() + timedelta(days=1), reason="Neue Satzung.", by=AUTHOR)
        if is_due:
            FormVersion.objects.filter(pk=version.pk).update(publish_at=clock.now() - timedelta(minutes=1))
    return version


def now(version: FormVersion) -> FormVersion:
    with scope.system("a test looks"):
        return FormVersion.objects.get(pk=version.pk)


def actions(version: FormVersion) -> list[str]:
    with scope.system("a test looks"):
        return list(AuditEvent.objects.filter(object_id=version.pk).order_by("at").values_list("action", flat=True))


def test_published_version_says_why_and_by_whom_and_the_trail_knows() -> None:
    version = make_version("p-grund")
    with scope.system("a test publishes"):
        publish(version, reason="Die Satzung ist neu.", by=AUTHOR)
        publish(version, reason="Noch einmal.", by=new_id())
    found = now(version)
    assert (found.reason, found.published_by_id) == ("Die Satzung ist neu.", AUTHOR)
    assert found.published_at is not None
    assert actions(version) == ["form.published"]


def test_faults_keep_a_version_back_with_place_and_sentence() -> None:
    version = make_version("p-fehler", de="Name!")
    with pytest.raises(api.DefinitionError) as refused, scope.system("a test publishes"):
        publish(version)
    assert refused.value.problems == ["Schritt „Angaben“, Frage „Name!“: „Name!“: kein Ausrufezeichen."]
    assert now(version).published_at is None
    assert actions(version) == []


def test_planned_version_goes_out_on_its_day_and_not_before() -> None:
    later, due = planned("p-spaeter", is_due=False), planned("p-faellig")
    publish_due()
    publish_due()
    assert now(later).published_at is None
    found = now(due)
    assert found.published_at is not None
    assert (found.reason, found.published_by_id, found.publish_at) == ("Neue Satzung.", AUTHOR, None)
    assert actions(due) == ["form.scheduled", "form.published"]
    with scope.system("a test leaves nothing behind that is planned"):
        unschedule(later, by=AUTHOR)
    assert now(later).publish_at is None
    assert actions(later) == ["form.scheduled", "form.unscheduled"]


def test_what_has_faults_on_its_day_stays_and_says_so_once() -> None:
    version = planned("p-kaputt")
    faulty = definition("p-kaputt", de="Name!")
    with scope.system("a rule came that the version breaks"):
        FormVersion.objects.filter(pk=version.pk).update(
            definition=faulty, sha256=digest(faulty), publish_sha256=digest(faulty)
        )
    publish_due()
    publish_due()
    found = now(version)
    assert (found.published_at, found.publish_at is None) == (None, False)
    assert found.publish_failed_at is not None
    assert actions(version) == ["form.scheduled", "form.not_published"]


def test_what_was_changed_after_it_was_planned_does_not_go_out_unseen() -> None:
    version = planned("p-anders")
    other = definition("p-anders", de="Voller Name")
    with scope.system("somebody works on"):
        FormVersion.objects.filter(pk=version.pk).update(definition=other, sha256=digest(other))
    publish_due()
    assert now(version).published_at is None
    assert now(version).publish_failed_at is not None


def test_nothing_is_planned_for_the_past_or_with_faults_or_twice() -> None:
    version, faulty = make_version("p-gestern"), make_version("p-mangel", de="Name!")
    with scope.system("a test plans"):
        with pytest.raises(api.DefinitionError, match="vorbei"):
            schedule(version, at=clock.now() - timedelta(seconds=1), reason="x", by=AUTHOR)
        with pytest.raises(api.DefinitionError, match="Ausrufezeichen"):
            schedule(faulty, at=clock.now() + timedelta(days=1), reason="x", by=AUTHOR)
        publish(version)
        with pytest.raises(api.DefinitionError, match="schon veröffentlicht"):
            schedule(version, at=clock.now() + timedelta(days=1), reason="x", by=AUTHOR)
