"""A file of reference data, taken in: its good lines, with the history of what they change; its bad ones, with why.

All in one transaction: cut off, nothing of it is there. The same file again changes nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, insert, select, text
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from db.commands.claim_accounts import tell_of_new_accounts
from db.commands.reference.judging import counted, judge, refused, write
from db.commands.reference.shapes import SHAPES
from db.commands.reference.staging import Hashed, Seen, stage
from db.models import Import, ImportRefusal, ReferenceChange
from domain.reference.against import TAKEN, Judgement
from domain.reference.files import read_file
from domain.reference.reading import Reading
from domain.reference.words import ReferenceKind
from domain.refusals import Invalid

_LOCKS = 7_100_000
"""Where the numbers of these locks begin: one for each kind."""


@dataclass(frozen=True)
class File:
    """What is to be taken in: its name, its lines as they lie in it, who gives it (None: whoever runs the programs)."""

    name: str
    lines: Iterable[bytes]
    by: UUID | None = None


def take_in(session: Session, reading: Reading, file: File, seen: Seen = lambda _: None) -> Import:
    """Take a file in. Raises UnreadableFile where it is none of reference data.

    Source: procedures, section 2 step 0
    """
    shape = SHAPES[reading.kind]
    lines = Hashed(file.lines, seen)
    wrong = stage(session, shape, reading, read_file(reading, lines))
    lock(session, reading.kind)
    judge(session, shape)
    counts = counted(session)
    wrong |= refused(session, shape)
    row = _keep(session, reading, file, lines.sha256, counts=counts, wrong=wrong)
    write(session, reading.kind, shape, row.id, reading.at, file.by)
    if reading.kind is ReferenceKind.IBANS:
        changed = select(ReferenceChange.member_number).where(ReferenceChange.import_id == row.id)
        tell_of_new_accounts(session, changed, reading.at, row.id)
    session.execute(text("DROP TABLE staged, judged"))
    return row


def lock(session: Session, kind: ReferenceKind) -> None:
    """Whoever else changes data of this kind waits for the end of this transaction."""
    session.execute(select(func.pg_advisory_xact_lock(_LOCKS + list(ReferenceKind).index(kind))))


def _keep(
    session: Session,
    reading: Reading,
    file: File,
    digest: str,
    *,
    counts: dict[Judgement, int],
    wrong: dict[int, Invalid],
) -> Import:
    accepted = sum(counts[one] for one in TAKEN)
    unchanged = counts[Judgement.UNCHANGED]
    row = Import(
        id=uuid7(),
        kind=reading.kind,
        file_name=file.name,
        file_sha256=digest,
        lines=accepted + unchanged + len(wrong),
        accepted=accepted,
        unchanged=unchanged,
        refused=len(wrong),
        at=reading.at,
        by_id=file.by,
    )
    session.add(row)
    session.flush()
    if wrong:
        session.execute(insert(ImportRefusal), [refusal_row(row.id, line, wrong[line]) for line in sorted(wrong)])
    return row


def refusal_row(import_id: UUID, line: int, refusal: Invalid) -> dict[str, object]:
    """A refused line as it is kept."""
    return {
        "import_id": import_id,
        "line": line,
        "field": refusal.field,
        "problem": refusal.rule,
        "remedy": refusal.remedy,
    }
