"""What a file turns out to be. Knows no library, so that a page and its child process can both speak of it."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Self


class Result(StrEnum):
    GENUINE = "genuine"
    CHANGED = "changed"
    FOREIGN = "foreign"
    UNREADABLE = "unreadable"


@dataclass(frozen=True)
class Verdict:
    """`sealed_by` and `sealed_at` are told of a genuine file only: of any other they would be somebody's claim."""

    result: Result
    sealed_by: str = ""
    sealed_at: datetime | None = None

    def as_json(self) -> str:
        return json.dumps(asdict(self), default=str)

    @classmethod
    def from_json(cls, text: bytes) -> Self:
        data = json.loads(text)
        at = data["sealed_at"]
        return cls(Result(data["result"]), data["sealed_by"], datetime.fromisoformat(at) if at else None)
