"""The virus scanner. Whatever it does but say *clean* counts as not clean (fault F23)."""

import io
import logging
from urllib.parse import urlsplit

import clamd
from django.conf import settings

from foundation.files import refusals

TIMEOUT_SECONDS = 30
logger = logging.getLogger(__name__)


def verdict(content: bytes, name: str) -> str:
    """`clean`; or `unchecked` in a demo that has no scanner. Raises `FileRefused` otherwise."""
    if not settings.CLAMD_URL:
        if settings.DEMO:
            return "unchecked"
        logger.error("files: refused, because CLAMD_URL is not set")
        raise refusals.not_checkable(name)
    if _finding(content, name) != "OK":
        raise refusals.infected(name)
    return "clean"


def _finding(content: bytes, name: str) -> str:
    address = urlsplit(settings.CLAMD_URL)
    try:
        scanner = clamd.ClamdNetworkSocket(address.hostname, address.port or 3310, timeout=TIMEOUT_SECONDS)
        finding, _signature = scanner.instream(io.BytesIO(content))["stream"]
    # A scanner that fails in any way at all has not said *clean*.
    except Exception as error:  # noqa: BLE001
        logger.error("files: the scanner failed: %s", type(error).__name__)
        raise refusals.not_checkable(name) from None
    if finding not in ("OK", "FOUND"):
        logger.error("files: the scanner did not answer the question")
        raise refusals.not_checkable(name)
    return finding
