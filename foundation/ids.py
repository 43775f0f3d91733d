"""Names for things: row ids, reference numbers and access codes.

A reference identifies and catches a typing error; it opens nothing. A code opens one case and is
kept as a digest only (architecture, law 4).
"""

import hashlib
import secrets
import uuid
from datetime import datetime

from uuid6 import uuid7

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_READ_AS = str.maketrans("OIL", "011")
# Thirty-one, a prime: with 32 the weighted sum would confuse the first letter with the last.
_REFERENCE_LETTERS = CROCKFORD[:31]
#: Begins the reference of a test application, and of nothing else: `TEST-2026-7K3M-4Q9X`.
TEST_PREFIX = "TEST"


def new_id() -> uuid.UUID:
    """A UUIDv7: unique, and in order of time, so that indexes grow at their end."""
    return uuid.UUID(int=uuid7().int)


def last_of(moment: datetime) -> uuid.UUID:
    """No id that is made up to this moment is greater."""
    return uuid.UUID(int=(int(moment.timestamp() * 1000) + 1 << 80) - 1)


def new_reference(prefix: str, year: int) -> str:
    """`HRO-2026-7K3M-4Q9X`: seven random characters and one that catches a typing error."""
    body = "".join(secrets.choice(_REFERENCE_LETTERS) for _ in range(7))
    body += _check_character(f"{prefix}{year}{body}")
    return f"{prefix}-{year}-{body[:4]}-{body[4:]}"


def parse_reference(text: str) -> str | None:
    """The reference as we write it, from what a person typed; None if it cannot be one."""
    prefix, *parts = text.upper().replace("–", " ").replace("-", " ").split() or [""]
    rest = "".join(parts).translate(_READ_AS)
    if not (prefix.isascii() and prefix.isalpha() and rest.isascii() and len(rest) == 12 and rest[:4].isdigit()):
        return None
    year, body = rest[:4], rest[4:]
    if not set(body) <= set(_REFERENCE_LETTERS) or body[-1] != _check_character(f"{prefix}{year}{body[:-1]}"):
        return None
    return f"{prefix}-{year}-{body[:4]}-{body[4:]}"


def _check_character(text: str) -> str:
    """A weighted sum modulo a prime finds every single wrong character and every swap of two."""
    total = sum((place + 2) * _value(character) for place, character in enumerate(text))
    return _REFERENCE_LETTERS[total % len(_REFERENCE_LETTERS)]


def _value(character: str) -> int:
    found = _REFERENCE_LETTERS.find(character)
    return found if found >= 0 else int(character, 36)


def new_code() -> str:
    """An access code of 80 random bits, in groups that can be read aloud."""
    letters = "".join(secrets.choice(CROCKFORD) for _ in range(16))
    return "-".join(letters[i : i + 4] for i in range(0, 16, 4))


def code_digest(text: str) -> bytes | None:
    """What is stored of a code; None if the text cannot be one. 80 random bits need no slow hash."""
    letters = "".join(text.upper().split()).replace("-", "").replace("–", "").translate(_READ_AS)
    if len(letters) != 16 or not set(letters) <= set(CROCKFORD):
        return None
    return hashlib.sha256(letters.encode()).digest()
