"""A worker's process ends its own greed, and leaves the machine's memory to others (F19)."""

import subprocess
import sys

import pytest

GREEDY = """
import django; django.setup()
from hro_portal.celery import limit_memory
limit_memory()
try:
    bytearray(2_000_000_000)
except MemoryError:
    print("refused")
"""


@pytest.mark.asvs("V15.2.2")
def test_process_of_a_worker_gets_no_more_memory_than_its_limit() -> None:
    done = subprocess.run([sys.executable, "-c", GREEDY], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "refused"
