"""The journal as it is read: lines as the chain covers them, and the words that only the case's key opens."""

import json
from collections.abc import Sequence
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import CommandRow, JournalLine
from db.vault import about_line, case_cipher
from domain.refusals import Erased
from keys.chain import Link
from keys.sealing import BrokenSealError, Cipher, unseal

CHAINED = "JournalChained"
"""The event of the line that takes those before it, which were written before there were chains, into the chain."""
ERASED = "WordsErased"
"""The event that tells that a case's letters and private words can no longer be read."""


def link(row: JournalLine) -> Link:
    """A line, as the chain covers it: its private part sealed."""
    return Link(
        row.case_id,
        row.line,
        row.event,
        row.at,
        row.actor_id,
        row.command_id,
        row.facts,
        sha256(row.private).digest() if row.private is not None else None,
    )


def lines_of(session: Session, case_id: UUID) -> Sequence[JournalLine]:
    """All lines of a case, in their order."""
    return session.scalars(select(JournalLine).where(JournalLine.case_id == case_id).order_by(JournalLine.line)).all()


def decided_without_line(session: Session, case_id: UUID, *, but: UUID | None = None) -> list[UUID]:
    """Commands on a case that were decided and left no line in its journal; without one that is being decided."""
    told = select(JournalLine.command_id).where(JournalLine.case_id == case_id, JournalLine.command_id == CommandRow.id)
    wanted = select(CommandRow.id).where(
        CommandRow.case_id == case_id,
        CommandRow.status != "received",
        CommandRow.id.is_distinct_from(but),
        ~told.exists(),
    )
    return list(session.scalars(wanted.order_by(CommandRow.id)))


def has_changed_nothing(session: Session, command_id: UUID) -> bool:
    """Whether a command was carried out and found everything as it asks."""
    wanted = select(JournalLine.line).join(CommandRow, CommandRow.case_id == JournalLine.case_id)
    mine = (CommandRow.id == command_id, JournalLine.command_id == command_id)
    return session.execute(wanted.where(*mine, JournalLine.event == "NothingChanged").limit(1)).first() is not None


def private_words(session: Session, case_id: UUID, rows: Sequence[JournalLine]) -> dict[int, dict[str, Any]]:
    """What was said in words, by line; without those that can no longer be read."""
    sealed = {row.line: row.private for row in rows if row.private is not None}
    if not sealed:
        return {}
    try:
        cipher = case_cipher(session, case_id)
    except (Erased, BrokenSealError):
        return {}
    opened = {line: _opened(cipher, words, about_line(case_id, line)) for line, words in sealed.items()}
    return {line: words for line, words in opened.items() if words is not None}


def _opened(cipher: Cipher, sealed: bytes, about: bytes) -> dict[str, Any] | None:
    try:
        words: dict[str, Any] = json.loads(unseal(cipher, sealed, about))
    except BrokenSealError:
        return None
    return words
