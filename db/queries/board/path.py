"""The way of one complaint through the procedure: what is behind, where it stands, and what its timers will do."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Case, JournalLine, LetterRow
from db.queries import complaint as complaint_queries
from db.queries.standing import open_deadlines
from domain.complaint.case import ComplaintPosition
from domain.complaint.diagram import Passed, Timer, timers
from domain.complaint.states import ComplaintState
from domain.policy import PolicyBook
from domain.position import LetterInHand


@dataclass(frozen=True)
class Path:
    """The steps passed in their order, the step where the case stands, and the timers, the earliest first."""

    passed: tuple[Passed, ...]
    stands_at: ComplaintState
    timers: tuple[Timer, ...]


def path(session: Session, case: Case, book: PolicyBook, now: datetime) -> Path:
    """Read it from the journal, the deadlines and the letters of the case."""
    stands_at = ComplaintState(case.state)
    position = complaint_queries.position(session, case, book)
    ahead = () if stands_at in ComplaintState.ended() else _timers(session, case, position, now)
    return Path(_passed(session, case), stands_at, ahead)


def _passed(session: Session, case: Case) -> tuple[Passed, ...]:
    lines = session.scalars(
        select(JournalLine)
        .where(JournalLine.case_id == case.id, JournalLine.event == "StateReached")
        .order_by(JournalLine.line)
    )
    reached = (Passed(ComplaintState(line.facts["state"]), line.at, line.actor_id) for line in lines)
    return (Passed(ComplaintState.REGISTERED, case.opened_at), *reached)


def _timers(session: Session, case: Case, position: ComplaintPosition, now: datetime) -> tuple[Timer, ...]:
    deadlines = open_deadlines(session, case.id)
    asked = _asked(session, position.letters)
    return timers(deadlines, asked, position.spread, position.mail_patience, now)


def _asked(session: Session, letters: tuple[LetterInHand, ...]) -> list[tuple[LetterInHand, datetime]]:
    """Each letter, and when it was asked for."""
    wanted = select(LetterRow.id, LetterRow.requested_at).where(LetterRow.id.in_([one.id for one in letters]))
    asked_at = {row.id: row.requested_at for row in session.execute(wanted)}
    return [(letter, asked_at[letter.id]) for letter in letters]
