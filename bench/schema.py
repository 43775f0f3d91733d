"""A form schema as large as the largest of the federation: how long it takes to read, and how much memory."""

import subprocess
import sys
import tempfile
from pathlib import Path

from hro_portal.stack.portal import ROOT

MEGABYTES = 3.5
_SPACE = "urn:xoev-de:fim:standard:xdatenfelder_3.0.0"
_RELATION = (
    "<x:relation><x:praedikat><code>VKN</code></x:praedikat><x:objekt><x:id>F13000009999</x:id></x:objekt></x:relation>"
)
_GROUPS, _FIELDS = 20, 13
# In a process of its own, for nothing else may have taken memory. Not `ru_maxrss`: a process inherits that of the one
# that started it.
_READ = """
import re, sys, time
from pathlib import Path
from forms_engine.xdatenfelder.elements import parse
from forms_engine.xdatenfelder.layout import divide
from forms_engine.xdatenfelder.reading import read_schema
from forms_engine.xdatenfelder.translating import translate
begun = time.perf_counter()
made = translate(read_schema(parse(Path(sys.argv[1]).read_bytes())), lambda _: None)
steps = len(divide(made.definition["steps"]))
taken = time.perf_counter() - begun
most = re.search(r"VmHWM:\\s*(\\d+) kB", Path("/proc/self/status").read_text())[1]
print(steps, int(most) / 1024, taken)
"""


def large(megabytes: float = MEGABYTES) -> bytes:
    """A schema with the thousands of relations that real ones carry, and as many questions as the longest."""
    relations = _RELATION * int(megabytes * 1_000_000 / len(_RELATION) / _GROUPS)
    fields = "".join(_place("1:1", "datenfeld", f"F13{number:09}", _TEXT) for number in range(_FIELDS))
    groups = (_place("0:1", "datenfeldgruppe", f"G13{number:09}", relations + fields) for number in range(_GROUPS))
    return (
        f'<x:xdatenfelder.stammdatenschema.0102 xmlns:x="{_SPACE}"><x:header/><x:stammdatenschema>'
        f"{_name('S13000000077')}{''.join(groups)}</x:stammdatenschema></x:xdatenfelder.stammdatenschema.0102>"
    ).encode()


def read(file: Path) -> tuple[int, float, float]:
    """Reads a schema in a process of its own: how many steps it makes, most megabytes, seconds."""
    command = [sys.executable, "-c", _READ, str(file)]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=120)
    steps, megabytes, seconds = told.stdout.split()
    return int(steps), float(megabytes), float(seconds)


def figures() -> dict[str, float]:
    with tempfile.TemporaryDirectory(prefix="hro-bench-") as folder:
        file = Path(folder) / "schema.xml"
        file.write_bytes(large())
        _, megabytes, seconds = read(file)
    return {"large_schema_seconds": seconds, "large_schema_memory_mb": megabytes}


_TEXT = "<x:feldart><code>input</code></x:feldart><x:datentyp><code>text</code></x:datentyp>"


def _name(fim_id: str) -> str:
    return f"<x:identifikation><x:id>{fim_id}</x:id></x:identifikation><x:name>{fim_id}</x:name>"


def _place(count: str, kind: str, fim_id: str, content: str) -> str:
    return (
        f"<x:struktur><x:anzahl>{count}</x:anzahl><x:enthaelt><x:{kind}>{_name(fim_id)}{content}</x:{kind}></x:enthaelt>"
        "</x:struktur>"
    )
