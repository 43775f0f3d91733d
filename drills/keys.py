"""A key is replaced while people file applications, and is put away; then a key is lost (fault F33).

Nobody notices the new key; afterwards everything opens, and nothing is sealed with the old one. Without a key, and with
another one, the portal does not start and says why.
"""

import shutil
from pathlib import Path

from drills.portal import Filing, ask, ask_one, file_one, folder, furnish, must_run, run, wait_until_done
from drills.report import Report
from hro_portal.stack import Stack, StackRefusal

KEYSETS = ("rostock", "accounts")
OLD = "SELECT count(*), count(*) FILTER (WHERE substring(answers, 1, 5) = %s) FROM applications_application"


def drill(report: Report) -> None:
    with folder() as place:
        furnish(place / "host")
        with Stack(place / "host", demo=True, durable=False, given={}) as stack:
            _rotate(stack, report)
        _lose_a_key(place / "host", report)


def _rotate(stack: Stack, report: Report) -> None:
    old = _prefix_of_newest(stack)
    people = Filing(stack.base_url, most=6)
    people.start()
    people.wait_for(1)
    report.say(must_run(stack, "manage.py", "rotate_keys", *KEYSETS).replace("\n", "\n  "))
    people.wait_for(1)
    references = people.stop()
    report.require(len(references) > 1 and not people.failed, f"{len(references)} Personen senden währenddessen ab")
    wait_until_done(stack)
    # What somebody sealed in the moment of the change is met by the second run.
    must_run(stack, "manage.py", "rotate_keys", *KEYSETS, "--reseal-only")
    report.say(must_run(stack, "manage.py", "rotate_keys", *KEYSETS, "--retire").replace("\n", "\n  "))
    cases, with_old = ask(stack, OLD, old)[0]
    report.require(cases and not with_old, f"keiner von {cases} Vorgängen ist noch mit dem alten Schlüssel versiegelt")
    file_one(stack.base_url, "afterwards@example.org")
    wait_until_done(stack)
    checked = run(stack, "manage.py", "verify_invariants", "--files", "--settled")
    report.require(checked.returncode == 0, f"alles lässt sich öffnen {checked.stdout.strip()[:300]}")


def _prefix_of_newest(stack: Stack) -> bytes:
    """What an answer in Rostock begins with: the number of its key."""
    of_rostock = "JOIN authorities_authority o ON o.id = a.authority_id WHERE o.slug = 'rostock'"
    newest = f"SELECT substring(answers, 1, 5) FROM applications_application a {of_rostock} ORDER BY a.id DESC LIMIT 1"
    return bytes(ask_one(stack, newest))


def _lose_a_key(data: Path, report: Report) -> None:
    key, kept = data / "keys" / "rostock.json", data / "kept.json"
    shutil.copy(key, kept)
    key.unlink()
    _require_refusal(data, report, "Mit diesen Schlüsseln sind Angaben von Menschen versiegelt", "ohne Schlüssel")
    report.require(not key.exists(), "es entsteht kein neuer Schlüssel an seiner Stelle")
    shutil.copy(data / "keys" / "schwerin.json", key)
    _require_refusal(data, report, "öffnet nicht, was mit ihm versiegelt ist", "mit einem fremden Schlüssel")
    shutil.copy(kept, key)
    with Stack(data, demo=True, durable=False, given={}) as stack:
        file_one(stack.base_url, "again@example.org")
        report.require(True, "mit dem richtigen Schlüssel geht es weiter")


def _require_refusal(data: Path, report: Report, sentence: str, what: str) -> None:
    log = data / "log" / "prepare.log"
    log.unlink(missing_ok=True)
    try:
        with Stack(data, demo=True, durable=False, given={}):
            refused = False
    except StackRefusal:
        refused = sentence in log.read_text()
    report.require(refused, f"{what} startet das Portal nicht und sagt den Grund")
