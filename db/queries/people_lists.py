"""People as an administrator lists them, and the absences that are present or to come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select, tuple_
from sqlalchemy.orm import Session, aliased

from db.models import Absence, Case, StaffMember
from domain.refusals import Invalid

Deputy = aliased(StaffMember)
Away = aliased(Absence)


@dataclass(frozen=True)
class Wanted:
    """Which people; those who have left on demand only. `after` is the last one of the page before."""

    role: str | None = None
    pole: str | None = None
    gone: bool = False
    after: UUID | None = None
    limit: int = 50


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


def _by_name() -> ColumnElement[str]:
    plain: ColumnElement[str] = func.plain(func.regexp_replace(StaffMember.name, r"^(M\.|Mme|Mx)\s+", ""))
    return plain.collate("C")


def _entries(today: date) -> Select[*tuple[Any, ...]]:
    back_on = (
        select(func.max(Away.back_on))
        .where(Away.person_id == StaffMember.id, Away.from_on <= today, Away.back_on > today)
        .where(Away.cancelled_at.is_(None))
        .scalar_subquery()
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
