"""Brings onto this machine what the portal needs, then hands over to it. Standard library only.

Usage: python3 bootstrap.py run|test|journeys|walls|check|lock|bench|faults|drills|forms|sbom [arguments],
as the Makefile.
"""

from __future__ import annotations

import ctypes
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "installed.json"
LOCKS = ROOT / "requirements"
NODE_LOCK = ROOT / "package-lock.json"
STATIC_BUILD = ROOT / "static_build"
STATIC_SOURCES = (NODE_LOCK, ROOT / "hro_portal" / "stack" / "assets.py")

#: What WeasyPrint loads, and the Debian package that holds it.
PDF_LIBRARIES = {
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
}
#: Programs and archives of others that judge our PDF documents in the tests (poppler's pdfsig, PDFBox Preflight), and
#: the Debian packages that hold them.
PDF_JUDGES = {
    "pdfsig": "poppler-utils",
    "java": "default-jre-headless",
    "preflight.jar": "libpdfbox2-java",
    "commons-logging.jar": "libcommons-logging-java",
    "javax.activation.jar": "libactivation-java",
    "jaxb-api.jar": "libjaxb-api-java",
}
JARS = Path("/usr/share/java")
JOURNEYS = "tests/journeys"
LOCK_OPTIONS = (
    *("--universal", "--generate-hashes", "--python-version", "3.11"),
    *("--no-emit-index-url", "--no-emit-find-links", "--no-annotate", "--no-header", "--quiet"),
)
ROOMS = (
    *("hro_portal", "backoffice", "applications", "catalogue", "postbox", "accounts", "forms_engine", "authorities"),
    *("foundation", "bootstrap.py", "manage.py"),
)
CHECKS = (
    ("ruff", "check", "."),
    ("ruff", "format", "--check", "."),
    ("mypy", "."),
    ("lint-imports",),
    ("bandit", "--quiet", "--configfile", "pyproject.toml", "--recursive", *ROOMS),
    ("python", "-m", "hro_portal.texts_check"),
    ("python", "-m", "hro_portal.security_table", "--check"),
    ("python", "-m", "hro_portal.stack.checks"),
)


class Refusal(Exception):
    """What is missing and cannot be brought; one German sentence with the way out."""


def main(arguments: list[str]) -> int:
    commands = {
        "run": run,
        "test": test,
        "journeys": journeys,
        "walls": walls,
        "check": check,
        "lock": lock,
        "bench": bench,
        "faults": faults,
        "drills": drills,
        "forms": forms,
        "sbom": sbom,
    }
    if not arguments or arguments[0] not in commands:
        print("Aufruf: python3 bootstrap.py " + "|".join(commands), file=sys.stderr)
        return 2
    os.chdir(ROOT)
    try:
        return commands[arguments[0]](arguments[1:])
    except Refusal as refusal:
        print(refusal, file=sys.stderr)
    except KeyboardInterrupt:
        print("Abgebrochen.", file=sys.stderr)
    return 1


def run(arguments: list[str]) -> int:
    install("base")
    build_static_files()
    bring_pdf_libraries("Bis dahin läuft das Portal, und Eingangsbestätigungen warten.")
    return become("-m", "hro_portal.stack", *arguments)


def test(arguments: list[str]) -> int:
    """All tests but the journeys, which take more than half as long as all others; arguments may name them."""
    apart = () if _name_journeys(arguments) else ("--ignore", JOURNEYS)
    return _pytest("security", *apart, *arguments)


def journeys(arguments: list[str]) -> int:
    """People go through the whole portal with and without JavaScript, and look at every page."""
    all_of_them = () if _name_journeys(arguments) else (JOURNEYS,)
    return _pytest("security-of-journeys", *all_of_them, *arguments)


def walls(arguments: list[str]) -> int:
    """Every person at every address with every object; `make test` leaves out a part of the doors that are shut."""
    os.environ["PORTAL_WALLS"] = "all"
    return _pytest("security-of-walls", "tests/walls", *arguments)


def _name_journeys(arguments: list[str]) -> bool:
    return any(argument.startswith(JOURNEYS) for argument in arguments)


def _pytest(table: str, *arguments: str) -> int:
    """On all processors; the table of security requirements with this run's results is `var/{table}.md`."""
    install("dev")
    build_static_files()
    bring_pdf_libraries("Bis dahin scheitern die Tests der PDF-Dokumente.")
    # Without windows it costs a fifth of what the whole browser costs; tests take that one where it is the only one.
    if not shutil.which("chromium-headless-shell"):
        try_to_bring(["chromium-headless-shell"], "Ohne Chromium scheitern die Tests im Browser.")
    if not shutil.which("clamd", path=f"{os.environ.get('PATH', '')}:/usr/sbin"):
        try_to_bring(["clamav-daemon"], "Bis dahin werden die Tests mit dem Virenscanner übersprungen.")
    bring_pdf_judges()
    # A process that is done takes over from the one with most left: some tests take minutes, most milliseconds.
    spread = ("--numprocesses", str(os.cpu_count() or 2), "--dist", "worksteal")
    return become("-m", "pytest", *spread, "--security-table", f"var/{table}.json", *arguments)


def check(arguments: list[str]) -> int:
    install("dev")
    build_static_files()
    # mypy's plugin reads Django's settings, which start with nothing less.
    os.environ |= {"SECRET_KEY": "read-by-checks-only", "DATABASE_URL": "postgres://portal@localhost/portal"}
    failed = [command for command in CHECKS if not succeeds(VENV / "bin" / command[0], *command[1:])]
    for command in failed:
        print("Gescheitert:", " ".join(command), file=sys.stderr)
    return 1 if failed else 0


def lock(arguments: list[str]) -> int:
    """Writes the locks anew; `--upgrade` among the arguments takes newer versions."""
    install("dev")
    for name in ("base", "dev", "node"):
        source, target = LOCKS / f"{name}.in", LOCKS / f"{name}.txt"
        require(VENV / "bin" / "uv", "pip", "compile", *LOCK_OPTIONS, *arguments, source, "--output-file", target)
    return 0


def bench(arguments: list[str]) -> int:
    install("dev")
    build_static_files()
    bring_pdf_libraries("Bis dahin misst der Lauf keine Dokumente.")
    return become("-m", "bench", *arguments)


def faults(arguments: list[str]) -> int:
    install("dev")
    build_static_files()
    bring_pdf_libraries("Bis dahin bricht alles, was auf Dokumente wartet.")
    if not list(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1")):
        try_to_bring(["faketime"], "Bis dahin wird eine falsche Uhr (F32) nicht versucht.")
    return become("-m", "faults", *arguments)


def drills(arguments: list[str]) -> int:
    install("dev")
    build_static_files()
    bring_pdf_libraries("Bis dahin scheitern die Übungen.")
    return become("-m", "drills", *arguments)


def forms(arguments: list[str]) -> int:
    """Every collected schema and every translated rule; `make test` tries a few of them."""
    install("dev")
    build_static_files()
    os.environ["PORTAL_FORMS"] = "all"
    return become("-m", "pytest", "-q", "tests/xdatenfelder", *arguments)


def sbom(arguments: list[str]) -> int:
    """Writes var/sbom.json (CycloneDX): each package that the portal runs on, with version and hashes."""
    install("dev")
    target = ROOT / "var" / "sbom.json"
    target.parent.mkdir(exist_ok=True)
    require(VENV / "bin" / "cyclonedx-py", "requirements", LOCKS / "base.txt", "--output-file", target)
    print(target)
    return 0


def install(name: str) -> None:
    """Installs one lock into the virtual environment, when it changed since the last time."""
    make_venv()
    installed = json.loads(STAMP.read_text()) if STAMP.exists() else {}
    if installed.get(name) == digest(LOCKS / f"{name}.txt"):
        return
    print("Die Python-Pakete werden installiert. Das dauert beim ersten Mal einige Minuten …", flush=True)
    require(PYTHON, "-m", "pip", "install", "--require-hashes", "-qq", "--no-input", "-r", LOCKS / f"{name}.txt")
    # Makes the rooms importable for every tool of the environment, from whatever folder it is called.
    next(VENV.glob("lib/python*/site-packages")).joinpath("portal.pth").write_text(f"{ROOT}\n")
    # dev.txt holds all of base.txt.
    names = ("base", "dev") if name == "dev" else (name,)
    STAMP.write_text(json.dumps(installed | {each: digest(LOCKS / f"{each}.txt") for each in names}))


def make_venv() -> None:
    if sys.version_info < (3, 11):  # noqa: UP036 (this file runs on the Python that the machine has)
        raise Refusal("Das Portal braucht Python 3.11 oder neuer. Bitte installieren Sie es, und starten Sie erneut.")
    if PYTHON.exists():
        return
    if not (importlib.util.find_spec("ensurepip") and importlib.util.find_spec("venv")):
        bring(["python3-venv"])
    print("Die Python-Umgebung .venv wird angelegt …", flush=True)
    require(sys.executable, "-m", "venv", VENV)


def build_static_files() -> None:
    """Brings KERN by npm and builds `static_build/`, when the sources changed since the last time."""
    stamp = STATIC_BUILD / "built-from"
    sources = "".join(digest(path) for path in STATIC_SOURCES)
    if stamp.exists() and stamp.read_text() == sources:
        return
    print("Gestaltung und Schriften werden gebaut …", flush=True)
    require(find_npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent")
    require(PYTHON, "-m", "hro_portal.stack.assets")
    stamp.write_text(sources)


def find_npm() -> str:
    """npm of the machine, else the one that a Python package carries."""
    if found := shutil.which("npm"):
        return found
    install("node")
    return str(VENV / "bin" / "npm")


def bring_pdf_libraries(until_then: str) -> None:
    missing = [package for library, package in PDF_LIBRARIES.items() if not loads(library)]
    if missing:
        try_to_bring(missing, until_then)


def bring_pdf_judges() -> None:
    missing = [package for what, package in PDF_JUDGES.items() if not (shutil.which(what) or (JARS / what).exists())]
    if missing:
        try_to_bring(
            missing, "Bis dahin werden die Tests übersprungen, in denen fremde Programme PDF-Dokumente prüfen."
        )


def try_to_bring(packages: list[str], until_then: str) -> None:
    """Goes on without the packages where it must, and says what that means."""
    try:
        bring(packages)
    except Refusal as refusal:
        print(refusal, until_then, flush=True)


def bring(packages: list[str]) -> None:
    """Installs Debian packages where we may; else refuses with the command that brings them."""
    apt = shutil.which("apt-get")
    if apt and os.geteuid() == 0:
        print("Es werden Pakete des Systems installiert:", ", ".join(packages), flush=True)
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        install_command = [apt, "install", "-qq", "-y", "--no-install-recommends", *packages]
        for command in ([apt, "update", "-qq"], install_command):
            subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=False)
        if all(is_installed(package) for package in packages):
            return
    raise Refusal(f"Es fehlen Pakete des Systems: „apt install {' '.join(packages)}“ holt sie.")


def is_installed(package: str) -> bool:
    query = ["dpkg-query", "--show", "--showformat=${db:Status-Status}", package]
    return subprocess.run(query, capture_output=True, text=True, check=False).stdout == "installed"


def loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def succeeds(*command: str | Path) -> bool:
    return subprocess.run([str(part) for part in command], stdin=subprocess.DEVNULL, check=False).returncode == 0


def require(*command: str | Path) -> None:
    if not succeeds(*command):
        raise Refusal(f"Dieser Schritt ist gescheitert: {' '.join(str(part) for part in command)}")


def become(*arguments: str) -> int:
    """Replaces this process, so that signals reach what it started."""
    sys.stdout.flush()
    os.execv(PYTHON, [str(PYTHON), *arguments])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
