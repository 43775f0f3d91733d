"""F26, F27: the form changes, or the service ends, between the last page and the button."""

from concurrent.futures import ThreadPoolExecutor

import httpx

from faults import offers, person, records
from faults.person import SERVICE
from faults.registry import fault
from faults.town import Town

#: What whoever is late reads, in each language.
NOT_SENT = {
    "de": ("Ihre Mitteilung ist noch nicht abgesendet", "Anträge haben wir bis zum", "Ihre Angaben sind gespeichert."),
    "en": ("has not been sent yet", "We took applications until", "Your details are saved."),
}
SECONDS_LEFT = 5.0
FORM = SERVICE.rstrip("/").rpartition("/")[2]


@fault("F26", "A new version of the form is published before the button is pressed")
def form_changes(town: Town) -> str:
    """The draft stays on the version whose questions were answered, and so does the application."""
    before, letter = offers.publish_anew(FORM), town.letter()
    newer = offers.publish_anew(FORM)
    assert town.send(letter).reference
    after = town.letter()
    assert town.send(after).reference
    town.wait_until_done(letter, after)
    kept = (records.version_sent(letter), records.version_sent(after))
    assert kept == (before, newer), f"kept as versions {kept} instead of {(before, newer)}"
    return f"begun on version {before}, sent after {newer} was published: kept as {before}; the next one on {newer}"


@fault("F27", "The service is taken offline, or its deadline passes, before the button is pressed")
def service_ends(town: Town) -> str:
    """Offline: nobody can begin, and whoever has begun may send. Deadline: what arrives by then by the database's
    clock is accepted; who is late is told so and keeps the draft."""
    return "; ".join([_offline(town), _late(town), _in_time_but_held_up(town)])


def _late(town: Town) -> str:
    letter = town.letter()
    with offers.open_until(FORM, -1):
        for language, words in NOT_SENT.items():
            with town.browser() as browser:
                browser.headers["Accept-Language"] = language
                answer = person.send(browser, letter)
            assert answer.status == httpx.codes.CONFLICT, f"who is late is answered with {answer.status}"
            missing = [each for each in words if each not in answer.page]
            assert not missing, f"not said in the language {language}: {missing}"
        assert records.sent_at(letter) is None, "accepted after the deadline"
        with town.browser() as browser:
            assert "beginnen/" not in browser.get(SERVICE).text, "the page still offers it"
            assert person.look(browser, letter, letter.path).status_code == httpx.codes.OK, "the draft is gone"
    assert town.send(letter).reference, "the deadline was moved, and the same button does not send it"
    town.wait_until_done(letter)
    return "late: 409 in two languages, nothing sent, the draft is kept; sent when the deadline was moved"


def _in_time_but_held_up(town: Town) -> str:
    """The request arrives before the deadline, and waits for a row until behind it."""
    letter = town.letter()
    with ThreadPoolExecutor(1) as people, offers.open_until(FORM, SECONDS_LEFT) as deadline:
        with records.locked(letter):
            sending = people.submit(town.send, letter)
            town.wait_for(lambda: records.locks_waited_for() or sending.done(), "the request at its lock")
            arrived = records.now()
            town.wait_for(lambda: records.now() > deadline, "the deadline")
        answer = sending.result()
        sent = records.sent_at(letter)
    if arrived < deadline:
        assert answer.reference, f"arrived in time and answered with {answer.status}"
    assert (sent is not None) == bool(answer.reference), "told one thing and kept another"
    assert sent is None or sent < deadline, "accepted with a time behind the deadline"
    town.send_until_answered(letter)
    town.wait_until_done(letter)
    return f"held up over the deadline: {'accepted with its time of arrival' if sent else 'refused'}"


def _offline(town: Town) -> str:
    letter = town.letter()
    with offers.withdrawn(FORM):
        assert town.send(letter).reference, "what was begun could not be sent"
        with town.browser() as browser:
            page = browser.get(SERVICE)
            assert "beginnen/" not in page.text, "the page still offers it"
        town.wait_until_done(letter)
    with town.browser() as browser:
        assert browser.get(SERVICE).status_code == httpx.codes.OK
    return "offline: begun before, sent after; nobody else can begin"
