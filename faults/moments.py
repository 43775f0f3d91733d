"""F26, F27: the form changes, or the service ends, between the last page and the button."""

import httpx

from faults import records
from faults.person import SERVICE
from faults.registry import fault
from faults.town import Town

FORM = SERVICE.rstrip("/").rpartition("/")[2]


@fault("F26", "A new version of the form is published before the button is pressed")
def form_changes(town: Town) -> str:
    """The draft stays on the version whose questions were answered, and so does the application."""
    before, letter = records.publish_anew(FORM), town.letter()
    newer = records.publish_anew(FORM)
    assert town.send(letter).reference
    after = town.letter()
    assert town.send(after).reference
    town.wait_until_done(letter, after)
    kept = (records.version_sent(letter), records.version_sent(after))
    assert kept == (before, newer), f"kept as versions {kept} instead of {(before, newer)}"
    return f"begun on version {before}, sent after {newer} was published: kept as {before}; the next one on {newer}"


@fault("F27", "The service is taken offline before the button is pressed")
def service_ends(town: Town) -> str:
    """One rule: nobody can begin, and whoever has begun may send."""
    letter = town.letter()
    with records.withdrawn(FORM):
        assert town.send(letter).reference, "what was begun could not be sent"
        with town.browser() as browser:
            page = browser.get(SERVICE)
            assert "beginnen/" not in page.text, "the page still offers it"
        town.wait_until_done(letter)
    with town.browser() as browser:
        assert browser.get(SERVICE).status_code == httpx.codes.OK
    return "begun before, sent after; nobody else can begin"
