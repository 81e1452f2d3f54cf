"""Seal what is older than the keys: journals are taken into the chain, letters sealed; both some at a time."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from db.commands.journal import Writing, chain_earlier
from db.commands.letter import seal_clear
from db.models import Case, LetterRow
from db.session import Sessions

AT_ONCE = 100


@dataclass(frozen=True)
class Sealed:
    """How many journals were taken into the chain, and how many letters sealed."""

    journals: int
    letters: int


def seal_all(sessions: Sessions, at: datetime) -> Sealed:
    """Seal everything; called again it goes on where it stopped."""
    journals, after = 0, UUID(int=0)
    while some := _chain_some(sessions, after, at):
        journals, after = journals + len(some), some[-1]
    letters = 0
    while done := _seal_some(sessions):
        letters += done
    return Sealed(journals, letters)


def is_clear(session: Session) -> bool:
    """Whether something is there to seal."""
    journals = exists().where(Case.head.is_(None), Case.lines > 0)
    letters = exists().where(LetterRow.pdf.is_not(None), ~LetterRow.sealed)
    return bool(session.scalar(select(journals | letters)))


def _chain_some(sessions: Sessions, after: UUID, at: datetime) -> list[UUID]:
    with sessions.begin() as session:
        wanted = select(Case).where(Case.head.is_(None), Case.lines > 0, Case.id > after)
        some = session.scalars(wanted.order_by(Case.id).limit(AT_ONCE).with_for_update()).all()
        for case in some:
            chain_earlier(Writing(session, case, at, None, None))
        return [case.id for case in some]


def _seal_some(sessions: Sessions) -> int:
    with sessions.begin() as session:
        return seal_clear(session, AT_ONCE)
