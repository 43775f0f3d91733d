"""F22, F36, F40: what the portal leans on refuses, and who leans on the portal does not let go."""

import socket
import time
from contextlib import ExitStack
from functools import partial
from urllib.parse import urlsplit

import httpx

from faults import effects, offers, records
from faults.contention import HEAD
from faults.journals import TAKEN
from faults.person import Letter
from faults.poison import LAST_BUT_ONE
from faults.registry import fault
from faults.town import Town
from faults.visitor import Visitor
from hro_portal.stack.__main__ import DEMO_PASSWORD

MAIL = "notify.received"
HOUR_SECONDS, SLOW_SECONDS = 3600.0, 8.0
IDLE = 500
#: Seconds within which others are answered (fault F36).
PROMPT_SECONDS = 1.0


@fault("F22", "The mail server is away for an hour, is slow, refuses for now, refuses for good")
def mail_server_fails(town: Town) -> str:
    """Submitting is not touched; the mail goes out later, once; a refusal for good is shown to people."""
    return f"{_an_hour_away(town)}; {_slow(town)}; {_refusing(town)}"


def _an_hour_away(town: Town) -> str:
    """The hour passes by making what waits older, by as much as each pause lasts."""
    letter, passed, tries = town.letter(photo=False), 0.0, 0
    with town.mail.away():
        assert town.send(letter).reference, "submitting needs no mail server"
        while passed < HOUR_SECONDS:
            tries += 1
            pause = town.wait_for(partial(effects.pause_of, letter, MAIL, tries=tries), f"try {tries} of the mail")
            passed += pause
            effects.let_pass(letter, pause)
        assert not effects.dead(letter), "given up within the hour"
        assert effects.shown_to_people(letter) == [MAIL], "the clerks do not see it"
        with town.browser() as browser:
            clerk = Visitor(browser)
            clerk.sign_in(HEAD, DEMO_PASSWORD)
            assert records.reference(letter) in clerk.look("/backoffice/stoerungen/").text, "not among the troubles"
    back = time.monotonic()
    effects.push(letter)
    town.wait_until_done(letter)
    assert len(town.mail.to(letter.email)) == 1, "not exactly one mail"
    return f"an hour away: {tries} tries, shown to clerks, one mail {time.monotonic() - back:.0f} s after it came back"


def _slow(town: Town) -> str:
    """Each mail takes longer than the portal waits; others are answered as ever."""
    letter = town.letter(photo=False)
    with town.mail.slow(SLOW_SECONDS):
        begun = time.monotonic()
        assert town.send(letter).reference
        answered = time.monotonic() - begun
        town.wait_for(lambda: effects.attempts(letter)[MAIL] >= 1, "a first try")
    assert answered < SLOW_SECONDS, f"the person waited {answered:.1f} s for the mail server"
    effects.push(letter)
    town.wait_until_done(letter)
    mails = town.mail.to(letter.email)
    assert len({mail.message_id for mail in mails}) == 1, f"{len(mails)} different mails"
    return f"{SLOW_SECONDS:.0f} s for each mail: the person was answered after {answered:.1f} s"


def _refusing(town: Town) -> str:
    letter, replies = town.letter(photo=False), ["451 4.3.0 later", "421 4.3.2 closing"]
    town.mail.reply = lambda: replies.pop() if replies else "550 5.1.1 nobody here"
    try:
        assert town.send(letter).reference, "submitting needs no mail server"
        town.wait_for(lambda: _pushed(letter) and not replies, "three tries")
        effects.change_rows(letter, attempts=LAST_BUT_ONE)
        town.wait_for(lambda: _pushed(letter) and effects.dead(letter), "the mail to be put aside")
    finally:
        town.mail.reply = lambda: TAKEN
    code = effects.error_of(letter, "notify.received")
    assert effects.dead(letter) == ["notify.received"], f"put aside: {effects.dead(letter)}"
    effects.redrive(letter)
    town.wait_until_done(letter)
    assert len(town.mail.to(letter.email)) == 1, "not exactly one mail"
    return f"421, 451, then 550; put aside as {code} after 12 tries, tried again by hand: one mail"


@fault("F36", "Clients that say nothing, or stop in the middle")
def clients_that_wait(town: Town) -> str:
    """Others are answered as before."""
    address = urlsplit(town.stack.base_url)
    with ExitStack() as opened, town.browser() as browser:
        for number in range(IDLE):
            idle = opened.enter_context(socket.create_connection((address.hostname or "", address.port or 0)))
            if number < IDLE // 100:
                idle.sendall(b"POST /vorgang/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\nx")
                idle.shutdown(socket.SHUT_WR)  # an upload that was cut
        slowest = 0.0
        for _ in range(10):
            begun = time.monotonic()
            assert browser.get("/").status_code == httpx.codes.OK
            slowest = max(slowest, time.monotonic() - begun)
        letter = town.letter()
        assert town.send(letter).reference
    assert slowest < PROMPT_SECONDS, f"somebody waited {slowest:.1f} s"
    town.wait_until_done(letter)
    return (
        f"{IDLE} open connections, {IDLE // 100} of them uploads that were cut; the slowest page took {slowest:.2f} s"
    )


@fault("F40", "The key of the seal cannot be reached")
def seal_is_away(town: Town) -> str:
    """No receipt goes out without its seal; it is made when the seal is back, and nobody has to ask."""
    letter = town.letter(photo=False)
    with offers.without_seal("rostock"):
        reference = town.send(letter).reference
        assert reference, "submitting needs no seal"
        town.wait_for(lambda: effects.error_of(letter, "receipt") == "seal-unavailable", "the receipt to wait")
        with town.browser() as browser:
            browser.cookies.update(dict(letter.cookies))
            assert browser.get(f"/vorgang/{reference}/bestaetigung.pdf").status_code != httpx.codes.OK
    effects.push(letter)
    town.wait_until_done(letter)
    verdict = records.verdict_on_receipt(letter)
    assert verdict == "genuine", f"the receipt is {verdict}"
    return "the receipt waited, nothing went out unsealed; made and genuine when the seal was back"


def _pushed(letter: Letter) -> bool:
    effects.push(letter)
    return True
