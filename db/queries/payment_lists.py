"""Batches of payments as people list and read them: lines, totals, what was left out, who may release."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, select, tuple_
from sqlalchemy.orm import Session

from db.models import BankReportRow, Case, ClaimRow, InstructionRow, LeftOutRow, PaymentRow, ReleaseRow, TaskRow
from db.queries.concerned import concerns
from db.queries.paging import read_cursor, write_cursor
from db.queries.payment import parts
from db.queries.people import staff_on
from domain.payment.words import PartTaken
from domain.people import Actor, Hat, Person

Rows = Sequence[Row[*tuple[Any, ...]]]
_BATCH = (
    Case.reference,
    Case.state,
    PaymentRow.case_id,
    PaymentRow.executes_on,
    PaymentRow.count,
    PaymentRow.total_cents,
    PaymentRow.built_by,
    PaymentRow.built_at,
    PaymentRow.file_sha256,
    PaymentRow.released_at,
    PaymentRow.handed_over_at,
    PaymentRow.cancelled_at,
)


@dataclass(frozen=True)
class Line:
    """One line with its claim, where that stands by now, and whether it is the reader's own."""

    row: InstructionRow
    claim: str
    claim_state: str
    own: bool


@dataclass(frozen=True)
class MayRelease:
    """Somebody who wears a hat of the open release: whether they may do it, and what keeps them out."""

    person_id: UUID
    absent: bool
    parts: frozenset[PartTaken]

    @property
    def may(self) -> bool:
        """Whether they may release it now."""
        return not self.absent and not self.parts


def listed(session: Session, state: str | None, cursor: str | None, limit: int) -> Rows:
    """Batches, the newest first; one more than the limit where more follow."""
    wanted = select(*_BATCH).join(Case, Case.id == PaymentRow.case_id)
    if state is not None:
        wanted = wanted.where(Case.state == state)
    if cursor is not None:
        key = read_cursor(cursor, datetime.fromisoformat)
        wanted = wanted.where(tuple_(PaymentRow.built_at, PaymentRow.case_id) < tuple_(*key))
    newest = (PaymentRow.built_at.desc(), PaymentRow.case_id.desc())
    return session.execute(wanted.order_by(*newest).limit(limit + 1)).all()


def totals_of(session: Session, references: Sequence[str]) -> Mapping[str, tuple[int, int]]:
    """How many transfers each of these batches has, and how much they come to in euro cents."""
    wanted = select(Case.reference, PaymentRow.count, PaymentRow.total_cents).join(Case, Case.id == PaymentRow.case_id)
    return {one.reference: (one[1], one[2]) for one in session.execute(wanted.where(Case.reference.in_(references)))}


def next_page(rows: Rows, limit: int) -> str | None:
    """Where the next page goes on, if more follow than these."""
    return write_cursor(rows[limit - 1].built_at, rows[limit - 1].case_id) if len(rows) > limit else None


def one(session: Session, reference: str) -> Row[*tuple[Any, ...]] | None:
    """The batch with this reference."""
    wanted = select(*_BATCH).join(Case, Case.id == PaymentRow.case_id).where(Case.reference == reference)
    return session.execute(wanted).one_or_none()


def totals(session: Session, payment_id: UUID) -> Rows:
    """How many lines have each status, and how much they come to."""
    wanted = (
        select(
            InstructionRow.status,
            func.count().label("count"),
            func.sum(InstructionRow.amount_cents).label("cents"),
        )
        .where(InstructionRow.payment_id == payment_id)
        .group_by(InstructionRow.status)
    )
    return session.execute(wanted.order_by(InstructionRow.status)).all()


def lines(session: Session, payment_id: UUID, actor: Actor, after: int, limit: int) -> Sequence[Line]:
    """Some lines of a batch with their claims, in the order of the file."""
    wanted = (
        select(InstructionRow, ClaimRow.reference, ClaimRow.state, concerns(actor.id))
        .join(ClaimRow, ClaimRow.id == InstructionRow.claim_id)
        .where(InstructionRow.payment_id == payment_id, InstructionRow.position > after)
        .order_by(InstructionRow.position)
    )
    return [Line(*found) for found in session.execute(wanted.limit(limit))]


def left_out(session: Session, payment_id: UUID, actor: Actor) -> Rows:
    """The claims that are not in the batch, and why; without those of which the reader is member or beneficiary."""
    wanted = (
        select(ClaimRow.reference, LeftOutRow.reason)
        .join(ClaimRow, ClaimRow.id == LeftOutRow.claim_id)
        .where(LeftOutRow.payment_id == payment_id, ~concerns(actor.id))
    )
    return session.execute(wanted.order_by(ClaimRow.reference)).all()


def releases(session: Session, payment_id: UUID) -> Sequence[ReleaseRow]:
    """Who has released it, in order."""
    wanted = select(ReleaseRow).where(ReleaseRow.payment_id == payment_id)
    return session.scalars(wanted.order_by(ReleaseRow.link)).all()


def reports(session: Session, payment_id: UUID) -> Sequence[BankReportRow]:
    """The bank's reports, in the order in which they came."""
    wanted = select(BankReportRow).where(BankReportRow.payment_id == payment_id)
    return session.scalars(wanted.order_by(BankReportRow.received_at, BankReportRow.id)).all()


def may_release(session: Session, payment_id: UUID, today: date) -> list[MayRelease]:
    """Whoever the open release is for, or offered to by now, with what keeps them out; nobody when none is open."""
    task = session.scalar(
        select(TaskRow).where(TaskRow.case_id == payment_id, TaskRow.kind == "release", TaskRow.closed_at.is_(None))
    )
    if task is None:
        return []
    taken = parts(session, payment_id)
    for row in releases(session, payment_id):
        taken[row.person_id] = taken.get(row.person_id, frozenset()) | {PartTaken.RELEASED}
    staff = staff_on(session, today)
    hats: frozenset[Hat] = frozenset(task.meant_for) | frozenset(task.offered_to)

    def is_meant(person: Person) -> bool:
        return not hats.isdisjoint(staff.hats_of(person))

    return [
        MayRelease(person.id, person.absent, taken.get(person.id, frozenset())) for person in staff if is_meant(person)
    ]
