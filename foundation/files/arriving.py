"""How files come in: streamed to quarantine, counted and measured before any disk is used for them.

Django drops a file part whose name it cannot read, and takes a body that was cut off for a whole one. Here the
parts are counted, and a body that does not end is refused.
"""

import io
import shutil
import tempfile
from typing import IO, Any, cast

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import QueryDict
from django.http.multipartparser import MultiPartParser, MultiPartParserError
from django.utils.datastructures import MultiValueDict

#: Of one file, and of everything that one request brings.
MOST_BYTES = 50_000_000
MOST_REQUEST_BYTES = 120_000_000
#: Small files never touch the disk before they have passed the gate.
KEPT_IN_MEMORY = 1_000_000
_LONGEST_HEADER = 16_000


class BodyRefused(MultiPartParserError):
    """The request as a whole is not taken. `reason`: cut, names, too-big."""

    def __init__(self, reason: str, status: int = 400) -> None:
        super().__init__(reason)
        self.reason, self.status = reason, status


class ArrivedFile(UploadedFile):
    """A file in quarantine. `is_lost`: there was no room for it, and its bytes were not kept."""

    is_lost = False


class Quarantine(FileUploadHandler):
    """Keeps files that arrive in temporary files without a name: they end with the request, or with its process."""

    def handle_raw_input(
        self,
        input_data: Any,
        META: dict[str, Any],  # noqa: N803 - Django's name
        content_length: int,
        boundary: Any,
        encoding: str | None = None,
    ) -> tuple[QueryDict, MultiValueDict]:
        if content_length > MOST_REQUEST_BYTES:
            raise BodyRefused("too-big", 413)
        watched = Watched(input_data, boundary)
        keeper = _Keeper(self.request)
        post, files = MultiPartParser(META, cast(Any, watched), [keeper], encoding).parse()
        if not watched.is_whole:
            raise BodyRefused("cut")
        if watched.parts != keeper.files + sum(len(values) for _name, values in post.lists()):
            raise BodyRefused("names")
        return post, files

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """All is done by `_Keeper`."""

    def file_complete(self, file_size: int) -> None:
        """All is done by `_Keeper`."""


class _Keeper(FileUploadHandler):
    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self.files = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.files += 1
        self.is_lost, self.bytes = not _has_room(), _quarantined()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        # What is too long is read to its end and forgotten, so that the rest of the form is not lost with it.
        if self.is_lost or start + len(raw_data) > MOST_BYTES:
            return
        try:
            self.bytes.write(raw_data)
        except OSError:
            self.is_lost = True

    def file_complete(self, file_size: int) -> ArrivedFile:
        if self.is_lost:
            self.bytes.close()
            self.bytes = io.BytesIO()
        self.bytes.seek(0)
        arrived = ArrivedFile(self.bytes, self.file_name, self.content_type, file_size, self.charset)
        arrived.is_lost = self.is_lost
        return arrived

    def upload_interrupted(self) -> None:
        if self.files:
            self.bytes.close()


class Watched:
    """A multipart body on its way to the parser: its parts are counted, and whether it came to its end."""

    def __init__(self, body: Any, boundary: bytes) -> None:
        self._body, self._delimiter = body, b"\r\n--" + boundary
        self._seen, self._in_header = b"\r\n", False
        self.parts, self.is_whole = 0, False

    def read(self, size: int) -> bytes:
        data = self._body.read(size)
        if not self.is_whole:
            self._seen += data
        while not self.is_whole and (self._end_header() if self._in_header else self._find_part()):
            pass
        return data

    def _find_part(self) -> bool:
        """Whether another part begins in what was seen; keeps what may be the beginning of its delimiter."""
        _before, found, behind = self._seen.partition(self._delimiter)
        if not found:
            self._seen = self._seen[-len(self._delimiter) :]
            return False
        if len(behind) < 2:  # not yet to be told from the end
            self._seen = self._delimiter + behind
            return False
        self._seen, self.is_whole = behind, behind.startswith(b"--")
        self._in_header = not self.is_whole
        return True

    def _end_header(self) -> bool:
        header, found, behind = self._seen.partition(b"\r\n\r\n")
        if len(header) > _LONGEST_HEADER:
            raise BodyRefused("names")
        if not found:
            return False
        self.parts += 1
        # The delimiter behind an empty part begins with the line break that ends the header.
        self._seen, self._in_header = b"\r\n" + behind, False
        return True


def _has_room() -> bool:
    """Whether there is more room than the rest of the portal needs."""
    settings.QUARANTINE_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
    return shutil.disk_usage(settings.QUARANTINE_DIR).free > settings.FILES_RESERVE_BYTES


def _quarantined() -> IO[bytes]:
    return cast(IO[bytes], tempfile.SpooledTemporaryFile(max_size=KEPT_IN_MEMORY, dir=str(settings.QUARANTINE_DIR)))
