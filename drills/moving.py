"""Schwerin moves from one installation to another, with everything that is its own.

There its reference numbers, its sealed documents and its trail verify, people sign in and find their cases, and clerks
go on with them. Here nothing of Schwerin is left, and Rostock notices nothing.
"""

import json
import re
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

from drills import left
from drills.portal import STORES, ask, ask_one, folder, furnish, must_run, run, wait_until_done
from drills.report import Report
from faults.visitor import Visitor
from hro_portal.stack import Stack
from hro_portal.stack.__main__ import DEMO_PASSWORD
from tests.pdf import pictures_of, read_codes

WHO = "schwerin"
PERSON, CLERK = "buerger1@example.org", "sachbearbeitung.schwerin@example.org"
EVERY_TABLE = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1"
NUMBER = "SELECT id FROM authorities_authority WHERE slug = %s"
CASES = """SELECT a.reference FROM applications_application a JOIN authorities_authority o ON o.id = a.authority_id
           WHERE o.slug {} %s ORDER BY 1"""
OF_PERSON = """SELECT a.reference FROM applications_application a JOIN authorities_authority o ON o.id = a.authority_id
               JOIN accounts_party p ON p.id = a.party_id JOIN accounts_user u ON u.id = p.user_id
               WHERE o.slug = %s AND u.email = %s"""
NAMING = "SELECT count(*) FROM {} t WHERE t::text ~ %s"
KEYS = """SELECT c.relname, a.attname FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
          JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (i.indkey)
          WHERE i.indisprimary AND c.relnamespace = 'public'::regnamespace"""
#: Tables of the whole portal, of which an export takes copies along: what there is to offer, and lists of codes.
SHARED = {"catalogue_situation", "catalogue_service", "catalogue_service_situations", "forms_engine_codelist"}
#: Who has to do with Rostock, too: their accounts stay, with all that hangs on them.
STAYING = {"buerger1@example.org", "buerger2@example.org"}
ANCHOR = """
from foundation.audit import anchors, chain
chain.seal_new_events()
anchors.append_heads()
"""
FINGERPRINT = re.compile(r"Siegel: .*, ([0-9a-f]{64})\.")
GENUINE = "Echt: Diese Datei ist von uns und unverändert"


@dataclass(frozen=True)
class Known:
    """What the old place knew before anybody moved."""

    number: Any
    references: list[str]
    others: list[str]
    reference: str
    receipt: bytes


def drill(report: Report) -> None:
    with folder() as place:
        furnish(place / "old", WHO)
        known = _at_work(place / "old", report)
        fingerprints = _leave(place, known, report)
        _arrive(place, known, fingerprints, report)
        _go_on(place / "new", known, report)


def _at_work(data: Path, report: Report) -> Known:
    with Stack(data, demo=True, durable=False, given={}) as stack:
        wait_until_done(stack)
        reference = ask_one(stack, OF_PERSON, WHO, PERSON)
        person = _signed_in(stack, PERSON)
        known = Known(
            number=ask_one(stack, NUMBER, WHO),
            references=[each for (each,) in ask(stack, CASES.format("="), WHO)],
            others=[each for (each,) in ask(stack, CASES.format("<>"), WHO)],
            reference=reference,
            receipt=person.look(f"/vorgang/{reference}/bestaetigung.pdf").content,
        )
        must_run(stack, "manage.py", "shell", "-c", ANCHOR)
        report.say(f"{len(known.references)} Vorgänge in Schwerin, {len(known.others)} in Rostock.")
    return known


def _leave(place: Path, known: Known, report: Report) -> list[str]:
    """The portal stands still meanwhile: only its stores are there. Out: the fingerprints that the export names."""
    with Stack(place / "old", demo=True, only=STORES, durable=False, given={}) as stack:
        said = must_run(stack, "manage.py", "export_authority", WHO, str(place / "export"))
        report.say(said)
        refused = run(stack, "manage.py", "remove_authority", WHO)
        report.require(refused.returncode == 1 and ask(stack, NUMBER, WHO), "ohne Export wird nichts entfernt")
        report.say(must_run(stack, "manage.py", "remove_authority", WHO, "--export", str(place / "export")))
        _require_nothing_left(stack, place / "export", known, report)
        report.require(not ask(stack, "SELECT 1 FROM accounts_user WHERE email = %s", CLERK), "kein Konto bleibt übrig")
        stored = {name for (name,) in ask(stack, "SELECT storage_key FROM files_storedfile")}
        _require_files(stack, stored, report)
        others = [each for (each,) in ask(stack, CASES.format("<>"), WHO)]
        report.require(others == known.others, f"alle {len(others)} Vorgänge von Rostock sind da")
        _require_whole(stack, report, "am alten Ort")
    return FINGERPRINT.findall(said)


def _require_nothing_left(stack: Stack, export: Path, known: Known, report: Report) -> None:
    """Every key of every row that was exported is looked for in every column of every table, whatever its kind."""
    exported = _exported(export)
    keys = {(table, column) for table, column in ask(stack, KEYS)}
    report.require(exported.keys() <= {table for table, _ in keys}, "jede Tabelle des Exports ist hier bekannt")
    staying = _of_those_who_stay(exported)
    ids = {each for table, row in _rows_of(exported) for each in _key_of(table, row, keys)}
    gone = left.plain(ids - staying)
    tables = [table for (table,) in ask(stack, EVERY_TABLE)]
    found = [each for table in tables for each in _naming(stack, table, gone, known)]
    report.require(
        not found,
        f"keine der {len(gone)} Nummern steht noch in einer Spalte, außer in der Zeile, dass Schwerin ging, "
        f"und im Verlauf der Konten ({len(staying)} sind von Menschen, die auch mit Rostock zu tun haben) "
        f"{found or ''}",
    )
    spoken = [table for table in tables if ask_one(stack, NAMING.format(table), "|".join(known.references))]
    report.require(not spoken, f"keine Zeile nennt eine Vorgangsnummer von Schwerin {spoken or ''}")


def _exported(export: Path) -> dict[str, list[dict[str, Any]]]:
    """The rows of the export, by the names of their tables."""
    rows: dict[str, list[dict[str, Any]]] = {}
    for file in sorted((export / "tabellen").glob("*.jsonl")):
        table = file.stem.rpartition("-")[0].replace(".", "_").lower()
        rows.setdefault(table, []).extend(map(json.loads, file.read_text().splitlines()))
    return rows


def _rows_of(exported: Mapping[str, list[dict[str, Any]]]) -> Iterator[tuple[str, dict[str, Any]]]:
    """All rows but of the tables that are the whole portal's."""
    return ((table, row) for table, rows in exported.items() if table not in SHARED for row in rows)


def _key_of(table: str, row: Mapping[str, Any], keys: Set[tuple[str, str]]) -> Iterator[str]:
    """The ids in a row's key. What the database counts itself is not exported: such a row hangs on one that is."""
    return (each for column, value in row.items() if (table, column) in keys for each in left.ids_in(value))


def _of_those_who_stay(exported: Mapping[str, list[dict[str, Any]]]) -> set[str]:
    """The ids of their accounts, and of what hangs on them: parties, memberships, organisations, kept documents."""
    staying = left.plain(row["id"] for row in exported["accounts_user"] if row["email"] in STAYING)
    folders = [row for row in exported["files_storedfile"] if row["authority_id"] is None]
    # Party and membership lead on to an organisation; nobody else's account is met on that way.
    hanging = ("accounts_party", "accounts_membership", "accounts_document", "accounts_invitation")
    for table in hanging:
        for row in exported.get(table, []):
            if staying & left.ids_in(row):
                staying |= left.plain([row["id"], row.get("organisation_id", row["id"])])
    return staying | left.plain(row["id"] for row in folders if staying & left.ids_in(row["subject_id"]))


def _naming(stack: Stack, table: str, gone: Set[str], known: Known) -> Iterator[str]:
    for (row,) in ask(stack, f"SELECT to_jsonb(t) FROM {table} t"):
        columns = left.columns_naming(row, gone)
        if columns and not _may_remember(table, row, known):
            yield f"{table}: {', '.join(columns)}"


def _may_remember(table: str, row: Mapping[str, Any], known: Known) -> bool:
    """The event that Schwerin left; and events of no authority, which say what an account did while it was here."""
    if table != "audit_auditevent" or row["authority_id"] is not None:
        return False
    return row["object_id"] == str(known.number) if row["action"] == "authority.moved" else True


def _arrive(place: Path, known: Known, fingerprints: list[str], report: Report) -> None:
    with Stack(place / "new", demo=True, only=STORES, durable=False, given={}) as stack:
        must_run(stack, "-m", "hro_portal.stack.prepare", PORTAL_DEMO="0")
        refused = run(stack, "manage.py", "import_authority", str(place / "export"))
        report.require(
            refused.returncode == 1 and all(each in refused.stderr for each in fingerprints) and fingerprints,
            "ohne verglichene Siegel wird nichts eingespielt, und ihre Fingerabdrücke werden genannt",
        )
        compared = [word for each in fingerprints for word in ("--seal", each)]
        report.say(must_run(stack, "manage.py", "import_authority", str(place / "export"), *compared))
        references = [each for (each,) in ask(stack, CASES.format("="), WHO)]
        report.require(references == known.references, f"alle {len(references)} Vorgangsnummern gelten am neuen Ort")
        again = run(stack, "manage.py", "import_authority", str(place / "export"))
        report.require(again.returncode == 1 and "gibt es hier schon" in again.stderr, "eingespielt wird nur einmal")


def _go_on(data: Path, known: Known, report: Report) -> None:
    with Stack(data, demo=True, durable=False, given={}) as stack:
        wait_until_done(stack)
        person, clerk = _signed_in(stack, PERSON), _signed_in(stack, CLERK)
        page = person.look(f"/vorgang/{known.reference}/").text
        report.require(known.reference in page, "die Person meldet sich an und sieht ihren Vorgang")
        receipt = person.look(f"/vorgang/{known.reference}/bestaetigung.pdf").content
        report.require(receipt == known.receipt, "ihre Eingangsbestätigung ist Byte für Byte die alte")
        _require_genuine(stack, receipt, report)
        office = f"/backoffice/vorgang/{known.reference}/"
        clerk.send(f"{office}uebernehmen/", {}, at=office)
        report.require(known.reference in clerk.look(office).text, "die Sachbearbeitung übernimmt den Vorgang")
        wait_until_done(stack)
        _require_whole(stack, report, "am neuen Ort")


def _require_genuine(stack: Stack, receipt: bytes, report: Report) -> None:
    """Anybody asks, without an account."""
    anybody = Visitor(httpx.Client(base_url=stack.base_url, timeout=60))
    for content, genuine in ((receipt, True), (receipt.replace(b"/Title", b"/Titel", 1), False)):
        file = {"file": ("bestaetigung.pdf", content, "application/pdf")}
        said = anybody.post("/pruefen/", anybody.filled("/pruefen/", {}), file).text
        report.require(
            (GENUINE in said) is genuine, f"/pruefen/ nennt die {'' if genuine else 'geänderte '}Datei richtig"
        )
    (address,) = read_codes(pictures_of(receipt))
    path = urlsplit(address).path
    report.require("Schwerin" in anybody.look(path).text, "der QR-Code führt zu dem, was Schwerin ausgestellt hat")


def _require_whole(stack: Stack, report: Report, where: str) -> None:
    for command in (("verify_trail",), ("verify_invariants", "--files", "--settled")):
        done = run(stack, "manage.py", *command)
        report.require(
            done.returncode == 0, f"{command[0]} findet {where} nichts {_last(done.stdout + done.stderr, done)}"
        )


def _require_files(stack: Stack, stored: set[str], report: Report) -> None:
    on_disk = {f"{path.parent.name}/{path.name}" for path in (stack.data_dir / "files").glob("*/*")}
    report.require(on_disk == stored, f"auf der Platte liegen nur die {len(stored)} Dateien der anderen")


def _signed_in(stack: Stack, email: str) -> Visitor:
    visitor = Visitor(httpx.Client(base_url=stack.base_url, timeout=60))
    visitor.sign_in(email, DEMO_PASSWORD)
    return visitor


def _last(said: str, done: Any) -> str:
    return said.strip()[-400:] if done.returncode else ""
