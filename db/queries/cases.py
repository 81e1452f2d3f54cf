"""Cases of any procedure as people read them: only what they may see, page by page."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from db.models import Case, CommandRow, ComplaintRow, DeadlineRow, JournalLine, LetterRow, TaskRow
from domain.people import Actor
from domain.permissions import may_see


def visible(session: Session, reference: str, actor: Actor) -> Case | None:
    """The case with this reference, if the actor may see it."""
    case = session.scalar(select(Case).where(Case.reference == reference))
    if case is None:
        return None
    about_id = session.scalar(select(ComplaintRow.about_id).where(ComplaintRow.case_id == case.id))
    return case if may_see(actor, about_id) else None


def seen_by(reader: UUID, case_id: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
    """Nobody sees a case about themselves: `domain.permissions.may_see`, in the database's words."""
    return case_id.not_in(select(ComplaintRow.case_id).where(ComplaintRow.about_id == reader))


def hidden_from(session: Session, reader: UUID) -> frozenset[str]:
    """The references that somebody is not told: those of the cases about them."""
    about = select(Case.reference).join(ComplaintRow, ComplaintRow.case_id == Case.id)
    return frozenset(session.scalars(about.where(ComplaintRow.about_id == reader)))


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
