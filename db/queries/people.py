"""Who is there, with which rights, on a day."""

from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, ColumnElement, Row, Select, and_, bindparam, func, select, true
from sqlalchemy.orm import Session, undefer

from db.models import Absence, Case, StaffMember
from db.queries.lending import borrowed_on
from domain.people import Actor, Person, Staff
from domain.roles import Role


def staff_on(session: Session, day: date, *, with_load: bool = False) -> Staff:
    """Everyone who is active, with absence and deputy as of the day; their open cases where they matter."""
    load = _loads(session) if with_load else {}
    return Staff(tuple(_person(row, load) for row in session.execute(_staff(), {"day": day})))


def actor_on(session: Session, person_id: UUID, day: date) -> Actor | None:
    """A person with the rights of the day, their own and those of the absent people whom they stand in for."""
    found = session.execute(_one_and_stood_for(), {"day": day, "person_id": person_id})
    people = Staff(tuple(_person(row, {}) for row in found))
    return people.actor(person_id) if any(p.id == person_id for p in people) else None


def holds_on(day: date | BindParameter[date], absence: type[Absence] = Absence) -> ColumnElement[bool]:
    """Whether an absence holds on this day: begun, not over, not cancelled. The one condition for all who ask."""
    return and_(absence.from_on <= day, absence.back_on > day, absence.cancelled_at.is_(None))


def person_by_login(session: Session, login: str) -> StaffMember | None:
    """The member of staff who signs in with this login."""
    return session.scalar(select(StaffMember).where(StaffMember.login == login))


def with_password(session: Session, person: UUID | str) -> StaffMember | None:
    """The member of staff with this id or login, and with what their password is checked against."""
    named = StaffMember.login == person if isinstance(person, str) else StaffMember.id == person
    return session.scalar(select(StaffMember).where(named).options(undefer(StaffMember.password_hash)))


def must_change_password(session: Session, person_id: UUID) -> bool:
    """Whether the person's password is provisional: they may choose one of their own, and nothing else."""
    provisional = select(StaffMember.password_provisional).where(StaffMember.id == person_id)
    return session.scalar(provisional) or False


def names_of(session: Session, ids: set[UUID]) -> dict[UUID, str]:
    """The names of these people, for pages and answers."""
    rows = session.execute(select(StaffMember.id, StaffMember.name).where(StaffMember.id.in_(ids)))
    return {row.id: row.name for row in rows}


def names_by_login(session: Session, logins: set[str]) -> dict[str, str]:
    """The names of these people, gone or not, by login."""
    rows = session.execute(select(StaffMember.login, StaffMember.name).where(StaffMember.login.in_(logins)))
    return {row.login: row.name for row in rows}


def colleagues(session: Session, delegate: str | None = None) -> list[tuple[str, str]]:
    """Login and name of everyone who works here, by name: for the insurer, or for this delegate."""
    works_here = StaffMember.active & StaffMember.delegate.is_not_distinct_from(delegate)
    rows = session.execute(select(StaffMember.login, StaffMember.name).where(works_here))
    return sorted(((row.login, row.name) for row in rows), key=lambda one: one[1])


def delegates_of(session: Session, ids: Iterable[UUID]) -> dict[UUID, str]:
    """Those of these people who are a delegate's, and whose."""
    wanted = select(StaffMember.id, StaffMember.delegate).where(StaffMember.id.in_(set(ids)))
    rows = session.execute(wanted.where(StaffMember.delegate.is_not(None)))
    return {row.id: row.delegate or "" for row in rows}


def everyone(session: Session) -> dict[str, str]:
    """The names of all who can sign in, on whichever side, by login: to say who somebody is, never to choose from."""
    rows = session.execute(select(StaffMember.login, StaffMember.name).where(StaffMember.active))
    return {row.login: row.name for row in rows}


def handlers_on(session: Session, day: date) -> list[tuple[Person, str]]:
    """The handlers who are at work, the least loaded first, with their names."""
    staff = staff_on(session, day, with_load=True)
    present = [p for p in staff if not p.absent and not p.roles.isdisjoint({Role.HANDLER, Role.EXPERT_HANDLER})]
    names = names_of(session, {person.id for person in present})
    return [(person, names[person.id]) for person in sorted(present, key=lambda p: (p.load, p.login))]


@cache
def _one_and_stood_for() -> Select[*tuple[Any, ...]]:
    """Built once, as every request asks it: `person_id` with those whom they stand in for on `day`."""
    staff, person_id = _staff().subquery(), bindparam("person_id", type_=StaffMember.id.type)
    return select(staff).where((staff.c.id == person_id) | (staff.c.absent & (staff.c.standing_in == person_id)))


@cache
def _staff() -> Select[*tuple[Any, ...]]:
    """Who is active on `day`, with absence and deputy, and what is lent to them."""
    day = bindparam("day", type_=Absence.from_on.type)
    away = (
        select(Absence.id, Absence.deputy_id)
        .where(Absence.person_id == StaffMember.id, holds_on(day))
        .order_by(Absence.from_on)
        .limit(1)
        .lateral("away")
    )
    return (
        select(
            StaffMember.id,
            StaffMember.login,
            StaffMember.roles,
            StaffMember.pole,
            StaffMember.skills,
            StaffMember.password_provisional,
            StaffMember.delegate,
            away.c.id.is_not(None).label("absent"),
            func.coalesce(away.c.deputy_id, StaffMember.deputy_id).label("standing_in"),
            borrowed_on(day).label("borrowed"),
        )
        .join(away, true(), isouter=True)
        .where(StaffMember.active)
        .order_by(StaffMember.login)
    )


def _person(row: Row[*tuple[Any, ...]], load: dict[UUID, int]) -> Person:
    return Person(
        id=row.id,
        login=row.login,
        roles=frozenset(Role(role) for role in row.roles),
        pole=row.pole,
        skills=frozenset(row.skills),
        absent=row.absent,
        deputy_id=row.standing_in,
        load=load.get(row.id, 0),
        password_provisional=row.password_provisional,
        delegate=row.delegate,
        borrowed=frozenset(row.borrowed),
    )


def _loads(session: Session) -> dict[UUID, int]:
    counted = select(Case.owner_id, func.count()).where(Case.ended_at.is_(None)).group_by(Case.owner_id)
    return {owner: count for owner, count in session.execute(counted) if owner is not None}
