"""A person who exists nowhere else does everything that one can do here. Afterwards she is looked for everywhere.

In every row, in the database's own files with their log of changes, in the logs, in all that was said to Redis, in the
addresses of pages, in mails, in what lies on disk. Then she goes, and her cases are erased: nothing names her any more,
and no number that was hers stands anywhere but where `drills.left` says why.
"""

import os
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from email import message_from_string, policy
from pathlib import Path

import httpx

from drills import left, traces
from drills.persona import EMAIL, ORGANISATION, Walk
from drills.portal import ask, ask_one, folder, furnish, must_run, wait_until_done
from drills.report import Report
from faults.visitor import Visitor
from hro_portal.stack import Stack
from hro_portal.stack.__main__ import DEMO_PASSWORD

EVERY_TABLE = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1"
ERASE = """
from applications.erasing.use_cases import erase_application
from applications.models import Application
from foundation import scope
with scope.system("the drill looks for her cases", read_only=True):
    case_ids = list(Application.objects.filter(reference__in={}).values_list("pk", flat=True))
for case_id in case_ids:
    erase_application(case_id, "retention")
"""
_BETWEEN_MAILS = "-" * 79 + "\n"
_PIECE = 16 * 1024 * 1024


def drill(report: Report) -> None:
    with folder() as place:
        furnish(place / "host")
        temporary = place / "tmp"
        temporary.mkdir(mode=0o777)
        os.environ["TMPDIR"] = str(temporary)
        try:
            with Stack(place / "host", demo=True, durable=False, given={}) as stack:
                walk = _walk(stack)
                with _monitor(stack) as said_to_redis:
                    walk.go()
                report.say(
                    f"Vorgang {walk.reference}: vom Konto bis zum Widerruf; dazu {len(walk.references) - 1} weitere."
                )
                _look_everywhere(stack, walk, b"".join(said_to_redis).decode("latin-1"), place, report)
                _go(stack, walk, report)
        finally:
            del os.environ["TMPDIR"]


def _walk(stack: Stack) -> Walk:
    persona, guest, clerk, head, colleague = (
        Visitor(httpx.Client(base_url=stack.base_url, timeout=60)) for _ in range(5)
    )
    return Walk(
        persona=persona,
        guest=guest,
        clerk=clerk,
        head=head,
        colleague=colleague,
        staff_password=DEMO_PASSWORD,
        settle=lambda: wait_until_done(stack),
        newest_mail=lambda to: _mails(stack, to)[-1][1],
    )


def _mails(stack: Stack, to: str) -> list[tuple[dict[str, str], str]]:
    """(headers, text) of the mails to an address, the newest last."""
    found = []
    for file in sorted((stack.data_dir / "mail").glob("*.log"), key=lambda each: each.stat().st_mtime):
        for raw in file.read_text().split(_BETWEEN_MAILS):
            mail = message_from_string(raw.lstrip("\n"), policy=policy.default)
            if to in mail.get("To", ""):
                found.append((dict(mail.items()), mail.get_content()))
    return found


@contextmanager
def _monitor(stack: Stack) -> Iterator[list[bytes]]:
    """Everything that anybody says to Redis meanwhile, Celery's messages among it."""
    said: list[bytes] = []
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(stack.env["REDIS_URL"].partition("://")[2])
        line.sendall(b"MONITOR\r\n")
        listener = threading.Thread(target=lambda: said.extend(iter(lambda: line.recv(65536), b"")), daemon=True)
        listener.start()
        yield said
        line.shutdown(socket.SHUT_RDWR)
        listener.join()


def _look_everywhere(stack: Stack, walk: Walk, said_to_redis: str, place: Path, report: Report) -> None:
    rows = [each for table in _tables(stack) for each in traces.in_rows(table, _rows(stack, table), walk.secrets)]
    report.require(not rows, f"keine Zeile einer Tabelle nennt sie{_list(rows)}")
    report.require("outbox.work_one" in said_to_redis, "Redis wurde mitgehört")
    redis = traces.in_text(said_to_redis, secrets=walk.secrets)
    report.require(not redis, f"nichts, was an Redis ging, nennt sie{_list(redis)}")
    asked = traces.in_text("\n".join(walk.asked), secrets=walk.secrets)
    report.require(not asked, f"keine Adresse einer Seite nennt sie{_list(asked)}")
    lines = "\n".join(file.read_text(errors="replace") for file in stack.log_dir.glob("*.log"))
    logs = traces.in_text(lines, secrets=walk.secrets)
    report.require(not logs, f"kein Protokoll nennt sie{_list(logs)}")
    mails = _mails(stack, EMAIL)
    found = [name for mail in mails for name in traces.in_mail(*mail, walk.secrets)]
    report.require(len(mails) > 8 and not found, f"von {len(mails)} E-Mails nennt sie keine{_list(found)}")
    ask(stack, "CHECKPOINT")
    report.require(_is_on_disk(place, ORGANISATION), "was offen stehen darf, wird auf der Platte gefunden")
    files = sorted(_files_with(place, walk.secrets))
    report.require(not files, f"keine Datei auf der Platte enthält ein Wort von ihr{_list(files)}")


def _go(stack: Stack, walk: Walk, report: Report) -> None:
    ids = _ids_of(stack, walk)
    paths = ask(stack, "SELECT storage_key FROM files_storedfile WHERE subject_id::text = ANY(%s)", ids)
    walk.leave()
    must_run(stack, "manage.py", "shell", "-c", ERASE.format(walk.references))
    wait_until_done(stack)
    words = [f"%{EMAIL}%", *(f"%{reference}%" for reference in walk.references)]
    spoken = [table for table in _tables(stack) if ask_one(stack, _SPOKEN.format(table), words)]
    report.require(not spoken, f"nach dem Löschen nennt keine Zeile ihre Adresse oder einen Vorgang{_list(spoken)}")
    gone = left.plain(ids)
    named = [each for table in _tables(stack) for each in left.in_rows(table, _rows(stack, table), gone)]
    report.require(
        not named,
        f"keine von {len(ids)} Nummern ihrer Vorgänge, Entwürfe, Dateien und ihres Kontos steht noch irgendwo, "
        f"außer im Verlauf, in der Liste der Löschungen und an Grenzen, die ablaufen{_list(named)}",
    )
    stored = {key for (key,) in ask(stack, "SELECT storage_key FROM files_storedfile")}
    on_disk = {f"{path.parent.name}/{path.name}" for path in (stack.data_dir / "files").glob("*/*")}
    report.require(len(paths) > 11 and not on_disk & {path for (path,) in paths}, f"ihre {len(paths)} Dateien sind weg")
    report.require(on_disk == stored, f"auf der Platte liegen nur die {len(stored)} Dateien der anderen")
    for command in ("verify_trail", "verify_invariants"):
        must_run(stack, "manage.py", command)
        report.require(True, f"{command} findet danach nichts")


def _ids_of(stack: Stack, walk: Walk) -> list[str]:
    """Of her account, of herself and her organisation, of her cases and drafts, and of all that hangs on them."""
    first = """
        SELECT id FROM applications_application WHERE reference = ANY(%s)
        UNION SELECT id FROM applications_draft WHERE id::text = %s
        UNION SELECT id FROM accounts_user WHERE email = %s
        UNION SELECT p.id FROM accounts_party p LEFT JOIN accounts_user u ON u.id = p.user_id
              WHERE u.email = %s OR p.name = %s
    """
    found = ask(stack, first, walk.references, walk.draft, EMAIL, EMAIL, ORGANISATION)
    ids = [str(each) for (each,) in found]
    if len(ids) != len(walk.references) + 4:
        raise RuntimeError(f"{len(ids)} of her ids were found.")
    hanging = """
        SELECT id FROM files_storedfile WHERE subject_id::text = ANY(%s)
        UNION SELECT id FROM applications_attachment WHERE application_id::text = ANY(%s)
        UNION SELECT id FROM applications_decision WHERE application_id::text = ANY(%s)
        UNION SELECT id FROM applications_message WHERE application_id::text = ANY(%s)
        UNION SELECT id FROM applications_correctionrequest WHERE application_id::text = ANY(%s)
        UNION SELECT id FROM postbox_postboxitem WHERE subject_id::text = ANY(%s)
        UNION SELECT id FROM accounts_document WHERE party_id::text = ANY(%s)
        UNION SELECT id FROM accounts_membership WHERE user_id::text = ANY(%s) OR organisation_id::text = ANY(%s)
        UNION SELECT id FROM accounts_invitation WHERE organisation_id::text = ANY(%s)
    """
    return ids + [str(each) for (each,) in ask(stack, hanging, *[ids] * hanging.count("%s"))]


_SPOKEN = "SELECT count(*) FROM {} t WHERE t::text ILIKE ANY(%s)"


def _tables(stack: Stack) -> list[str]:
    return [table for (table,) in ask(stack, EVERY_TABLE)]


def _rows(stack: Stack, table: str) -> Iterator[dict]:
    return (row for (row,) in ask(stack, f"SELECT to_jsonb(t) FROM {table} t"))


def _is_on_disk(place: Path, word: str) -> bool:
    """Shows that the search would find what it searches for."""
    return any(True for _ in _files_with(place, {"word": word}))


def _files_with(place: Path, secrets: Mapping[str, str]) -> Iterator[str]:
    """Every file of the portal, of its database and of its temporary folder, as bytes."""
    words = {name: secret.encode() for name, secret in secrets.items()}
    longest = max(map(len, words.values()))
    for path in place.rglob("*"):
        if not path.is_file():
            continue
        with path.open("rb") as file:
            end = b""
            while piece := file.read(_PIECE):
                yield from (f"{path.relative_to(place)}: {name}" for name, word in words.items() if word in end + piece)
                end = piece[-longest:]


def _list(found: list[str]) -> str:
    return f" ({'; '.join(found[:5])})" if found else ""
