"""Is everything there? What was decided has its line, what has a line its command, what was sealed its key."""

from collections.abc import Iterator

from sqlalchemy import ColumnElement, Text, cast, select
from sqlalchemy.orm import Session

from db.models import Case, ClaimDocument, CommandRow, JournalLine, KeptKey, LetterRow
from db.queries.journal import CHAINED, ERASED
from db.queries.verification.findings import Finding


def verify_completeness(session: Session) -> Iterator[Finding]:
    """Decided commands without a line, lines without their command, letters in clear, keys that are gone."""
    yield from _decided_without_line(session)
    yield from _lines_without_command(session)
    yield from _letters_in_clear(session)
    yield from _keys_gone(session)


def _decided_without_line(session: Session) -> Iterator[Finding]:
    told = select(JournalLine.line).where(
        JournalLine.case_id == CommandRow.case_id, JournalLine.command_id == CommandRow.id
    )
    older = select(JournalLine.line).where(
        JournalLine.case_id == CommandRow.case_id,
        JournalLine.event == CHAINED,
        JournalLine.facts["commands_without_line"].has_key(cast(CommandRow.id, Text)),
    )
    wanted = (
        select(Case.reference, CommandRow.kind, CommandRow.id)
        .join(Case, Case.id == CommandRow.case_id)
        .where(CommandRow.status != "received", ~told.exists(), ~older.exists())
        .order_by(Case.reference, CommandRow.order)
    )
    for reference, kind, command_id in session.execute(wanted):
        yield Finding(f"The command {command_id} ({kind}) was decided and has no line.", reference)


def _lines_without_command(session: Session) -> Iterator[Finding]:
    command = select(CommandRow.id).where(CommandRow.id == JournalLine.command_id)
    wanted = (
        select(Case.reference, JournalLine.line)
        .join(Case, Case.id == JournalLine.case_id)
        .where(JournalLine.command_id.is_not(None), ~command.exists())
        .order_by(Case.reference, JournalLine.line)
    )
    for reference, line in session.execute(wanted):
        yield Finding("The command that it comes from is missing.", reference, line)


def _letters_in_clear(session: Session) -> Iterator[Finding]:
    clear = LetterRow.pdf.is_not(None) & ~LetterRow.sealed
    wanted = select(Case.reference, LetterRow.id).join(Case, Case.id == LetterRow.case_id).where(clear)
    for reference, letter_id in session.execute(wanted.order_by(Case.reference, LetterRow.id)):
        yield Finding(f"The letter {letter_id} is not sealed: run `echeance keys seal`, unless it was.", reference)


def _keys_gone(session: Session) -> Iterator[Finding]:
    """A key may be erased, and the journal then says so; otherwise whoever made it vanish destroyed evidence."""
    erased = _has(JournalLine, JournalLine.event == ERASED)
    kept = _has(KeptKey, KeptKey.wrapped.is_not(None))
    uses = _has(JournalLine, JournalLine.private.is_not(None)) | _has(LetterRow, LetterRow.sealed.is_(True))
    uses |= _has(ClaimDocument)
    for (reference,) in session.execute(select(Case.reference).where(uses, ~kept, ~erased).order_by(Case.reference)):
        yield Finding("Its key is gone, and the journal does not say that it was erased.", reference)


def _has(
    table: type[ClaimDocument | JournalLine | KeptKey | LetterRow], *that: ColumnElement[bool]
) -> ColumnElement[bool]:
    return select(table.case_id).where(table.case_id == Case.id, *that).exists()
