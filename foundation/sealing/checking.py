"""Has a stranger's file judged outside of the web process, which so stays small and cannot be hurt by it."""

import json
import logging
import subprocess
import sys
from threading import BoundedSemaphore

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


def verify_in_child(pdf: bytes) -> Verdict:
    """What this file is; one that takes too long or too much is unreadable. Raises `PortalError` when all is busy."""
    if not _turn.acquire(timeout=WAIT_SECONDS):
        raise PortalError(
            "checks-busy", _("Gerade prüfen viele Menschen Dateien. Versuchen Sie es in einer Minute noch einmal."), 503
        )
    try:
        return _ask_child(pdf)
    finally:
        _turn.release()


def _ask_child(pdf: bytes) -> Verdict:
    certificates = json.dumps([each.decode() for each in keys.trusted()]).encode()
    try:
        done = subprocess.run(
            [sys.executable, "-m", "foundation.sealing.child"],
            input=certificates + b"\n" + pdf,
            capture_output=True,
            timeout=SECONDS,
            cwd=settings.BASE_DIR,
            env={"PYTHONPATH": str(settings.BASE_DIR), "PYTHONDONTWRITEBYTECODE": "1", "TZ": "UTC"},
            check=True,
        )
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as error:
        logger.warning("sealing: a file could not be judged: %s", type(error).__name__)
        return Verdict(Result.UNREADABLE)
    return Verdict.from_json(done.stdout)
