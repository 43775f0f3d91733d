"""What the inspection says of a file."""

from dataclasses import dataclass


class Refused(Exception):
    """The file is not taken; `code` says why: broken, locked, active, pages, pixels, size."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Passed:
    """The file as it may be kept. `changes`: turned, converted, smaller, place (the place of a photo is gone)."""

    content: bytes
    media_type: str
    changes: tuple[str, ...] = ()
