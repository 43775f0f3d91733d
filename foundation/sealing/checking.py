"""Has a stranger's file judged outside of the web process, which so stays small and cannot be hurt by it."""

import base64
import json
import logging
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import BoundedSemaphore
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from foundation.errors import PortalError
from foundation.sealing import keys
from foundation.sealing.verdict import Result, Verdict

SECONDS = 15
WAIT_SECONDS = 5
logger = logging.getLogger(__name__)
# One at a time in each web process: who checks many files takes nothing from those who file an application.
_turn = BoundedSemaphore(1)


def verify_in_child(pdf: bytes, trusted: Sequence[bytes] | None = None) -> Verdict:
    """What this file is; one that takes too long or too much is unreadable. Raises `PortalError` when all is busy.

    `trusted`: the certificates (PEM) that count; without them, those of this place.
    """
    with _one_at_a_time():
        return _ask_child(pdf, keys.trusted() if trusted is None else trusted)


def signer_in_child(content: bytes, signature: bytes) -> str | None:
    """The certificate (PEM) under which exactly this content was signed; None if it was not, or was changed since.

    Whether that certificate is trusted is another question: `peers.known`.
    """
    with _one_at_a_time():
        said = _run({"signature": base64.b64encode(signature).decode()}, content)
    return json.loads(said) if said else None


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    if not _turn.acquire(timeout=WAIT_SECONDS):
        raise PortalError(
            "checks-busy", _("Gerade prüfen viele Menschen Dateien. Versuchen Sie es in einer Minute noch einmal."), 503
        )
    try:
        yield
    finally:
        _turn.release()


def _ask_child(pdf: bytes, trusted: Sequence[bytes]) -> Verdict:
    said = _run({"trusted": [each.decode() for each in trusted]}, pdf)
    return Verdict.from_json(said) if said else Verdict(Result.UNREADABLE)


def _run(asked: dict[str, Any], file: bytes) -> bytes | None:
    try:
        done = subprocess.run(
            [sys.executable, "-m", "foundation.sealing.child"],
            input=json.dumps(asked).encode() + b"\n" + file,
            capture_output=True,
            timeout=SECONDS,
            cwd=settings.BASE_DIR,
            env={"PYTHONPATH": str(settings.BASE_DIR), "PYTHONDONTWRITEBYTECODE": "1", "TZ": "UTC"},
            check=True,
        )
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as error:
        logger.warning("sealing: a file could not be judged: %s", type(error).__name__)
        return None
    return done.stdout
