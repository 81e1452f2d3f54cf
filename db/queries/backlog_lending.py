"""What an operation can give out, and what became of it: cases that wait, who has what, what they have done.

Source: procedures, section 4 step 4
"""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, all_, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session, aliased

from db.models import (
    Case,
    ClaimRow,
    ComplaintRow,
    DispatchRow,
    LoanRow,
    SessionRow,
    StaffIban,
    StaffMember,
    TaskRow,
)
from db.queries.lending import has_been_begun
from domain.backlog.dispatch import WaitingCase
from domain.claim.words import ClaimTask, ControlReason
from domain.complaint.words import Category, TaskKind
from domain.people import is_borrower_hat

MOST = 5000
"""So many of the oldest are looked at: nobody has room for more."""
_IDS: ARRAY[UUID] = ARRAY(StaffIban.staff_id.type)


def waiting_cases(session: Session, procedure: str | None) -> tuple[WaitingCase, ...]:
    """The oldest open cases whose next task a volunteer may do, that nobody has in hand, and that are lent to nobody.

    Neither sensitive complaints nor claims of people who are; nobody gets what is about them, what is their own, or
    what separation of duties keeps them out of.
    """
    if procedure == "complaint":
        return tuple(_complaint(row) for row in session.execute(_complaints()))
    return tuple(map(_claim, session.execute(_claims()))) if procedure == "claim" else ()


def _complaints() -> Select[*tuple[Any, ...]]:
    own = select(StaffIban.staff_id).where(StaffIban.member_number == ComplaintRow.member_number)
    skills = ComplaintRow.skills
    return (
        _oldest(TaskKind.lendable(), skills, func.array(own.correlate(ComplaintRow).scalar_subquery(), type_=_IDS))
        .join(ComplaintRow, ComplaintRow.case_id == Case.id)
        .where(Case.procedure == "complaint", ComplaintRow.category == Category.BUSINESS)
    )


def _claims() -> Select[*tuple[Any, ...]]:
    nobody: ColumnElement[Any] = literal([], _IDS)
    return (
        _oldest(ClaimTask.lendable(), TaskRow.meant_for, nobody)
        .join(ClaimRow, ClaimRow.case_id == Case.id)
        .where(Case.procedure == "claim", literal(ControlReason.SENSITIVE.value) != all_(ClaimRow.reasons))
    )


def _oldest(kinds: Iterable[str], skills: Any, own: ColumnElement[Any]) -> Select[*tuple[Any, ...]]:
    lent = select(LoanRow.id).where(LoanRow.case_id == Case.id, LoanRow.ended_at.is_(None)).exists()
    return (
        select(
            Case.id,
            Case.reference,
            Case.received_on,
            Case.owner_id,
            TaskRow.excluded,
            skills.label("asked"),
            own.label("own"),
        )
        .join(TaskRow, TaskRow.case_id == Case.id)
        .where(Case.ended_at.is_(None), TaskRow.closed_at.is_(None), TaskRow.claimed_by.is_(None), ~lent)
        .where(TaskRow.kind.in_(sorted(kinds)))
        .order_by(Case.received_on, Case.reference)
        .limit(MOST)
    )


def _complaint(row: Row[*tuple[Any, ...]]) -> WaitingCase:
    """It asks for all its skills; whose it is has it already."""
    kept_out = {*row.excluded, *row.own, *((row.owner_id,) if row.owner_id else ())}
    return WaitingCase(row.id, row.reference, row.received_on, frozenset(row.asked), frozenset(kept_out))


def _claim(row: Row[*tuple[Any, ...]]) -> WaitingCase:
    """It asks for what its first controller must be: an expert's skill, or the role within a pole."""
    asked = {part_of(hat) for hat in row.asked if not is_borrower_hat(hat)}
    return WaitingCase(row.id, row.reference, row.received_on, frozenset(asked), frozenset(row.excluded))


def part_of(hat: str) -> str:
    """What a hat asks for: the skill that it names, else the role. Rights can be lent, a skill cannot."""
    role, _, skill = hat.partition("+")
    return skill or role.partition("@")[0]


def held_in(session: Session, operation_id: UUID, session_id: UUID) -> dict[UUID, int]:
    """How many cases each volunteer has: those of this session, and those of earlier ones that still wait for them."""
    kinds = [*TaskKind.lendable(), *ClaimTask.lendable()]
    still_open = (TaskRow.case_id == LoanRow.case_id, TaskRow.closed_at.is_(None), TaskRow.kind.in_(kinds))
    waits = select(TaskRow.id).where(*still_open).exists()
    wanted = (
        select(LoanRow.person_id, func.count())
        .where(LoanRow.operation_id == operation_id, LoanRow.ended_at.is_(None))
        .where((LoanRow.session_id == session_id) | waits)
        .group_by(LoanRow.person_id)
    )
    return {person_id: count for person_id, count in session.execute(wanted)}


def dispatched_sessions(session: Session, operation_id: UUID) -> frozenset[int]:
    """The numbers of the sessions whose cases were given out."""
    wanted = select(SessionRow.number).join(DispatchRow, DispatchRow.session_id == SessionRow.id)
    return frozenset(session.scalars(wanted.where(DispatchRow.operation_id == operation_id)))


def loans_of(session: Session, operation_id: UUID) -> Sequence[Row[*tuple[Any, ...]]]:
    """Every loan of an operation, the newest session's first: who has or had which case, where it stands, and how many
    of its tasks they have done."""
    done = (
        select(func.count())
        .select_from(TaskRow)
        .where(TaskRow.case_id == LoanRow.case_id, TaskRow.closed_by == LoanRow.person_id)
        .where(TaskRow.closed_at >= LoanRow.lent_at)
        .where(LoanRow.ended_at.is_(None) | (TaskRow.closed_at <= LoanRow.ended_at))
        .correlate(LoanRow)
        .scalar_subquery()
    )
    of_it = aliased(SessionRow)
    return session.execute(
        select(
            LoanRow,
            Case.reference,
            Case.state,
            Case.procedure,
            Case.ended_at.label("case_ended_at"),
            StaffMember.login,
            StaffMember.name,
            of_it.number,
            done.label("done"),
            has_been_begun().label("begun"),
        )
        .join(Case, Case.id == LoanRow.case_id)
        .join(StaffMember, StaffMember.id == LoanRow.person_id)
        .join(of_it, of_it.id == LoanRow.session_id)
        .where(LoanRow.operation_id == operation_id)
        .order_by(of_it.number.desc(), StaffMember.login, Case.received_on, Case.reference)
    ).all()


def dispatches_of(session: Session, operation_id: UUID) -> Sequence[Row[*tuple[Any, ...]]]:
    """When cases were given out, by whom, and what was left; the newest first."""
    return session.execute(
        select(DispatchRow, SessionRow.number, StaffMember.login, StaffMember.name)
        .join(SessionRow, SessionRow.id == DispatchRow.session_id)
        .join(StaffMember, StaffMember.id == DispatchRow.by_id)
        .where(DispatchRow.operation_id == operation_id)
        .order_by(DispatchRow.at.desc(), DispatchRow.id.desc())
    ).all()


def handled_by_volunteers(session: Session, operation_id: UUID) -> tuple[int, int]:
    """How many cases were lent, and on how many of them a volunteer has done something."""
    rows = loans_of(session, operation_id)
    lent = {row.LoanRow.case_id for row in rows if row.LoanRow.lent_at is not None}
    return len(lent), len({row.LoanRow.case_id for row in rows if row.done})
