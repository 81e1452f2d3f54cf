"""What is known of a complaint: for a decision, for the workflow's position, for lists."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import cache
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Label, Row, Select, bindparam, func, literal_column, select
from sqlalchemy.orm import Session

from db.models import AnswerVersionRow, Approval, Case, ComplaintRow, DeadlineRow, LetterRow, StaffMessage, TaskRow
from db.queries.told import Told, as_json, instant
from domain.civil import local_date
from domain.complaint.case import AnswerVersion, Complaint, ComplaintPosition
from domain.complaint.states import ComplaintState
from domain.complaint.words import Category, Channel, Finding
from domain.ladder import Rung, next_instant
from domain.outgoing import Dispatch
from domain.policy import Office, PolicyBook
from domain.position import LetterInHand, OpenDeadline, Watched
from domain.tasks import Task


def complaint(session: Session, case: Case, book: PolicyBook, task_id: UUID | None = None) -> Complaint:
    """Everything that a decision can depend on: its open tasks, and the one the command is about even if closed."""
    row = session.execute(_known(), {"case_id": case.id, "task_id": task_id}).one()
    answer = _answer(row)
    return Complaint(
        id=case.id,
        state=ComplaintState(case.state),
        category=Category(row.category),
        pole=case.pole,
        skills=frozenset(row.skills),
        received_on=row.received_on,
        sent_on=row.sent_on,
        channel=Channel(row.channel),
        known_on=local_date(case.opened_at, book.version(case.policy).office.zone),
        has_email=row.has_email,
        has_address=row.has_address,
        owner_id=case.owner_id,
        about_id=row.about_id,
        finding=Finding(row.finding) if row.finding else None,
        answer=answer,
        approvals={int(link): UUID(person) for link, person in row.approvals.items()} if answer else {},
        signatory_id=row.signatory_id,
        compensation_paid=row.compensation_paid_at is not None,
        letters=_letters(row.letters),
        tasks=tuple(_task(told) for told in row.tasks),
        deadlines=_deadlines(row.deadlines),
    )


def position(session: Session, case: Case, book: PolicyBook) -> ComplaintPosition:
    """Where the workflow of this complaint stands; it can start from here at any step."""
    row = session.execute(_standing(), {"case_id": case.id}).one()
    office = book.version(case.policy).office
    return ComplaintPosition(
        case_id=case.id,
        state=ComplaintState(case.state),
        mail_patience=timedelta(minutes=office.mail.undelivered_becomes_task_after.minutes),
        spread=_spread(case.reference, office),
        watched=_watched(_deadlines(row.deadlines)),
        messages=tuple(row.messages),
        letters=_letters(row.letters),
        compensation_due=row.signatory_id is not None
        and row.compensation_cents > 0
        and row.compensation_paid_at is None,
    )


_CASE_ID = bindparam("case_id", type_=ComplaintRow.case_id.type)


@cache
def _known() -> Select[*tuple[Any, ...]]:
    """All that is known of a complaint, in one row. Built once, as every decision asks it."""
    approvals = select(func.coalesce(func.jsonb_object_agg(Approval.link, Approval.person_id), _NO_OBJECT)).where(
        Approval.case_id == ComplaintRow.case_id, Approval.version == ComplaintRow.answer_version
    )
    task_id = bindparam("task_id", type_=TaskRow.id.type)
    is_wanted = (TaskRow.case_id == _CASE_ID, TaskRow.closed_at.is_(None) | (TaskRow.id == task_id))
    return (
        select(
            ComplaintRow.category,
            ComplaintRow.skills,
            ComplaintRow.received_on,
            ComplaintRow.sent_on,
            ComplaintRow.channel,
            ComplaintRow.email.is_not(None).label("has_email"),
            (func.cardinality(ComplaintRow.address) > 0).label("has_address"),
            ComplaintRow.about_id,
            ComplaintRow.finding,
            ComplaintRow.signatory_id,
            ComplaintRow.compensation_paid_at,
            AnswerVersionRow.version,
            AnswerVersionRow.hash,
            AnswerVersionRow.authors,
            AnswerVersionRow.compensation_cents,
            AnswerVersionRow.content["dispatch"].astext.label("dispatch"),
            approvals.scalar_subquery().label("approvals"),
            _letters_in_hand(),
            as_json(_TASK, *is_wanted, by=[TaskRow.id]).label("tasks"),
            _open_deadlines(),
        )
        .join(AnswerVersionRow, _IS_CURRENT, isouter=True)
        .where(ComplaintRow.case_id == _CASE_ID)
    )


@cache
def _standing() -> Select[*tuple[Any, ...]]:
    """What the workflow has to see to, in one row."""
    unsent = select(StaffMessage.id).where(StaffMessage.case_id == _CASE_ID, StaffMessage.sent_at.is_(None))
    return (
        select(
            ComplaintRow.signatory_id,
            ComplaintRow.compensation_paid_at,
            AnswerVersionRow.compensation_cents,
            func.array(unsent.order_by(StaffMessage.id).scalar_subquery(), type_=_IDS).label("messages"),
            _letters_in_hand(),
            _open_deadlines(),
        )
        .join(AnswerVersionRow, _IS_CURRENT, isouter=True)
        .where(ComplaintRow.case_id == _CASE_ID)
    )


_IDS: ARRAY[UUID] = ARRAY(TaskRow.id.type)
_NO_OBJECT: ColumnElement[Any] = literal_column("'{}'::jsonb")
_IS_CURRENT = (AnswerVersionRow.case_id == ComplaintRow.case_id) & (
    AnswerVersionRow.version == ComplaintRow.answer_version
)
_TASK = (
    TaskRow.id,
    TaskRow.kind,
    TaskRow.offered_to,
    TaskRow.excluded,
    TaskRow.meant_for,
    TaskRow.due_at,
    TaskRow.claimed_by,
    TaskRow.closed_at,
    TaskRow.detail,
    TaskRow.nobody_left,
)
_LETTER = (LetterRow.id, LetterRow.kind, LetterRow.dispatch, LetterRow.round, LetterRow.posted_on)
_DEADLINE = (
    DeadlineRow.name,
    DeadlineRow.generation,
    DeadlineRow.due_on,
    DeadlineRow.due_at,
    DeadlineRow.starts_on,
    DeadlineRow.planned,
    DeadlineRow.fired_until,
)


def _letters_in_hand() -> Label[Any]:
    """The letters that have not been handed over, in the order in which they were asked for."""
    in_hand = (LetterRow.case_id == _CASE_ID, LetterRow.handed_over_at.is_(None))
    return as_json(_LETTER, *in_hand, by=[LetterRow.requested_at, LetterRow.id]).label("letters")


def _open_deadlines() -> Label[Any]:
    still_open = (DeadlineRow.met_at.is_(None), DeadlineRow.cancelled_at.is_(None))
    wanted = as_json(_DEADLINE, DeadlineRow.case_id == _CASE_ID, *still_open, by=[DeadlineRow.due_at])
    return wanted.label("deadlines")


def _letters(told: list[Told]) -> tuple[LetterInHand, ...]:
    return tuple(
        LetterInHand(UUID(one["id"]), one["kind"], one["dispatch"], one["round"], one["posted_on"] is not None)
        for one in told
    )


def _answer(row: Row[*tuple[Any, ...]]) -> AnswerVersion | None:
    if row.version is None:
        return None
    authors = frozenset(row.authors)
    return AnswerVersion(row.version, row.hash, authors, row.compensation_cents, Dispatch(row.dispatch))


def _task(told: Told) -> Task:
    return Task(
        id=UUID(told["id"]),
        kind=told["kind"],
        offered_to=frozenset(told["offered_to"]),
        excluded=frozenset(map(UUID, told["excluded"])),
        meant_for=frozenset(told["meant_for"]),
        due_at=instant(told["due_at"]),
        claimed_by=UUID(told["claimed_by"]) if told["claimed_by"] else None,
        closed_at=instant(told["closed_at"]),
        detail=told["detail"],
        nobody_left=told["nobody_left"],
    )


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
    return _deadlines(session.execute(select(_open_deadlines()), {"case_id": case_id}).scalar_one())


def _deadlines(told: list[Told]) -> tuple[OpenDeadline, ...]:
    return tuple(
        OpenDeadline(
            name=one["name"],
            generation=one["generation"],
            due_on=date.fromisoformat(one["due_on"]),
            due_at=datetime.fromisoformat(one["due_at"]),
            starts_on=date.fromisoformat(one["starts_on"]),
            planned=tuple(Rung.from_json(rung) for rung in one["planned"]),
            fired_until=instant(one["fired_until"]),
        )
        for one in told
    )


def _watched(deadlines: Iterable[OpenDeadline]) -> tuple[Watched, ...]:
    """Each open deadline that still has a rung to fire."""
    watched = []
    for deadline in deadlines:
        next_at = next_instant(deadline.planned, deadline.fired_until)
        if next_at is not None:
            watched.append(Watched(deadline.name, deadline.generation, next_at))
    return tuple(watched)


def _spread(reference: str, office: Office) -> timedelta:
    """This case's share of the minutes over which reminders of one instant fire: always the same for it.

    In the middle of a slot of ten seconds, so that a slow machine does not tell another minute.
    """
    slots = office.mail.spread.minutes * 6
    return timedelta(seconds=10 * (int.from_bytes(sha256(reference.encode()).digest()[:4]) % slots) + 5)
