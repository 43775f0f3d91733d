"""Why a file is not taken, in words that say what to do (texts: *Upload refused*)."""

import re
import unicodedata

from django.utils.translation import gettext as _

from foundation.errors import PortalError
from foundation.inspection.limits import MEGAPIXELS, MOST_PAGES

LONGEST_NAME = 120
LONGEST_BYTES = 255
_DEVICE = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)
WORDS = {"application/pdf": "PDF", "image/jpeg": "JPG", "image/png": "PNG"}


class FileRefused(PortalError):
    """The file is not taken. `code` says why; the sentence names the file and the way out."""

    def __init__(self, code: str, sentence: str, status: int = 400) -> None:
        super().__init__(f"file-{code}", f"{sentence} {_('Ihre anderen Angaben sind gespeichert.')}", status)


def clean_name(name: str) -> str:
    """A file name fit to be shown and downloaded: no path, no invisible characters, NFC, at most 120 letters.

    Nobody's file is called like an option of a command or a device of Windows.
    """
    name = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    name = "".join(letter for letter in name if unicodedata.category(letter)[0] != "C").strip(" .")
    if name.startswith("-") or _DEVICE.match(name):
        name = f"_{name}"
    stem, dot, ending = name.rpartition(".")
    if not dot:
        return _cut(name, LONGEST_NAME) or _("datei")
    ending = _cut(ending, 10)
    return f"{_cut(stem, LONGEST_NAME - 1 - len(ending))}.{ending}"


def _cut(text: str, letters: int) -> str:
    """At most so many letters, and no more bytes than a file system takes."""
    return text[:letters].encode()[: LONGEST_BYTES - 45].decode(errors="ignore")


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


def too_heavy(name: str) -> FileRefused:
    return FileRefused(
        "heavy",
        _("Die Datei „%(name)s“ können wir nicht lesen. Speichern Sie sie neu, zum Beispiel kleiner.") % {"name": name},
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


def no_room(name: str) -> FileRefused:
    return FileRefused(
        "room",
        _(
            "Die Datei „%(name)s“ ist nicht gespeichert. Zurzeit können wir keine Dateien annehmen. "
            "Das liegt an uns. Laden Sie sie morgen noch einmal hoch."
        )
        % {"name": name},
        507,
    )


def too_much(name: str, megabytes: int) -> FileRefused:
    return FileRefused(
        "too-much",
        _(
            "Die Datei „%(name)s“ passt nicht mehr dazu. Ihre Dateien dürfen zusammen %(limit)s MB groß sein. "
            "Löschen Sie zuerst eine andere."
        )
        % {"name": name, "limit": megabytes},
        413,
    )


def by_inspection(code: str, name: str) -> FileRefused:
    """The sentence for what the inspection found."""
    match code:
        case "locked":
            return locked(name)
        case "active":
            return active(name)
        case "pages":
            return too_many_pages(name, MOST_PAGES)
        case "pixels":
            return too_many_pixels(name, MEGAPIXELS)
        case "size":
            return too_heavy(name)
    return broken(name)


def not_served(verdict: str) -> PortalError:
    """Why a stored file is not handed out, whoever asks."""
    if verdict == "pending":
        return PortalError(
            "file-waits",
            _("Diese Datei wird noch auf Schadsoftware geprüft. Versuchen Sie es in einigen Minuten noch einmal."),
            404,
        )
    if verdict == "infected":
        return PortalError("file-infected", _("In dieser Datei ist Schadsoftware. Wir geben sie nicht heraus."), 404)
    return PortalError("file-not-clean", _("Diese Datei ist nicht geprüft. Sie kann nicht geöffnet werden."), 404)


def changed(name: str, changes: tuple[str, ...]) -> str:
    """What was done to a picture: *Das Foto „a.jpg“ haben wir gedreht. Den Aufnahmeort haben wir gelöscht.*"""
    words = {"turned": _("gedreht"), "smaller": _("verkleinert"), "converted": _("als JPEG gespeichert")}
    done = [word for change, word in words.items() if change in changes]
    if not done:
        return _("Im Foto „%(name)s“ haben wir den Aufnahmeort gelöscht.") % {"name": name}
    *first, last = done
    told = _("Das Foto „%(name)s“ haben wir %(done)s.") % {
        "name": name,
        "done": f"{', '.join(first)} {_('und')} {last}" if first else last,
    }
    return f"{told} {_('Den Aufnahmeort haben wir gelöscht.')}" if "place" in changes else told
