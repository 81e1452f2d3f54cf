"""Complaints as people list and read them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Row, func, select, tuple_
from sqlalchemy.orm import Session

from db.models import AnswerVersionRow, Approval, Case, ComplaintRow, DeadlineRow, SentBack, StaffMember
from db.queries.complaint_filters import Narrowed, narrowing
from db.queries.paging import read_cursor, write_cursor
from db.queries.people import names_of
from db.queries.search import holds
from domain.people import Actor


@dataclass(frozen=True)
class Wanted:
    """Which complaints."""

    state: str | None = None
    pole: str | None = None
    owner: str | None = None
    name: str | None = None
    cursor: str | None = None
    limit: int = 50
    narrowed: Narrowed = field(default_factory=Narrowed)


def listed(session: Session, actor: Actor, wanted: Wanted) -> Sequence[Row[*tuple[Any, ...]]]:
    """The complaints that the actor may see, the newest first; one more than the limit where more follow."""
    due = (
        select(func.min(DeadlineRow.due_at))
        .where(DeadlineRow.case_id == Case.id, DeadlineRow.met_at.is_(None), DeadlineRow.cancelled_at.is_(None))
        .scalar_subquery()
    )
    query = (
        select(
            Case.id,
            Case.reference,
            Case.state,
            Case.received_on,
            Case.pole,
            Case.owner_id,
            ComplaintRow.subject,
            ComplaintRow.complainant_name,
            ComplaintRow.category,
            due.label("due_at"),
        )
        .join(ComplaintRow, ComplaintRow.case_id == Case.id)
        .where(Case.procedure == "complaint", ComplaintRow.about_id.is_distinct_from(actor.id))
    )
    if wanted.state is not None:
        query = query.where(Case.state == wanted.state)
    if wanted.pole is not None:
        query = query.where(Case.pole == wanted.pole)
    if wanted.owner is not None:
        owner = select(StaffMember.id).where(StaffMember.login == wanted.owner)
        query = query.where(Case.owner_id == owner.scalar_subquery())
    if wanted.name is not None:
        query = query.where(holds(ComplaintRow.complainant_name, wanted.name))
    query = query.where(*narrowing(wanted.narrowed))
    if wanted.cursor is not None:
        query = query.where(tuple_(Case.received_on, Case.id) < tuple_(*read_cursor(wanted.cursor, date.fromisoformat)))
    return session.execute(query.order_by(Case.received_on.desc(), Case.id.desc()).limit(wanted.limit + 1)).all()


def next_cursor(row: Row[*tuple[Any, ...]]) -> str:
    """Where the next page goes on."""
    return write_cursor(row.received_on, row.id)


def current_answer(session: Session, row: ComplaintRow) -> dict[str, Any] | None:
    """The current version of the answer with its approvals, and why it was sent back."""
    if row.answer_version is None:
        return None
    key = (row.case_id, row.answer_version)
    version = session.get_one(AnswerVersionRow, key)
    approvals = session.scalars(
        select(Approval).where(Approval.case_id == key[0], Approval.version == key[1]).order_by(Approval.link)
    ).all()
    sent_back = session.get(SentBack, key)
    names = names_of(session, {version.author_id, *(approval.person_id for approval in approvals)})
    return {
        "version": version.version,
        "hash": version.hash,
        "author": names[version.author_id],
        "amends": version.amends,
        "content": version.content,
        "approved_by": [names[approval.person_id] for approval in approvals],
        "sent_back_reason": sent_back.reason if sent_back else None,
    }
