"""What is known of a complaint: for a decision, for the workflow's position, for lists."""

from datetime import timedelta
from functools import cache, partial
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, func, literal_column, select
from sqlalchemy.orm import Session

from db.models import AnswerVersionRow, Approval, Case, ComplaintRow
from db.queries.delay import wait_of
from db.queries.lending import loan_of_case, read_loan
from db.queries.standing import (
    CASE_ID,
    deadlines_open,
    letters_in_hand,
    read_deadlines,
    read_letters,
    read_task,
    spread,
    tasks_of_case,
    unsent_messages,
    watched,
)
from domain.civil import local_date
from domain.complaint.case import AnswerVersion, Complaint, ComplaintPosition
from domain.complaint.states import ComplaintState
from domain.complaint.words import Category, Channel, Finding
from domain.outgoing import Dispatch
from domain.policy import PolicyBook


def complaint(session: Session, case: Case, book: PolicyBook, task_id: UUID | None = None) -> Complaint:
    """Everything that a decision can depend on: its open tasks, and the one the command is about even if closed."""
    row = session.execute(_known(), {"case_id": case.id, "task_id": task_id}).one()
    answer, zone = _answer(row), book.version(case.policy).office.zone
    return Complaint(
        id=case.id,
        state=ComplaintState(case.state),
        category=Category(row.category),
        pole=case.pole,
        skills=frozenset(row.skills),
        received_on=row.received_on,
        sent_on=row.sent_on,
        channel=Channel(row.channel),
        known_on=local_date(case.opened_at, zone),
        has_email=row.has_email,
        has_address=row.has_address,
        owner_id=case.owner_id,
        about_id=row.about_id,
        finding=Finding(row.finding) if row.finding else None,
        answer=answer,
        approvals={int(link): UUID(person) for link, person in row.approvals.items()} if answer else {},
        signatory_id=row.signatory_id,
        compensation_paid=row.compensation_paid_at is not None,
        letters=read_letters(row.letters),
        tasks=tuple(read_task(told) for told in row.tasks),
        deadlines=read_deadlines(row.deadlines),
        loan=read_loan(row.loan),
        look_up_wait=partial(wait_of, session, "complaint", case.id, zone),
    )


def position(session: Session, case: Case, book: PolicyBook) -> ComplaintPosition:
    """Where the workflow of this complaint stands; it can start from here at any step."""
    row = session.execute(_standing(), {"case_id": case.id}).one()
    office = book.version(case.policy).office
    return ComplaintPosition(
        case_id=case.id,
        state=ComplaintState(case.state),
        mail_patience=timedelta(minutes=office.mail.undelivered_becomes_task_after.minutes),
        spread=spread(case.reference, office),
        watched=watched(read_deadlines(row.deadlines)),
        messages=tuple(row.messages),
        letters=read_letters(row.letters),
        compensation_due=row.signatory_id is not None
        and row.compensation_cents > 0
        and row.compensation_paid_at is None,
    )


@cache
def _known() -> Select[*tuple[Any, ...]]:
    """All that is known of a complaint, in one row. Built once, as every decision asks it."""
    approvals = select(func.coalesce(func.jsonb_object_agg(Approval.link, Approval.person_id), _NO_OBJECT)).where(
        Approval.case_id == ComplaintRow.case_id, Approval.version == ComplaintRow.answer_version
    )
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
            letters_in_hand(),
            tasks_of_case(),
            deadlines_open(),
            loan_of_case(),
        )
        .join(AnswerVersionRow, _IS_CURRENT, isouter=True)
        .where(ComplaintRow.case_id == CASE_ID)
    )


@cache
def _standing() -> Select[*tuple[Any, ...]]:
    """What the workflow has to see to, in one row."""
    return (
        select(
            ComplaintRow.signatory_id,
            ComplaintRow.compensation_paid_at,
            AnswerVersionRow.compensation_cents,
            unsent_messages(),
            letters_in_hand(),
            deadlines_open(),
        )
        .join(AnswerVersionRow, _IS_CURRENT, isouter=True)
        .where(ComplaintRow.case_id == CASE_ID)
    )


_NO_OBJECT: ColumnElement[Any] = literal_column("'{}'::jsonb")
_IS_CURRENT = (AnswerVersionRow.case_id == ComplaintRow.case_id) & (
    AnswerVersionRow.version == ComplaintRow.answer_version
)


def _answer(row: Row[*tuple[Any, ...]]) -> AnswerVersion | None:
    if row.version is None:
        return None
    authors = frozenset(row.authors)
    return AnswerVersion(row.version, row.hash, authors, row.compensation_cents, Dispatch(row.dispatch))
