"""A file of volunteers, taken in: its good lines with their history, its bad ones with why.

All in one transaction: cut off, nothing of it is there. The same file again changes nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from db.commands.backlog_locks import lock_open_operations, lock_volunteers
from db.commands.backlog_morning import judge_places_of
from db.commands.backlog_volunteer import Entry, Writer, changes_among, entry_of, write_volunteers
from db.commands.reference.imports import File, refusal_row
from db.commands.reference.staging import Hashed, Seen
from db.models import Import, ImportRefusal, StaffMember, VolunteerRow
from domain.backlog.volunteer_file import COLUMNS, NEEDED, VolunteerLine, read_volunteer
from domain.policy import PolicyBook
from domain.records import Sheet, Values, read_records
from domain.refusals import Invalid, Refusal

KIND = "volunteers"
SHEET = Sheet(KIND, COLUMNS, NEEDED)
NOBODY = Invalid("Nobody who works here has this login.", "Correct it, or hire them first.", field="login")
TWICE = Invalid(
    "An earlier line of the file says something else of this person from the same day on.",
    "Keep one of the two lines.",
    field="login",
)


@dataclass
class Judged:
    """What is to become of a file's lines."""

    kept: dict[tuple[UUID, date | None], Entry] = field(default_factory=dict)
    repeated: int = 0
    refused: dict[int, Invalid] = field(default_factory=dict)

    def add(self, line: int, entry: Entry) -> None:
        """One more person, or another first day of one; said twice in the same way it is one, in another way the second
        is refused."""
        known = self.kept.setdefault((entry.person_id, entry.from_on), entry)
        if known is not entry and known.work == entry.work:
            self.repeated += 1
        elif known is not entry:
            self.refused[line] = TWICE


def take_in_volunteers(
    session: Session, file: File, writer: Writer, book: PolicyBook, seen: Seen = lambda _: None
) -> Import:
    """Take a file of volunteers in; places in sessions to come are judged anew at once.
    Raises UnreadableFile where its header is none of volunteers.

    Source: procedures, section 4 step 3
    """
    lines = Hashed(file.lines, seen)
    lock_volunteers(session)
    lock_open_operations(session)
    judged = _judge(lines, _people(session), writer)
    row = _keep(session, file, lines.sha256, judged, writer)
    if write_volunteers(session, judged.kept.values(), replace(writer, import_id=row.id)):
        judge_places_of(session, {one.person_id for one in judged.kept.values()}, writer.at, book)
    return row


def _people(session: Session) -> Mapping[str, tuple[UUID, bool]]:
    """Those who work here, by login, and whether anything is known of their work."""
    wanted = select(StaffMember.login, StaffMember.id, VolunteerRow.person_id).outerjoin(
        VolunteerRow, VolunteerRow.person_id == StaffMember.id
    )
    rows = session.execute(wanted.where(StaffMember.active, StaffMember.delegate.is_(None)))
    return {row.login: (row.id, row.person_id is not None) for row in rows}


def _judge(lines: Iterable[bytes], people: Mapping[str, tuple[UUID, bool]], writer: Writer) -> Judged:
    judged = Judged()
    for number, values in read_records(SHEET, lines):
        try:
            line = _read(values)
            if line.login not in people:
                raise NOBODY
            person_id, is_known = people[line.login]
            _check(line, person_id, writer.by)
            judged.add(number, entry_of(person_id, line.asked, writer.today, is_known=is_known))
        except Invalid as refusal:
            judged.refused[number] = refusal
    return judged


def _read(values: Values | Invalid) -> VolunteerLine:
    if isinstance(values, Invalid):
        raise values
    return read_volunteer(values)


def _check(line: VolunteerLine, person_id: UUID, by: UUID | None) -> None:
    try:
        line.asked.check(person_id, by)
    except Refusal as refusal:
        raise Invalid(refusal.rule, refusal.remedy, field=refusal.field or "login") from None


def _keep(session: Session, file: File, digest: str, judged: Judged, writer: Writer) -> Import:
    accepted, refused = len(changes_among(session, judged.kept.values())), len(judged.refused)
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
        at=writer.at,
        by_id=writer.by,
    )
    session.add(row)
    session.flush()
    if refused:
        rows = [refusal_row(row.id, line, judged.refused[line]) for line in sorted(judged.refused)]
        session.execute(insert(ImportRefusal), rows)
    return row
