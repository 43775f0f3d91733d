import re

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from authorities.models import Authority
from tests.factories import make_application, make_clerk, make_user
from tests.frame.pages import Page

pytestmark = pytest.mark.usefixtures("portal_db")

PUBLIC = ["start", "help", "account_login", "account_signup", "account_reset_password", "account_reset_password_done"]
PUBLIC += ["account_inactive", "still_here", "account_email_verification_sent", "account_reset_password_from_key_done"]
OWN = ["profile", "account_change_password", "account_logout", "still_here"]


@pytest.fixture
def client() -> Client:
    return Client(HTTP_ACCEPT="text/html", HTTP_ACCEPT_LANGUAGE="de")


@pytest.mark.parametrize("name", PUBLIC)
def test_public_page_is_well_formed(client: Client, name: str) -> None:
    response = client.get(reverse(name))
    assert response.status_code == 200
    assert Page(response).faults() == []
    assert Page(response).title().endswith(" – Rostock")


@pytest.mark.parametrize("name", OWN)
def test_own_page_is_well_formed(client: Client, name: str) -> None:
    client.force_login(make_user())
    response = client.get(reverse(name))
    assert response.status_code == 200
    assert Page(response).faults() == []


@pytest.mark.parametrize(
    ("name", "above"),
    [
        ("folder:list", ["/", "/konto/profil/"]),
        ("folder:add", ["/", "/konto/profil/", "/unterlagen/"]),
        ("issuing:check", ["/"]),
    ],
)
def test_page_below_another_leads_back_to_it(client: Client, name: str, above: list[str]) -> None:
    client.force_login(make_user())

    assert Page(client.get(reverse(name))).tree.xpath("//ol[@class='portal-crumbs']//a/@href") == above


def test_title_says_fault_first(client: Client) -> None:
    shown = Page(client.post(reverse("account_login"), {"login": "", "password": ""}))
    assert shown.faults() == []
    assert shown.title() == "Fehler: Anmelden – Rostock"
    assert shown.count("//*[@role='alert']//a[@href='#id_login']") == 1
    login = shown.tree.get_element_by_id("id_login")
    assert login.get("aria-invalid") == "true"
    assert login.get("required") is not None
    assert login.get("aria-describedby") == "id_login_error"


def test_hint_is_read_before_error(client: Client) -> None:
    shown = Page(client.post(reverse("account_signup"), {"email": "lena", "password1": "Kran Boje Watt"}))
    assert shown.tree.get_element_by_id("id_email").get("aria-describedby") == "id_email_helptext id_email_error"
    assert "zum Beispiel" in shown.tree.get_element_by_id("id_email_error").text_content()


def test_navigation_of_a_stranger_leads_to_sign_in(client: Client) -> None:
    links = Page(client.get("/")).tree.xpath("//nav//a/@href")
    assert links == ["/leistungen/", "/konto/anmelden/"]


def test_navigation_shows_backoffice_to_staff_only(client: Client) -> None:
    client.force_login(make_user())
    assert "/backoffice/" not in Page(client.get("/")).tree.xpath("//nav//a/@href")
    clerk, _person = make_clerk()
    client.force_login(clerk)
    assert "/backoffice/" in Page(client.get("/")).tree.xpath("//nav//a/@href")


def test_start_page_shows_what_is_running(client: Client) -> None:
    user = make_user()
    application = make_application(party_id=user.party.pk)
    assert application.reference not in client.get("/").content.decode()
    client.force_login(user)
    shown = Page(client.get("/"))
    assert shown.faults() == []
    assert application.reference in shown.text


def test_start_page_leads_to_each_service_of_the_city(client: Client) -> None:
    links = set(Page(client.get("/")).tree.xpath("//main//a/@href"))
    assert "/leistungen/rostock/hundesteuer-anmelden/" in links
    assert all(client.get(link).status_code == 200 for link in links)


def test_current_page_is_marked(client: Client) -> None:
    assert Page(client.get(reverse("account_login"))).tree.xpath("//nav//a[@aria-current='page']/@href") == [
        "/konto/anmelden/"
    ]


def test_authority_of_the_page_wins_over_the_home_authority(client: Client, rf: object) -> None:
    from django.template.loader import render_to_string

    request = client.get("/").wsgi_request
    text = render_to_string("help.html", {"authority": Authority.objects.get(slug="schwerin")}, request)
    assert 'data-portal-city="schwerin"' in text
    assert "mark-schwerin" in text
    assert "Rostock" not in text


def test_page_of_a_stranger_asks_the_database_once(client: Client, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(1):
        client.get(reverse("account_login"))


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_theme_is_kept(client: Client, theme: str) -> None:
    response = client.post(reverse("theme"), {"theme": theme, "next": "/hilfe/"})
    assert response["Location"] == "/hilfe/"
    assert f'data-kern-theme="{theme}"' in client.get("/").content.decode()


def test_theme_of_the_device_sets_nothing(client: Client) -> None:
    client.post(reverse("theme"), {"theme": "dark"})
    client.post(reverse("theme"), {"theme": ""})
    assert "data-kern-theme" not in client.get("/").content.decode()


def test_unknown_theme_is_ignored(client: Client) -> None:
    client.post(reverse("theme"), {"theme": '"><script>'})
    client.cookies[settings.THEME_COOKIE_NAME] = '"><script>'
    assert "data-kern-theme" not in client.get("/").content.decode()


@pytest.mark.asvs("V3.7.2")
@pytest.mark.tr("A3.9.09")
@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "start", "0"])
def test_theme_never_leads_away(client: Client, target: str) -> None:
    assert client.post(reverse("theme"), {"theme": "dark", "next": target})["Location"] == "/"


@pytest.mark.asvs("V3.5.3")
def test_theme_needs_a_post(client: Client) -> None:
    response = client.get(reverse("theme"))
    assert (response.status_code, response["Allow"]) == (405, "POST")
    assert Page(response).faults() == []
    assert Page(response).headings() == ["So lässt sich diese Seite nicht öffnen"]


def test_security_policy_allows_own_parts_only(client: Client) -> None:
    policy = client.get("/")["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_sitting_is_told_to_those_who_have_one(client: Client) -> None:
    assert "data-sitting" not in client.get("/").content.decode()
    client.force_login(make_user())
    shown = Page(client.get("/"))
    assert shown.tree.xpath("//template/@data-sitting") == ["1800"]
    assert shown.count("//time[@data-sitting-end]") == 1


def test_still_here_answers_a_script_with_the_seconds_left(client: Client) -> None:
    url = reverse("still_here")
    assert client.get(url, HTTP_ACCEPT="application/json").json() == {"seconds": 0}
    client.force_login(make_user())
    assert client.get(url, HTTP_ACCEPT="application/json").json() == {"seconds": 1800}


@pytest.mark.asvs("V14.3.2")
@pytest.mark.tr("A3.11.02")
def test_page_with_a_sitting_is_not_stored_by_the_browser(client: Client) -> None:
    assert not client.get("/").has_header("Cache-Control")
    client.force_login(make_user())
    assert client.get("/")["Cache-Control"] == "no-store, private"


PHONE = re.compile(r"0\d{3,4}[ /]\d{3,}(?:-\d+)?")


@pytest.mark.parametrize(
    "address",
    ["/hilfe/", "/vorgang/", "/impressum/", "/barrierefreiheit/", "/einfach-erklaert/", "/konto/gesperrt/"],
)
def test_every_telephone_number_can_be_tapped(client: Client, address: str) -> None:
    tree = Page(client.get(address)).tree
    numbers = [text for text in tree.xpath("//body//text()") if PHONE.search(text)]
    assert numbers
    assert [
        each for each in numbers if not each.getparent().xpath("ancestor-or-self::a[starts-with(@href, 'tel:')]")
    ] == []


def test_sign_in_says_in_plain_words_what_it_is_enough_for(client: Client) -> None:
    shown = Page(client.get(reverse("account_login")))
    assert "bei denen Sie keinen Ausweis zeigen müssen" in shown.text
    assert "Vertrauensniveau" not in shown.text
