"""Compare the register with what the engine still knows of a case, which another server has kept."""

from collections.abc import Iterator, Mapping, Set
from typing import Protocol
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Case, CommandRow, JournalLine
from db.queries.verification.findings import Finding


class Decided(Protocol):
    """What became of a command, and where the case's journal ended then."""

    @property
    def status(self) -> str:
        """Applied or refused."""

    @property
    def lines(self) -> int:
        """How many lines there were."""

    @property
    def head(self) -> str | None:
        """The last one's MAC, in hexadecimal; None where none was told."""


def verify_witnessed(
    session: Session, case_id: UUID, taken: Set[UUID], decided: Mapping[UUID, Decided]
) -> Iterator[Finding]:
    """What the engine took for a case, or decided, and the register knows nothing of, or otherwise."""
    reference = session.scalar(select(Case.reference).where(Case.id == case_id))
    if reference is None:
        yield Finding(f"The case {case_id} is missing: the engine has carried it.")
        return
    yield from _commands(session, reference, taken, decided)
    yield from _lines(session, reference, case_id, decided)


def _commands(session: Session, reference: str, taken: Set[UUID], decided: Mapping[UUID, Decided]) -> Iterator[Finding]:
    asked = taken | decided.keys()
    rows = session.execute(select(CommandRow.id, CommandRow.status).where(CommandRow.id.in_(asked)))
    kept = {row.id: row.status for row in rows}
    for command_id in sorted(asked):
        if command_id not in kept:
            yield Finding(f"The command {command_id} is missing: the engine has taken it.", reference)
        elif command_id in decided and decided[command_id].status != kept[command_id]:
            told = f"{kept[command_id]} here, and {decided[command_id].status} to the engine"
            yield Finding(f"The command {command_id} is {told}.", reference)


def _lines(session: Session, reference: str, case_id: UUID, decided: Mapping[UUID, Decided]) -> Iterator[Finding]:
    heads = {one.lines: one.head for one in decided.values() if one.head is not None}
    wanted = select(JournalLine.line, JournalLine.mac).where(
        JournalLine.case_id == case_id, JournalLine.line.in_(heads), JournalLine.mac.is_not(None)
    )
    macs = {row.line: row.mac.hex() for row in session.execute(wanted)}
    for line, head in sorted(heads.items()):
        if line not in macs:
            yield Finding("It is missing: the engine knows it.", reference, line)
        elif macs[line] != head:
            yield Finding("It is another than the engine knows.", reference, line)
