"""Cases of every procedure in one list, for the numbers of a board that speak of several: no subject, no name."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Row, func, select, tuple_
from sqlalchemy.orm import Session

from db.models import Case, DeadlineRow, StaffMember
from db.queries.case_filters import Narrowed, narrowing
from db.queries.cases import seen_by
from db.queries.paging import read_cursor, write_cursor
from domain.people import Actor

Line = Row[*tuple[Any, ...]]


@dataclass(frozen=True)
class WantedCases:
    """Which cases: of one procedure, or of all that the reader may read."""

    procedure: str | None = None
    pole: str | None = None
    owner: str | None = None
    cursor: str | None = None
    limit: int = 50
    narrowed: Narrowed = field(default_factory=Narrowed)


def listed(session: Session, actor: Actor, procedures: Collection[str], wanted: WantedCases) -> Sequence[Line]:
    """The cases that the actor may see, the newest first; one more than the limit where more follow."""
    still_open = (DeadlineRow.met_at.is_(None), DeadlineRow.cancelled_at.is_(None))
    due = select(func.min(DeadlineRow.due_at)).where(DeadlineRow.case_id == Case.id, *still_open)
    among = set(procedures) & ({wanted.procedure} if wanted.procedure else set(procedures))
    columns = (Case.id, Case.reference, Case.procedure, Case.state, Case.received_on, Case.pole, Case.owner_id)
    lines = select(*columns, due.scalar_subquery().label("due_at")).where(
        Case.procedure.in_(among), seen_by(actor.id, Case.id), *narrowing(wanted.narrowed)
    )
    if wanted.pole is not None:
        lines = lines.where(Case.pole == wanted.pole)
    if wanted.owner is not None:
        owner = select(StaffMember.id).where(StaffMember.login == wanted.owner)
        lines = lines.where(Case.owner_id == owner.scalar_subquery())
    if wanted.cursor is not None:
        lines = lines.where(tuple_(Case.received_on, Case.id) < tuple_(*read_cursor(wanted.cursor, date.fromisoformat)))
    newest = (Case.received_on.desc(), Case.id.desc())
    return session.execute(lines.order_by(*newest).limit(wanted.limit + 1)).all()


def next_page(rows: Sequence[Line], limit: int) -> str | None:
    """Where the next page goes on, if more follow than these."""
    return write_cursor(rows[limit - 1].received_on, rows[limit - 1].id) if len(rows) > limit else None
