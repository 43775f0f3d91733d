"""Read by Python at the start of a process that has this folder on its path: a web process that can be struck.

While the file named by PORTAL_ACCIDENT lies there, the next effect that waits for a commit does not happen: the
process and all of its group end by SIGKILL, after the commit and before anybody was told of it.
"""

import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.db import transaction

_waits_for = Path(os.environ["PORTAL_ACCIDENT"])
_on_commit = transaction.on_commit


def _struck(effect: Callable[[], Any], using: str | None = None, robust: bool = False) -> None:
    def strike() -> None:
        if _waits_for.exists():
            _waits_for.unlink()
            os.killpg(os.getpgrp(), signal.SIGKILL)
        effect()

    _on_commit(strike, using=using, robust=robust)


transaction.on_commit = _struck
