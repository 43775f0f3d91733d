"""The first command on a fresh machine, where something is missing."""

import sys
from pathlib import Path

import pytest

from hro_portal.stack.portal import ROOT

sys.path.insert(0, str(ROOT))
import bootstrap


@pytest.fixture
def no_apt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap.shutil, "which", lambda name: None)


@pytest.mark.usefixtures("no_apt")
def test_missing_libraries_are_told_and_do_not_stop(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bootstrap, "loads", lambda library: False)
    bootstrap.bring_pdf_libraries("Bis dahin warten Eingangsbestätigungen.")
    told = capsys.readouterr().out
    assert "apt install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0" in told
    assert "Bis dahin warten Eingangsbestätigungen." in told


def test_present_libraries_are_not_brought_again(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bootstrap, "loads", lambda library: True)
    bootstrap.bring_pdf_libraries("Nie gesagt.")
    assert capsys.readouterr().out == ""


@pytest.mark.usefixtures("no_apt")
def test_missing_judges_of_documents_are_told_and_do_not_stop(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(bootstrap, "JARS", tmp_path)
    (tmp_path / "jaxb-api.jar").touch()
    bootstrap.bring_pdf_judges()
    [sentence] = capsys.readouterr().out.splitlines()
    packages = "poppler-utils default-jre-headless libpdfbox2-java libcommons-logging-java libactivation-java"
    assert f"„apt install {packages}“" in sentence
    assert "übersprungen" in sentence


def test_only_missing_judges_are_brought(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    brought: list[str] = []
    monkeypatch.setattr(bootstrap, "bring", brought.extend)
    monkeypatch.setattr(bootstrap, "JARS", tmp_path)
    monkeypatch.setattr(bootstrap.shutil, "which", lambda name: f"/usr/bin/{name}" if name == "java" else None)
    for jar in ("preflight.jar", "commons-logging.jar", "jaxb-api.jar"):
        (tmp_path / jar).touch()
    bootstrap.bring_pdf_judges()
    assert brought == ["poppler-utils", "libactivation-java"]


@pytest.mark.usefixtures("no_apt")
def test_a_missing_venv_package_ends_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(bootstrap, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(bootstrap, "PYTHON", tmp_path / ".venv" / "bin" / "python")
    monkeypatch.setattr(bootstrap.importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(bootstrap, "require", lambda *command: pytest.fail("went on without venv"))
    assert bootstrap.main(["run"]) == 1
    assert "apt install python3-venv" in capsys.readouterr().err


@pytest.mark.usefixtures("no_apt")
def test_npm_of_the_python_package_stands_in(monkeypatch: pytest.MonkeyPatch) -> None:
    installed: list[str] = []
    monkeypatch.setattr(bootstrap, "install", installed.append)
    assert bootstrap.find_npm() == str(bootstrap.VENV / "bin" / "npm")
    assert installed == ["node"]


def test_a_lock_is_installed_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    commands: list[tuple[object, ...]] = []
    (tmp_path / "lib" / "python3.11" / "site-packages").mkdir(parents=True)
    monkeypatch.setattr(bootstrap, "VENV", tmp_path)
    monkeypatch.setattr(bootstrap, "STAMP", tmp_path / "installed.json")
    monkeypatch.setattr(bootstrap, "require", lambda *command: commands.append(command))
    bootstrap.install("dev")
    bootstrap.install("dev")
    bootstrap.install("base")
    assert len(commands) == 1
    assert "--require-hashes" in commands[0]


@pytest.mark.parametrize("name", ["base", "dev", "node"])
def test_every_locked_package_has_its_hash_and_no_address(name: str) -> None:
    lock = (ROOT / "requirements" / f"{name}.txt").read_text()
    packages = [block for block in lock.split("\n") if block and not block.startswith((" ", "#"))]
    assert packages
    assert lock.count("--hash=sha256:") >= len(packages)
    assert "://" not in lock
