"""What the bank is said to have answered, and a second person has not confirmed yet: as that person reads it."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import ClaimRow, InstructionRow, TaskRow
from db.queries.concerned import concerns
from db.queries.payment_lists import Line
from domain.payment.words import PaymentTask
from domain.people import Actor


def asked(session: Session, payment_id: UUID) -> Sequence[TaskRow]:
    """The open tasks to confirm an answer on this batch, the oldest first."""
    open_ones = (TaskRow.case_id == payment_id, TaskRow.closed_at.is_(None))
    wanted = select(TaskRow).where(*open_ones, TaskRow.kind == PaymentTask.CONFIRM_ANSWER)
    return session.scalars(wanted.order_by(TaskRow.opened_at, TaskRow.id)).all()


def lines_of(session: Session, instruction_ids: Sequence[UUID], actor: Actor) -> dict[UUID, Line]:
    """These lines with their claims, by their ids."""
    wanted = (
        select(InstructionRow, ClaimRow.reference, ClaimRow.state, concerns(actor.id))
        .join(ClaimRow, ClaimRow.id == InstructionRow.claim_id)
        .where(InstructionRow.id.in_(instruction_ids))
    )
    return {found[0].id: Line(*found) for found in session.execute(wanted)}
