"""A file of figures, taken in: its good lines with their history, its bad ones with why; which days are missing still.

All in one transaction: cut off, nothing of it is there. The same file again changes nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import insert
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from db.commands.figures import Author, activity_of, changes_among, lock_figures, measured_by, write_figures
from db.commands.reference.imports import File, refusal_row
from db.commands.reference.staging import Hashed, Seen
from db.models import ActivityRow, Import, ImportRefusal
from db.queries.figures import activities, names_of, working_days_without
from domain.backlog.figures import COLUMNS, TWICE, DayKept, figures_of_day, read_line
from domain.records import Sheet, Values, read_records
from domain.refusals import Invalid

KIND = "figures"
SHEET = Sheet(KIND, COLUMNS, ("day", "activity"))
Missing = Mapping[str, Sequence[date]]
"""Activity → the working days, from its first in the file to yesterday, of which nothing is known still."""


@dataclass
class Judged:
    """What is to become of a file's lines."""

    kept: dict[tuple[str, date], DayKept] = field(default_factory=dict)
    repeated: int = 0
    refused: dict[int, Invalid] = field(default_factory=dict)

    def add(self, line: int, activity_id: str, day: DayKept) -> None:
        """One more day; said twice in the same way it is one, in another way the second is refused."""
        known = self.kept.setdefault((activity_id, day.day), day)
        if known is not day and known == day:
            self.repeated += 1
        elif known is not day:
            self.refused[line] = TWICE

    @property
    def figures(self) -> list[tuple[str, DayKept]]:
        """The days to keep, each with its activity."""
        return [(activity_id, one) for (activity_id, _), one in self.kept.items()]


def take_in_figures(
    session: Session, file: File, author: Author, seen: Seen = lambda _: None
) -> tuple[Import, Missing]:
    """Take a file of figures in. Raises UnreadableFile where its header is none of figures.

    Source: procedures, section 4 step 1 (entered or imported daily)
    """
    lines = Hashed(file.lines, seen)
    lock_figures(session)
    rows = activities(session, active_only=False)
    judged = _judge(lines, {name: row for row in rows for name in names_of(row)}, author.today)
    row = _keep(session, file, lines.sha256, judged, author)
    write_figures(session, judged.figures, Author(author.at, author.today, author.by, row.id))
    return row, _missing(session, judged, rows, author.today)


def _judge(lines: Iterable[bytes], known: Mapping[str, ActivityRow], today: date) -> Judged:
    judged = Judged()
    for number, values in read_records(SHEET, lines):
        try:
            judged.add(number, *_read(values, known, today))
        except Invalid as refusal:
            judged.refused[number] = refusal
    return judged


def _read(values: Values | Invalid, known: Mapping[str, ActivityRow], today: date) -> tuple[str, DayKept]:
    if isinstance(values, Invalid):
        raise values
    line = read_line(values)
    row = activity_of(line, known)
    return row.id, figures_of_day(line, measured_by(row), line.day, today)


def _keep(session: Session, file: File, digest: str, judged: Judged, author: Author) -> Import:
    accepted, refused = changes_among(session, judged.figures), len(judged.refused)
    unchanged = len(judged.kept) - accepted + judged.repeated
    row = Import(
        id=uuid7(),
        kind=KIND,
        file_name=file.name,
        file_sha256=digest,
        lines=accepted + unchanged + refused,
        accepted=accepted,
        unchanged=unchanged,
        refused=refused,
        at=author.at,
        by_id=author.by,
    )
    session.add(row)
    session.flush()
    if refused:
        rows = [refusal_row(row.id, line, judged.refused[line]) for line in sorted(judged.refused)]
        session.execute(insert(ImportRefusal), rows)
    return row


def _missing(session: Session, judged: Judged, rows: Sequence[ActivityRow], today: date) -> Missing:
    first: dict[str, date] = {}
    for activity_id, day in judged.kept:
        first[activity_id] = min(day, first.get(activity_id, day))
    yesterday = today - timedelta(days=1)
    typed = [row for row in rows if row.id in first and row.procedure is None]
    found = {row.id: working_days_without(session, row, first[row.id], yesterday) for row in typed}
    return {activity_id: days for activity_id, days in found.items() if days}
