"""Claims as people list and read them: those under control and those that are cleared, page by page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, func, select, tuple_
from sqlalchemy.orm import Session

from db.models import (
    ClaimApproval,
    ClaimDecision,
    ClaimDocument,
    ClaimRow,
    ClaimSentBack,
    DeadlineRow,
    DocumentRequest,
    Pause,
    StaffMember,
)
from db.queries.concerned import concerns
from db.queries.paging import read_cursor, write_cursor
from domain.claim.words import ControlReason
from domain.people import Actor

Line = Row[*tuple[Any, ...]]


@dataclass(frozen=True)
class WantedClaims:
    """Which claims. `controlled`: those with a case, or those without."""

    state: str | None = None
    category: str | None = None
    reason: str | None = None
    pole: str | None = None
    entered_by: str | None = None
    controlled: bool | None = None
    cursor: str | None = None
    limit: int = 50


@dataclass(frozen=True)
class Judged:
    """One version of the decision with what became of it."""

    decision: ClaimDecision
    approvals: tuple[ClaimApproval, ...]
    sent_back: ClaimSentBack | None


def listed(session: Session, actor: Actor, wanted: WantedClaims) -> Sequence[Line]:
    """The claims that the actor may see, the newest first; one more than the limit where more follow."""
    lines = _lines().where(~concerns(actor.id), *_filters(wanted))
    if wanted.cursor is not None:
        after = tuple_(*read_cursor(wanted.cursor, date.fromisoformat))
        lines = lines.where(tuple_(ClaimRow.received_on, ClaimRow.id) < after)
    newest = (ClaimRow.received_on.desc(), ClaimRow.id.desc())
    return session.execute(lines.order_by(*newest).limit(wanted.limit + 1)).all()


def next_page(rows: Sequence[Line], limit: int) -> str | None:
    """Where the next page goes on."""
    return write_cursor(rows[limit - 1].received_on, rows[limit - 1].id) if len(rows) > limit else None


def visible_claim(session: Session, reference: str, actor: Actor) -> ClaimRow | None:
    """The claim with this reference, under control or not, if the actor may see it."""
    return session.scalar(select(ClaimRow).where(ClaimRow.reference == reference, ~concerns(actor.id)))


def _lines() -> Select[*tuple[Any, ...]]:
    still_open = (DeadlineRow.met_at.is_(None), DeadlineRow.cancelled_at.is_(None))
    due = select(func.min(DeadlineRow.due_at)).where(DeadlineRow.case_id == ClaimRow.case_id, *still_open)
    return select(
        ClaimRow.id,
        ClaimRow.reference,
        ClaimRow.number,
        ClaimRow.state,
        ClaimRow.case_id,
        ClaimRow.received_on,
        ClaimRow.category,
        ClaimRow.kind,
        ClaimRow.amount_cents,
        ClaimRow.payable_cents,
        ClaimRow.pole,
        ClaimRow.reasons,
        ClaimRow.entered_by,
        due.correlate(ClaimRow).scalar_subquery().label("due_at"),
    )


def _filters(wanted: WantedClaims) -> list[ColumnElement[bool]]:
    equal = {ClaimRow.state: wanted.state, ClaimRow.category: wanted.category, ClaimRow.pole: wanted.pole}
    filters = [column == value for column, value in equal.items() if value is not None]
    if wanted.reason is not None:
        filters.append(ClaimRow.reasons.contains([ControlReason(wanted.reason)]))
    if wanted.entered_by is not None:
        person = select(StaffMember.id).where(StaffMember.login == wanted.entered_by)
        filters.append(ClaimRow.entered_by == person.scalar_subquery())
    controlled = True if wanted.reason is not None else wanted.controlled
    if controlled is not None:
        filters.append(ClaimRow.case_id.is_not(None) if controlled else ClaimRow.case_id.is_(None))
    return filters


def judged(session: Session, case_id: UUID) -> list[Judged]:
    """All versions of the decision, the newest first."""
    versions = session.scalars(
        select(ClaimDecision).where(ClaimDecision.case_id == case_id).order_by(ClaimDecision.version.desc())
    ).all()
    approvals = session.scalars(
        select(ClaimApproval).where(ClaimApproval.case_id == case_id).order_by(ClaimApproval.link)
    ).all()
    sent_back = session.scalars(select(ClaimSentBack).where(ClaimSentBack.case_id == case_id)).all()
    return [
        Judged(
            one,
            tuple(approval for approval in approvals if approval.version == one.version),
            next((back for back in sent_back if back.version == one.version), None),
        )
        for one in versions
    ]


def documents(session: Session, case_id: UUID) -> Sequence[ClaimDocument]:
    """The documents of a claim, in the order in which they came."""
    wanted = select(ClaimDocument).where(ClaimDocument.case_id == case_id, ClaimDocument.added_at.is_not(None))
    return session.scalars(wanted.order_by(ClaimDocument.added_at, ClaimDocument.id)).all()


def requests(session: Session, case_id: UUID) -> Sequence[DocumentRequest]:
    """What the member was asked for, the newest request first."""
    wanted = select(DocumentRequest).where(DocumentRequest.case_id == case_id)
    return session.scalars(wanted.order_by(DocumentRequest.asked_at.desc())).all()


def pauses(session: Session, case_id: UUID) -> Sequence[Pause]:
    """When the claim's own clock stood still."""
    return session.scalars(select(Pause).where(Pause.case_id == case_id).order_by(Pause.from_at)).all()
