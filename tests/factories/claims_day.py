"""A day's file given on a desk whose register knows the demo's reference data, and what became of it."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from json import dumps
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from db.commands.claim_file import Giving, Taken, take_in_file
from db.commands.claim_lines import Kept
from db.commands.reference.imports import File
from db.models import ImportRefusal
from db.session import Sessions
from local.demo.reference import invented_iban, load
from tests.factories.complaints import TODAY
from tests.factories.register import Desk, open_desk

PARIS = ZoneInfo("Europe/Paris")
Line = dict[str, Any]


@dataclass(frozen=True)
class Given:
    """What became of a file: accepted, unchanged, refused; of each refused line its field and problem; what was kept
    of it now."""

    id: UUID
    counts: tuple[int, int, int]
    refused: dict[int, tuple[str | None, str]] = field(default_factory=dict)
    kept: tuple[Kept, ...] = ()


@contextmanager
def open_claims_desk(database: str) -> Iterator[Desk]:
    """A desk before a register with the demo's reference data."""
    with open_desk(database) as desk:
        with desk.sessions.begin() as session:
            load(session, desk.at, PARIS)
        yield desk


def a_line(number: str = "L-1", member: int = 1, **changes: Any) -> Line:
    """A consultation of 30 € that nothing is wrong with; a change to None leaves the field out."""
    line: Line = {
        "number": number,
        "member_number": f"M{member:07d}",
        "beneficiary_number": f"M{member:07d}",
        "category": "routine",
        "act": "CONSULTATION",
        "care_on": TODAY.replace(day=2).isoformat(),
        "provider_number": "990000005",
        "amount_cents": 3_000,
        "iban": invented_iban(member),
        "received_on": TODAY.isoformat(),
        "pole": "benefits",
        "entered_by": "yann.kerloch",
    }
    return {name: value for name, value in (line | changes).items() if value is not None}


def as_jsonl(lines: Iterable[Line]) -> bytes:
    """A file of these lines, one JSON object each."""
    return b"".join(dumps(line).encode() + b"\n" for line in lines)


def as_csv(lines: Iterable[Line]) -> bytes:
    """A file of these lines with a header."""
    rows = list(lines)
    names = list(dict.fromkeys(name for row in rows for name in row))
    told = [names, *([str(row.get(name, "")) for name in names] for row in rows)]
    return "".join(";".join(cells) + "\n" for cells in told).encode()


def give(
    desk: Desk,
    lines: Iterable[Line] | bytes,
    login: str | None = None,
    taken: Taken = lambda _done, _of: None,
    sessions: Sessions | None = None,
) -> Given:
    """Give a file; None: whoever runs the programs gives it."""
    content = lines if isinstance(lines, bytes) else as_jsonl(lines)
    actor = desk.actor(login) if login else None
    sessions = sessions or desk.sessions
    file = File("day.jsonl", BytesIO(content), actor.id if actor else None)
    row, kept = take_in_file(sessions, file, Giving(desk.at, desk.book, actor, taken=taken))
    with sessions() as session:
        refusals = session.query(ImportRefusal).filter_by(import_id=row.id)
        refused = {one.line: (one.field, one.problem) for one in refusals}
    return Given(row.id, (row.accepted, row.unchanged, row.refused), refused, tuple(kept))
