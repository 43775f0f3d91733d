"""What an authority's export, its removal and its arrival refuse: each says why in a sentence, and changes no row."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError
from django.db import DatabaseError, connections, transaction

from applications.models import Application
from authorities.models import Authority
from foundation import audit, scope
from foundation.audit import anchors
from foundation.ids import new_id
from hro_portal.moving import folder, removing
from tests.factories import make_application, make_user
from tests.moving.places import Place, export, remove, take
from tests.moving.rows import case_at_schwerin, everything

NIL = str(scope.NOBODY)


@pytest.fixture
def moved(old: Place, tmp_path: Path) -> Path:
    """An export of a case with its person."""
    with old.entered():
        case_at_schwerin(party_id=make_user("nora@example.org").party.pk)
        return export(to=tmp_path / "export")


def refusal_of(command: Callable[[], object]) -> str:
    """The sentence with which it refuses; whatever it says, no row has been changed."""
    before = everything()
    sentence = _sentence_of(command)
    assert everything() == before
    return sentence


def _sentence_of(command: Callable[[], object]) -> str:
    with pytest.raises(CommandError) as refused:
        command()
    return str(refused.value)


def _rewrite(source: Path, **said: Any) -> None:
    manifest = json.loads((source / folder.MANIFEST).read_text())
    (source / folder.MANIFEST).write_text(json.dumps(manifest | said))


@pytest.mark.tr("A3.15.06")
def test_what_is_not_as_it_was_written_is_refused(moved: Path, old: Place):
    with old.entered():
        changed = next(moved.glob("tabellen/applications.Application-*"))
        content = changed.read_bytes()
        changed.write_bytes(content.replace(b"RECEIVED", b"COMPLETED"))
        assert "fehlt oder wurde geändert" in refusal_of(lambda: take(moved))
        assert "fehlt oder wurde geändert" in refusal_of(lambda: remove(export=moved))
        changed.unlink()
        assert "fehlt oder wurde geändert" in refusal_of(lambda: take(moved))
        changed.write_bytes(content)
        _rewrite(moved, migrations=["x.0001"], code="0.0")
        assert "einem anderen Stand" in refusal_of(lambda: take(moved))
        _rewrite(moved, format=99)
        assert "das Format 99" in refusal_of(lambda: take(moved))
        _rewrite(moved, format=folder.FORMAT, files=[{"path": "../../etc/passwd", "sha256": "", "bytes": 0}])
        assert "fehlt oder wurde geändert" in refusal_of(lambda: take(moved))
        (moved / folder.MANIFEST).unlink()
        assert "kein vollständiger Export" in refusal_of(lambda: take(moved))


#: A line that an export never holds, and what is said of it.
NOT_STRICT = {
    b'{"slug":"schwerin","slug":"rostock"}': "„slug“ steht zweimal",
    b'{"slug":NaN}': "„NaN“ gibt es in JSON nicht",
    b'{"slug":"\\ud800"}': "ein Zeichen, das sich nicht speichern lässt",
    b'{"slug":"x\\u0000"}': "ein Zeichen, das sich nicht speichern lässt",
    b"[" * 7_000 + b"]" * 7_000: "zu tief verschachtelt",
    b'{"slug":' + b"9" * 5_000 + b"}": "ist zu lang",
    b'{"slug":"\xff"}': "nicht in UTF-8",
    b'["schwerin"]': "keine Zeile einer Tabelle",
}


def test_row_that_is_not_strict_is_refused_with_its_file_and_line(moved: Path, new: Place):
    """Whoever made the folder made its sums, too: they prove nothing about what stands in the lines."""
    changed = next(moved.glob("tabellen/authorities.Authority-*"))
    name, before = f"tabellen/{changed.name}", changed.read_bytes()
    files = json.loads((moved / folder.MANIFEST).read_text())["files"]
    with new.entered():
        for row, why in NOT_STRICT.items():
            content = before + row + b"\n"
            changed.write_bytes(content)
            said = {"path": name, "sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
            _rewrite(moved, files=[said if each["path"] == name else each for each in files])
            sentence = refusal_of(lambda: take(moved))
            assert f"„{name}“ lässt sich in Zeile 2 nicht lesen" in sentence
            assert why in sentence
            assert "\n" not in sentence


def test_anchors_that_cannot_be_read_are_refused_before_anything_is_changed(moved: Path, old: Place, new: Place):
    """They are written anew when the authority has come or gone: by then it would be too late."""
    for place, command in ((new, lambda: take(moved)), (old, lambda: remove(export=moved))):
        with place.entered():
            anchors.file().parent.mkdir(exist_ok=True)
            anchors.file().write_text("2026-11-24 no anchor\n")
            sentence = refusal_of(command)
            assert "Zeile 1 von trail.txt ist kein Anker" in sentence
            assert "Es ist nichts geändert" in sentence
            anchors.file().unlink()
    with new.entered():
        take(moved)


def test_what_does_not_fit_to_what_is_here_is_refused_as_a_whole(moved: Path, old: Place, new: Place):
    with new.entered():
        before = sorted((new.folder / "keys").rglob("*"))
        _take_reference(next(moved.glob("vorgaenge/*")).name)
        assert "passen nicht zu denen, die hier schon sind" in refusal_of(lambda: take(moved))
        assert sorted((new.folder / "keys").rglob("*")) == before
        make_user("Nora@example.org")
        sentence = refusal_of(lambda: take(moved))
        assert "derselben E-Mail-Adresse" in sentence
        assert "nora" not in sentence.lower()
        prefix = json.loads(next(moved.glob("tabellen/authorities.Authority-*")).read_text())["reference_prefix"]
        Authority.objects.using("owner").filter(slug="rostock").update(reference_prefix=prefix)
        assert "Vorgangsnummern" in refusal_of(lambda: take(moved))
    assert new.files() == []
    with old.entered():
        assert "gibt es hier schon" in refusal_of(lambda: take(moved))


def _take_reference(reference: str) -> None:
    case = make_application()
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute("ALTER TABLE applications_application DISABLE TRIGGER USER")
        cursor.execute("UPDATE applications_application SET reference = %s WHERE id = %s", [reference, case.pk])
        cursor.execute("ALTER TABLE applications_application ENABLE TRIGGER USER")


def test_who_leaves_needs_a_fresh_export(moved: Path, old: Place):
    with old.entered():
        assert "--without-export" in refusal_of(remove)
        assert "gehört zu einer anderen" in refusal_of(lambda: remove("rostock", export=moved))
        case_at_schwerin()
        assert "applications.Application" in refusal_of(lambda: remove(export=moved))
        assert "gibt es nicht" in refusal_of(lambda: remove("ribnitz", without_export=True))
        assert "nicht leer" in refusal_of(lambda: export(to=moved))


def test_an_export_that_fails_leaves_no_clear_text(old: Place, tmp_path: Path):
    with old.entered():
        case = case_at_schwerin()
        with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
            cursor.execute("SELECT set_config('portal.resealing', 'on', true)")
            Application.objects.using("owner").filter(pk=case.pk).update(answers=b"nobody sealed this")
        assert "lässt sich nicht öffnen" in _sentence_of(lambda: export(to=tmp_path / "export"))
    assert list((tmp_path / "export").iterdir()) == []


def test_what_is_added_while_an_authority_leaves_is_not_lost(old: Place, tmp_path: Path, monkeypatch):
    with old.entered():
        moved = export(to=tmp_path / "export")
        fresh = removing._require_fresh
        monkeypatch.setattr(removing, "_require_fresh", lambda *given: (fresh(*given), case_at_schwerin())[0])
        assert "arbeitet noch jemand" in _sentence_of(lambda: remove(export=moved))
        with scope.system("a test looks", read_only=True):
            assert Application.objects.filter(authority__slug="schwerin").count() == 1


@pytest.mark.asvs("V16.4.2")
@pytest.mark.parametrize(
    ("role", "purpose", "statement", "refused"),
    [
        ("default", "leaving", "DELETE FROM audit_auditevent", "permission denied"),
        ("owner", "erasing", "DELETE FROM audit_auditevent", "never changed"),
        ("owner", "leaving", "UPDATE audit_auditevent SET action = 'x'", "never changed"),
    ],
)
def test_only_the_owner_who_says_so_removes_a_trail(city: None, role: str, purpose: str, statement: str, refused: str):
    with scope.system("a test acts"):
        audit.record("case.tried", authority_id=new_id(), object_kind="application", object_id=new_id())
    with transaction.atomic(using=role), connections[role].cursor() as cursor:
        cursor.execute(
            "SELECT set_config('portal.system', 'test', true), set_config('portal.authority', %s, true)", [NIL]
        )
        cursor.execute("SELECT set_config(%s, 'on', true)", [f"portal.{purpose}"])
        with pytest.raises(DatabaseError, match=refused):
            cursor.execute(statement)
        transaction.set_rollback(True, using=role)
