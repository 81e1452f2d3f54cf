"""What an alarm listens to: how much waits, since when, and what is late. Counts and ages only, nobody's data."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, false, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from db.models import Case, CommandRow, DeadlineRow, LetterRow, StaffMessage
from db.queries.reminder import last_canary


@dataclass(frozen=True)
class Waiting:
    """How many there are, and the age of the oldest."""

    count: int
    oldest: timedelta


@dataclass(frozen=True)
class Pulse:
    """The register at one instant of business time."""

    open_cases: Mapping[tuple[str, str], int]
    """By procedure and state."""
    overdue: Mapping[str, int]
    """Open deadlines that are past, by name."""
    due_within_a_day: Mapping[str, int]
    commands: Waiting
    letters: Waiting
    messages: Waiting
    possible_doubles: int
    canary: timedelta | None
    """Since the canary's timer last fired; None before its first time."""


def pulse(session: Session, now: datetime) -> Pulse:
    """Read it all; each query has an index over what is open, so that the register's size does not matter."""
    counted = select(Case.procedure, Case.state, func.count()).where(Case.ended_at.is_(None))
    rows = session.execute(counted.group_by(Case.procedure, Case.state)).all()
    last = last_canary(session)
    return Pulse(
        open_cases={(procedure, state): count for procedure, state, count in rows},
        overdue=_due(session, None, now),
        due_within_a_day=_due(session, now, now + timedelta(days=1)),
        commands=_waiting(session, CommandRow.at, CommandRow.status == "received", now),
        letters=_waiting(session, LetterRow.requested_at, _undelivered(now), now),
        messages=_waiting(session, StaffMessage.leaves_at, _unsent(now), now),
        possible_doubles=session.scalar(_doubles) or 0,
        canary=now - last if last is not None else None,
    )


_doubles = select(func.sum(LetterRow.possible_doubles)).where(LetterRow.possible_doubles > 0)


def _undelivered(now: datetime) -> ColumnElement[bool]:
    """Letters that have not left; one that lies in a post to come waits for nothing but its day."""
    lies_in_the_post = LetterRow.posted_on.is_not(None) & (LetterRow.posted_on >= now.date())
    return LetterRow.handed_over_at.is_(None) & ~func.coalesce(lies_in_the_post, false())


def _due(session: Session, after: datetime | None, until: datetime) -> Mapping[str, int]:
    """The open deadlines that are due in this time, by name."""
    wanted = select(DeadlineRow.name, func.count()).where(
        DeadlineRow.met_at.is_(None), DeadlineRow.cancelled_at.is_(None), DeadlineRow.due_at < until
    )
    if after is not None:
        wanted = wanted.where(DeadlineRow.due_at >= after)
    return {row.name: row[1] for row in session.execute(wanted.group_by(DeadlineRow.name))}


def _waiting(
    session: Session, since: InstrumentedAttribute[datetime], is_open: ColumnElement[bool], now: datetime
) -> Waiting:
    count, oldest = session.execute(select(func.count(), func.min(since)).where(is_open)).one()
    return Waiting(count, max(now - oldest, timedelta(0)) if oldest is not None else timedelta(0))


def _unsent(now: datetime) -> ColumnElement[bool]:
    return StaffMessage.sent_at.is_(None) & (StaffMessage.leaves_at <= now)
