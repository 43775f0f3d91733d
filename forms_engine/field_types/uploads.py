"""Files. The caller stores them; the form only counts what is stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from forms_engine.field_types.base import FieldType, Raw, refused

if TYPE_CHECKING:
    from forms_engine.structure import Field

#: What phones write as HEIC is taken as a photo, and becomes a JPEG.
MEDIA_TYPES = {"pdf": (".pdf",), "jpg": (".jpg", ".jpeg", ".heic", ".heif"), "png": (".png",)}
DEFAULT_ACCEPT = ("pdf", "jpg", "png")
DEFAULT_SIZE_MB = 10
DEFAULT_FILES = 5


@dataclass(frozen=True, slots=True)
class Upload:
    """A stored file of a draft: id of its attachment, the name that the person sees, bytes, verdict of the scan."""

    id: str
    name: str
    size: int
    verdict: str = "clean"


def size_in_words(size: int) -> str:
    """1,2 MB or 340 KB."""
    if size >= 100_000:
        return f"{size / 1_000_000:.1f} MB".replace(".", ",")
    return f"{max(1, round(size / 1000))} KB"


class Files(FieldType):
    name = "file"
    control = "file"
    counted = True

    def read(self, data: MultiValueDict[str, Any], name: str) -> Raw:
        return []

    def parse(self, field: Field, raw: list[str], language: str) -> dict[str, list[str]]:
        most = field.limits["max_files"]
        if len(raw) > most:
            over = len(raw) - most
            raise refused(
                ngettext("Löschen Sie eine Datei.", "Löschen Sie %(over)d Dateien.", over) % {"over": over}
                + " "
                + ngettext("Erlaubt ist eine Datei.", "Erlaubt sind %(most)d Dateien.", most) % {"most": most}
            )
        return {"_files": list(raw)}

    def keep(self, field: Field, raw: Raw) -> Any:
        return {"_files": list(raw)}

    def raw(self, answer: Any) -> Raw:
        ids = answer.get("_files") if isinstance(answer, dict) else None
        return [str(entry) for entry in ids] if isinstance(ids, list) else []

    def comparable(self, answer: Any) -> tuple[str, ...] | None:
        return tuple(self.raw(answer)) or None

    def count(self, answer: Any) -> int:
        return len(self.raw(answer))

    def missing(self) -> str:
        return _("Laden Sie eine Datei hoch.")


def listed(uploads: Sequence[Upload]) -> str:
    """The files of one field in words: name and size."""
    return "\n".join(f"{upload.name} ({size_in_words(upload.size)})" for upload in uploads)
