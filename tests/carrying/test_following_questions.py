"""Routes and fees follow a question that a new version moves or renames; what is older keeps its own."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from applications.carrying.rehearsing import rehearse
from applications.carrying.trying import try_change
from applications.delivering.routing import way_of
from applications.models import Application, Draft
from applications.submitting.use_cases import fee_of
from authorities import clock
from catalogue import tariffs
from catalogue.carried import whereabouts
from catalogue.models import Offering
from catalogue.use_cases import add_rate
from forms_engine import api as engine
from forms_engine.errors import DefinitionError
from forms_engine.models import Form, FormVersion
from forms_engine.use_cases import publish, schedule
from foundation import clock as moment
from foundation import scope
from foundation.audit.models import AuditEvent
from tests.carrying.forms import ANEW, KEY, add, begin, case, definition, offer_form, question, take_form, text
from tests.factories import make_clerk
from tests.frame.pages import Page

pytestmark = pytest.mark.usefixtures("form_of_its_own")

OPTIONS = [{"value": value, "label": text(value.capitalize())} for value in ("kurz", "lang")]
ORT, DAUER = question("ort"), question("dauer", "choice", options=OPTIONS)
FIRST = definition([ORT, DAUER])
LAGE = {"type": "group", "key": "lage", "title": text("Lage")}
MOVED = definition([{**LAGE, "items": [ORT]}, DAUER | {"key": "zeit"}])
OTHER = "ordnung"
HAFEN = {"equal": [{"answer": "ort"}, "Hafen"]}
HARBOUR = {"ort": "Hafen", "dauer": "lang"}
HARBOUR_MOVED = {"lage": {"ort": "Hafen"}, "zeit": "lang"}


def fee(path: str, more: str = "20.00") -> dict[str, Any]:
    return {"summary": {"de": "10 €"}, "sum": [{"price": {"by": [path], "amounts": {"kurz": "10.00", "lang": more}}}]}


@pytest.fixture
def offering(form_of_its_own: None) -> Offering:
    """A route and fees that ask for the two questions: of today, and dated ones from tomorrow."""
    offering = offer_form(FIRST, [(OTHER, HAFEN), ("finanzen", None)])
    with scope.system("a test sets fees"):
        Offering.objects.filter(pk=offering.pk).update(fee=fee("dauer"))
        add_rate(offering, fee("dauer", "30.00"), valid_from=clock.today() + timedelta(days=1))
    return fresh(offering)


def fresh(offering: Offering) -> Offering:
    return Offering.objects.get(pk=offering.pk)


def charged(draft: Draft, days: int = 0) -> Decimal | None:
    with scope.system("a test looks", read_only=True):
        found = Draft.objects.select_related("offering", "form_version", "authority").get(pk=draft.pk)
        answers = engine.effective(engine.compiled(found.form_version), found.read_answers())
        return fee_of(found, answers, on=clock.today() + timedelta(days=days))[0]


def goes_to(application: Application) -> str:
    with scope.system("a test looks", read_only=True):
        return way_of(Application.objects.for_pages().get(pk=application.pk)).department.slug


def condition(offering: Offering) -> Any:
    with scope.system("a test looks", read_only=True):
        return offering.route_rules.get(position=0).condition


def test_routes_and_all_fees_go_along_and_what_is_older_keeps_its_own(offering: Offering) -> None:
    old_draft, old_case = begin(Client(), HARBOUR), case(HARBOUR)
    add(MOVED)
    assert condition(offering) == {"equal": [{"answer": "lage.ort"}, "Hafen"]}
    assert fresh(offering).fee == fee("zeit")
    new_draft, new_case = begin(Client(), HARBOUR_MOVED), case(HARBOUR_MOVED)
    assert [charged(old_draft), charged(new_draft)] == [Decimal("20.00")] * 2
    assert [charged(old_draft, days=1), charged(new_draft, days=1)] == [Decimal("30.00")] * 2
    assert [goes_to(old_case), goes_to(new_case)] == [OTHER] * 2
    with scope.system("a test looks", read_only=True):
        assert AuditEvent.objects.filter(action="offering.questions_followed", object_id=offering.pk).count() == 1
        held = tariffs.rates(fresh(offering))
        assert [(rate.tariff, rate.is_replaced) for rate in held[1:]] == [
            (fee("dauer", "30.00"), True),
            (fee("zeit", "30.00"), False),
        ]


def test_question_may_move_again_and_back(offering: Offering) -> None:
    old_draft, old_case = begin(Client(), HARBOUR), case(HARBOUR)
    add(MOVED)
    middle = case(HARBOUR_MOVED)
    add(definition([ORT | {"key": "stelle"}, DAUER]))
    newest = case({"stelle": "Hafen", "dauer": "lang"})
    assert condition(offering) == {"equal": [{"answer": "stelle"}, "Hafen"]}
    assert fresh(offering).fee == fee("dauer")
    assert [goes_to(each) for each in (old_case, middle, newest)] == [OTHER] * 3
    assert charged(old_draft) == Decimal("20.00")


def test_who_says_routes_and_fees_anew_only_looks_after_what_is_older(offering: Offering) -> None:
    old_draft, old_case = begin(Client(), HARBOUR), case(HARBOUR)
    version = add(MOVED, published=False)
    with scope.system("as put_online does"):
        publish(version, is_followed=False)
        offering.route_rules.filter(position=0).update(condition={"equal": [{"answer": "lage.ort"}, "Hafen"]})
        Offering.objects.filter(pk=offering.pk).update(fee=fee("zeit", "25.00"))
    assert goes_to(old_case) == OTHER
    assert charged(old_draft) == Decimal("25.00")


def test_deciding_question_goes_along(offering: Offering) -> None:
    day = question("beginn", "date")
    add(definition([ORT, DAUER, day]))
    with scope.system("a test chooses"):
        Offering.objects.filter(pk=offering.pk).update(deciding_date="beginn")
    tomorrow = (clock.today() + timedelta(days=1)).isoformat()
    old = begin(Client(), HARBOUR | {"beginn": tomorrow})
    add(definition([ORT, DAUER, day | {"key": "ab"}]))
    assert fresh(offering).deciding_date == "ab"
    assert [charged(old), charged(begin(Client(), HARBOUR | {"ab": tomorrow}))] == [Decimal("30.00")] * 2


GONE = definition([question("anderes"), DAUER])
TWO = definition([{**LAGE, "items": [ORT]}, {**LAGE, "key": "ziel", "items": [ORT]}, DAUER])


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (
            GONE,
            "Leistung „Probe“, Weg 1 (Fachdienst Ordnung) nennt „Ort“ (ort). Diese Frage hat die neue Version nicht",
        ),
        (TWO, "In der neuen Version kann lage.ort oder ziel.ort gemeint sein."),
        (definition([ORT]), "Leistung „Probe“, Gebühr nennt „Dauer“ (dauer)."),
    ],
    ids=["gone", "unclear", "fee"],
)
def test_where_nothing_can_follow_the_version_is_kept_back(offering: Offering, raw: dict[str, Any], told: str) -> None:
    version = add(raw, published=False)
    with scope.system("a test publishes"), pytest.raises(DefinitionError) as refused:
        schedule(version, at=moment.now() + timedelta(days=1), reason="Neu", by=version.pk)
    assert any(told in problem.replace("\n", " ") for problem in refused.value.problems), refused.value.problems
    with pytest.raises(DefinitionError):
        add(raw)
    with scope.system("a test looks", read_only=True):
        assert FormVersion.objects.get(pk=version.pk).published_at is None
    assert condition(offering) == HAFEN
    assert fresh(offering).earlier_paths == {}


def test_page_says_what_goes_along_and_what_keeps_the_version_back(offering: Offering) -> None:
    user, _clerk = make_clerk("follows@example.org", role="form_author", authority="schwerin", department=None)
    author = Client(headers={"accept-language": "de"})
    author.force_login(user)
    version = add(MOVED, published=False)
    address = f"/backoffice/formulare/{version.form_id}/veroeffentlichen/"
    page = Page(author.get(address))
    assert page.faults() == []
    told = " ".join(page.tree.text_content().split())
    assert "„Ort“ steht jetzt unter lage.ort." in told
    assert f"Gebühr ab {clock.today() + timedelta(days=1):%d.%m.%Y}: „Dauer“ steht jetzt unter zeit." in told
    add(GONE, published=False)
    page = Page(author.get(address))
    assert page.faults() == []
    told = " ".join(page.tree.text_content().split())
    assert "Das passt nicht zur neuen Version" in told
    assert "Beheben Sie zuerst die Fehler oben." in told


def test_rehearsal_and_dry_run_know_where_it_will_stand(offering: Offering) -> None:
    case(HARBOUR)
    version = add(MOVED, published=False)
    with scope.authority(offering.authority_id, read_only=True):
        found = FormVersion.objects.select_related("form").get(pk=version.pk)
        [way] = rehearse(found, engine.compiled(found), HARBOUR_MOVED).destinations
    assert (way.fee, way.rule) == (Decimal("20.00"), "„Ort“ ist Hafen")
    _user, clerk = make_clerk("tries@example.org", role="form_author", authority="schwerin", department=None)
    assert try_change(version, by=clerk).unclear_routes == []


# --- another form in its place ---------------------------------------------------------------------------------------

#: Its `ort` is another question than the one that the first form had there.
OTHER_FORM = definition([{**LAGE, "items": [ORT]}, ORT | {"label": text("Wohnort")}, DAUER | {"key": "zeit"}], key=ANEW)
IN_LAGE = {"equal": [{"answer": "lage.ort"}, "Hafen"]}


def test_where_questions_of_one_form_stood_says_nothing_of_another_form(offering: Offering) -> None:
    add(MOVED)
    version = add(OTHER_FORM)
    take_form(version, [(OTHER, IN_LAGE), ("finanzen", None)])
    new_case = case(HARBOUR_MOVED | {"ort": "Rostock"})
    assert new_case.form_version_id == version.pk
    assert goes_to(new_case) == OTHER
    with scope.system("a test looks", read_only=True):
        assert whereabouts(version.form).now(1, "ort") == "ort"


def test_cases_of_the_form_before_keep_their_ways(offering: Offering) -> None:
    old_draft, old_case = begin(Client(), HARBOUR), case(HARBOUR)
    add(MOVED)
    middle = case(HARBOUR_MOVED)
    with scope.system("a test sets fees"):
        Offering.objects.filter(pk=offering.pk).update(fee=fee("zeit"))
    take_form(add(OTHER_FORM), [(OTHER, IN_LAGE), ("finanzen", None)])
    with scope.system("as its author says them anew"):
        Offering.objects.filter(pk=offering.pk).update(fee=fee("zeit"))
    assert [goes_to(old_case), goes_to(middle)] == [OTHER, OTHER]
    add(definition([ORT | {"key": "stelle"}, ORT | {"label": text("Wohnort")}, DAUER | {"key": "zeit"}], key=ANEW))
    assert [goes_to(old_case), goes_to(middle)] == [OTHER, OTHER]
    assert charged(old_draft) == Decimal("20.00")
    with scope.system("a test looks", read_only=True):
        first = Form.objects.get(key=KEY)
        assert whereabouts(first).now(1, "ort") == "lage.ort"
        newest = first.versions.order_by("-no")[0]
    take_form(newest, [(OTHER, IN_LAGE), ("finanzen", None)])
    assert [goes_to(old_case), goes_to(middle)] == [OTHER, OTHER]
