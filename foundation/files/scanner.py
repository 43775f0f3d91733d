"""The virus scanner, asked over clamd. Whatever it does but say *clean* counts as not clean (fault F23)."""

import io
import logging
import time
from urllib.parse import urlsplit

import clamd
from django.conf import settings

from foundation.files import refusals

CLEAN, UNCHECKED, PENDING, INFECTED = "clean", "unchecked", "pending", "infected"
TIMEOUT_SECONDS = 10
#: Who found the scanner away does not let the next person wait for it as well.
LEFT_ALONE_SECONDS = 10
_left_alone_until = 0.0
logger = logging.getLogger(__name__)


def verdict(content: bytes, name: str) -> str:
    """`clean`; `pending` while the scanner is away or cannot tell; `unchecked` in a demo that has none.

    Raises `FileRefused` for what is infected, and where no scanner was ever set up.
    """
    if not settings.CLAMD_URL:
        if settings.DEMO:
            return UNCHECKED
        logger.error("files: refused, because CLAMD_URL is not set")
        raise refusals.not_checkable(name)
    if is_left_alone():
        return PENDING
    found = ask(content)
    if found == INFECTED:
        raise refusals.infected(name)
    return found


def of_unseen() -> str:
    """The verdict on a file from elsewhere, until somebody has asked here; a demo without a scanner cannot."""
    return UNCHECKED if settings.DEMO and not settings.CLAMD_URL else PENDING


def ask(content: bytes) -> str:
    """`clean`, `infected`, or `pending` when there was no such answer."""
    try:
        finding, _signature = _scanner().instream(io.BytesIO(content))["stream"]
    # A scanner that fails in any way at all has not said *clean*. Beyond its StreamMaxLength the pipe breaks.
    except Exception as error:  # noqa: BLE001
        logger.error("files: the scanner failed: %s", type(error).__name__)
        if isinstance(error, clamd.ConnectionError | TimeoutError):
            _leave_alone()
        return PENDING
    if finding not in ("OK", "FOUND"):
        logger.error("files: the scanner did not answer the question")
        return PENDING
    return CLEAN if finding == "OK" else INFECTED


def is_left_alone() -> bool:
    """Whether this process has just found the scanner away."""
    return time.monotonic() < _left_alone_until


def _leave_alone() -> None:
    global _left_alone_until
    _left_alone_until = time.monotonic() + LEFT_ALONE_SECONDS


def _scanner() -> clamd.ClamdNetworkSocket | clamd.ClamdUnixSocket:
    address = urlsplit(settings.CLAMD_URL)
    if address.scheme == "unix":
        return clamd.ClamdUnixSocket(address.path, timeout=TIMEOUT_SECONDS)
    return clamd.ClamdNetworkSocket(address.hostname, address.port or 3310, timeout=TIMEOUT_SECONDS)
