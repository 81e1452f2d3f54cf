"""Complaints as people list and read them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, any_, func, literal, select, tuple_
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from db.models import AnswerVersionRow, Approval, Case, ComplaintRow, ComplaintWords, DeadlineRow, SentBack, StaffMember
from db.queries.case_filters import Narrowed, narrowing
from db.queries.paging import read_cursor, write_cursor
from db.queries.people import names_of
from db.queries.search import few_hits, has_reference, holds, matches
from domain.people import Actor
from domain.search import Sought


@dataclass(frozen=True)
class Wanted:
    """Which complaints. `received_until` is the last day that counts."""

    state: str | None = None
    pole: str | None = None
    owner: str | None = None
    name: str | None = None
    category: str | None = None
    channel: str | None = None
    finding: str | None = None
    theme: str | None = None
    received_from: date | None = None
    received_until: date | None = None
    cursor: str | None = None
    limit: int = 50
    narrowed: Narrowed = field(default_factory=Narrowed)


Line = Row[*tuple[Any, ...]]
Lines = Select[*tuple[Any, ...]]


def listed(session: Session, actor: Actor, wanted: Wanted) -> Sequence[Line]:
    """The complaints that the actor may see, the newest first; one more than the limit where more follow."""
    return _page(session, _lines(actor, wanted), wanted)


def found(session: Session, actor: Actor, wanted: Wanted, sought: Sought) -> Sequence[Line]:
    """Those of them that have what is sought: the case with this reference, or else whatever has the words.

    Few hits are looked up one by one, of many the list itself is read until a page is full: the database cannot know
    beforehand which it will be.
    """
    lines = _lines(actor, wanted)
    with_words = lines.join(ComplaintWords, ComplaintWords.case_id == Case.id)
    if sought.reference is not None and sought.reference.may_be("REC"):
        by_reference = _page(session, with_words.where(has_reference(sought.reference)), wanted)
        if by_reference:
            return by_reference
    hits = few_hits(session, sought)
    if hits is None:
        return _page(session, with_words.where(matches(sought)), wanted)
    return _page(session, lines.where(Case.id == any_(literal(hits, ARRAY(Case.id.type)))), wanted) if hits else []


def _page(session: Session, lines: Lines, wanted: Wanted) -> Sequence[Line]:
    return session.execute(lines.order_by(Case.received_on.desc(), Case.id.desc()).limit(wanted.limit + 1)).all()


def _lines(actor: Actor, wanted: Wanted) -> Lines:
    due = (
        select(func.min(DeadlineRow.due_at))
        .where(DeadlineRow.case_id == Case.id, DeadlineRow.met_at.is_(None), DeadlineRow.cancelled_at.is_(None))
        .scalar_subquery()
    )
    return (
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
        .where(Case.procedure == "complaint", ComplaintRow.about_id.is_distinct_from(actor.id), *_filters(wanted))
    )


def _filters(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    columns = {"state": Case.state, "pole": Case.pole} | {
        name: getattr(ComplaintRow, name) for name in ("category", "channel", "finding", "theme")
    }
    for name, column in columns.items():
        if getattr(wanted, name) is not None:
            yield column == getattr(wanted, name)
    if wanted.owner is not None:
        owner = select(StaffMember.id).where(StaffMember.login == wanted.owner)
        yield Case.owner_id == owner.scalar_subquery()
    if wanted.name is not None:
        yield holds(ComplaintRow.complainant_name, wanted.name)
    if wanted.received_from is not None:
        yield Case.received_on >= wanted.received_from
    if wanted.received_until is not None:
        yield Case.received_on <= wanted.received_until
    yield from narrowing(wanted.narrowed)
    if wanted.cursor is not None:
        yield tuple_(Case.received_on, Case.id) < tuple_(*read_cursor(wanted.cursor, date.fromisoformat))


def next_page(rows: Sequence[Line], limit: int) -> str | None:
    """Where the next page goes on, if more follow than these."""
    return write_cursor(rows[limit - 1].received_on, rows[limit - 1].id) if len(rows) > limit else None


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
