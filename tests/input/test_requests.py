"""Requests that no browser sends: each gets a short answer below 500, and none opens or changes anything."""

import time

import pytest
from django.test import Client
from django.urls import reverse
from gunicorn.config import Config
from gunicorn.http.errors import InvalidHeader
from gunicorn.http.parser import RequestParser
from lxml import html

from applications.models import Attachment
from applications.states import State
from foundation import files, scope
from foundation.ids import new_id
from tests import filler
from tests.factories import PASSWORD, make_application, make_clerk, make_user

SIGN_IN = "/konto/anmelden/"
KINDS = ("csv", "json", "xlsx", "xls", "ods")
pytestmark = pytest.mark.usefixtures("city")


@pytest.mark.parametrize("host", ["evil.example", "a'><script>", "rostock.de\\@evil.example"])
def test_foreign_host_is_refused(client: Client, host: str) -> None:
    answer = client.get("/", headers={"host": host})
    assert answer.status_code == 400
    assert b"<script>" not in answer.content


@pytest.mark.asvs("V8.4.1")
def test_sitting_of_one_host_is_nobody_s_on_another(client: Client) -> None:
    """B109. All authorities of an installation share one host; a second one would be another portal."""
    client.force_login(make_clerk()[0])
    assert client.get("/backoffice/").status_code == 200
    for host in ("schwerin.example.org", "rostock.localhost.example.org", "localhost.schwerin.example.org"):
        assert client.get("/backoffice/", headers={"host": host}).status_code == 400
    # Without a domain a cookie belongs to the host that set it, and a browser sends it to no other (RFC 6265, 5.3).
    assert client.cookies
    assert {cookie["domain"] for cookie in client.cookies.values()} == {""}


def test_no_case_is_copied_out_as_a_spreadsheet_of_excel(client: Client) -> None:
    """B137. In XLSX a cell may be a formula by its type; the cells of our CSV are guarded (B117 to B136)."""
    user, _clerk = make_clerk()
    case = make_application(state=State.PROCESSING, assignee_id=user.pk)
    client.force_login(user)
    answers = {kind: client.get(f"/backoffice/vorgang/{case.reference}/kopie.{kind}").status_code for kind in KINDS}
    assert answers == {"csv": 200, "json": 200, "xlsx": 404, "xls": 404, "ods": 404}


@pytest.mark.asvs("V3.5.1")
@pytest.mark.parametrize("origin", ["null", "https://evil.example"])
def test_post_from_elsewhere_is_refused(origin: str) -> None:
    make_user("lena@example.org")
    stranger = Client(enforce_csrf_checks=True, headers={"origin": origin})
    stranger.get(SIGN_IN)
    token = stranger.cookies["csrf"].value
    answer = stranger.post(SIGN_IN, {"login": "lena@example.org", "password": PASSWORD, "csrfmiddlewaretoken": token})
    assert answer.status_code == 403


@pytest.mark.parametrize("cookie", ["x" * 16_000, "session=\xff\xfe; csrf=\x01", "session=" + "a;" * 2_000])
def test_broken_cookies_are_no_cookies(client: Client, cookie: str) -> None:
    assert client.get("/", headers={"cookie": cookie}).status_code in (200, 400)


@pytest.mark.asvs("V4.1.1")
@pytest.mark.parametrize("kind", ["application/json", "text/plain", "application/xml"])
def test_body_that_no_page_reads_is_refused(client: Client, kind: str) -> None:
    answer = client.post(SIGN_IN, data='{"login": "x"}', content_type=kind)
    assert answer.status_code == 415


def test_four_thousand_languages_cost_nothing(client: Client) -> None:
    begun = time.process_time()
    answer = client.get(reverse("help"), headers={"accept-language": ",".join(["xx-yy;q=0.1"] * 400)})
    assert answer.status_code == 200
    assert time.process_time() - begun < 2


@pytest.mark.asvs("V15.3.7")
def test_of_a_parameter_that_stands_twice_the_last_counts(client: Client) -> None:
    step = f"{filler.begin(client)}schritt/idee/"
    values = filler.boxes(filler.page(client, step)) | {"thema": "gruen", "ort": ["Alter Markt", "Neuer Markt"]}
    client.post(step, values | {"text": "Mehr Bäume am Markt."})
    assert filler.boxes(filler.page(client, step))["ort"] == "Neuer Markt"


@pytest.mark.asvs("V15.3.3")
def test_fields_that_no_form_has_change_nothing(client: Client) -> None:
    step = f"{filler.begin(client)}schritt/idee/"
    answer = filler.fill(client, step, **filler.IDEA, is_staff="true", state="COMPLETED", authority="schwerin")
    assert answer.status_code == 302
    assert client.get(step).status_code == 200


@pytest.mark.parametrize(
    "query", ["q=%00", "q=%ff", "seite=-1", "seite=1e9", "sortierung=password", "id=abc", "q=%ED%A0%80"]
)
def test_odd_queries_are_answered(client: Client, query: str) -> None:
    assert client.get(f"/leistungen/?{query}").status_code in (200, 400, 404)


@pytest.mark.parametrize(
    "path",
    [
        "/static/..%2f..%2fhro_portal/settings.py",
        "/static/%2e%2e/manage.py",
        "/antrag/" + "9" * 5_000 + "/",
        "/vorgang/HRO-2026-0000-0000/",
    ],
)
def test_addresses_that_lead_out_or_nowhere_open_nothing(client: Client, path: str) -> None:
    assert client.get(path).status_code in (302, 400, 404)


@pytest.mark.asvs("V3.7.2")
@pytest.mark.parametrize(
    "target",
    ["//evil.example", "/\\evil.example", "https:evil.example", "javascript:alert(1)", "https://evil.example/"],
)
def test_signing_in_leads_nowhere_else(client: Client, target: str) -> None:
    make_user("lena@example.org")
    answer = client.post(
        f"{SIGN_IN}?next={target}", {"login": "lena@example.org", "password": PASSWORD, "next": target}
    )
    assert answer.status_code == 302
    assert answer["Location"].startswith("/")
    assert not answer["Location"].startswith(("//", "/\\"))


@pytest.mark.parametrize(
    "lengths", ["Transfer-Encoding: chunked\r\nContent-Length: 5", "Content-Length: 5\r\nContent-Length: 6"]
)
def test_body_of_two_lengths_is_refused_by_the_web_server(lengths: str) -> None:
    """Request smuggling: gunicorn, with the defaults that we keep, takes no body that two readers end in two places."""
    sent = f"POST /konto/anmelden/ HTTP/1.1\r\nHost: localhost\r\n{lengths}\r\n\r\n0\r\n\r\nGET /"
    with pytest.raises(InvalidHeader):
        next(RequestParser(Config(), iter([sent.encode()]), ("127.0.0.1", 1)))


def test_a_thousand_ranges_are_one_whole_file(client: Client) -> None:
    lena = make_user()
    case = make_application(party_id=lena.party.pk)
    content = b"%PDF-1.7 a plan"
    at = {"authority_id": case.authority_id}
    with scope.system("a test needs a file"):
        media = {"keyset": case.authority.keyset, "media_type": "application/pdf"}
        stored = files.keep(content, subject_id=case.pk, **media, **at)
        attachment = Attachment(id=new_id(), application_id=case.pk, path="plan", file=stored, **at)
        attachment.name = case.seal(f"attachment:{attachment.pk}", "plan.pdf")
        attachment.save(force_insert=True)
    client.force_login(lena)
    ranges = "bytes=" + ",".join(f"{start}-" for start in range(1000))
    answer = client.get(f"/vorgang/{case.reference}/datei/{attachment.pk}/", headers={"range": ranges})
    assert (answer.status_code, answer.content) == (200, content)


@pytest.mark.asvs("V3.5.1")
def test_page_with_a_token_is_not_compressed_and_its_token_never_twice_the_same(client: Client) -> None:
    """BREACH measures the length of what is compressed together with a secret that stays the same."""
    answers = [client.get(SIGN_IN, headers={"accept-encoding": "gzip, br, zstd, deflate"}) for _ in range(2)]
    assert not any(answer.has_header("Content-Encoding") for answer in answers)
    tokens = {
        html.fromstring(answer.content).xpath("//main//*[@name='csrfmiddlewaretoken']/@value")[0] for answer in answers
    }
    assert len(tokens) == 2
