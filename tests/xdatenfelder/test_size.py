"""A schema as large as the largest of the federation fits into little memory."""

import subprocess
import sys
from pathlib import Path

from django.conf import settings

from tests.xdatenfelder.schemas import field3, group3, schema3

MOST_MB = 200
# Not `ru_maxrss`: a process inherits that of the one that started it.
MEASURE = """
import re, sys
from pathlib import Path
from forms_engine.xdatenfelder.elements import parse
from forms_engine.xdatenfelder.layout import divide
from forms_engine.xdatenfelder.reading import read_schema
from forms_engine.xdatenfelder.translating import translate
made = translate(read_schema(parse(Path(sys.argv[1]).read_bytes())), lambda _: None)
most = re.search(r"VmHWM:\\s*(\\d+) kB", Path("/proc/self/status").read_text())[1]
print(len(divide(made.definition["steps"])), int(most) // 1024)
"""
RELATION = (
    "<x:relation><x:praedikat><code>VKN</code></x:praedikat><x:objekt><x:id>F13000009999</x:id></x:objekt></x:relation>"
)


def large(megabytes: float) -> bytes:
    """A schema with the thousands of relations that real ones carry, and as many questions as the longest."""
    groups = 20
    each = RELATION * int(megabytes * 1_000_000 / len(RELATION) / groups)
    parts = [("1:1", field3(f"F13{number:09}", f"Frage {number}")) for number in range(13)]
    return schema3(*(("0:1", group3(f"G13{number:09}", "Teil", parts, more=each)) for number in range(groups)))


def test_a_schema_of_three_and_a_half_megabytes_stays_below_its_memory(tmp_path: Path) -> None:
    file = tmp_path / "schema.xml"
    file.write_bytes(large(3.5))
    assert file.stat().st_size > 3_500_000
    command = [sys.executable, "-c", MEASURE, str(file)]
    told = subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, text=True, check=True, timeout=120)
    steps, megabytes = map(int, told.stdout.split())
    assert steps == 20
    assert megabytes < MOST_MB
