"""Write what has happened to a loan, and ask cases to end theirs: the one way on which a loan ends."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from db.commands.case import apply
from db.commands.command import receive_all_from_machine
from db.commands.journal import Writing
from db.models import LoanRow
from db.queries.lending import not_ended, of_running
from domain import lending as happened
from domain.commands import MachineCommand
from domain.lending import LoanEnd


def _change(writing: Writing, loan_id: UUID, **values: Any) -> None:
    writing.batch.change(LoanRow.id, loan_id, **values)


@apply.register
def _(event: happened.CaseLent, writing: Writing) -> None:
    _change(writing, event.loan_id, lent_at=writing.at)


@apply.register
def _(event: happened.LoanDeclined, writing: Writing) -> None:
    _change(writing, event.loan_id, ended_at=writing.at, why=event.why.value)


@apply.register
def _(event: happened.LoanEnded, writing: Writing) -> None:
    _change(writing, event.loan_id, ended_at=writing.at, why=event.why.value)


def asked_to_lend(loan: LoanRow, operation: str, session: int, until: date) -> MachineCommand:
    """What a case is told that is to be lent."""
    body = {
        "loan_id": str(loan.id),
        "person_id": str(loan.person_id),
        "operation": operation,
        "session": session,
        "until": until.isoformat(),
    }
    return MachineCommand(loan.case_id, "lend", loan.asked_at, str(loan.id), body)


def take_back(session: Session, why: LoanEnd, at: datetime, *which: ColumnElement[bool]) -> list[MachineCommand]:
    """Ask the cases of these loans to end them; asked twice, it happens once. What is still asked for is declined or
    ended by its case as well: commands on a case are decided in their order.
    """
    told = [ending(loan, why, at) for loan in not_ended(session, *which)]
    receive_all_from_machine(session, told)
    return told


def take_back_over(session: Session, day: date, at: datetime) -> None:
    """The day begins: what an operation lends whose last day is over, or that is not running, goes back to its owner.

    Nobody has to close it for that. Source: procedures, section 4 step 4 (access that ends with the operation)
    """
    take_back(session, LoanEnd.OPERATION_ENDED, at, ~of_running(day))


def take_back_anew(session: Session, loan_id: UUID, at: datetime) -> MachineCommand:
    """Ask the case once more to end a loan whose operation is over: what was asked before has had no effect."""
    told = ending(session.get_one(LoanRow, loan_id), LoanEnd.OPERATION_ENDED, at, f" {at.isoformat()}")
    receive_all_from_machine(session, [told])
    return told


def ending(loan: LoanRow, why: LoanEnd, at: datetime, about: str = "") -> MachineCommand:
    """What a case is told whose loan is to end; `about` tells a second attempt from the first."""
    body = {"loan_id": str(loan.id), "why": why.value}
    return MachineCommand(loan.case_id, "take_back", at, f"{loan.id}{about}", body)
