"""Files taken in on a desk, and what was said of them."""

from dataclasses import dataclass
from io import BytesIO
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from db.commands.reference.imports import File, take_in
from db.models import ImportRefusal
from domain.reference.reading import Reading
from domain.reference.words import ReferenceKind
from tests.factories.reference import Row, a_csv
from tests.factories.register import Desk

PARIS = ZoneInfo("Europe/Paris")


@dataclass(frozen=True)
class Taken:
    """What became of a file: accepted, unchanged, refused; and of each refused line its field and problem."""

    id: UUID
    counts: tuple[int, int, int]
    refused: dict[int, tuple[str | None, str]]


def take(desk: Desk, kind: ReferenceKind, *rows: Row, by: UUID | None = None) -> Taken:
    """Take in a file of these rows."""
    return take_file(desk, kind, a_csv(*rows), by=by)


def take_file(desk: Desk, kind: ReferenceKind, content: bytes, by: UUID | None = None) -> Taken:
    """Take in a file as it is."""
    with desk.sessions.begin() as session:
        row = take_in(session, Reading(kind, desk.at, PARIS), File(f"{kind}.csv", BytesIO(content), by))
        refusals = session.scalars(select(ImportRefusal).where(ImportRefusal.import_id == row.id))
        refused = {one.line: (one.field, one.problem) for one in refusals}
        return Taken(row.id, (row.accepted, row.unchanged, row.refused), refused)
