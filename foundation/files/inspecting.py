"""Has a file looked into by `foundation.inspection`, in a process that may die of it, and the portal lives on."""

import json
import logging
import subprocess
import sys
import threading

from django.conf import settings

from foundation.files import refusals
from foundation.inspection.verdicts import Passed

MOST_SECONDS = 45
#: Each may take its share of memory; who comes third waits.
AT_ONCE = 2
_COMMAND = ("-m", "foundation.inspection")
_places = threading.BoundedSemaphore(AT_ONCE)
logger = logging.getLogger(__name__)


def inspect(content: bytes, name: str, kind: str, max_bytes: int) -> Passed:
    """The file as it may be kept; raises `FileRefused` unless it is a sound and passive one of this type."""
    answer = _ask(content, name, kind, max_bytes)
    head, _newline, body = answer.partition(b"\n")
    try:
        said = json.loads(head)
    except ValueError:
        logger.warning("files: looking into a file ended without a word")
        raise refusals.too_heavy(name) from None
    if code := said.get("refused"):
        raise refusals.by_inspection(code, name)
    return Passed(content if said["same"] else body, said["media_type"], tuple(said["changes"]))


def _ask(content: bytes, name: str, kind: str, max_bytes: int) -> bytes:
    if not _places.acquire(timeout=MOST_SECONDS):
        logger.error("files: nobody came to look into a file in time")
        raise refusals.not_checkable(name)
    try:
        looked = subprocess.run(  # noqa: S603 - our own module, our own words
            [sys.executable, *_COMMAND, kind, str(max_bytes)],
            input=content,
            capture_output=True,
            check=True,
            timeout=MOST_SECONDS,
            cwd=settings.BASE_DIR,
            # Whoever decodes strangers' files knows none of our secrets; few arenas keep memory countable.
            env={"MALLOC_ARENA_MAX": "2", "PYTHONDONTWRITEBYTECODE": "1"},
        )
    except subprocess.TimeoutExpired:
        logger.warning("files: looking into a file took too long")
        raise refusals.too_heavy(name) from None
    except subprocess.CalledProcessError as error:
        logger.warning("files: looking into a file ended with %s", error.returncode)
        raise refusals.too_heavy(name) from None
    except OSError as error:
        logger.error("files: nobody can look into a file: %s", type(error).__name__)
        raise refusals.not_checkable(name) from None
    finally:
        _places.release()
    return looked.stdout
