"""Judges one file in a process of its own: little memory, little time, no file to write, no secret in reach.

In: one line of JSON with the certificates that we trust, then the file. Out: the verdict as JSON.
Started by `checking.verify_in_child`, with an empty environment.
"""

import json
import os
import resource
import sys

MEMORY_BYTES = 512_000_000
CPU_SECONDS = 10


def main() -> None:
    _give_up_power()
    # Only now: what the libraries take counts, too.
    from foundation.sealing.judging import judge

    trusted = [text.encode() for text in json.loads(sys.stdin.buffer.readline())]
    sys.stdout.write(judge(sys.stdin.buffer.read(), trusted).as_json())


def _give_up_power() -> None:
    for limit, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (most, most))
    os.nice(10)


if __name__ == "__main__":
    main()
