"""F22, F36, F40: what the portal leans on refuses, and who leans on the portal does not let go."""

import socket
import time
from contextlib import ExitStack
from urllib.parse import urlsplit

import httpx

from faults import records
from faults.journals import TAKEN
from faults.person import Letter
from faults.poison import LAST_BUT_ONE
from faults.registry import fault
from faults.town import Town

IDLE = 500
#: Seconds within which others are answered (fault F36).
PROMPT_SECONDS = 1.0


@fault("F22", "The mail server refuses: for now, then for good")
def mail_server_refuses(town: Town) -> str:
    """Submitting is not touched; the mail goes out later, once; a refusal for good is shown to people."""
    letter, replies = town.letter(photo=False), ["451 4.3.0 later", "421 4.3.2 closing"]
    town.mail.reply = lambda: replies.pop() if replies else "550 5.1.1 nobody here"
    try:
        assert town.send(letter).reference, "submitting needs no mail server"
        town.wait_for(lambda: _pushed(letter) and not replies, "three tries")
        records.change_rows(letter, attempts=LAST_BUT_ONE)
        town.wait_for(lambda: _pushed(letter) and records.dead(letter), "the mail to be put aside")
    finally:
        town.mail.reply = lambda: TAKEN
    code = records.error_of(letter, "notify.received")
    assert records.dead(letter) == ["notify.received"], f"put aside: {records.dead(letter)}"
    records.redrive(letter)
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
    with records.without_seal("rostock"):
        reference = town.send(letter).reference
        assert reference, "submitting needs no seal"
        town.wait_for(lambda: records.error_of(letter, "receipt") == "seal-unavailable", "the receipt to wait")
        with town.browser() as browser:
            browser.cookies.update(dict(letter.cookies))
            assert browser.get(f"/vorgang/{reference}/bestaetigung.pdf").status_code != httpx.codes.OK
    records.push(letter)
    town.wait_until_done(letter)
    verdict = records.verdict_on_receipt(letter)
    assert verdict == "genuine", f"the receipt is {verdict}"
    return "the receipt waited, nothing went out unsealed; made and genuine when the seal was back"


def _pushed(letter: Letter) -> bool:
    records.push(letter)
    return True
