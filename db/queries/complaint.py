"""What is known of a complaint: for a decision, for the workflow's position, for lists."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import AnswerVersionRow, Approval, Case, ComplaintRow, DeadlineRow, LetterRow, TaskRow
from domain.complaint.case import AnswerVersion, Complaint, ComplaintPosition, LetterInHand
from domain.complaint.states import ComplaintState
from domain.complaint.words import Category, Dispatch, Finding
from domain.policy import PolicyBook
from domain.tasks import Task


def complaint(session: Session, case: Case, task_id: UUID | None = None) -> Complaint:
    """Everything that a decision can depend on: its open tasks, and the one the command is about even if closed."""
    row = session.get_one(ComplaintRow, case.id)
    answer = _answer(session, row)
    return Complaint(
        id=case.id,
        state=ComplaintState(case.state),
        category=Category(row.category),
        pole=case.pole,
        skills=frozenset(row.skills),
        received_on=row.received_on,
        has_email=row.email is not None,
        has_address=len(row.address) > 0,
        owner_id=case.owner_id,
        about_id=row.about_id,
        finding=Finding(row.finding) if row.finding else None,
        answer=answer,
        approvals=_approvals(session, case.id, answer),
        signatory_id=row.signatory_id,
        compensation_paid=row.compensation_paid_at is not None,
        letters=letters_in_hand(session, case.id),
        tasks=_tasks(session, case.id, task_id),
        open_deadlines=_open_deadlines(session, case.id),
    )


def position(session: Session, case: Case, book: PolicyBook) -> ComplaintPosition:
    """Where the workflow of this complaint stands; it can start from here at any step."""
    row = session.get_one(ComplaintRow, case.id)
    answer = _answer(session, row) if row.signatory_id else None
    granted = answer is not None and answer.compensation_cents > 0
    return ComplaintPosition(
        case_id=case.id,
        state=ComplaintState(case.state),
        mail_patience=timedelta(
            minutes=book.version(case.policy).complaint.mail.undelivered_becomes_task_after.minutes
        ),
        letters=letters_in_hand(session, case.id),
        compensation_due=granted and row.compensation_paid_at is None,
    )


def letters_in_hand(session: Session, case_id: UUID) -> tuple[LetterInHand, ...]:
    """The letters that have not been handed over, in the order in which they were asked for."""
    rows = session.scalars(
        select(LetterRow)
        .where(LetterRow.case_id == case_id, LetterRow.handed_over_at.is_(None))
        .order_by(LetterRow.requested_at, LetterRow.id)
    )
    return tuple(LetterInHand(r.id, r.kind, r.dispatch, r.round, r.posted_on is not None) for r in rows)


def _answer(session: Session, row: ComplaintRow) -> AnswerVersion | None:
    if row.answer_version is None:
        return None
    version = session.get_one(AnswerVersionRow, (row.case_id, row.answer_version))
    return AnswerVersion(
        version.version,
        version.hash,
        frozenset(version.authors),
        version.compensation_cents,
        Dispatch(version.content["dispatch"]),
    )


def _approvals(session: Session, case_id: UUID, answer: AnswerVersion | None) -> dict[int, UUID]:
    if answer is None:
        return {}
    rows = session.scalars(select(Approval).where(Approval.case_id == case_id, Approval.version == answer.version))
    return {row.link: row.person_id for row in rows}


def _tasks(session: Session, case_id: UUID, task_id: UUID | None) -> tuple[Task, ...]:
    wanted = TaskRow.closed_at.is_(None) | (TaskRow.id == task_id)
    rows: Sequence[TaskRow] = session.scalars(
        select(TaskRow).where(TaskRow.case_id == case_id, wanted).order_by(TaskRow.id)
    ).all()
    return tuple(as_task(row) for row in rows)


def as_task(row: TaskRow) -> Task:
    """A task as the rules see it."""
    return Task(
        id=row.id,
        kind=row.kind,
        offered_to=frozenset(row.offered_to),
        excluded=frozenset(row.excluded),
        due_at=row.due_at,
        claimed_by=row.claimed_by,
        closed_at=row.closed_at,
        detail=row.detail,
    )


def _open_deadlines(session: Session, case_id: UUID) -> dict[str, datetime]:
    rows = session.scalars(
        select(DeadlineRow)
        .where(DeadlineRow.case_id == case_id, DeadlineRow.met_at.is_(None), DeadlineRow.cancelled_at.is_(None))
        .order_by(DeadlineRow.due_at)
    )
    return {row.name: row.due_at for row in rows}
