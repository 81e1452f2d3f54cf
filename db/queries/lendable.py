"""What can be lent to a volunteer: the oldest open cases whose next task is ordinary work, that nobody has in hand.

Source: procedures, section 4 step 4
"""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, all_, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from db.models import Case, ClaimRow, ComplaintRow, LoanRow, StaffIban, TaskRow
from db.queries.lending import of_running
from domain.backlog.dispatch import WaitingCase
from domain.claim.words import ClaimTask, ControlReason
from domain.complaint.words import Category, TaskKind
from domain.people import is_borrower_hat

LENDABLE = sorted({*TaskKind.lendable(), *ClaimTask.lendable()})
"""The kinds of tasks that a volunteer may do."""
MOST = 5000
"""So many of the oldest are looked at: nobody has room for more."""
_IDS: ARRAY[UUID] = ARRAY(StaffIban.staff_id.type)


def waiting_cases(session: Session, procedure: str | None, today: date) -> tuple[WaitingCase, ...]:
    """The oldest open cases whose next task a volunteer may do, that nobody has in hand, and that are lent to nobody.
    A loan whose operation is over is none.

    Neither sensitive complaints nor claims of people who are; nobody gets what is about them, what is their own, or
    what separation of duties keeps them out of.
    """
    if procedure == "complaint":
        return tuple(_complaint(row) for row in session.execute(_complaints(today)))
    return tuple(map(_claim, session.execute(_claims(today)))) if procedure == "claim" else ()


def _complaints(today: date) -> Select[*tuple[Any, ...]]:
    own = select(StaffIban.staff_id).where(StaffIban.member_number == ComplaintRow.member_number)
    skills = ComplaintRow.skills
    return (
        _oldest(
            today,
            TaskKind.lendable(),
            skills,
            func.array(own.correlate(ComplaintRow).scalar_subquery(), type_=_IDS),
        )
        .join(ComplaintRow, ComplaintRow.case_id == Case.id)
        .where(Case.procedure == "complaint", ComplaintRow.category == Category.BUSINESS)
    )


def _claims(today: date) -> Select[*tuple[Any, ...]]:
    nobody: ColumnElement[Any] = literal([], _IDS)
    return (
        _oldest(today, ClaimTask.lendable(), TaskRow.meant_for, nobody)
        .join(ClaimRow, ClaimRow.case_id == Case.id)
        .where(Case.procedure == "claim", literal(ControlReason.SENSITIVE.value) != all_(ClaimRow.reasons))
    )


def _oldest(today: date, kinds: Iterable[str], skills: Any, own: ColumnElement[Any]) -> Select[*tuple[Any, ...]]:
    lent = select(LoanRow.id).where(LoanRow.case_id == Case.id, LoanRow.ended_at.is_(None), of_running(today)).exists()
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
