"""The tools that break the portal: they must not pass because they saw nothing."""

import json
import os
import smtplib
from collections import Counter
from multiprocessing import get_context
from urllib.parse import urlsplit

import pytest

from faults import doors, outcome, registry, report
from faults.enumeration import Enumeration, Point, halves
from faults.journals import HandOver, MailSink, Office
from faults.person import Answer
from faults.report import Row
from faults.walk import Seen
from faults.ways import WAYS

OLD, NEW, BARE = ((f"{outcome.WHOLE} {no}", f"{outcome.TYPED} {text}") for no, text in ((1, "a"), (2, "b"), (3, "b")))
SAVED, LOST, REFUSED = Answer(302, "/weiter/", "", ""), None, Answer(503, "", "60", "")


def walk_through_doors(pipe, folder, fail_at):
    seen = []

    def before(door):
        seen.append((door.no, door.kind, door.where))
        if door.no == fail_at:
            door.fail()

    doors.watch(before, files=folder)
    path = os.path.join(folder, "brief")
    try:
        with open(path, "wb") as file:
            file.write(b"x")
            os.fsync(file.fileno())
        os.rename(path, f"{path}.pdf")
        with open(os.devnull, "wb"), open(f"{path}.pdf", "rb"):
            pass
        os.unlink(f"{path}.pdf")
    except OSError as error:
        seen.append(error.errno)
    pipe.send((seen, os.listdir(folder)))


def seen_in_a_process_of_its_own(folder, fail_at=0):
    # The watch cannot be taken off again, so it is put on in a process that ends.
    context = get_context("fork")
    ours, theirs = context.Pipe()
    process = context.Process(target=walk_through_doors, args=(theirs, str(folder), fail_at))
    process.start()
    try:
        return ours.recv()
    finally:
        process.join()


def test_every_change_of_a_file_is_a_door_and_reading_is_none(tmp_path):
    seen, left = seen_in_a_process_of_its_own(tmp_path)
    assert seen == [(1, "file", "create"), (2, "file", "fsync"), (3, "file", "rename"), (4, "file", "remove")]
    assert left == []


@pytest.mark.parametrize(("fail_at", "left"), [(1, []), (2, ["brief"]), (3, ["brief"]), (4, ["brief.pdf"])])
def test_a_door_that_fails_is_not_passed(tmp_path, fail_at, left):
    seen, found = seen_in_a_process_of_its_own(tmp_path, fail_at)
    assert (seen[-1], len(seen) - 1, found) == (5, fail_at, left)  # 5 is EIO


def test_a_kind_of_door_that_was_never_met_counts_as_broken():
    done = Enumeration("crash", WAYS[0], [Point(1, "write: INSERT application", (), copies=0, seconds=0.1)])
    assert "commit" in done.missing_kinds
    assert "write" not in done.missing_kinds


def halves_of(found, answer):
    seen = Seen(answers=(), breaches=(), rows=(), kept=Counter(), draft=found)
    return list(halves(OLD, Counter(NEW), [answer] if answer else [], seen))


@pytest.mark.parametrize(
    ("found", "answer"), [(OLD, LOST), (NEW, LOST), (NEW, SAVED), (OLD, REFUSED), (NEW, REFUSED), (BARE, REFUSED)]
)
def test_a_draft_that_is_as_before_or_as_typed_is_whole(found, answer):
    assert halves_of(found, answer) == []


@pytest.mark.parametrize(("found", "answer", "said"), [(BARE, LOST, "half"), ((), LOST, "half"), (OLD, SAVED, "lost")])
def test_a_draft_that_is_neither_or_lacks_what_was_confirmed_is_told(found, answer, said):
    told = halves_of(found, answer)
    assert [line.split(":")[0] for line in told] == [said]


def test_the_office_tells_payloads_apart_and_forgets_those_of_points_before():
    office = Office()
    try:
        office.received = [HandOver("case", "first"), HandOver("case", "second"), HandOver("other", "third")]
        assert office.payloads("case") == {"first", "second"}
        assert office.payloads("case", since=1) == {"second"}
    finally:
        office._server.server_close()


def test_the_mail_server_comes_back_at_the_same_address():
    with MailSink() as mail:
        address = urlsplit(mail.url)
        with mail.away(), pytest.raises(ConnectionRefusedError):
            smtplib.SMTP(address.hostname, address.port)
        with smtplib.SMTP(address.hostname, address.port) as client:
            client.sendmail("a@example.org", ["b@example.org"], "Subject: Da\r\n\r\n")
        assert [each.subject for each in mail.to("b@example.org")] == ["Da"]


def test_what_is_lost_and_what_is_doubled_is_counted_apart():
    points = [
        Point(1, "write: INSERT", ("lost: there is no application", "everything"), copies=0, seconds=0.1),
        Point(2, "mail: sendmail", ("2 references were shown",), copies=1, seconds=0.1),
        Point(3, "commit: COMMIT", (), copies=0, seconds=0.1),
    ]
    told = str(Enumeration("crash", WAYS[0], points))
    assert told.startswith("1 of 3 points held, 1 lost, 1 doubled or wrong")
    assert "copied under its Message-ID at 1" in told


def test_each_fault_has_a_number_of_its_own_and_says_what_must_hold():
    listed = registry.faults()
    assert len({each.number for each in listed}) == len(listed)
    assert all(each.try_it.__doc__ for each in listed)


def test_the_report_says_what_broke(tmp_path):
    rows = [Row("F7", "Redis is down", "3 sent", (), 1.0), Row("F6", "FLUSHALL", "", ("lost",), 1.0)]
    report.write(tmp_path / "faults.json", rows)
    told = json.loads((tmp_path / "faults.json").read_text())
    assert [(row["fault"], row["tried"], row["held"]) for row in told] == [("F7", "3 sent", True), ("F6", "", False)]
    assert "1 von 2" in report.summary(rows)
    assert "F6" in report.summary(rows)
