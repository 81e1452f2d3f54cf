"""Lending: a case of another department is a volunteer's for as long as a backlog operation is running.

What every procedure whose cases are lent does alike. A lent case stays its owner's as well: whoever claims a task first
does it. The loan itself gives no right: the hat of its borrower is worn only while the operation is running.
Source: procedures, section 4 step 4
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from domain import desk
from domain.desk import OnTheDesk
from domain.events import Event, StateReached, TaskOfferedAgain, TaskOpened
from domain.forms import Form
from domain.house import House
from domain.people import Person, borrower_hat
from domain.roles import Role
from domain.tasks import Offer, Task

NEVER_BORROW = frozenset({Role.ADMINISTRATOR, Role.INTERNAL_CONTROL})
"""Who has no say on cases, and who controls the work of those who have. Source: procedures, section 0"""


class LoanEnd(StrEnum):
    """Why a case is not, or no longer, lent. Source: procedures, section 4 step 4"""

    OPERATION_ENDED = "operation_ended"
    SIGNED_OFF = "signed_off"
    NO_SHOW = "no_show"
    SESSION_OVER = "session_over"
    CASE_ENDED = "case_ended"
    NOT_ORDINARY = "not_ordinary"
    KEPT_OUT = "kept_out"
    LENT_ALREADY = "lent_already"
    NOTHING_TO_DO = "nothing_to_do"
    ENDED = "ended"

    @property
    def told(self) -> "LoanEnd":
        """What is shown in lists: that a case has turned out to be sensitive is for its readers to know.

        Source: policy
        """
        return LoanEnd.ENDED if self is LoanEnd.NOT_ORDINARY else self

    @property
    def label(self) -> str:
        """The French words shown on pages."""
        return _ENDS[self]


@dataclass(frozen=True)
class Loan:
    """A case that is lent: the loan's id, and who has it."""

    id: UUID
    person_id: UUID


class Lendable(OnTheDesk, Protocol):
    """What a case tells that may be lent. `is_ordinary`: neither sensitive nor of somebody who is."""

    @property
    def id(self) -> UUID:
        """The case."""

    @property
    def loan(self) -> Loan | None:
        """Whom it is lent to, if anybody."""

    @property
    def lendable_tasks(self) -> tuple[Task, ...]:
        """The open tasks of ordinary work: nothing that validates, approves, pays or releases."""

    @property
    def is_ordinary(self) -> bool:
        """Whether it may be lent at all."""


class Lend(Form):
    """A backlog operation lends the case to one of its volunteers, until its last day at most."""

    loan_id: UUID
    person_id: UUID
    operation: str
    session: int
    until: date


class TakeBack(Form):
    """The loan ends; a task that its borrower had claimed is free again."""

    loan_id: UUID
    why: LoanEnd


@dataclass(frozen=True)
class CaseLent(Event):
    """The case is lent to a volunteer of an operation."""

    loan_id: UUID
    person_id: UUID
    operation: str
    session: int
    until: date


@dataclass(frozen=True)
class LoanDeclined(Event):
    """The case was to be lent, and cannot be any more."""

    loan_id: UUID
    operation: str
    why: LoanEnd


@dataclass(frozen=True)
class LoanEnded(Event):
    """The case is no longer lent."""

    loan_id: UUID
    person_id: UUID
    why: LoanEnd


def lend(case: Lendable, command: Lend, house: House) -> list[Event]:
    """The volunteer may do the case's ordinary tasks, as its owner may. Where that cannot be any more, the loan is
    declined, and says why. Source: procedures, section 4 step 4"""
    if why := _why_not(case, command, house):
        return [LoanDeclined(command.loan_id, command.operation, why)]
    lent = CaseLent(command.loan_id, command.person_id, command.operation, command.session, command.until)
    tasks = [task for task in case.lendable_tasks if task.claimed_by is None]
    return [lent, *(event for task in tasks for event in _offered_as_well(case, task))]


def _why_not(case: Lendable, command: Lend, house: House) -> LoanEnd | None:
    """What has happened since the case was chosen."""
    if case.loan is not None:
        return LoanEnd.LENT_ALREADY
    if not case.is_ordinary:
        return LoanEnd.NOT_ORDINARY
    free = [task for task in case.lendable_tasks if task.claimed_by is None]
    if not free:
        return LoanEnd.NOTHING_TO_DO
    person = next((one for one in house.staff if one.id == command.person_id), None)
    if person is None or not may_borrow(person) or command.person_id in case.kept_out:
        return LoanEnd.KEPT_OUT
    return LoanEnd.KEPT_OUT if any(command.person_id in task.excluded for task in free) else None


def may_borrow(person: Person) -> bool:
    """Whoever works here, but for those who have no say on cases or control those who have."""
    return person.delegate is None and person.roles.isdisjoint(NEVER_BORROW)


def _offered_as_well(case: Lendable, task: Task) -> list[Event]:
    """To the borrower too: a task that was left to nobody is theirs, and the direction need not look for anybody."""
    hat = borrower_hat(case.id)
    offered = TaskOfferedAgain(
        task.id, task.kind, Offer(task.offered_to | {hat}, task.excluded), tuple(sorted(task.meant_for | {hat}))
    )
    return [offered, *desk.no_longer_blocked(case, task)]


def take_back(case: Lendable, command: TakeBack, house: House) -> list[Event]:
    """The loan ends, unless it has ended already. Source: procedures, section 4 step 4"""
    if case.loan is None or case.loan.id != command.loan_id:
        return []
    return ended(case, case.loan, command.why, house)


def ended(case: Lendable, loan: Loan, why: LoanEnd, house: House) -> list[Event]:
    """The loan ends: its tasks are for whom they were before. One that somebody else has claimed stays claimed."""
    hat = borrower_hat(case.id)
    lent = [task for task in case.open_tasks if hat in task.meant_for and task.claimed_by in (None, loan.person_id)]
    return [
        LoanEnded(loan.id, loan.person_id, why),
        *(event for one in lent for event in _given_back(case, one, house)),
    ]


def _given_back(case: Lendable, task: Task, house: House) -> list[Event]:
    meant_for = task.meant_for - {borrower_hat(case.id)}
    without = replace(task, meant_for=meant_for, claimed_by=None)
    return [
        replace(event, meant_for=tuple(sorted(meant_for))) if isinstance(event, TaskOfferedAgain) else event
        for event in desk.reoffered(case, (without,), house)
    ]


def carried_on(case: Lendable, events: Sequence[Event], kinds: Iterable[str], *, ordinary: bool = True) -> list[Event]:
    """What has happened to a lent case: its next ordinary task is the borrower's as well, until the case ends or is no
    longer `ordinary`: then the loan ends.

    Source: procedures, section 4 step 4
    """
    if case.loan is None or any(isinstance(event, LoanEnded) for event in events):
        return [*events]
    if any(isinstance(event, StateReached) and event.ended for event in events):
        return [*events, LoanEnded(case.loan.id, case.loan.person_id, LoanEnd.CASE_ENDED)]
    if not ordinary:
        return [*events, LoanEnded(case.loan.id, case.loan.person_id, LoanEnd.NOT_ORDINARY)]
    lendable, hat = frozenset(kinds), borrower_hat(case.id)
    return [_for_the_borrower(event, hat) if _is_lendable(event, lendable) else event for event in events]


def _is_lendable(event: Event, kinds: frozenset[str]) -> bool:
    return isinstance(event, TaskOpened | TaskOfferedAgain) and event.kind in kinds and bool(event.meant_for)


def _for_the_borrower(event: Event, hat: str) -> Event:
    assert isinstance(event, TaskOpened | TaskOfferedAgain)
    offered = replace(event.offer, hats=event.offer.hats | {hat})
    return replace(event, offer=offered, meant_for=tuple(sorted({*event.meant_for, hat})))


_ENDS = {
    LoanEnd.OPERATION_ENDED: "opération terminée",
    LoanEnd.SIGNED_OFF: "désinscrit de la séance",
    LoanEnd.NO_SHOW: "absent à la séance",
    LoanEnd.SESSION_OVER: "séance terminée, dossier non commencé",
    LoanEnd.CASE_ENDED: "dossier terminé",
    LoanEnd.NOT_ORDINARY: "dossier sensible",
    LoanEnd.KEPT_OUT: "séparation des tâches",
    LoanEnd.LENT_ALREADY: "déjà prêté",
    LoanEnd.NOTHING_TO_DO: "plus rien à faire",
    LoanEnd.ENDED: "prêt terminé",
}
