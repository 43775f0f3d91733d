"""Filling in: nothing typed is lost, whatever is wrong, whoever else saves, whenever the sitting ends."""

import io
import uuid

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from lxml import html
from PIL import Image

from accounts import people
from applications.models import Draft
from foundation import scope
from tests import filler
from tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.usefixtures("city")


@pytest.fixture
def draft(client):
    return filler.begin(client)


def drafts() -> list[Draft]:
    with scope.system("look"):
        return list(Draft.objects.select_related("authority"))


def answers() -> dict:
    return drafts()[0].read_answers()


def picture() -> io.BytesIO:
    file = io.BytesIO()
    Image.new("RGB", (20, 20), "green").save(file, "JPEG")
    file.seek(0)
    file.name = "baum.jpg"
    return file


def test_a_draft_begins_before_any_sign_in(client, draft):
    [row] = drafts()

    assert row.party_id is None
    assert row.access_digest is not None
    assert client.get(draft).status_code == 200


@pytest.mark.asvs("V8.2.2")
@pytest.mark.tr("A3.16.03")
def test_a_stranger_reads_nothing_of_a_draft(draft):
    stranger = Client()
    other = Client()
    other.force_login(make_user("other@example.org"))

    assert stranger.get(draft)["Location"].startswith("/konto/anmelden/")
    assert other.get(draft).status_code == 404
    assert other.get(f"{draft}schritt/idee/").status_code == 404
    assert other.get(f"{draft}pruefen/").status_code == 404


@pytest.mark.asvs("V2.3.1")
@pytest.mark.tr("A3.3.01")
def test_an_unknown_step_is_not_found(client, draft):
    assert client.get(f"{draft}schritt/gibtsnicht/").status_code == 404


def test_a_step_is_saved_and_leads_on(client, draft):
    answer = filler.fill(client, f"{draft}schritt/idee/", **filler.IDEA)

    assert answer["Location"] == f"{draft}schritt/kontakt/"
    assert answers()["text"] == "Mehr Bäume am Neuen Markt."
    assert filler.boxes(filler.page(client, f"{draft}schritt/idee/"))["ort"] == "Neuer Markt"


def test_what_is_not_valid_is_kept_and_explained(client, draft):
    answer = filler.fill(client, f"{draft}schritt/idee/", thema="gruen", text="", ort="Neuer Markt")
    root = html.fromstring(answer.content)

    assert answer.status_code == 200
    assert root.findtext(".//title").startswith("Fehler: ")
    [link] = root.xpath("//*[@id='fehler']//a")
    assert link.get("href") == "#text"
    assert root.xpath("//textarea[@id='text']")[0].get("aria-invalid") == "true"
    assert filler.boxes(filler.page(client, f"{draft}schritt/idee/"))["ort"] == "Neuer Markt"


def test_two_tabs_meet_in_a_conflict_that_shows_both_versions(client, draft):
    step = f"{draft}schritt/idee/"
    first = filler.boxes(filler.page(client, step))
    second = dict(first)
    client.post(step, first | {"thema": "gruen", "text": "Aus dem ersten Fenster."})

    answer = client.post(step, second | {"thema": "gruen", "text": "Aus dem zweiten Fenster."})

    assert answer.status_code == 409
    text = answer.content.decode()
    assert "Aus dem ersten Fenster." in text
    assert "Aus dem zweiten Fenster." in text
    assert answers()["text"] == "Aus dem ersten Fenster."
    again = client.post(step, filler.boxes(html.fromstring(answer.content)))
    assert again.status_code == 302
    assert answers()["text"] == "Aus dem zweiten Fenster."


def test_repetitions_come_and_go_and_keep_what_was_typed(client):
    draft = filler.begin(client, "hundesteuer-anmelden")
    step = f"{draft}schritt/hunde/"
    shown = filler.boxes(filler.page(client, step))
    first = next(name for name in shown if name.endswith("-name") and name.startswith("hunde-"))

    added = client.post(step, shown | {first: "Bruno", "add": "hunde"})
    root = html.fromstring(added.content)
    names = [name for name in filler.boxes(root) if name.endswith("-name") and name.count("-") == 2]
    assert added.status_code == 200
    assert len(names) == 2
    assert filler.boxes(root)[first] == "Bruno"
    assert not root.xpath("//*[@id='fehler']")

    removed = client.post(step, filler.boxes(root) | {names[1]: "Frieda", "remove": first.removesuffix("-name")})
    left = filler.boxes(html.fromstring(removed.content))
    assert first not in left
    assert left[names[1]] == "Frieda"


def test_a_file_is_stored_shown_and_deleted(client, draft):
    step = f"{draft}schritt/idee/"
    filler.fill(client, step, **filler.IDEA, foto=picture())

    root = filler.page(client, step)
    assert "baum.jpg" in root.xpath("//ul[@class='portal-files']")[0].text_content()
    assert "nicht geprüft" in root.text_content().lower() or "Nicht geprüft" in root.text_content()
    [button] = root.xpath("//button[@name='delete_file']")

    answer = client.post(step, filler.boxes(root) | {"delete_file": button.get("value")})
    assert answer.status_code == 200
    assert "baum.jpg" not in answer.content.decode()


def test_a_refused_file_says_why_and_loses_nothing(client, draft):
    plan = io.BytesIO(b"AC1032 drawing")
    plan.name = "plan.dwg"

    answer = filler.fill(client, f"{draft}schritt/idee/", **filler.IDEA, foto=plan)
    root = html.fromstring(answer.content)

    assert "„plan.dwg“ können wir nicht annehmen" in root.xpath("//*[@id='foto-error']")[0].text_content()
    assert filler.boxes(root)["text"] == filler.IDEA["text"]
    assert answers()["text"] == filler.IDEA["text"]


def test_a_file_refused_while_a_repetition_is_added_still_says_why(client):
    draft = filler.begin(client, "hundesteuer-anmelden")
    step = f"{draft}schritt/hunde/"
    shown = filler.boxes(filler.page(client, step))
    first = next(name for name in shown if name.endswith(("-gefaehrlich", "-name")))
    prefix = first.rpartition("-")[0]
    plan = io.BytesIO(b"AC1032 drawing")
    plan.name = "plan.dwg"

    dangerous = shown | {f"{prefix}-gefaehrlich": "true", f"{prefix}-nachweis_gefaehrlich": plan, "add": "hunde"}
    answer = client.post(step, dangerous)

    assert "„plan.dwg“ können wir nicht annehmen" in answer.content.decode()


@pytest.mark.tr("A3.16.03")
def test_an_ended_sitting_leads_back_to_the_step_with_what_was_typed(client):
    user = make_user()
    client.login(email=user.email, password=PASSWORD)
    draft = filler.begin(client)
    step = f"{draft}schritt/idee/"
    shown = filler.boxes(filler.page(client, step))
    Session.objects.all().delete()

    answer = client.post(step, shown | {"thema": "gruen", "text": "Getippt, als die Sitzung vorbei war."})
    assert answer["Location"].startswith("/konto/anmelden/?next=")
    assert "Getippt" not in str(list(Session.objects.values_list("session_data", flat=True)))
    back = client.post(answer["Location"], {"login": user.email, "password": PASSWORD, "next": step})

    assert back["Location"] == step
    root = filler.page(client, step)
    assert filler.boxes(root)["text"] == "Getippt, als die Sitzung vorbei war."
    assert "Ihre Angaben sind noch da" in root.text_content()


def test_at_sign_in_the_draft_goes_into_the_account(client):
    user = make_user()
    draft = filler.begin(client)
    filler.fill(client, f"{draft}schritt/idee/", **filler.IDEA)

    client.post("/konto/anmelden/", {"login": user.email, "password": PASSWORD, "next": draft})

    [row] = drafts()
    assert row.party_id == user.party.pk
    assert row.access_digest is None
    assert row.read_answers()["text"] == filler.IDEA["text"]
    assert client.get(f"{draft}schritt/idee/").status_code == 200


def test_later_shows_reference_and_code_to_people_without_account(client, draft):
    answer = filler.fill(client, f"{draft}schritt/idee/", text="Halb fertig", later="1")
    shown = client.get(answer["Location"]).content.decode()

    assert drafts()[0].reference in shown
    code = people.code_of(client.get("/").wsgi_request, drafts()[0].pk)
    assert code in shown
    assert answers()["text"] == "Halb fertig"


def test_with_an_account_the_profile_fills_in_and_says_so(client):
    from accounts import profile

    user = make_user()
    profile.write(user, {"family_name": "Kogge"})
    client.force_login(user)
    draft = filler.begin(client, "hundesteuer-anmelden")
    client.post(
        f"{draft}schritt/halter/",
        filler.boxes(filler.page(client, f"{draft}schritt/halter/")) | {"halter_art": "person", "refresh": "1"},
    )

    root = filler.page(client, f"{draft}schritt/halter/")

    assert filler.boxes(root)["person-familienname"] == "Kogge"
    assert root.xpath("//*[@id='person-familienname-source']")


@pytest.mark.parametrize("value", ["not-a-uuid", str(uuid.UUID(int=5)), "\x00", "9" * 300])
def test_deleting_a_file_that_is_none_of_the_drafts_changes_nothing(client, draft, value):
    answer = filler.fill(client, f"{draft}schritt/idee/", **filler.IDEA, delete_file=value)

    assert answer.status_code in (200, 400, 404)


def test_whoever_has_a_draft_is_shown_it_before_there_is_a_second(client):
    client.force_login(make_user())
    begin = "/leistungen/rostock/hundesteuer-anmelden/beginnen/"
    first = client.post(begin)["Location"]

    asked = client.post(begin)
    assert asked.status_code == 200
    assert "Sie haben schon angefangen" in asked.content.decode()
    assert first in html.fromstring(asked.content).xpath("//main//a/@href")
    with scope.system("look"):
        assert Draft.objects.count() == 1

    (form,) = html.fromstring(asked.content).xpath("//main//form")
    second = client.post(form.get("action"), dict(form.form_values()))["Location"]
    assert second != first
    assert client.post("/leistungen/rostock/wuensche-und-ideen/beginnen/").status_code == 302
    with scope.system("look"):
        assert Draft.objects.count() == 3
