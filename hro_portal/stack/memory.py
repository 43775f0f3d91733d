"""Where data that need not outlive a run are quick: in memory, where there is room for them."""

import shutil
from pathlib import Path

IN_MEMORY = Path("/dev/shm")  # folders of random names are made there  # nosec B108
ROOM_BYTES = 4_000_000_000  # a fraction of it is taken


def quick_place() -> Path | None:
    """A folder in memory for temporary ones; None where there is none, or too little room."""
    has_room = IN_MEMORY.is_dir() and shutil.disk_usage(IN_MEMORY).free > ROOM_BYTES
    return IN_MEMORY if has_room else None
