"""Somebody's complaints that can still change hands, as a proposal needs them."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select, true
from sqlalchemy.orm import Session

from db.models import Case, ComplaintRow, DeadlineRow
from db.queries.board.scope import Scope
from domain.complaint.reassignment import Owned
from domain.complaint.states import ComplaintState


def owned_by(session: Session, scope: Scope, owner: UUID, references: Sequence[str] = ()) -> tuple[Owned, ...]:
    """Their complaints that are not answered yet; of these references only, if any are given."""
    earliest = (
        select(DeadlineRow.name, DeadlineRow.due_at)
        .where(DeadlineRow.case_id == Case.id, DeadlineRow.met_at.is_(None), DeadlineRow.cancelled_at.is_(None))
        .order_by(DeadlineRow.due_at)
        .limit(1)
        .lateral("earliest")
    )
    wanted = (
        select(Case, ComplaintRow.skills, ComplaintRow.about_id, earliest.c.name, earliest.c.due_at)
        .join(ComplaintRow, ComplaintRow.case_id == Case.id)
        .join(earliest, true(), isouter=True)
        .where(Case.owner_id == owner, Case.ended_at.is_(None), scope.cases())
        .where(Case.state.in_(ComplaintState.unanswered()))
    )
    if references:
        wanted = wanted.where(Case.reference.in_(references))
    return tuple(
        Owned(case.id, case.reference, case.state, case.pole, frozenset(skills), about_id, name, due_at)
        for case, skills, about_id, name, due_at in session.execute(wanted)
    )
