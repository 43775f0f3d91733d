"""Answers, names and clerks' texts make no document fetch, link, hang or break."""

import io
import socket
import threading
import time
from collections.abc import Iterator

import pikepdf
import pytest

from accounts.people import Clerk
from applications.deciding import use_cases as deciding
from applications.deciding.delivery import pdf_of
from applications.deciding.notice import decisions, notice_of
from applications.delivering import receipt
from applications.delivering.use_cases import render_receipt
from applications.models import Application
from applications.states import State
from foundation import documents, scope
from foundation.documents import rendering
from tests.factories import make_application, make_clerk
from tests.pdf import text_of

pytestmark = [pytest.mark.usefixtures("city"), pytest.mark.asvs("V1.3.6", "V1.2.2", "V15.2.2")]
ADDRESS = "http://localhost:8000/pruefen/canary/"
#: Of the office that decides: the only link on a notice.
OWN_NUMBER = "tel:03813812220"
#: What reaches for an address in WeasyPrint, or might one day. PORT is the canary's.
FETCHES = [
    '<img src="http://127.0.0.1:PORT/x">',
    '<img src="file:///etc/passwd">',
    '<link rel=attachment href="file:///etc/passwd">',
    '<a rel=attachment href="file:///etc/hostname">x</a>',
    "<style>@import url(http://127.0.0.1:PORT/i.css)</style>",
    '<p style="background:url(http://127.0.0.1:PORT/b)">x',
    "<style>@font-face{font-family:x;src:url(http://127.0.0.1:PORT/f)} p{font-family:x}</style><p>x",
    '<object data="http://127.0.0.1:PORT/o"></object>',
    '<embed src="http://127.0.0.1:PORT/e">',
    '<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>',
    "<style>p::before{content:url(http://127.0.0.1:PORT/ct)}</style><p>x",
    '<ul style="list-style:url(http://127.0.0.1:PORT/l)"><li>x</ul>',
    '<base href="http://127.0.0.1:PORT/"><img src=rel>',
    '<p style="border:1px solid;border-image:url(http://127.0.0.1:PORT/bi)">x',
    '<iframe src="http://127.0.0.1:PORT/if"></iframe>',
    '<script src="http://127.0.0.1:PORT/s"></script>',
    '<meta http-equiv=refresh content="0;url=http://127.0.0.1:PORT/m">',
    '<video poster="http://127.0.0.1:PORT/v"></video>',
    '<p style="mask:url(http://127.0.0.1:PORT/ma)">x',
    '<svg xmlns="http://www.w3.org/2000/svg"><use href="http://127.0.0.1:PORT/u#a"/></svg>',
    '<input type=image src="http://127.0.0.1:PORT/in">',
    '<link rel=stylesheet href="http://127.0.0.1:PORT/css">',
    '<img src="data:image/svg+xml,<svg xmlns=%22http://www.w3.org/2000/svg%22/>">',
    '<img src="gopher://127.0.0.1:PORT/g">',
]
LINKS = [
    '<a href="javascript:alert(1)">x</a>',
    '<a href="file:///etc/passwd">x</a>',
    '<a href="data:text/html,x">x</a>',
    '<a href=" JavaScript:alert(1)">x</a>',
    '<a href="vbscript:x">x</a>',
]


@pytest.fixture
def canary() -> Iterator[list[str]]:
    """Listens on a port of this machine; holds each connection that somebody made."""
    hits: list[str] = []
    server = socket.create_server(("127.0.0.1", 0))

    def listen() -> None:
        while True:
            try:
                connection, _from = server.accept()
            except OSError:
                return
            hits.append("hit")
            connection.close()

    threading.Thread(target=listen, daemon=True).start()
    hits_of_port = _Hits(hits, server.getsockname()[1])
    yield hits_of_port
    server.close()


class _Hits(list):
    def __init__(self, hits: list[str], port: int) -> None:
        self.hits, self.port = hits, str(port)

    def aimed(self, probe: str) -> str:
        return probe.replace("PORT", self.port)


def links_of(pdf: bytes) -> list[str]:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return [
            str(annotation.A.get("/URI", annotation.A.S))
            for page in document.pages
            for annotation in page.get("/Annots", [])
            if "/A" in annotation
        ]


def attachments_of(pdf: bytes) -> set[str]:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return set(document.attachments)


def words(text: str) -> str:
    return "".join(text.replace("\u200b", "").split())


def receipt_of(application: Application) -> bytes:
    with scope.authority(application.authority_id, read_only=True):
        row = Application.objects.for_pages().get(pk=application.pk)
        return render_receipt(row, receipt.embedded_data(row), ADDRESS)


def case_with(remark: str, name: str = "Kogge, Lena", **fields: object) -> Application:
    answers = {"halter_art": "person", "person": {"familienname": "Kogge"}, "bemerkung": remark}
    return make_application(answers=answers, name=name, **fields)


def test_hostile_answers_and_names_are_only_words_on_the_receipt(canary) -> None:
    probes = [canary.aimed(probe) for probe in FETCHES + LINKS]
    organisation = f"{probes[0]} {probes[4]} GmbH {LINKS[0]}"
    pdf = receipt_of(case_with("\n".join(probes), name=organisation))
    shown = words(text_of(pdf))
    assert words(organisation) in shown
    assert canary.hits == []
    assert links_of(pdf) == []
    assert attachments_of(pdf) == {"angaben.json"}


def test_hostile_texts_of_clerks_are_only_words_on_the_notice(canary) -> None:
    clerk: Clerk = make_clerk()[1]
    probes = "\n".join(canary.aimed(probe) for probe in FETCHES + LINKS)
    application = case_with("", name=probes[:120], state=State.PROCESSING, assignee_id=clerk.user_id)
    with scope.for_person(clerk):
        decision = deciding.decide(
            application,
            by=clerk,
            outcome="approved",
            reason=probes,
            regime="letter",
            place=canary.aimed(FETCHES[0]),
            conditions=probes,
        )
    with scope.for_person(clerk, read_only=True):
        pdf = pdf_of(notice_of(decisions().get(pk=decision.pk)), ADDRESS)
    shown = words(text_of(pdf))
    assert all(words(canary.aimed(probe)) in shown for probe in FETCHES + LINKS)
    assert canary.hits == []
    assert links_of(pdf) == [OWN_NUMBER]
    assert attachments_of(pdf) == set()


@pytest.mark.parametrize("probe", FETCHES + LINKS)
def test_without_any_escaping_nothing_is_fetched_and_no_bad_link_written(canary, monkeypatch, probe) -> None:
    """Were a template to forget its escaping one day, the fetcher and the check of links still stand."""
    page = f"<!DOCTYPE html><html lang=de><title>x</title><body>{canary.aimed(probe)}</body></html>"
    monkeypatch.setattr(rendering, "render_to_string", lambda *_: page)
    pdf = made_or_refused(canary)
    assert canary.hits == []
    if pdf:
        assert all(link.startswith("http://") for link in links_of(pdf))
        assert b"root:x:0" not in pdf
        assert attachments_of(pdf) == set()


def made_or_refused(canary) -> bytes | None:
    """A refusal does not repeat the address: it may hold what a person typed."""
    try:
        return documents.render_pdf("any.html", {})
    except documents.RenderingError as error:
        refusal = str(error)
    assert canary.port not in refusal
    assert "passwd" not in refusal
    return None


@pytest.mark.parametrize("probe", LINKS)
def test_link_that_runs_something_stops_the_document(monkeypatch, probe) -> None:
    monkeypatch.setattr(rendering, "render_to_string", lambda *_: f"<html lang=de><title>x</title><p>{probe}</html>")
    with pytest.raises(documents.RenderingError):
        documents.render_pdf("any.html", {})


@pytest.mark.parametrize("unit", ["x", "&", "Ä", "ﷺ"])
def test_word_without_end_takes_a_moment_only(unit) -> None:
    """Unbroken, twenty thousand letters take a quarter of a minute, and ten times as many half an hour."""
    begun = time.process_time()
    pdf = receipt_of(case_with(unit * 6_000))
    assert time.process_time() - begun < 6
    assert unit == "ﷺ" or words(text_of(pdf)).count(unit) >= 6_000


def test_long_word_keeps_its_characters_and_a_checksum_stays_in_one_piece() -> None:
    assert rendering._breakable("<p>" + "a" * 64 + "</p>") == "<p>" + "a" * 64 + "</p>"
    broken = rendering._breakable("<p class='" + "c" * 200 + "'>" + "&lt;" * 120 + "</p>")
    assert "\u200b" in broken
    assert broken.replace("\u200b", "") == "<p class='" + "c" * 200 + "'>" + "&lt;" * 120 + "</p>"
    assert "c" * 200 in broken
    assert broken.count("&lt;") == 120


def test_fifty_thousand_rows_are_refused_at_once(monkeypatch) -> None:
    rows = "<tr><td>Frage</td><td>Antwort</td></tr>" * 50_000
    monkeypatch.setattr(rendering, "render_to_string", lambda *_: f"<html lang=de><table>{rows}</table></html>")
    begun = time.process_time()
    with pytest.raises(documents.RenderingError):
        documents.render_pdf("any.html", {})
    assert time.process_time() - begun < 2
