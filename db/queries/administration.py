"""What an administrator looks at: the ledger of accounts, the calendar's days, what waits to leave the house."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, case, literal, select, tuple_, union_all
from sqlalchemy.orm import Session, aliased

from db.models import AdministrationLine, CalendarDay, Case, LetterRow, StaffMember, StaffMessage
from db.models.letter import Attempts
from db.queries.cases import seen_by
from db.queries.paging import read_cursor, write_cursor

Actor = aliased(StaffMember)


@dataclass(frozen=True)
class Line:
    """A line of the ledger with the logins of both; nobody acted where a program did."""

    row: AdministrationLine
    actor: str | None
    person: str


@dataclass(frozen=True)
class Leaving:
    """A letter of a case, or a message to staff, that waits, fails, or may have left twice."""

    id: UUID
    what: str
    kind: str
    case: str | None
    since: datetime
    handed_over: bool
    attempts: int
    possible_doubles: int
    last_error: str | None

    @property
    def standing(self) -> str:
        """`possible_double` once it has left, `failing` after an attempt that failed, else `waiting`."""
        if self.handed_over:
            return "possible_double"
        return "failing" if self.last_error else "waiting"

    @property
    def error(self) -> str | None:
        """The last error as a code; what a mail server says may quote an address, and stays on the case."""
        return error_code(self.last_error) if self.last_error else None


def ledger(session: Session, before: int | None = None, person: str | None = None, limit: int = 50) -> list[Line]:
    """The ledger, the newest line first; one more than the limit where more follow. `person`: what was done to them."""
    wanted = (
        select(AdministrationLine, Actor.login, StaffMember.login)
        .join(StaffMember, StaffMember.id == AdministrationLine.person_id)
        .join(Actor, Actor.id == AdministrationLine.actor_id, isouter=True)
        .order_by(AdministrationLine.order.desc())
        .limit(limit + 1)
    )
    if before is not None:
        wanted = wanted.where(AdministrationLine.order < before)
    if person is not None:
        wanted = wanted.where(StaffMember.login == person)
    return [Line(*row) for row in session.execute(wanted)]


def calendar_days(session: Session) -> Sequence[CalendarDay]:
    """Public holidays and closing days, in their order."""
    return session.scalars(select(CalendarDay).order_by(CalendarDay.day, CalendarDay.kind)).all()


def outgoing(
    session: Session, reader: UUID, now: datetime, cursor: str | None = None, limit: int = 50
) -> list[Leaving]:
    """What waits, fails or may be double, the oldest first; one more than the limit where more follow. What leaves for
    a case about the reader is not told to them.
    """
    mine = Case.id.is_(None) | seen_by(reader, Case.id)
    both = union_all(_letters().where(mine), _messages(now).where(mine)).subquery()
    wanted = select(both).order_by(both.c.since, both.c.id).limit(limit + 1)
    if cursor is not None:
        since, after = read_cursor(cursor, datetime.fromisoformat)
        wanted = wanted.where(tuple_(both.c.since, both.c.id) > tuple_(literal(since), literal(after)))
    return [Leaving(*row) for row in session.execute(wanted)]


def outgoing_cursor(last: Leaving) -> str:
    """The cursor of what follows this."""
    return write_cursor(last.since, last.id)


def error_code(told: str) -> str:
    """`smtp_550` for what a mail server answered, the error's name for what never reached one, else `other`."""
    answered = re.match(r"([1-5]\d\d)\b", told)
    if answered:
        return f"smtp_{answered[1]}"
    named = re.fullmatch(r"([A-Za-z_]+)(:.*)?", told, re.DOTALL)
    return named[1] if named else "other"


def _letters() -> Select[*tuple[Any, ...]]:
    return (
        select(
            LetterRow.id,
            literal("letter").label("what"),
            LetterRow.kind.label("kind"),
            Case.reference.label("case"),
            LetterRow.requested_at.label("since"),
            LetterRow.handed_over_at.is_not(None).label("handed_over"),
            *_attempts(LetterRow),
        )
        .join(Case, Case.id == LetterRow.case_id)
        .where(LetterRow.handed_over_at.is_(None) | (LetterRow.possible_doubles > 0))
    )


def _messages(now: datetime) -> Select[*tuple[Any, ...]]:
    """Messages that leave in the next hours do not wait yet."""
    return (
        select(
            StaffMessage.id,
            literal("message"),
            case((StaffMessage.digest_at.is_not(None), "digest"), else_="reminder"),
            Case.reference,
            StaffMessage.leaves_at,
            StaffMessage.sent_at.is_not(None),
            *_attempts(StaffMessage),
        )
        .join(Case, Case.id == StaffMessage.case_id, isouter=True)
        .where((StaffMessage.sent_at.is_(None) & (StaffMessage.leaves_at <= now)) | (StaffMessage.possible_doubles > 0))
    )


def _attempts(sent: type[Attempts]) -> list[ColumnElement[Any]]:
    return [sent.attempts, sent.possible_doubles, sent.last_error]  # type: ignore[list-item]
