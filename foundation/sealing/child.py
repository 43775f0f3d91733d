"""Judges one file in a process of its own: little memory, little time, no file to write, no secret in reach.

In: one line of JSON with the certificates that we trust (`trusted`, for a PDF) or with the signature that belongs to
the file (`signature`), then the file. Out: the verdict as JSON. Started by `checking`, with an empty environment.
"""

import base64
import json
import os
import resource
import sys

MEMORY_BYTES = 512_000_000
CPU_SECONDS = 10


def main() -> None:
    _give_up_power()
    # Only now: what the libraries take counts, too.
    from foundation.sealing.judging import judge, signer_of

    asked = json.loads(sys.stdin.buffer.readline())
    file = sys.stdin.buffer.read()
    if "signature" in asked:
        sys.stdout.write(json.dumps(signer_of(file, base64.b64decode(asked["signature"]))))
    else:
        sys.stdout.write(judge(file, [text.encode() for text in asked["trusted"]]).as_json())


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
