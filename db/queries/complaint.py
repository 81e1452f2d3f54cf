"""What is known of a complaint: for a decision, for the workflow's position, for lists."""

from collections.abc import Sequence
from datetime import timedelta
from hashlib import sha256
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import AnswerVersionRow, Approval, Case, ComplaintRow, DeadlineRow, LetterRow, StaffMessage, TaskRow
from domain.civil import local_date
from domain.complaint.case import (
    AnswerVersion,
    Complaint,
    ComplaintPosition,
    LetterInHand,
    OpenDeadline,
    Watched,
)
from domain.complaint.states import ComplaintState
from domain.complaint.words import Category, Channel, Dispatch, Finding
from domain.ladder import Rung, next_instant
from domain.policy import ComplaintPolicy, PolicyBook
from domain.tasks import Task


def complaint(session: Session, case: Case, book: PolicyBook, task_id: UUID | None = None) -> Complaint:
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
        sent_on=row.sent_on,
        channel=Channel(row.channel),
        known_on=local_date(case.opened_at, book.version(case.policy).complaint.zone),
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
        deadlines=open_deadlines(session, case.id),
    )


def position(session: Session, case: Case, book: PolicyBook) -> ComplaintPosition:
    """Where the workflow of this complaint stands; it can start from here at any step."""
    row = session.get_one(ComplaintRow, case.id)
    answer = _answer(session, row) if row.signatory_id else None
    granted = answer is not None and answer.compensation_cents > 0
    policy = book.version(case.policy).complaint
    return ComplaintPosition(
        case_id=case.id,
        state=ComplaintState(case.state),
        mail_patience=timedelta(minutes=policy.mail.undelivered_becomes_task_after.minutes),
        spread=_spread(case.reference, policy),
        watched=_watched(session, case.id),
        messages=_messages(session, case.id),
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
        meant_for=frozenset(row.meant_for),
        due_at=row.due_at,
        claimed_by=row.claimed_by,
        closed_at=row.closed_at,
        detail=row.detail,
        nobody_left=row.nobody_left,
    )


def open_deadlines(session: Session, case_id: UUID) -> tuple[OpenDeadline, ...]:
    """What is neither met nor cancelled, the earliest due first."""
    rows = session.scalars(
        select(DeadlineRow)
        .where(DeadlineRow.case_id == case_id, DeadlineRow.met_at.is_(None), DeadlineRow.cancelled_at.is_(None))
        .order_by(DeadlineRow.due_at)
    )
    return tuple(
        OpenDeadline(
            name=row.name,
            generation=row.generation,
            due_on=row.due_on,
            due_at=row.due_at,
            starts_on=row.starts_on,
            planned=tuple(Rung.from_json(rung) for rung in row.planned),
            fired_until=row.fired_until,
        )
        for row in rows
    )


def _watched(session: Session, case_id: UUID) -> tuple[Watched, ...]:
    """Each open deadline that still has a rung to fire."""
    watched = []
    for deadline in open_deadlines(session, case_id):
        next_at = next_instant(deadline.planned, deadline.fired_until)
        if next_at is not None:
            watched.append(Watched(deadline.name, deadline.generation, next_at))
    return tuple(watched)


def _spread(reference: str, policy: ComplaintPolicy) -> timedelta:
    """This case's share of the minutes over which reminders of one instant fire: always the same for it.

    In the middle of a slot of ten seconds, so that a slow machine does not tell another minute.
    """
    slots = policy.mail.spread.minutes * 6
    return timedelta(seconds=10 * (int.from_bytes(sha256(reference.encode()).digest()[:4]) % slots) + 5)


def _messages(session: Session, case_id: UUID) -> tuple[UUID, ...]:
    unsent = select(StaffMessage.id).where(StaffMessage.case_id == case_id, StaffMessage.sent_at.is_(None))
    return tuple(session.scalars(unsent.order_by(StaffMessage.id)))
