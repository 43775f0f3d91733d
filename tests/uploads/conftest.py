"""A scanner of our own: Debian's clamd with one signature, on a socket in a temporary folder."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import clamd
import pytest

from foundation.files import scanner
from tests.uploads.making import EICAR

CONFIGURATION = """
LocalSocket {folder}/clamd.ctl
DatabaseDirectory {folder}/signatures
LogFile {folder}/clamd.log
Foreground yes
StreamMaxLength 2M
MaxThreads 2
"""


class Scanner:
    """clamd as a process that a test may stop and start again."""

    def __init__(self, program: str, folder: Path) -> None:
        self.program, self.folder = program, folder
        self.url = f"unix://{folder}/clamd.ctl"
        (folder / "signatures").mkdir()
        (folder / "signatures" / "own.ndb").write_text(f"Eicar-Test-File:0:*:{EICAR.hex()}\n")
        (folder / "clamd.conf").write_text(CONFIGURATION.format(folder=folder))
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        if self.process is None:
            self.process = subprocess.Popen(
                [self.program, f"--config-file={self.folder}/clamd.conf"], stdout=subprocess.DEVNULL
            )
        end = time.monotonic() + 60
        while not self._answers():
            assert self.process.poll() is None, (self.folder / "clamd.log").read_text()
            assert time.monotonic() < end, "clamd does not answer"
            time.sleep(0.1)

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(30)
            self.process = None

    def _answers(self) -> bool:
        try:
            return clamd.ClamdUnixSocket(f"{self.folder}/clamd.ctl", timeout=5).ping() == "PONG"
        except clamd.ClamdError:
            return False


@pytest.fixture(scope="session")
def clamav(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scanner]:
    program = shutil.which("clamd", path=f"{os.environ['PATH']}:/usr/sbin")
    if program is None:
        pytest.skip("clamd is not installed: apt install clamav-daemon")
    made = Scanner(program, tmp_path_factory.mktemp("clamav"))
    made.start()
    yield made
    made.stop()


@pytest.fixture
def scanning(clamav: Scanner, settings, monkeypatch: pytest.MonkeyPatch) -> Scanner:
    """The portal asks this scanner, which runs when the test begins."""
    clamav.start()
    settings.CLAMD_URL, settings.DEMO = clamav.url, False
    monkeypatch.setattr(scanner, "_left_alone_until", 0.0)
    return clamav


@pytest.fixture
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The hostile files, made anew by the corpus' own script; they are no part of the project."""
    script = Path(os.environ.get("PORTAL_CORPUS", "../shared/data")) / "badinput" / "make_files.py"
    if not script.exists():
        pytest.skip("the corpus of hostile files is not here: PORTAL_CORPUS names its folder")
    folder = tmp_path_factory.mktemp("corpus")
    subprocess.run([sys.executable, script, folder], check=True, capture_output=True)
    return folder


@pytest.fixture
def left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test inherits from another that the scanner was away."""
    monkeypatch.setattr(scanner, "_left_alone_until", 0.0)
