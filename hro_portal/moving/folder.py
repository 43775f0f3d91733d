"""The folder in which an authority travels: written durably, for this user only; read only when all of it is whole."""

import hashlib
import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from foundation import durable, strict_json
from hro_portal.backup import database
from hro_portal.moving.refusal import MovingRefused

FORMAT = 1
#: A line for each file of an authority.
LARGEST_MANIFEST = 200_000_000
MANIFEST, README, ANCHORS = "manifest.json", "README.md", "verlauf-anker.txt"
TABLES, FORMS, CASES, FILES, SEALS = "tabellen", "formulare", "vorgaenge", "dateien", "siegel"
#: The longest row holds the definition of a form, which is as deep and as large as the gate for those allows.
LARGEST_LINE, DEEPEST_LINE = 20_000_000, strict_json.DEEPEST + 4
#: No name leads out of the folder, whoever wrote the manifest.
_NAME = re.compile(r"(\w[\w.-]*/)*\w[\w.-]*")

NOT_EMPTY = "Der Ordner „{folder}“ ist nicht leer. Nennen Sie einen neuen Ordner."
NOT_WRITTEN = "Der Export konnte nicht geschrieben werden ({reason}). Prüfen Sie Platz und Rechte des Ordners."
NO_EXPORT = "Im Ordner „{folder}“ liegt kein vollständiger Export. Prüfen Sie den Namen, oder exportieren Sie erneut."
DAMAGED = (
    "Die Datei „{file}“ fehlt oder wurde geändert. Holen Sie den Export neu vom alten Ort. Es ist nichts geändert."
)
NO_ROW = (
    "Die Datei „{file}“ lässt sich in Zeile {line} nicht lesen: {reason} "
    "Holen Sie den Export neu vom alten Ort. Es ist nichts geändert."
)
OTHER_FORMAT = (
    "Der Export hat das Format {theirs}, dieses Portal liest das Format {ours}. "
    "Bringen Sie beide Portale auf denselben Stand, und exportieren Sie erneut."
)
OTHER_TABLES = (
    "Der Export kommt von einem anderen Stand des Programms: {theirs}. "
    "Bringen Sie beide Portale auf denselben Stand, und exportieren Sie erneut."
)


@dataclass
class Writer:
    """Fills a new folder; it counts as an export once `finish` has written the manifest."""

    folder: Path
    files: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        if self.folder.exists() and any(self.folder.iterdir()):
            raise MovingRefused(NOT_EMPTY.format(folder=self.folder))
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.folder.chmod(0o700)

    def add(self, name: str, content: bytes) -> None:
        path = self.folder / name
        # Folder by folder: of those that it makes on the way, mkdir closes only the last.
        for above in reversed(Path(name).parents):
            (self.folder / above).mkdir(mode=0o700, exist_ok=True)
        durable.replace(path, content)
        self.files.append({"path": name, "sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)})

    def add_json(self, name: str, value: Any) -> None:
        self.add(name, as_json(value))

    def discard(self) -> None:
        """Empties the folder, which was empty before."""
        for entry in self.folder.iterdir():
            shutil.rmtree(entry) if entry.is_dir() else entry.unlink()

    def finish(self, about: dict[str, Any]) -> str:
        """Writes the manifest; out: its own SHA-256, by which an operator knows this export again."""
        content = as_json({"format": FORMAT, **about, "files": self.files})
        durable.replace(self.folder / MANIFEST, content)
        return hashlib.sha256(content).hexdigest()


@dataclass(frozen=True)
class Export:
    """An export that has been read to its end: every file in the manifest is there as it was written."""

    folder: Path
    manifest: dict[str, Any]
    sha256: str

    def content(self, name: str) -> bytes:
        return (self.folder / _safe(name)).read_bytes()

    def names(self, part: str) -> list[str]:
        """The files of one part, in the order in which they were written."""
        return [each["path"] for each in self.manifest["files"] if each["path"].startswith(f"{part}/")]

    def names_of_files(self) -> dict[str, str]:
        """Id of a stored file → the name of its content."""
        return {Path(name).stem[-36:]: name for part in (CASES, FILES) for name in self.names(part)}

    def sums(self, part: str) -> dict[str, str]:
        return {each["path"]: each["sha256"] for each in self.manifest["files"] if each["path"].startswith(f"{part}/")}

    def lines(self, label: str) -> Iterator[dict[str, Any]]:
        """The rows of one table."""
        for name in self.names(TABLES):
            if Path(name).name.rpartition("-")[0] == label:
                for number, line in enumerate(self.content(name).splitlines(), start=1):
                    yield _row(line, file=name, number=number)


def open_export(folder: Path) -> Export:
    """Looks at every file before anything is taken; raises `MovingRefused` for what is not as it was written."""
    try:
        content = (folder / MANIFEST).read_bytes()
        manifest = strict_json.parse(content, largest=LARGEST_MANIFEST)
        files = manifest["files"]
    except (OSError, ValueError, KeyError, TypeError):
        raise MovingRefused(NO_EXPORT.format(folder=folder)) from None
    if manifest.get("format") != FORMAT:
        raise MovingRefused(OTHER_FORMAT.format(theirs=manifest.get("format"), ours=FORMAT))
    for each in files:
        _require_as_written(folder, each)
    return Export(folder, manifest, hashlib.sha256(content).hexdigest())


def require_same_tables(export: Export) -> None:
    """Raises `MovingRefused` unless the tables there and here are the same."""
    if export.manifest["migrations"] != database.applied_migrations():
        raise MovingRefused(OTHER_TABLES.format(theirs=export.manifest["code"]))


def as_json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode() + b"\n"


def as_lines(rows: list[dict[str, Any]]) -> bytes:
    """One JSON object a line (JSON Lines)."""
    return b"".join(json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in rows)


def _row(line: bytes, *, file: str, number: int) -> dict[str, Any]:
    try:
        row = strict_json.parse(line, largest=LARGEST_LINE, deepest=DEEPEST_LINE, fraction=float)
    except strict_json.NotStrict as error:
        raise MovingRefused(NO_ROW.format(file=file, line=number, reason=error.sentence)) from None
    if not isinstance(row, dict):
        raise MovingRefused(NO_ROW.format(file=file, line=number, reason="Dort steht keine Zeile einer Tabelle."))
    return row


def _require_as_written(folder: Path, said: dict[str, Any]) -> None:
    path = folder / _safe(str(said["path"]))
    try:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        found = ""
    if found != said["sha256"]:
        raise MovingRefused(DAMAGED.format(file=said["path"]))


def _safe(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise MovingRefused(DAMAGED.format(file=name))
    return name
