"""Build a batch: the claims that may leave are locked, written into one file, and the case is kept, in one go.

Two batches built at once never share a claim: each takes what the other has not locked. From this commit on the batch
cannot be lost, whether the engine is up or down.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, exists, func, insert, select, text
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from bank.credit_transfer import Account, CreditTransfers, Order, UnfitForBank, check_order, write
from db.commands.command import Ask, receive, receive_all_from_machine
from db.commands.journal import Writing, gather_line
from db.commands.keys import case_cipher, make_case_key
from db.commands.payment import move_cleared, tell_claims
from db.commands.payment_return import give_cases
from db.models import Case, ClaimDecision, ClaimRow, InstructionRow, LeftOutRow, Member, MemberIban, PaymentRow
from db.queries.calendar import calendar
from db.vault import about_bank_file
from domain.civil import local_date
from domain.commands import MachineCommand
from domain.payment.building import check_executes_on, end_to_end_id, message_id
from domain.payment.commands import Build
from domain.payment.effects import OnClaim
from domain.payment.states import PaymentState
from domain.payment.words import InstructionStatus, LeftOut
from domain.people import Actor
from domain.policy import PolicyBook
from keys.sealing import seal

GOES_BACK = frozenset({LeftOut.IBAN_CHANGED, LeftOut.APPROVALS_MISSING})
"""What only another control can mend."""
MOST_LEFT_OUT = 1_000
"""So many claims that were left out are told with a batch; the next one tells the others."""


@dataclass(frozen=True)
class Picked:
    """A claim that may leave, and the order to pay it."""

    claim_id: UUID
    iban_hash: bytes
    order: Order


@dataclass(frozen=True)
class Left:
    """A claim that may not leave, and why; `iban_id` is the account that its member has by now, `version` that of its
    decision."""

    claim_id: UUID
    reason: LeftOut
    iban_id: UUID | None = None
    version: int = 0

    @property
    def once_for(self) -> str:
        """It is sent back to control once for each: another account, another decision."""
        return f"{self.reason}:{self.iban_id if self.reason is LeftOut.IBAN_CHANGED else self.version}"


@dataclass(frozen=True)
class Built:
    """What came of it: a batch, unless nothing may leave."""

    case: Case | None
    left: tuple[Left, ...]


def build_batch(session: Session, form: Build, ask: Ask, actor: Actor, at: datetime, book: PolicyBook) -> Built:
    """Check the date, pick what may leave, keep the batch; what may not leave is sent back to control where that helps.

    Raises Invalid, naming the field, the rule and the remedy.
    """
    version = book.in_force_on(at.date())
    today = local_date(at, version.office.zone)
    check_executes_on(form.executes_on, today, calendar(session))
    picked, unfit = _pick(session, form.at_most)
    left = (*unfit, *_left_out(session))
    _send_back_to_control(session, left, at)
    if not picked:
        return Built(None, left)
    number = session.execute(text("SELECT nextval('payment_references')")).scalar_one()
    case = Case(
        id=uuid7(),
        reference=f"VIR-{today.year}-{number:06d}",
        procedure="payment",
        state=PaymentState.BUILT,
        policy=version.name,
        pole=book.insurer.poles[0].id,
        received_on=today,
        opened_at=at,
        lines=0,
    )
    _keep(session, case, _Batch(form, tuple(picked), left, ask, actor, at, book))
    return Built(case, left)


@dataclass(frozen=True)
class _Batch:
    form: Build
    picked: tuple[Picked, ...]
    left: tuple[Left, ...]
    ask: Ask
    actor: Actor
    at: datetime
    book: PolicyBook

    @property
    def total_cents(self) -> int:
        return sum(one.order.amount_cents for one in self.picked)


def _keep(session: Session, case: Case, batch: _Batch) -> None:
    command_id = batch.ask.id or uuid7()
    writing = Writing(session, case, batch.at, command_id, batch.actor.id)
    facts = {"reference": case.reference, "executes_on": batch.form.executes_on, "count": len(batch.picked)}
    file = _file(case, batch)
    gather_line(
        writing,
        "BatchBuilt",
        {**facts, "total_cents": batch.total_cents, "file_sha256": _hash(file), "left_out": len(batch.left)},
    )
    session.add(case)
    session.flush()
    make_case_key(session, case.id)
    _keep_rows(session, case, batch, file)
    command = receive(session, case.id, batch.ask, batch.actor, batch.at)
    command.id, command.body = command_id, {}
    session.flush()
    writing.batch.write(session)


def _keep_rows(session: Session, case: Case, batch: _Batch, file: bytes) -> None:
    session.add(
        PaymentRow(
            case_id=case.id,
            message_id=message_id(case.reference),
            executes_on=batch.form.executes_on,
            count=len(batch.picked),
            total_cents=batch.total_cents,
            built_by=batch.actor.id,
            built_at=batch.at,
            file=seal(case_cipher(session, case.id), file, about_bank_file(case.id)),
            file_sha256=_hash(file),
        )
    )
    session.flush()
    rows = [_row(case.id, place, one, batch.at) for place, one in enumerate(batch.picked, start=1)]
    session.execute(insert(InstructionRow), rows)
    ids = [row["id"] for row in rows]
    tell_claims(session, OnClaim.INSTRUCT, ids, batch.at)
    move_cleared(session, ids, "instructed", keeps_line=True)
    if batch.left:
        left = [{"payment_id": case.id, "claim_id": one.claim_id, "reason": one.reason} for one in batch.left]
        session.execute(insert(LeftOutRow), left)


def _row(payment_id: UUID, place: int, picked: Picked, at: datetime) -> dict[str, Any]:
    order = picked.order
    return {
        "id": uuid7(),
        "payment_id": payment_id,
        "position": place,
        "claim_id": picked.claim_id,
        "end_to_end_id": order.end_to_end_id,
        "amount_cents": order.amount_cents,
        "iban": order.to.iban,
        "iban_hash": picked.iban_hash,
        "name": order.to.holder,
        "instructed_at": at,
        "status": InstructionStatus.INSTRUCTED,
    }


def _file(case: Case, batch: _Batch) -> bytes:
    ours = batch.book.insurer.bank_account
    return write(
        CreditTransfers(
            message_id(case.reference),
            batch.at,
            batch.form.executes_on,
            Account(ours.holder, ours.iban, ours.bic),
            [one.order for one in batch.picked],
        )
    )


def _hash(file: bytes) -> str:
    return sha256(file).hexdigest()


def _pick(session: Session, at_most: int) -> tuple[list[Picked], list[Left]]:
    """Lock what may leave, the longest waiting first, then look again: somebody may have been quicker."""
    locked = session.scalars(
        _candidates(select(ClaimRow.id))
        .where(func.claim_may_leave(ClaimRow.id).is_(None))
        .order_by(ClaimRow.payable_at, ClaimRow.id)
        .limit(at_most)
        .with_for_update(of=ClaimRow, skip_locked=True)
    ).all()
    picked: list[Picked] = []
    unfit: list[Left] = []
    for row in session.execute(_wanted(locked)):
        order = _order(row)
        try:
            check_order(order)
        except UnfitForBank:
            unfit.append(Left(row.id, LeftOut.UNFIT_FOR_BANK))
        else:
            picked.append(Picked(row.id, row.iban_hash, order))
    return picked, unfit


def _candidates(query: Select[Any]) -> Select[Any]:
    """What is to be paid and has no living order, cheaply; whether it may leave, `claim_may_leave` says."""
    living = exists().where(
        InstructionRow.claim_id == ClaimRow.id, InstructionRow.status.in_(sorted(InstructionStatus.living()))
    )
    return query.where(ClaimRow.state == "payable", ClaimRow.kind != "commitment", ~living)


def _current() -> ColumnElement[bool]:
    """The member's account of today, where one is registered."""
    return and_(MemberIban.member_number == ClaimRow.member_number, MemberIban.until_at.is_(None))


def _wanted(locked: Sequence[UUID]) -> Select[*tuple[Any, ...]]:
    attempts = select(func.count()).where(InstructionRow.claim_id == ClaimRow.id).scalar_subquery()
    return (
        select(
            ClaimRow.id,
            ClaimRow.reference,
            ClaimRow.payable_cents,
            Member.name,
            func.coalesce(MemberIban.iban, ClaimRow.iban).label("iban"),
            func.coalesce(MemberIban.iban_hash, ClaimRow.iban_hash).label("iban_hash"),
            attempts.label("attempts"),
        )
        .join(Member, Member.number == ClaimRow.member_number)
        .join(MemberIban, _current(), isouter=True)
        .where(ClaimRow.id.in_(locked), func.claim_may_leave(ClaimRow.id).is_(None))
        .order_by(ClaimRow.payable_at, ClaimRow.id)
    )


def _order(row: Row[*tuple[Any, ...]]) -> Order:
    return Order(
        end_to_end_id=end_to_end_id(row.reference, row.attempts + 1),
        amount_cents=row.payable_cents,
        to=Account(row.name, row.iban),
        remittance=f"Prestation {row.reference}",
    )


def _left_out(session: Session) -> list[Left]:
    """What is to be paid and may not leave, and why, what goes back to control first; without what another batch takes
    at this moment."""
    each = _candidates(select(ClaimRow.id, func.claim_may_leave(ClaimRow.id).label("why")))
    asked = each.cte("asked").prefix_with("MATERIALIZED")  # of each claim once
    version = select(func.coalesce(func.max(ClaimDecision.version), 0)).where(ClaimDecision.case_id == ClaimRow.case_id)
    told = (asked.c.why, MemberIban.id.label("iban_id"), version.scalar_subquery().label("version"))
    wanted = (
        select(ClaimRow.id, *told)
        .join(asked, asked.c.id == ClaimRow.id)
        .join(MemberIban, _current(), isouter=True)
        .where(asked.c.why.is_not(None), asked.c.why != LeftOut.ALREADY_INSTRUCTED)
        .order_by(asked.c.why.not_in(sorted(GOES_BACK)), ClaimRow.payable_at, ClaimRow.id)
        .limit(MOST_LEFT_OUT)
    )
    return [Left(row.id, LeftOut(row.why), row.iban_id, row.version) for row in session.execute(wanted)]


def _send_back_to_control(session: Session, left: Sequence[Left], at: datetime) -> None:
    """A claim whose account has changed since its approval, or whose approval does not count any more, is controlled
    again, once for each change: it would wait for ever."""
    back = {one.claim_id: one for one in left if one.reason in GOES_BACK}

    def reopened(claim_id: UUID, case_id: UUID) -> MachineCommand:
        one = back[claim_id]
        return MachineCommand(case_id, OnClaim.REOPEN, at, one.once_for, {"reason": one.reason.value})

    give_cases(session, back, at)
    cases = session.execute(select(ClaimRow.id, ClaimRow.case_id).where(ClaimRow.id.in_(list(back))))
    receive_all_from_machine(session, [reopened(row.id, row.case_id) for row in cases])
