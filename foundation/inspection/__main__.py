"""`python -m foundation.inspection KIND MAX_BYTES`: file on stdin; a line of JSON and the file to keep go out.

Whoever reads it takes any other end (a signal, a limit that was hit) as a refusal.
"""

import json
import resource
import sys

MOST_SECONDS = 20
MOST_MEMORY = 1_500_000_000


def main(kind: str, max_bytes: int) -> None:
    _limit()
    # Imported behind the limits, and only the decoder that the file needs.
    from foundation.inspection.verdicts import Refused

    content = sys.stdin.buffer.read()
    try:
        if kind == "application/pdf":
            from foundation.inspection import pdf

            passed = pdf.inspect(content)
        else:
            from foundation.inspection import pictures

            passed = pictures.inspect(content, kind, max_bytes)
    except Refused as refusal:
        _say({"refused": refusal.code})
        return
    same = passed.content == content
    _say({"media_type": passed.media_type, "changes": passed.changes, "same": same})
    if not same:
        sys.stdout.buffer.write(passed.content)


def _limit() -> None:
    for limit, most in (
        (resource.RLIMIT_AS, MOST_MEMORY),
        (resource.RLIMIT_CPU, MOST_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (most, most))


def _say(said: dict[str, object]) -> None:
    sys.stdout.buffer.write(json.dumps(said).encode() + b"\n")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
