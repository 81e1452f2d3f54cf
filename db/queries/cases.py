"""Cases of any procedure as people read them: only what they may see, page by page."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select, union
from sqlalchemy.orm import InstrumentedAttribute, Session

from db.models import Case, ClaimRow, CommandRow, ComplaintRow, DeadlineRow, JournalLine, LetterRow, TaskRow
from db.queries.concerned import concerns, staff_concerned
from domain.people import Actor
from domain.permissions import may_see


def visible(session: Session, reference: str, actor: Actor) -> Case | None:
    """The case with this reference, if the actor may see it."""
    case = session.scalar(select(Case).where(Case.reference == reference))
    if case is None:
        return None
    return case if may_see(actor, people_concerned(session, case.id)) else None


def people_concerned(session: Session, case_id: UUID) -> frozenset[UUID]:
    """The members of staff whom a case is about: a complaint's, and whose own claim it is."""
    complaint = select(ComplaintRow.about_id).where(ComplaintRow.case_id == case_id, ComplaintRow.about_id.is_not(None))
    return frozenset(session.scalars(union(complaint, staff_concerned(ClaimRow.case_id == case_id))))


def seen_by(reader: UUID, case_id: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
    """Nobody sees a case about themselves: `domain.permissions.may_see`, in the database's words."""
    about = select(ComplaintRow.case_id).where(ComplaintRow.about_id == reader)
    own = select(ClaimRow.case_id).where(ClaimRow.case_id.is_not(None), concerns(reader))
    return case_id.not_in(about) & case_id.not_in(own)


def hidden_from(session: Session, reader: UUID) -> frozenset[str]:
    """The references that somebody is not told: those of the cases about them, and of their own claims."""
    about = select(Case.reference).join(ComplaintRow, ComplaintRow.case_id == Case.id)
    own = select(ClaimRow.reference).where(concerns(reader))
    return frozenset(session.scalars(union(about.where(ComplaintRow.about_id == reader), own)))


def tasks(session: Session, case_id: UUID) -> Sequence[TaskRow]:
    """The tasks of a case, in the order in which they were opened."""
    return session.scalars(select(TaskRow).where(TaskRow.case_id == case_id).order_by(TaskRow.id)).all()


def deadlines(session: Session, case_id: UUID) -> Sequence[DeadlineRow]:
    """The deadlines of a case, the earliest first."""
    wanted = select(DeadlineRow).where(DeadlineRow.case_id == case_id)
    return session.scalars(wanted.order_by(DeadlineRow.due_at, DeadlineRow.name)).all()


def undecided(session: Session, case_id: UUID) -> Sequence[CommandRow]:
    """The commands that wait, the oldest first."""
    wanted = select(CommandRow).where(CommandRow.case_id == case_id, CommandRow.status == "received")
    return session.scalars(wanted.order_by(CommandRow.order)).all()


def journal(session: Session, case_id: UUID, after: int, limit: int) -> Sequence[JournalLine]:
    """Some lines of a case's journal."""
    wanted = select(JournalLine).where(JournalLine.case_id == case_id, JournalLine.line > after)
    return session.scalars(wanted.order_by(JournalLine.line).limit(limit)).all()


def letters(session: Session, case_id: UUID) -> Sequence[LetterRow]:
    """The letters of a case, in the order in which they were asked for."""
    wanted = select(LetterRow).where(LetterRow.case_id == case_id)
    return session.scalars(wanted.order_by(LetterRow.requested_at, LetterRow.id)).all()
