"""Write what has happened to a batch of payments, and tell the cases of the claims in it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import null, select, update
from sqlalchemy.orm import Session

from db.commands.case import apply
from db.commands.command import receive_all_from_machine
from db.commands.journal import Writing
from db.commands.payment_return import give_cases
from db.models import BankReportRow, ClaimRow, ConclusionRow, InstructionRow, PaymentRow, ReleaseRow, SecondLook
from domain.commands import MachineCommand
from domain.payment import events as happened
from domain.payment.bank_words import REASONS
from domain.payment.effects import OnClaim
from domain.payment.states import PaymentState
from domain.payment.words import InstructionStatus


def tell_claims(
    session: Session, kind: OnClaim, instruction_ids: Iterable[UUID], at: datetime, **body: str | None
) -> None:
    """Give a command to the case of each claim that has one."""
    wanted = (
        select(InstructionRow.id, InstructionRow.payment_id, ClaimRow.case_id)
        .join(ClaimRow, ClaimRow.id == InstructionRow.claim_id)
        .where(InstructionRow.id.in_(list(instruction_ids)), ClaimRow.case_id.is_not(None))
        .order_by(InstructionRow.position)
    )
    told = [
        MachineCommand(
            one.case_id,
            kind,
            at,
            str(one.id),
            {"payment_id": str(one.payment_id), "instruction_id": str(one.id), **body},
        )
        for one in session.execute(wanted)
    ]
    receive_all_from_machine(session, told)


def move_cleared(session: Session, instruction_ids: Iterable[UUID], state: str, *, keeps_line: bool) -> None:
    """A claim that needed no control has no case: it stands where its line does."""
    line = InstructionRow.id if keeps_line else null()
    session.execute(
        update(ClaimRow)
        .where(ClaimRow.id == InstructionRow.claim_id, InstructionRow.id.in_(list(instruction_ids)))
        .where(ClaimRow.case_id.is_(None))
        .values(state=state, instruction_id=line)
        .execution_options(synchronize_session=False)
    )


def _known(code: str | None) -> str | None:
    """A bank's own code, of any shape, stays with the line."""
    return code if code in REASONS else None


def _change(writing: Writing, **values: Any) -> None:
    writing.batch.change(PaymentRow.case_id, writing.case.id, **values)


def _decide(writing: Writing, instruction_id: UUID, status: InstructionStatus, **values: Any) -> None:
    writing.batch.change(InstructionRow.id, instruction_id, status=status, decided_at=writing.at, **values)


@apply.register
def _(event: happened.PaymentReached, writing: Writing) -> None:
    writing.case.state = event.state
    if event.state in PaymentState.ended():
        writing.case.ended_at = writing.at
    if event.state is PaymentState.RELEASED:
        _change(writing, released_at=writing.at)


@apply.register
def _(event: happened.BatchReleased, writing: Writing) -> None:
    writing.batch.insert(
        ReleaseRow,
        payment_id=writing.case.id,
        person_id=event.person_id,
        link=event.link,
        file_sha256=event.file_sha256,
        at=writing.at,
    )


@apply.register
def _(_event: happened.BatchRefused, writing: Writing) -> None:
    _change(writing, cancelled_at=writing.at)


@apply.register
def _(_event: happened.BatchStopped, writing: Writing) -> None:
    _change(writing, cancelled_at=writing.at)


@apply.register
def _(_event: happened.FileHandedOver, writing: Writing) -> None:
    _change(writing, handed_over_at=writing.at)


@apply.register
def _(_event: happened.HandoverConcluded, writing: Writing) -> None:
    """Nobody knows when it was laid, if ever: from this instant on nothing lays it any more."""
    _change(writing, handed_over_at=writing.at)


@apply.register
def _(_event: happened.ReportToConfirm, _writing: Writing) -> None:
    """The report is kept already: nothing of it is carried out."""


@apply.register
def _(event: happened.ConclusionGiven, writing: Writing) -> None:
    writing.batch.insert(
        ConclusionRow,
        id=event.conclusion_id,
        payment_id=writing.case.id,
        bank_did=event.bank_did,
        evidence=event.evidence,
        given_by=event.given_by,
        given_at=writing.at,
    )


@apply.register
def _(event: happened.AnswerConfirmed, writing: Writing) -> None:
    writing.batch.insert(
        SecondLook,
        answer_id=event.answer_id,
        payment_id=writing.case.id,
        given_by=event.given_by,
        looked_by=event.person_id,
        at=writing.at,
    )


@apply.register
def _(_event: happened.AnswerSetAside, _writing: Writing) -> None:
    """The batch waits on; who, and why, stands in the journal."""


@apply.register
def _(event: happened.StatusReportRead, writing: Writing) -> None:
    writing.batch.change(BankReportRow.id, event.report_id, read_at=writing.at)


@apply.register
def _(event: happened.LinesPaid, writing: Writing) -> None:
    for line in event.lines:
        _decide(writing, line.id, InstructionStatus.PAID)
    ids = [line.id for line in event.lines]
    tell_claims(writing.session, OnClaim.RECORD_PAYMENT, ids, writing.at)
    move_cleared(writing.session, ids, "paid", keeps_line=True)


@apply.register
def _(event: happened.LinesWithdrawn, writing: Writing) -> None:
    for line in event.lines:
        _decide(writing, line.id, InstructionStatus.WITHDRAWN, bank_code=event.code, answer_id=event.answer_id)
    ids = [line.id for line in event.lines]
    tell_claims(writing.session, OnClaim.WITHDRAW, ids, writing.at, reason=event.reason, code=_known(event.code))
    move_cleared(writing.session, ids, "payable", keeps_line=False)


@apply.register
def _(event: happened.LineRejected, writing: Writing) -> None:
    outcome = {"bank_code": event.code, "bank_reason": event.told, "answer_id": event.answer_id}
    _decide(writing, event.instruction_id, InstructionStatus.REJECTED, **outcome)
    told = {"reason": "rejected_by_bank", "code": _known(event.code)}
    lines = select(InstructionRow.claim_id).where(InstructionRow.id == event.instruction_id)
    give_cases(writing.session, writing.session.scalars(lines).all(), writing.at)
    tell_claims(writing.session, OnClaim.REOPEN, [event.instruction_id], writing.at, **told)
