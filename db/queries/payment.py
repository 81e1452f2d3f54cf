"""What is known of a batch of payments: for a decision, for the workflow's position, for its file."""

from collections import defaultdict
from functools import cache, partial
from typing import Any
from uuid import UUID

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import Session, undefer

from bank.status_report import read
from db.models import (
    BankReportRow,
    Case,
    ClaimRow,
    ConclusionRow,
    InstructionRow,
    LayingRow,
    MemberIban,
    PaymentRow,
    ReleaseRow,
)
from db.queries.standing import (
    CASE_ID,
    deadlines_open,
    read_deadlines,
    read_task,
    spread,
    tasks_of_case,
    unsent_messages,
    watched,
)
from db.vault import about_bank_file, about_bank_report, case_cipher
from domain.deadlines import due_instant
from domain.payment.case import Conclusion, Instruction, Payment, PaymentPosition, ReportInHand
from domain.payment.states import PaymentState
from domain.payment.words import BankDid, InstructionStatus, PartTaken
from domain.policy import PolicyBook
from keys.sealing import unseal


def payment(session: Session, case: Case, book: PolicyBook, task_id: UUID | None = None) -> Payment:
    """Everything that a decision can depend on: its open tasks, and the one the command is about even if closed."""
    row = session.execute(_known(), {"case_id": case.id, "task_id": task_id}).one()
    return Payment(
        id=case.id,
        state=PaymentState(case.state),
        pole=case.pole,
        message_id=row.message_id,
        executes_on=row.executes_on,
        due_at=due_instant(row.executes_on, book.version(case.policy).office),
        file_sha256=row.file_sha256,
        parts=parts(session, case.id),
        look_up_lines=partial(lines, session, case.id),
        look_up_changed=partial(changed, session, case.id),
        look_up_elsewhere=partial(elsewhere, session, case.id),
        look_up_report=partial(_report, session, case.id),
        look_up_conclusions=partial(conclusions, session, case.id),
        look_up_being_laid=partial(being_laid, session, case.id),
        releases=releases(session, case.id),
        tasks=tuple(read_task(told) for told in row.tasks),
        deadlines=read_deadlines(row.deadlines),
    )


def position(session: Session, case: Case, book: PolicyBook) -> PaymentPosition:
    """Where the workflow of this batch stands; it can start from here at any step."""
    row = session.execute(_standing(), {"case_id": case.id}).one()
    return PaymentPosition(
        case.id,
        PaymentState(case.state),
        spread=spread(case.reference, book.version(case.policy).office),
        watched=watched(read_deadlines(row.deadlines)),
        messages=tuple(row.messages),
    )


@cache
def _standing() -> Select[*tuple[Any, ...]]:
    return select(deadlines_open(), unsent_messages())


@cache
def _known() -> Select[*tuple[Any, ...]]:
    row = (PaymentRow.message_id, PaymentRow.executes_on, PaymentRow.file_sha256)
    return select(*row, tasks_of_case(), deadlines_open()).where(PaymentRow.case_id == CASE_ID)


def parts(session: Session, payment_id: UUID) -> dict[UUID, frozenset[PartTaken]]:
    """Who had a hand in a batch, and which: the register's own `payment_parts`, which its trigger asks as well."""
    taken = func.payment_parts(payment_id).table_valued("person_id", "part")
    found = defaultdict(set)
    for person_id, part in session.execute(select(taken.c.person_id, taken.c.part)):
        found[person_id].add(PartTaken(part))
    return {person_id: frozenset(some) for person_id, some in found.items()}


def releases(session: Session, payment_id: UUID) -> dict[int, UUID]:
    """Link → who has released it."""
    wanted = select(ReleaseRow.link, ReleaseRow.person_id).where(ReleaseRow.payment_id == payment_id)
    return {row.link: row.person_id for row in session.execute(wanted)}


def lines(session: Session, payment_id: UUID) -> tuple[Instruction, ...]:
    """The lines of a batch, in the order of its file."""
    row = (InstructionRow.id, InstructionRow.end_to_end_id, InstructionRow.amount_cents, InstructionRow.status)
    wanted = select(*row).where(InstructionRow.payment_id == payment_id).order_by(InstructionRow.position)
    return tuple(
        Instruction(one.id, one.end_to_end_id, one.amount_cents, InstructionStatus(one.status))
        for one in session.execute(wanted)
    )


def changed(session: Session, payment_id: UUID) -> tuple[str, ...]:
    """The claims of a batch whose member has another account by now."""
    current = (MemberIban.member_number == ClaimRow.member_number) & MemberIban.until_at.is_(None)
    wanted = (
        select(ClaimRow.reference)
        .join(InstructionRow, InstructionRow.claim_id == ClaimRow.id)
        .join(MemberIban, current, isouter=True)
        .where(InstructionRow.payment_id == payment_id)
        .where(func.coalesce(MemberIban.iban_hash, ClaimRow.iban_hash) != InstructionRow.iban_hash)
    )
    return tuple(session.scalars(wanted.order_by(InstructionRow.position)))


def elsewhere(session: Session, payment_id: UUID) -> tuple[str, ...]:
    """The claims of a batch that do not stand in it: not yet, or no longer."""
    wanted = (
        select(ClaimRow.reference)
        .join(InstructionRow, InstructionRow.claim_id == ClaimRow.id)
        .where(InstructionRow.payment_id == payment_id)
        .where((ClaimRow.state != "instructed") | ClaimRow.instruction_id.is_distinct_from(InstructionRow.id))
    )
    return tuple(session.scalars(wanted.order_by(InstructionRow.position)))


def conclusions(session: Session, payment_id: UUID) -> tuple[Conclusion, ...]:
    """What was said that the bank really did, the oldest first."""
    wanted = select(ConclusionRow).where(ConclusionRow.payment_id == payment_id)
    rows = session.scalars(wanted.order_by(ConclusionRow.given_at, ConclusionRow.id))
    return tuple(Conclusion(row.id, BankDid(row.bank_did), row.given_by) for row in rows)


def being_laid(session: Session, payment_id: UUID) -> bool:
    """Whether the file is on its way into the bank's folder, or may lie there."""
    wanted = exists().where(LayingRow.payment_id == payment_id, LayingRow.failed_wall.is_(None))
    return bool(session.scalar(select(wanted)))


def bank_file(session: Session, payment_id: UUID, *, lock: bool = False) -> tuple[PaymentRow, bytes]:
    """A batch with its file in clear. Raises Erased, KeysError, BrokenSealError."""
    whole = [undefer(PaymentRow.file)]
    row = session.get_one(PaymentRow, payment_id, with_for_update=lock or None, options=whole)
    return row, unseal(case_cipher(session, payment_id), row.file, about_bank_file(payment_id))


def _report(session: Session, payment_id: UUID, report_id: UUID) -> ReportInHand:
    row = session.get_one(BankReportRow, report_id, options=[undefer(BankReportRow.content)])
    content = unseal(case_cipher(session, payment_id), row.content, about_bank_report(row.id))
    same = select(BankReportRow.message_id).where(
        BankReportRow.payment_id == payment_id,
        BankReportRow.message_id == row.message_id,
        BankReportRow.read_at.is_not(None),
    )
    return ReportInHand(row.id, read(content), row.received_by, session.scalar(same))
