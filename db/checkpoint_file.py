"""A checkpoint as a file, to be kept where nobody who administers the register can reach it.

    echeance checkpoint 1
    {"count": 2, "day": "2031-03-03", "key": "…", "made_at": "…", "mac": "…", "previous": "…"}
    <case> <line> <mac>
    <case> <line> <mac>

It can be checked with the journal's key alone: no other table is needed.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy.orm import Session

from db.models import Checkpoint
from db.queries.checkpoint import heads
from keys.chain import Head, canonical

_FORM = "echeance checkpoint 1"
SUFFIX = ".checkpoint"


class CheckpointFileError(ValueError):
    """The file is not one of ours, or no longer whole."""


@dataclass(frozen=True)
class CheckpointFile:
    """What the head of the file says; its heads are read one by one, however many they are."""

    path: Path
    day: date
    made_at: datetime
    previous: bytes
    mac: bytes
    key_id: UUID
    count: int

    def heads(self) -> Iterator[Head]:
        """The heads, in the order of their cases. Raises CheckpointFileError at a line that is none."""
        with self.path.open(encoding="ascii", errors="replace") as lines:
            for number, line in enumerate(lines, 1):
                if number > 2:
                    yield _head(self.path, number, line)


def file_name(day: date) -> str:
    """What the file of a day's checkpoint is called."""
    return f"{day.isoformat()}{SUFFIX}"


def written(session: Session, checkpoint: Checkpoint) -> Iterator[bytes]:
    """The file of a checkpoint, line by line."""
    head = {
        "day": checkpoint.day.isoformat(),
        "made_at": checkpoint.made_at.isoformat(),
        "previous": checkpoint.previous.hex(),
        "mac": checkpoint.mac.hex(),
        "key": str(checkpoint.key_id),
        "count": checkpoint.count,
    }
    yield f"{_FORM}\n".encode() + canonical(head) + b"\n"
    for one in heads(session, checkpoint.day):
        yield f"{one.case_id} {one.line} {one.mac.hex()}\n".encode()


def read(path: Path) -> CheckpointFile:
    """The head of a file. Raises CheckpointFileError, OSError."""
    with path.open(encoding="ascii", errors="replace") as lines:
        form, told = lines.readline(), lines.readline()
    if form != f"{_FORM}\n":
        raise CheckpointFileError(f"{path.name} is no checkpoint.")
    try:
        head = json.loads(told)
        return CheckpointFile(
            path=path,
            day=date.fromisoformat(head["day"]),
            made_at=datetime.fromisoformat(head["made_at"]),
            previous=bytes.fromhex(head["previous"]),
            mac=bytes.fromhex(head["mac"]),
            key_id=UUID(head["key"]),
            count=int(head["count"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise CheckpointFileError(f"The second line of {path.name} cannot be read.") from error


def _head(path: Path, number: int, line: str) -> Head:
    try:
        case_id, at, mac = line.split()
        return Head(UUID(case_id), int(at), bytes.fromhex(mac))
    except ValueError as error:
        raise CheckpointFileError(f"Line {number} of {path.name} cannot be read.") from error
