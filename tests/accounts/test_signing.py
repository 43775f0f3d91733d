import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from allauth.account.models import EmailAddress
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import people, signing_in
from accounts.models import Party, User
from accounts.sealed_sessions import SessionStore
from accounts.signals import codes_signed_in
from foundation import vault
from foundation.ids import new_code, new_id, new_reference
from tests.factories import PASSWORD, make_user
from tests.frame.pages import Page

pytestmark = pytest.mark.usefixtures("portal_db")

ADDRESS = "lena.kogge@example.org"
GOOD_PASSWORD = "Kran Boje Watt 7"
SUBJECT = UUID("01980000-0000-7000-8000-000000000001")


@pytest.fixture
def client() -> Client:
    return Client(HTTP_ACCEPT="text/html", HTTP_ACCEPT_LANGUAGE="de")


def sign_up(client: Client, email: str = ADDRESS, password: str = GOOD_PASSWORD) -> HttpResponse:
    return client.post(reverse("account_signup"), {"email": email, "password1": password})


def sign_in(client: Client, email: str = ADDRESS, password: str = PASSWORD, **more: str) -> HttpResponse:
    return client.post(reverse("account_login"), {"login": email, "password": password, **more})


def link_of_last_mail() -> str:
    """The path of the link; the address before it is the portal's own."""
    return re.search(r"http://localhost:\d+(/\S+)", mail.outbox[-1].body)[1]


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_sign_up_confirm_sign_out_sign_in(client: Client) -> None:
    assert sign_up(client)["Location"] == reverse("account_email_verification_sent")
    assert not is_signed_in(client)
    confirm = link_of_last_mail()
    assert "Adresse bestätigen" in client.get(confirm).content.decode()
    assert not EmailAddress.objects.get().verified, "opening a link confirms nothing"
    client.post(confirm)
    assert EmailAddress.objects.get().verified
    assert is_signed_in(client)
    client.post(reverse("account_logout"))
    assert not is_signed_in(client)
    assert sign_in(client, password=GOOD_PASSWORD)["Location"] == "/antraege/"
    assert is_signed_in(client)


def test_sign_in_before_confirming_is_refused(client: Client) -> None:
    sign_up(client)
    other = Client()
    assert sign_in(other, password=GOOD_PASSWORD)["Location"] == reverse("account_email_verification_sent")
    assert not is_signed_in(other)


def test_signed_up_user_is_a_person_party(client: Client) -> None:
    sign_up(client)
    client.post(link_of_last_mail())
    party = Party.objects.get()
    assert (party.kind, party.user.email) == ("person", ADDRESS)
    sign_in(Client(), password=GOOD_PASSWORD)
    assert Party.objects.count() == 1


def test_sign_up_tells_nobody_who_has_an_account(client: Client) -> None:
    make_user(ADDRESS)
    known, unknown = sign_up(client), sign_up(Client(HTTP_ACCEPT_LANGUAGE="de"), "niemand@example.org")
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert [message.to for message in mail.outbox] == [[ADDRESS], ["niemand@example.org"]]
    assert mail.outbox[0].subject == "Sie haben schon ein Konto"
    assert User.objects.filter(email=ADDRESS).count() == 1


def test_reset_tells_nobody_who_has_an_account(client: Client) -> None:
    make_user(ADDRESS)
    answers = [
        Client(HTTP_ACCEPT_LANGUAGE="de").post(reverse("account_reset_password"), {"email": email}, follow=True)
        for email in (ADDRESS, "niemand@example.org")
    ]
    bodies = [re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode()) for answer in answers]
    assert bodies[0] == bodies[1]
    assert [message.to for message in mail.outbox] == [[ADDRESS]]


def test_sign_in_tells_nobody_who_has_an_account(client: Client) -> None:
    make_user(ADDRESS)
    known, unknown = sign_in(client, password="falsch"), sign_in(client, "niemand@example.org", "falsch")
    errors = [Page(answer).tree.xpath("//*[@role='alert']//li/text()") for answer in (known, unknown)]
    assert errors[0] == errors[1] == ["E-Mail-Adresse und Passwort passen nicht zusammen. Prüfen Sie beides."]


@pytest.mark.tr("A3.9.06")
def test_reset_and_sign_in_with_the_new_password(client: Client) -> None:
    make_user(ADDRESS)
    client.post(reverse("account_reset_password"), {"email": ADDRESS})
    link = link_of_last_mail()
    form = client.get(link, follow=True)
    assert Page(form).faults() == []
    assert client.post(form.request["PATH_INFO"], {"password1": GOOD_PASSWORD}).status_code == 302
    assert sign_in(Client(), password=PASSWORD).status_code == 200
    assert sign_in(Client(), password=GOOD_PASSWORD).status_code == 302
    used = Client(HTTP_ACCEPT_LANGUAGE="de").get(link)
    assert Page(used).headings() == ["Dieser Link gilt nicht mehr"]


@pytest.mark.asvs("V4.1.3")
def test_links_in_mails_ignore_the_host_of_the_request() -> None:
    make_user(ADDRESS)
    Client(HTTP_HOST="127.0.0.1").post(reverse("account_reset_password"), {"email": ADDRESS})
    assert "127.0.0.1" not in mail.outbox[0].body


@pytest.mark.tr("A3.9.05")
@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("kurz", "Wählen Sie ein Passwort mit mindestens 10 Zeichen."),
        ("1234567890", "Dieses Passwort erraten andere leicht. Wählen Sie ein anderes."),
        ("lena.kogge@example", "Das Passwort ähnelt Ihrer E-Mail-Adresse. Wählen Sie ein anderes."),
        ("", "Wählen Sie ein Passwort."),
    ],
)
def test_weak_password_is_refused_with_a_sentence(client: Client, password: str, sentence: str) -> None:
    shown = Page(sign_up(client, password=password))
    assert sentence in shown.tree.get_element_by_id("id_password1_error").text_content()
    assert shown.tree.get_element_by_id("id_email").get("value") == ADDRESS
    assert not User.objects.exists()


@pytest.mark.asvs("V6.3.1")
def test_too_many_wrong_passwords_are_stopped(client: Client) -> None:
    make_user(ADDRESS)
    answers = [sign_in(client, password="falsch").content.decode() for _ in range(6)]
    assert "zu viele Versuche" not in answers[4]
    assert "zu viele Versuche" in answers[5]
    assert "zu viele Versuche" in sign_in(Client(HTTP_ACCEPT_LANGUAGE="de")).content.decode(), "also for the right one"


@pytest.mark.asvs("V6.3.1", "V2.4.1")
def test_sign_in_counts_tries_of_one_machine_and_answers_429(client: Client) -> None:
    for number in range(30):
        client.post(reverse("account_login"), {"login": f"nummer{number}@example.org", "password": ""})
    response = sign_in(client)
    assert response.status_code == 429
    assert Page(response).headings() == ["Das waren zu viele Versuche"]


@pytest.mark.asvs("V3.7.2")
@pytest.mark.tr("A3.9.09")
@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "/\\evil.example"])
def test_sign_in_never_leads_away(client: Client, target: str) -> None:
    make_user(ADDRESS)
    assert sign_in(client, next=target)["Location"] == "/antraege/"


@pytest.mark.asvs("V7.5.1")
@pytest.mark.tr("A3.9.08")
def test_change_of_address_asks_for_the_password_and_holds_after_confirming(client: Client) -> None:
    user = make_user(ADDRESS)
    sign_in(client)
    session = client.session
    session["account_authentication_methods"] = []
    session.save()
    asked = client.post(reverse("account_email"), {"email": "neu@example.org", "action_add": ""})
    assert asked["Location"].startswith(reverse("account_reauthenticate"))
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    client.post(reverse("account_email"), {"email": "neu@example.org", "action_add": ""})
    shown = Page(client.get(reverse("account_email")))
    assert shown.faults() == []
    assert "neu@example.org" in shown.text
    user.refresh_from_db()
    assert user.email == ADDRESS
    client.post(link_of_last_mail())
    user.refresh_from_db()
    assert user.email == "neu@example.org"
    assert any(message.to == [ADDRESS] for message in mail.outbox), "the old address is told"


def test_codes_of_the_sitting_are_handed_over_at_sign_in(client: Client) -> None:
    make_user(ADDRESS)
    session = client.session
    session[people.CODES] = {str(SUBJECT): people.seal_code(SUBJECT, "7K3M-4Q9X-7K3M-4Q9X")}
    session.save()
    seen = []

    def listen(sender: type, request: HttpRequest, user: User, codes: dict[str, str], **kwargs: object) -> None:
        seen.append((user.email, codes))

    codes_signed_in.connect(listen)
    try:
        sign_in(client)
    finally:
        codes_signed_in.disconnect(listen)
    assert seen == [(ADDRESS, {str(SUBJECT): "7K3M-4Q9X-7K3M-4Q9X"})]


def end_sitting(client: Client) -> None:
    Session.objects.filter(pk=client.session.session_key).update(expire_date=timezone.now() - timedelta(seconds=1))


@pytest.mark.asvs("V7.3.1")
@pytest.mark.tr("A3.11.09")
def test_sitting_lasts_half_an_hour_from_the_last_request(client: Client) -> None:
    client.force_login(make_user())
    Session.objects.update(expire_date=timezone.now() + timedelta(minutes=1))
    client.get("/")
    assert Session.objects.get().expire_date > timezone.now() + timedelta(minutes=29)


def test_what_was_sent_after_the_end_comes_back_after_signing_in(client: Client) -> None:
    make_user(ADDRESS)
    sign_in(client)
    end_sitting(client)
    sent = client.post(reverse("profile"), {"given_name": "Lena", "street": "Lange Straße"})
    assert sent["Location"] == "/konto/anmelden/?next=/konto/profil/&grund=zeit"
    page = Page(client.get(sent["Location"]))
    assert page.faults() == []
    assert "Sie waren 30 Minuten nicht aktiv." in page.text
    assert "Lange" not in str(dict(client.session)), "what is kept is sealed"
    assert sign_in(client, next="/konto/profil/")["Location"] == "/konto/profil/"
    back = Page(client.get("/konto/profil/"))
    assert back.tree.get_element_by_id("id_street").get("value") == "Lange Straße"
    again = Page(client.get("/konto/profil/"))
    assert not again.tree.get_element_by_id("id_street").get("value"), "handed back once, and not saved"


def test_stranger_is_sent_to_sign_in_without_talk_of_time(client: Client) -> None:
    assert client.get(reverse("profile"))["Location"] == "/konto/anmelden/?next=/konto/profil/"


@pytest.mark.asvs("V2.4.1")
@pytest.mark.parametrize(
    "path", ["/konto/profil/", f"/vorgang/{new_reference('HRO', 2026)}/frage/"], ids=["account", "case"]
)
def test_what_strangers_send_fills_no_database(client: Client, settings: Any, path: str) -> None:
    settings.LIMIT_PER_ADDRESS = 2
    sent = {"text": "A" * 10_000}
    assert client.post(path, sent).status_code == 302
    assert Session.objects.count() == 0, "a browser that saw none of our pages has typed nothing"

    answers = []
    for _ in range(4):
        one = Client()
        one.get(reverse("account_login"))
        answers.append(one.post(path, sent).status_code)
    assert answers == [302, 302, 429, 429]
    assert Session.objects.count() == 2


def test_more_than_a_page_of_a_form_holds_is_not_kept(client: Client) -> None:
    client.get(reverse("account_login"))
    client.post(reverse("profile"), {"given_name": "A" * 70_000})
    assert signing_in.KEPT not in client.session


def test_kept_words_are_for_their_own_page_only(client: Client) -> None:
    client.get(reverse("account_login"))
    client.post(reverse("profile"), {"given_name": "Lena"})
    request = client.get("/").wsgi_request
    assert signing_in.take_kept(request) is None
    assert signing_in.KEPT in client.session


@pytest.mark.asvs("V3.5.3")
def test_sign_out_needs_a_post(client: Client) -> None:
    client.force_login(make_user())
    assert client.get(reverse("account_logout")).status_code == 200
    assert is_signed_in(client)


@pytest.mark.asvs("V6.3.3")
def test_admin_sign_in_is_the_portals_own(client: Client) -> None:
    assert client.get("/admin/", follow=True).redirect_chain[-1][0].startswith("/konto/anmelden/?next=/admin/")
    client.force_login(make_user())
    assert client.get("/admin/login/").status_code == 403


def test_texts_of_mails_are_german_and_address_people_as_sie(client: Client) -> None:
    sign_up(client)
    body = mail.outbox[0].body
    assert body.startswith("Guten Tag,")
    assert "Wir fragen Sie in E-Mails nie nach einem Passwort." in body
    assert "&" not in body


def code_request(client: Client, subject: UUID, code: str) -> HttpRequest:
    request = client.get("/").wsgi_request
    people.remember_code(request, subject, code)
    return request


def test_who_is_nobody_without_account_and_code(client: Client) -> None:
    assert people.who(client.get("/").wsgi_request, subject_id=SUBJECT) is None


def test_who_is_the_holder_of_this_code_only(client: Client) -> None:
    request = code_request(client, SUBJECT, new_code())
    assert isinstance(people.who(request, subject_id=SUBJECT), people.CodeHolder)
    assert people.who(request, subject_id=new_id()) is None
    assert people.who(request) is None
    people.forget_code(request, SUBJECT)
    assert people.who(request, subject_id=SUBJECT) is None


@pytest.mark.asvs("V14.2.1")
def test_a_code_lies_sealed_in_the_session_and_opens_for_its_own_case_only(client: Client) -> None:
    code, other = new_code(), new_id()
    request = code_request(client, SUBJECT, code)
    request.session.save()
    kept = str(SessionStore(request.session.session_key).load())
    assert code not in kept
    assert people.code_of(request, SUBJECT) == code
    assert people.codes_of(request) == {str(SUBJECT): code}
    request.session[people.CODES] = {str(other): request.session[people.CODES][str(SUBJECT)]}
    with pytest.raises(vault.VaultError):
        people.code_of(request, other)


def test_who_acts_for_an_organisation_as_long_as_the_membership_is_open(client: Client) -> None:
    user = make_user()
    organisation = Party.objects.create(kind="organisation", name="Bäckerei Kogge GmbH")
    membership = user.memberships.create(organisation=organisation, role="owner")
    client.force_login(user)
    request = client.get("/").wsgi_request
    request.session[people.ACTING_FOR] = str(organisation.pk)
    assert people.who(request).party_id == organisation.pk
    assert people.who(request).person_party_id == user.party.pk
    membership.until = timezone.now()
    membership.save()
    assert people.who(request).party_id == user.party.pk


def press_again(client: Client) -> str:
    """Asks for the mail once more by the page's own button; the words of the page that follows."""
    shown = Page(client.get(reverse("account_email_verification_sent")))
    (address,) = shown.tree.xpath("//form[.//button[normalize-space()='E-Mail noch einmal senden']]/@action")
    return Page(client.post(address, follow=True)).tree.xpath("normalize-space(//main)")


def test_mail_of_confirmation_is_sent_again_and_its_link_works(client: Client) -> None:
    sign_up(client)
    cache.clear()  # three minutes later
    assert "Wir haben Ihnen eine E-Mail mit einem Link gesendet." in press_again(client)
    assert [sent.to for sent in mail.outbox] == [[ADDRESS], [ADDRESS]]
    client.post(link_of_last_mail())
    assert EmailAddress.objects.get().verified
    assert is_signed_in(client)


def test_mail_of_confirmation_is_not_sent_twice_in_three_minutes(client: Client) -> None:
    sign_up(client)
    assert "keine 3 Minuten alt" in press_again(client)
    assert len(mail.outbox) == 1


def test_who_asks_again_is_not_told_whether_there_was_an_account(client: Client) -> None:
    make_user(ADDRESS)
    sign_up(client)
    first = press_again(client)
    other = Client(HTTP_ACCEPT="text/html", HTTP_ACCEPT_LANGUAGE="de")
    sign_up(other, email="neu@example.org")
    assert press_again(other) == first
    cache.clear()  # three minutes later
    assert press_again(other) == press_again(client)


def test_who_has_no_sign_up_at_hand_is_sent_to_the_sign_in(client: Client) -> None:
    assert "Melden Sie sich an. Dann senden wir Ihnen die E-Mail noch einmal." in press_again(client)
    assert mail.outbox == []


def test_two_faults_of_one_password_are_one_thing_to_correct(client: Client) -> None:
    shown = Page(sign_up(client, password="passwort"))
    told = shown.tree.xpath("//*[@id='fehler']")[0]
    assert told.xpath("string(.//h2)") == "Bitte prüfen Sie eine Angabe"
    assert "mindestens 10 Zeichen" in told.text_content()
