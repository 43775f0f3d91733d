"""Looks for the persona where she must not be: in clear text, in hexadecimal, in base64, inside of packed values."""

import base64
import binascii
import json
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from drills.persona import CODE, EMAIL, SECRETS

#: An account's name is its address: to sign in, to write to, and to be invited by.
MAY_HOLD_THE_ADDRESS = {
    ("accounts_user", "email"),
    ("account_emailaddress", "email"),
    # While it is open; one that is over has forgotten it.
    ("accounts_invitation", "email"),
}
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{24,}={0,2}")


def in_text(text: str, *, secrets: Mapping[str, str] = SECRETS, with_address: bool = True) -> list[str]:
    """Which secrets stand in this text, in whatever way."""
    known = {**secrets} | ({"e-mail address": EMAIL} if with_address else {})
    # The address holds the name: where it may stand, its parts are not counted a second time.
    searched = [text if with_address else re.sub(re.escape(EMAIL), "", text, flags=re.IGNORECASE)]
    searched += _unpacked(searched[0])
    lowered = [each.lower() for each in searched]
    names = [name for name, secret in known.items() if any(_ways(secret) & _found(each, secret) for each in lowered)]
    return names + (["access code"] if any(map(CODE.search, searched)) else [])


def in_rows(table: str, rows: Iterable[Mapping[str, Any]], secrets: Mapping[str, str] = SECRETS) -> Iterator[str]:
    """The same for the rows of a table, column by column; out: sentences that name table, column and secret."""
    seen = set()
    for row in rows:
        for column, value in row.items():
            text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
            for name in in_text(text, secrets=secrets, with_address=(table, column) not in MAY_HOLD_THE_ADDRESS):
                seen.add(f"{table}.{column} holds the {name}")
    yield from sorted(seen)


def in_mail(headers: Mapping[str, str], body: str, secrets: Mapping[str, str] = SECRETS) -> list[str]:
    """A mail goes to the address; nothing else of the person stands in it."""
    said = "\n".join(value for name, value in headers.items() if name.lower() != "to")
    return in_text(f"{said}\n{body}", secrets=secrets)


def _ways(secret: str) -> set[str]:
    return {secret.lower(), secret.lower().replace(" ", ""), secret.encode().hex(), secret.lower().encode().hex()}


def _found(text: str, secret: str) -> set[str]:
    return {way for way in _ways(secret) if way in text}


def _unpacked(text: str) -> list[str]:
    """What base64 in the text stands for, unzipped where it is zipped: sessions and the cache are kept like that."""
    found = []
    for match in _BASE64.finditer(text):
        word = match[0].rstrip("=").translate(str.maketrans("-_", "+/"))
        try:
            content = base64.b64decode(word + "=" * (-len(word) % 4))
        except binascii.Error:
            continue
        found.append(content.decode("latin-1"))
        try:
            found.append(zlib.decompress(content).decode("latin-1"))
        except zlib.error:
            continue
    return found
