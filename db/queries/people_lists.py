"""People as an administrator lists them, and the absences that are present or to come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select, tuple_
from sqlalchemy.orm import Session, aliased

from db.models import Absence, Case, DelegateRow, StaffMember
from db.queries.cases import seen_by
from db.queries.people import holds_on
from db.queries.search import holds
from domain.refusals import Invalid
from domain.roles import Role

Deputy = aliased(StaffMember)
Away = aliased(Absence)


@dataclass(frozen=True)
class Wanted:
    """Which people; those who have left on demand only. `name` is part of a name, without regard to accents and
    capitals; `after` is the last one of the page before.
    """

    role: str | None = None
    pole: str | None = None
    gone: bool = False
    after: UUID | None = None
    limit: int = 50
    name: str | None = None


@dataclass(frozen=True)
class Entry:
    """Somebody, with their deputy's login, the day of being back if they are away, and how many open cases they own."""

    person: StaffMember
    deputy: str | None
    back_on: date | None
    open_cases: int


def listed(session: Session, wanted: Wanted, today: date) -> list[Entry]:
    """People by name, whatever the form of address, accents and capitals; one more than the limit where more follow."""
    query = _entries(today).order_by(_by_name(), StaffMember.id).limit(wanted.limit + 1)
    if not wanted.gone:
        query = query.where(StaffMember.active)
    if wanted.role is not None:
        query = query.where(StaffMember.roles.contains([wanted.role]))
    if wanted.pole is not None:
        query = query.where(StaffMember.pole == wanted.pole)
    if wanted.name is not None:
        query = query.where(holds(StaffMember.name, wanted.name))
    if wanted.after is not None:
        last = session.execute(select(_by_name()).where(StaffMember.id == wanted.after)).one_or_none()
        if last is None:
            raise Invalid("No page has given this cursor.", "Start again without one.", field="cursor")
        query = query.where(tuple_(_by_name(), StaffMember.id) > tuple_(*last, wanted.after))
    return [Entry(*row) for row in session.execute(query)]


def entry(session: Session, login: str, today: date) -> Entry | None:
    """One person, gone or not."""
    row = session.execute(_entries(today).where(StaffMember.login == login)).one_or_none()
    return Entry(*row) if row is not None else None


def absences(session: Session, today: date) -> Sequence[tuple[Absence, str, str, str | None]]:
    """Absences that are present or to come, the earliest first: each with login and name, and who stands in."""
    rows = session.execute(
        select(Absence, StaffMember.login, StaffMember.name, Deputy.login)
        .join(StaffMember, StaffMember.id == Absence.person_id)
        .join(Deputy, Deputy.id == func.coalesce(Absence.deputy_id, StaffMember.deputy_id), isouter=True)
        .where(Absence.back_on > today, Absence.cancelled_at.is_(None), StaffMember.active)
        .order_by(Absence.from_on, StaffMember.login, Absence.id)
    )
    return [(row[0], row[1], row[2], row[3]) for row in rows]


def deputies(session: Session, delegate: str | None = None) -> Sequence[tuple[str, str]]:
    """Login and name of everyone who can be named deputy on one side: an administrator stands in for nobody."""
    rows = session.execute(
        select(StaffMember.login, StaffMember.name)
        .where(StaffMember.active, StaffMember.delegate.is_not_distinct_from(delegate))
        .where(~StaffMember.roles.contains([str(Role.ADMINISTRATOR)]))
        .order_by(_by_name(), StaffMember.id)
    )
    return [(row.login, row.name) for row in rows]


def delegates(session: Session) -> Sequence[tuple[str, str]]:
    """Code and name of every delegate, by name."""
    rows = session.execute(select(DelegateRow.code, DelegateRow.name).order_by(DelegateRow.name, DelegateRow.code))
    return [(row.code, row.name) for row in rows]


def owned_by(session: Session, person_id: UUID, reader: UUID) -> Sequence[str]:
    """The references of the open cases that somebody owns, as far as the reader sees them."""
    wanted = select(Case.reference).where(Case.owner_id == person_id, Case.ended_at.is_(None), seen_by(reader, Case.id))
    return session.scalars(wanted.order_by(Case.reference)).all()


def names_of_those_without(session: Session, deputy_id: UUID) -> Sequence[str]:
    """The names of those who would have no deputy if this person left."""
    wanted = select(StaffMember.name).where(StaffMember.deputy_id == deputy_id, StaffMember.active)
    return session.scalars(wanted.order_by(_by_name())).all()


def stood_in_for(session: Session, person_id: UUID, today: date) -> Sequence[tuple[str, date]]:
    """Whom somebody stands in for today, and when each of them is back."""
    rows = session.execute(
        select(StaffMember.name, func.max(Absence.back_on))
        .join(Absence, Absence.person_id == StaffMember.id)
        .where(holds_on(today), StaffMember.active)
        .where(func.coalesce(Absence.deputy_id, StaffMember.deputy_id) == person_id)
        .group_by(StaffMember.id)
        .order_by(_by_name())
    )
    return [(row[0], row[1]) for row in rows]


def _by_name() -> ColumnElement[str]:
    plain: ColumnElement[str] = func.plain(func.regexp_replace(StaffMember.name, r"^(M\.|Mme|Mx)\s+", ""))
    return plain.collate("C")


def _entries(today: date) -> Select[*tuple[Any, ...]]:
    back_on = (
        select(func.max(Away.back_on)).where(Away.person_id == StaffMember.id, holds_on(today, Away)).scalar_subquery()
    )
    owned = (
        select(func.count())
        .select_from(Case)
        .where(Case.owner_id == StaffMember.id, Case.ended_at.is_(None))
        .scalar_subquery()
    )
    return select(StaffMember, Deputy.login, back_on, owned).join(
        Deputy, Deputy.id == StaffMember.deputy_id, isouter=True
    )
