"""Check the checkpoints: each by its MAC, against the one before, the chains, and the files that were taken away."""

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from uuid import UUID

from sqlalchemy import Select, func, select, tuple_
from sqlalchemy.orm import Session, aliased

from db import checkpoint_file
from db.checkpoint_file import SUFFIX, CheckpointFile, CheckpointFileError
from db.models import Case, Checkpoint, CheckpointHead, JournalLine
from db.queries.checkpoint import heads
from db.queries.verification.findings import Finding, JournalKeys
from keys.chain import BEGINNING, Head, checkpoint_mac

AT_ONCE = 1000


def verify_checkpoints(session: Session, keys: JournalKeys) -> Iterator[Finding]:
    """Altered or missing checkpoints, and heads that the chains do not have."""
    previous = BEGINNING
    for one in session.scalars(select(Checkpoint).order_by(Checkpoint.day)).all():
        if one.previous != previous:
            yield Finding(f"The checkpoint before that of {one.day} is missing, or another.")
        if (fault := _fault(one, heads(session, one.day), keys)) is not None:
            yield Finding(f"The checkpoint of {one.day} {fault}.")
        previous = one.mac
    yield from _heads_without_checkpoint(session)
    yield from _heads_not_in_chain(session)
    yield from _marked_too_far(session)


def verify_files(session: Session, keys: JournalKeys, folder: Path) -> Iterator[Finding]:
    """Files that were altered, that say other than the register, or that are missing."""
    paths = {path.name: path for path in sorted(folder.glob(f"*{SUFFIX}"))}
    known = {one.day: one for one in session.scalars(select(Checkpoint).order_by(Checkpoint.day))}
    for path in paths.values():
        try:
            file = checkpoint_file.read(path)
            yield from _verify_file(session, keys, file, known.get(file.day))
        except CheckpointFileError as error:
            yield Finding(str(error))
    for day in known:
        if checkpoint_file.file_name(day) not in paths:
            yield Finding(f"The checkpoint of {day} has no file in {folder}.")


def _fault(one: Checkpoint | CheckpointFile, covered: Iterable[Head], keys: JournalKeys) -> str | None:
    """What is wrong with a checkpoint by itself."""
    secret = keys.secrets.get(one.key_id)
    if secret is None:
        return "was made with a key that the register does not have"
    if checkpoint_mac(secret, one.previous, one.day, one.made_at, one.count, covered) != one.mac:
        return "was altered, or the heads under it were"
    return None


def _heads_without_checkpoint(session: Session) -> Iterator[Finding]:
    made = select(Checkpoint.day).where(Checkpoint.day == CheckpointHead.day)
    for (day,) in session.execute(select(CheckpointHead.day).where(~made.exists()).distinct()):
        yield Finding(f"There are heads of {day}, and no checkpoint of that day.")


def _heads_not_in_chain(session: Session) -> Iterator[Finding]:
    wanted = (
        select(CheckpointHead, Case.reference, JournalLine.line)
        .outerjoin(Case, Case.id == CheckpointHead.case_id)
        .outerjoin(
            JournalLine, (JournalLine.case_id == CheckpointHead.case_id) & (JournalLine.line == CheckpointHead.line)
        )
        .where(JournalLine.mac.is_distinct_from(CheckpointHead.mac))
        .order_by(CheckpointHead.day, CheckpointHead.case_id)
        .execution_options(yield_per=AT_ONCE)
    )
    for head, reference, line in session.execute(wanted):
        yield _not_in_chain(f"checkpoint of {head.day}", head, reference, line)


def _not_in_chain(witness: str, head: Head | CheckpointHead, reference: str | None, line: int | None) -> Finding:
    if reference is None:
        return Finding(f"The case {head.case_id} is missing: the {witness} knows {head.line} lines of its journal.")
    if line is None:
        return Finding(f"It is missing: the {witness} knows it.", reference, head.line)
    return Finding(f"It is another than the {witness} knows.", reference, head.line)


def _marked_too_far(session: Session) -> Iterator[Finding]:
    """Who marks a case as being under a checkpoint keeps it out of the next one."""
    one = aliased(CheckpointHead)
    newest = select(func.max(one.line)).where(one.case_id == Case.id).scalar_subquery()
    wanted = select(Case.reference, Case.checkpointed).where(Case.checkpointed > func.coalesce(newest, 0))
    for reference, line in session.execute(wanted.order_by(Case.reference)):
        yield Finding("It is said to be under a checkpoint, and is not.", reference, line)


def _verify_file(
    session: Session, keys: JournalKeys, file: CheckpointFile, known: Checkpoint | None
) -> Iterator[Finding]:
    """A file that is whole is believed: it was out of reach. Where the register says other, its heads are compared."""
    if (fault := _fault(file, file.heads(), keys)) is not None:
        yield Finding(f"The file {file.path.name} {fault}.")
    elif known is None or known.mac != file.mac:
        yield Finding(f"The register has no checkpoint like the file {file.path.name}.")
        yield from _file_heads_not_in_chain(session, file)


def _file_heads_not_in_chain(session: Session, file: CheckpointFile) -> Iterator[Finding]:
    told = file.heads()
    while some := list(islice(told, AT_ONCE)):
        wanted = [(head.case_id, head.line) for head in some]
        rows = session.execute(
            select(JournalLine.case_id, JournalLine.line, JournalLine.mac).where(
                tuple_(JournalLine.case_id, JournalLine.line).in_(wanted)
            )
        )
        macs = {(row.case_id, row.line): row.mac for row in rows}
        cases = [head.case_id for head in some]
        references = {row.id: row.reference for row in session.execute(_references(cases))}
        for head in some:
            mac = macs.get((head.case_id, head.line))
            if mac != head.mac:
                line = head.line if (head.case_id, head.line) in macs else None
                yield _not_in_chain(f"file {file.path.name}", head, references.get(head.case_id), line)


def _references(cases: list[UUID]) -> Select[UUID, str]:
    return select(Case.id, Case.reference).where(Case.id.in_(cases))
