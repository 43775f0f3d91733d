"""Read by Python at the start of a process that has this folder on its path: its doors are watched.

While the file named by PORTAL_ACCIDENT lies there, the next door of the kind that it names is the last thing that the
process comes to: it ends by SIGKILL right before it, alone or with its whole group.
"""

import json
import os
import signal
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from faults import doors

_waits_for = os.environ["PORTAL_ACCIDENT"]


def _strike(door: doors.Door) -> None:
    if not os.path.exists(_waits_for):
        return
    accident = json.loads(Path(_waits_for).read_text())
    if accident["kind"] != door.kind:
        return
    taken = f"{_waits_for}.{os.getpid()}"
    try:
        os.rename(_waits_for, taken)  # who gets the file has the accident; the others go on
    except FileNotFoundError:
        return
    if accident["whole"]:
        os.killpg(os.getpgrp(), signal.SIGKILL)
    os.kill(os.getpid(), signal.SIGKILL)


doors.watch(_strike, files=os.path.join(os.environ["DATA_DIR"], "files"))
