"""Members who wait long: which cases an operation's message concerns, and what decides whether each is told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select, true
from sqlalchemy.orm import Session

from db.models import (
    Case,
    ClaimRow,
    ComplaintRow,
    DeadlineRow,
    DelayMessageRow,
    DelayNoticeRow,
    LetterRow,
    Member,
    OperationRow,
    TaskRow,
)
from domain.civil import local_date
from domain.claim.states import ClaimState
from domain.claim.words import CheckName, CheckResult, ClaimDeadline, ControlReason
from domain.complaint.states import ComplaintState
from domain.complaint.words import Category
from domain.delay import LongWait, NotTold, waits_since_before, why_not_told
from domain.letters import LANGUAGES

_LOOKS_LIKE_FRAUD = (CheckName.DUPLICATE, CheckName.IBAN_SHARED, CheckName.IBAN_CHANGED, CheckName.STAFF_IBAN)
"""Nobody writes that all goes well with a claim of which one of these checks has found something."""
_UNANSWERED = [one.value for one in ComplaintState.unanswered()]
_UNDECIDED = [one.value for one in ClaimState.undecided()]


@dataclass(frozen=True)
class Concerned:
    """The cases that a message concerns: how many are told, by language; the oldest of them; the others, by reason."""

    told: Mapping[str, int]
    oldest_on: date | None
    not_told: Mapping[NotTold, int]

    @property
    def total(self) -> int:
        """All that wait for so long, told or not."""
        return sum(self.told.values()) + sum(self.not_told.values())


def long_waits(
    session: Session, procedure: str, operation_id: UUID, today: date, more_than_days: int, zone: str
) -> list[LongWait]:
    """The open cases of a procedure that wait for more than so many days, the oldest first.

    `zone` is where the insurer's days begin.
    """
    old = Case.received_on < waits_since_before(today, more_than_days)
    wanted = _waits(procedure, operation_id).where(Case.procedure == procedure, Case.ended_at.is_(None), old)
    return [_wait(row, zone) for row in session.execute(wanted.order_by(Case.received_on, Case.id))]


def wait_of(session: Session, procedure: str, case_id: UUID, zone: str, operation_id: UUID) -> LongWait:
    """The same of one case, ended or not."""
    return _wait(session.execute(_waits(procedure, operation_id).where(Case.id == case_id)).one(), zone)


def concerned(waits: Sequence[LongWait], promised_on: date, today: date, quiet_days: int) -> Concerned:
    """Who of these would be told today, and who not."""
    told: dict[str, int] = dict.fromkeys(LANGUAGES, 0)
    not_told: dict[NotTold, int] = {}
    days = []
    for wait in waits:
        reason = why_not_told(wait, promised_on, today, quiet_days)
        if reason is None:
            told[wait.language] += 1
            days.append(wait.received_on)
        else:
            not_told[reason] = not_told.get(reason, 0) + 1
    return Concerned(told, min(days, default=None), not_told)


def messages_of(session: Session, operation_id: UUID) -> Sequence[DelayMessageRow]:
    """The messages of an operation, the newest first."""
    of_it = select(DelayMessageRow).where(DelayMessageRow.operation_id == operation_id)
    return session.scalars(of_it.order_by(DelayMessageRow.proposed_at.desc(), DelayMessageRow.id)).all()


def waiting_message(session: Session, operation_id: UUID) -> DelayMessageRow | None:
    """The message that is before its approver."""
    of_it = (DelayMessageRow.operation_id == operation_id, DelayMessageRow.status == "waiting")
    return session.scalar(select(DelayMessageRow).where(*of_it).execution_options(populate_existing=True))


def open_approval(session: Session, operation_id: UUID) -> TaskRow | None:
    """The open task to approve the message that waits."""
    of_it = (TaskRow.case_id == operation_id, TaskRow.kind == "approve_message", TaskRow.closed_at.is_(None))
    return session.scalar(select(TaskRow).where(*of_it))


def outcomes(session: Session, operation_id: UUID) -> Mapping[UUID, Mapping[tuple[str, str | None], int]]:
    """By message, how many cases were told, wait for their turn, or were not told, and why."""
    notice = DelayNoticeRow
    counted = select(notice.message_id, notice.status, notice.reason, func.count().label("cases"))
    found: dict[UUID, dict[tuple[str, str | None], int]] = {}
    of_it = counted.where(notice.operation_id == operation_id)
    for row in session.execute(of_it.group_by(notice.message_id, notice.status, notice.reason)):
        found.setdefault(row.message_id, {})[row.status, row.reason] = row.cases
    return found


def members_told(session: Session, operation_id: UUID) -> int:
    """Of how many cases the member was told, by all messages of an operation."""
    told = (DelayNoticeRow.operation_id == operation_id, DelayNoticeRow.status == "told")
    return session.scalar(select(func.count()).where(*told)) or 0


def _waits(procedure: str, operation_id: UUID) -> Select[*tuple[Any, ...]]:
    return {"complaint": _complaints, "claim": _claims}[procedure](operation_id)


def _complaints(operation_id: UUID) -> Select[*tuple[Any, ...]]:
    return select(
        *_of_any(operation_id, "answer"),
        ComplaintRow.language,
        Case.state.not_in(_UNANSWERED).label("answered"),
        (ComplaintRow.category == Category.SENSITIVE).label("sensitive"),
        (~true()).label("waits_for_member"),
        _reachable(ComplaintRow.email, ComplaintRow.address),
    ).join(ComplaintRow, ComplaintRow.case_id == Case.id)


def _claims(operation_id: UUID) -> Select[*tuple[Any, ...]]:
    return (
        select(
            *_of_any(operation_id, ClaimDeadline.DECISION),
            Member.language,
            Case.state.not_in(_UNDECIDED).label("answered"),
            or_(ClaimRow.reasons.contains([ControlReason.SENSITIVE.value]), _looks_like_fraud()).label("sensitive"),
            (Case.state == ClaimState.AWAITING_DOCUMENTS).label("waits_for_member"),
            _reachable(Member.email, Member.address),
        )
        .join(ClaimRow, ClaimRow.case_id == Case.id)
        .join(Member, Member.number == ClaimRow.member_number)
    )


def _of_any(operation_id: UUID, deadline: str) -> tuple[Any, ...]:
    """What is looked at in a case of either procedure. `last_letter_at` leaves out no kind of letter."""
    still_open = and_(DeadlineRow.met_at.is_(None), DeadlineRow.cancelled_at.is_(None), DeadlineRow.name == deadline)
    due = select(func.min(DeadlineRow.due_on)).where(DeadlineRow.case_id == Case.id, still_open)
    letter = select(func.max(LetterRow.requested_at)).where(LetterRow.case_id == Case.id)
    in_operation = and_(DelayNoticeRow.operation_id == operation_id, DelayNoticeRow.status == "told")
    told = select(DelayNoticeRow.case_id).where(DelayNoticeRow.case_id == Case.id, in_operation)
    runs = select(OperationRow.case_id).where(OperationRow.case_id == operation_id, OperationRow.state == "running")
    return (
        Case.id,
        Case.received_on,
        Case.ended_at.is_not(None).label("ended"),
        due.scalar_subquery().label("due_on"),
        letter.scalar_subquery().label("last_letter_at"),
        told.exists().label("told_in_operation"),
        runs.exists().label("operation_runs"),
    )


def _reachable(email: Any, address: Any) -> ColumnElement[bool]:
    return or_(email.is_not(None), func.cardinality(address) > 0).label("reachable")


def _looks_like_fraud() -> ColumnElement[bool]:
    """Whether one of these checks has found something. Each finding is an object with `name` and `result`."""
    found = [
        ClaimRow.checks.contains([{"name": name.value, "result": result.value}])
        for name in _LOOKS_LIKE_FRAUD
        for result in (CheckResult.WARN, CheckResult.STOP)
    ]
    return or_(*found)


def _wait(row: Row[*tuple[Any, ...]], zone: str) -> LongWait:
    return LongWait(
        case_id=row.id,
        received_on=row.received_on,
        language=row.language if row.language in LANGUAGES else "fr",
        ended=row.ended,
        answered=row.answered,
        sensitive=row.sensitive,
        waits_for_member=row.waits_for_member,
        told_in_operation=row.told_in_operation,
        operation_runs=row.operation_runs,
        due_on=row.due_on,
        last_letter_on=local_date(row.last_letter_at, zone) if row.last_letter_at else None,
        reachable=row.reachable,
    )
