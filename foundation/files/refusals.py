"""Why a file is not taken, in words that say what to do (texts: *Upload refused*)."""

import re
import unicodedata

from django.utils.translation import gettext as _

from foundation.errors import PortalError

LONGEST_NAME = 120
WORDS = {"application/pdf": "PDF", "image/jpeg": "JPG", "image/png": "PNG"}


class FileRefused(PortalError):
    """The file is not taken. `code` says why; the sentence names the file and the way out."""

    def __init__(self, code: str, sentence: str, status: int = 400) -> None:
        super().__init__(f"file-{code}", f"{sentence} {_('Ihre anderen Angaben sind gespeichert.')}", status)


def clean_name(name: str) -> str:
    """A file name fit to be shown and downloaded: no path, no invisible characters, NFC, at most 120 letters."""
    name = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    name = "".join(letter for letter in name if unicodedata.category(letter)[0] != "C").strip(" .")
    stem, dot, ending = name.rpartition(".")
    if not dot:
        return name[:LONGEST_NAME] or _("datei")
    ending = ending[:10]
    return f"{stem[: LONGEST_NAME - 1 - len(ending)]}.{ending}"


def wrong_format(name: str, limits_in_words: str) -> FileRefused:
    return FileRefused(
        "format",
        _("Die Datei „%(name)s“ können wir nicht annehmen. Wählen Sie eine Datei im Format %(limits)s.")
        % {"name": name, "limits": limits_in_words},
    )


def too_big(name: str, limits_in_words: str) -> FileRefused:
    return FileRefused(
        "size",
        _("Die Datei „%(name)s“ ist zu groß. Wählen Sie eine Datei im Format %(limits)s.")
        % {"name": name, "limits": limits_in_words},
        413,
    )


def empty(name: str) -> FileRefused:
    return FileRefused("empty", _("Die Datei „%(name)s“ ist leer. Wählen Sie eine andere Datei.") % {"name": name})


def broken(name: str) -> FileRefused:
    return FileRefused(
        "broken",
        _("Die Datei „%(name)s“ ist beschädigt. Speichern Sie sie neu und wählen Sie sie noch einmal.")
        % {"name": name},
    )


def locked(name: str) -> FileRefused:
    return FileRefused(
        "locked",
        _("Die Datei „%(name)s“ ist mit einem Passwort geschützt. Wählen Sie eine Datei ohne Passwort.")
        % {"name": name},
    )


def active(name: str) -> FileRefused:
    return FileRefused(
        "active",
        _(
            "Die Datei „%(name)s“ enthält Programme oder weitere Dateien. "
            "Drucken Sie sie als neue PDF-Datei und wählen Sie diese."
        )
        % {"name": name},
    )


def too_many_pixels(name: str, megapixels: int) -> FileRefused:
    return FileRefused(
        "pixels",
        _("Das Bild „%(name)s“ ist zu groß. Wählen Sie ein Bild mit höchstens %(limit)s Millionen Bildpunkten.")
        % {"name": name, "limit": megapixels},
    )


def too_many_pages(name: str, pages: int) -> FileRefused:
    return FileRefused(
        "pages",
        _("Die Datei „%(name)s“ hat mehr als %(limit)s Seiten. Teilen Sie sie in mehrere Dateien auf.")
        % {"name": name, "limit": pages},
    )


def infected(name: str) -> FileRefused:
    return FileRefused(
        "infected",
        _("In der Datei „%(name)s“ haben wir Schadsoftware gefunden. Wählen Sie eine andere Datei.") % {"name": name},
    )


def not_checkable(name: str) -> FileRefused:
    return FileRefused(
        "scanner",
        _(
            "Wir können die Datei „%(name)s“ gerade nicht prüfen. Das liegt an uns, nicht an Ihnen. "
            "Laden Sie sie in einigen Minuten noch einmal hoch."
        )
        % {"name": name},
        503,
    )


def not_stored(name: str) -> FileRefused:
    return FileRefused(
        "storage",
        _(
            "Die Datei „%(name)s“ ist nicht gespeichert. Das liegt an uns, nicht an Ihnen. "
            "Laden Sie sie in einigen Minuten noch einmal hoch."
        )
        % {"name": name},
        503,
    )
