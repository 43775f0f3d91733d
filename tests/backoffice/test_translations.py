"""An author writes German and English beside each other, and sees what is open."""

from uuid import uuid4

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from authorities.models import Authority
from forms_engine.models import Form, FormVersion, TranslationLook
from forms_engine.use_cases import add_version, publish
from foundation import scope
from foundation.audit.models import AuditEvent
from tests.backoffice.test_forms import LIST_QUERIES, definition, make_form, page_of
from tests.factories import make_clerk
from tests.frame.pages import Page

#: As the list of forms, with which it shares all but two: the chain of versions and the looks.
QUERIES = LIST_QUERIES + 2


def address(version: FormVersion, step: str = "") -> str:
    return f"/backoffice/formulare/{version.form_id}/sprachen/{step}"


def typed(page: Page) -> dict[str, str]:
    """What the page would send as it stands."""
    form = page.tree.xpath("//main//form")[-1]
    boxes = {
        box.get("name"): box.get("value") for box in form.xpath(".//input") if box.get("name") != "csrfmiddlewaretoken"
    }
    return boxes | {box.get("name"): (box.text or "").removeprefix("\n") for box in form.xpath(".//textarea")}


def newest(version: FormVersion) -> FormVersion:
    with scope.system("look"):
        return FormVersion.objects.filter(form=version.form_id).order_by("-no")[0]


def label_of(version: FormVersion) -> dict[str, str]:
    return version.definition["steps"][0]["items"][0]["label"]


def change_german(version: FormVersion, words: str) -> FormVersion:
    """Somebody changes the question in the designer."""
    changed = newest(version).definition
    changed["steps"][0]["items"][0]["label"]["de"] = words
    with scope.system("a test changes a form"):
        return add_version(Authority.objects.get(slug="schwerin"), changed)


def test_a_published_form_gets_a_successor_with_the_new_words(author: Client) -> None:
    version = make_form("sprachen-eins")
    page = page_of(author, address(version, "angaben/"))
    boxes = typed(page)
    [german] = [name for name, value in boxes.items() if value == "Name" and name.endswith("-de")]
    sent = boxes | {german: "Vorname", german.replace("-de", "-en"): "Given\r\nname "}
    assert author.post(address(version, "angaben/"), sent).status_code == 302
    after = newest(version)
    assert (after.no, after.published_at) == (2, None)
    assert label_of(after) == {"de": "Vorname", "en": "Given\nname"}
    with scope.system("look"):
        assert label_of(FormVersion.objects.get(pk=version.pk)) == {"de": "Name", "en": "Name"}
        assert TranslationLook.objects.filter(form=version.form_id).count() == 1
        assert AuditEvent.objects.filter(action="form.wording_changed", object_id=version.form_id).count() == 1


def test_what_is_older_than_its_source_is_marked_until_somebody_has_looked(author: Client) -> None:
    version = make_form("sprachen-zwei")
    change_german(version, "Vorname")
    assert "1 Text" in page_of(author, address(version)).tree.text_content()
    page = page_of(author, f"{address(version, 'angaben/')}?offene=1")
    assert "Englisch ist älter als das Deutsche" in page.tree.text_content()
    boxes = typed(page)
    assert [value for name, value in boxes.items() if name.endswith("-de")] == ["Vorname"]
    [right] = page.tree.xpath("//button[@name='right']/@value")
    answer = author.post(address(version, "angaben/"), boxes | {"right": right})
    assert (answer.status_code, answer["Location"]) == (302, f"{address(version, 'angaben/')}?offene=1")
    assert "Hier ist kein Text offen." in page_of(author, answer["Location"]).tree.text_content()
    assert label_of(newest(version)) == {"de": "Vorname", "en": "Name"}
    change_german(version, "Rufname")
    assert "1 Text" in page_of(author, address(version)).tree.text_content()


def test_who_was_slower_sees_both_states_and_loses_nothing(author: Client) -> None:
    version = make_form("sprachen-drei")
    boxes = typed(page_of(author, address(version, "angaben/")))
    change_german(version, "Rufname")
    [german] = [name for name, value in boxes.items() if value == "Name" and name.endswith("-de")]
    answer = author.post(address(version, "angaben/"), boxes | {german: "Vorname"})
    assert answer.status_code == 409
    page = Page(answer)
    assert page.faults() == []
    assert "Inzwischen gespeichert: Rufname" in page.tree.text_content()
    again = typed(page)
    assert again[german] == "Vorname"
    assert label_of(newest(version))["de"] == "Rufname"
    assert author.post(address(version, "angaben/"), again).status_code == 302
    assert label_of(newest(version))["de"] == "Vorname"


def test_a_box_that_nobody_touched_never_undoes_what_somebody_else_wrote(author: Client) -> None:
    version = make_form("sprachen-vier")
    boxes = typed(page_of(author, address(version, "angaben/")))
    change_german(version, "Rufname")
    [title] = [name for name, value in boxes.items() if value == "Angaben"]
    answer = author.post(address(version, "angaben/"), boxes | {title: "Ihre Angaben"})
    assert answer.status_code == 409
    assert author.post(address(version, "angaben/"), typed(Page(answer))).status_code == 302
    after = newest(version)
    assert (label_of(after)["de"], after.definition["steps"][0]["title"]["de"]) == ("Rufname", "Ihre Angaben")


def test_a_text_without_german_or_a_text_too_long_is_refused_and_stays_in_its_box(author: Client) -> None:
    version = make_form("sprachen-fuenf")
    boxes = typed(page_of(author, address(version, "angaben/")))
    [title] = [name for name, value in boxes.items() if value == "Angaben"]
    for wrong, sentence in ((" ", "Schreiben Sie den deutschen Text."), ("x" * 5000, "Hier steht zu viel.")):
        answer = author.post(address(version, "angaben/"), boxes | {title: wrong, title.replace("-de", "-en"): "Kept"})
        assert answer.status_code == 422
        page = Page(answer)
        assert page.faults() == []
        assert sentence in page.tree.text_content()
        assert typed(page)[title.replace("-de", "-en")] == "Kept"
    assert newest(version).pk == version.pk


def test_forms_of_others_and_unknown_steps_do_not_exist(author: Client) -> None:
    version = make_form("sprachen-sechs")
    with scope.system("look"):
        other = Form.objects.filter(authority__slug="rostock")[0]
        empty = Form.objects.create(authority=Authority.objects.get(slug="schwerin"), key="sprachen-leer")
    start = "/backoffice/formulare/"
    for missing in (
        *(f"{start}{other.pk}/sprachen/", f"{start}{uuid4()}/sprachen/", f"{start}{empty.pk}/sprachen/"),
        *(address(version, "gibt-es-nicht/"), f"{start}{other.pk}/sprachen/_formular/"),
    ):
        assert author.get(missing).status_code == 404, missing
    assert author.post(address(version, "gibt-es-nicht/"), {}).status_code == 404
    with scope.system("clean up"):
        empty.delete()


def test_a_longer_chain_asks_no_more(author: Client) -> None:
    version = make_form("sprachen-sieben")
    page_of(author, address(version))
    counts = []
    for words in (["Eins"], ["Zwei", "Drei"]):
        for each in words:
            changed = change_german(version, each)
            with scope.system("a test publishes"):
                publish(changed)
        with CaptureQueriesContext(connection) as asked:
            page_of(author, address(version))
        counts.append(len(asked))
    assert counts == [QUERIES, QUERIES]


def test_the_texts_of_the_whole_form_have_a_page_too(author: Client) -> None:
    version = make_form("sprachen-acht", published=False)
    page = page_of(author, address(version, "_formular/"))
    assert "Formular sprachen-acht" in typed(page).values()
    assert definition("sprachen-acht")["title"]["en"] in typed(page).values()


def test_words_may_go_back_to_what_is_published(author: Client) -> None:
    version = make_form("sprachen-zurueck")
    change_german(version, "Vorname")
    boxes = typed(page_of(author, address(version, "angaben/")))
    [german] = [name for name, value in boxes.items() if value == "Vorname"]
    assert author.post(address(version, "angaben/"), boxes | {german: "Name"}).status_code == 302
    assert label_of(newest(version))["de"] == "Name"
    assert newest(version).no == 2


def test_who_has_the_form_checked_out_keeps_it_and_nobody_else_changes_its_words(author: Client) -> None:
    version = make_form("sprachen-in-arbeit")
    author.post(f"/backoffice/formulare/{version.form_id}/bearbeiten/beginnen/")
    holder = newest(version).edited_by_id
    assert holder is not None
    boxes = typed(page_of(author, address(version, "angaben/")))
    [german] = [name for name, value in boxes.items() if value == "Name" and name.endswith("-de")]
    assert author.post(address(version, "angaben/"), boxes | {german: "Vorname"}).status_code == 302
    assert newest(version).edited_by_id == holder

    other, _clerk = make_clerk("other@example.org", role="form_author", authority="schwerin", department=None)
    colleague = Client(headers={"accept-language": "de"})
    colleague.force_login(other)
    boxes = typed(page_of(colleague, address(version, "angaben/")))
    answer = colleague.post(address(version, "angaben/"), boxes | {german: "Rufname"})
    assert answer.status_code == 422
    assert "arbeitet gerade jemand" in Page(answer).text
    assert label_of(newest(version))["de"] == "Vorname"
