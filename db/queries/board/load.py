"""How much each person carries, and who is away: of a pole, its people; whatever the pole of their cases. And what
nobody has taken in hand yet.
"""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import distinct, func, select
from sqlalchemy.orm import Session

from db.models import Case, StaffMember, TaskRow
from db.queries.board.counts import Counted
from db.queries.board.holds import Away, away_on
from db.queries.board.scope import Scope
from db.queries.case_filters import Narrowed, offered_to_roles
from db.queries.case_lists import WantedCases
from domain.people import person_hat
from domain.roles import Role


@dataclass(frozen=True)
class Load:
    """What one person carries: open cases of theirs, open tasks offered to them by name or claimed, those overdue.

    What is offered to a role is nobody's in particular, and not counted here.
    """

    person_id: UUID
    login: str
    name: str
    roles: tuple[Role, ...]
    pole: str | None
    open_cases: Counted
    tasks: Counted
    overdue: Counted
    back_on: date | None = None
    deputy_id: UUID | None = None


def load(session: Session, scope: Scope) -> tuple[Load, ...]:
    """Everybody who works here or still has something open, the most loaded first."""
    owned = _owned(session, scope)
    tasks, overdue = _tasks(session, scope)
    away = away_on(session, scope.today.day)
    people = select(StaffMember).order_by(StaffMember.login)
    if scope.pole is not None:
        people = people.where(StaffMember.pole == scope.pole)
    found = [
        _load(person, scope, (owned[person.id], tasks[person.id], overdue[person.id]), away.get(person.id))
        for person in session.scalars(people)
        if person.active or owned[person.id] or tasks[person.id]
    ]
    return tuple(sorted(found, key=lambda one: (-one.open_cases.count, -one.tasks.count, one.login)))


@dataclass(frozen=True)
class Untaken:
    """Open tasks of one kind that are offered to several, and that nobody has taken in hand; the oldest since then."""

    procedure: str
    kind: str
    since: datetime
    counted: Counted
    overdue: Counted


def untaken(session: Session, scope: Scope) -> tuple[Untaken, ...]:
    """By procedure and kind, the oldest first. What is offered to one person by name is theirs already."""
    cases = func.count(distinct(TaskRow.case_id))
    late = cases.filter(TaskRow.due_at < scope.today.now)
    counted = (
        select(Case.procedure, TaskRow.kind, func.min(TaskRow.opened_at), cases, late)
        .join(Case, Case.id == TaskRow.case_id)
        .where(offered_to_roles(), scope.cases())
        .group_by(Case.procedure, TaskRow.kind)
        .order_by(func.min(TaskRow.opened_at), Case.procedure, TaskRow.kind)
    )
    return tuple(_untaken(scope, *row) for row in session.execute(counted))


def _untaken(scope: Scope, procedure: str, kind: str, since: datetime, count: int, late: int) -> Untaken:
    offered = Narrowed(untaken=kind)
    overdue = replace(offered, task_due_before=scope.today.now)
    return Untaken(
        procedure,
        kind,
        since,
        Counted(count, WantedCases(procedure, scope.pole, narrowed=offered)),
        Counted(late, WantedCases(procedure, scope.pole, narrowed=overdue)),
    )


def _owned(session: Session, scope: Scope) -> Counter[UUID]:
    everywhere = replace(scope, pole=None)
    counted = select(Case.owner_id, func.count()).where(Case.ended_at.is_(None), everywhere.cases())
    rows = session.execute(counted.group_by(Case.owner_id))
    return Counter({owner: count for owner, count in rows if owner is not None})


def _tasks(session: Session, scope: Scope) -> tuple[Counter[UUID], Counter[UUID]]:
    """Per person, the open tasks and those that are overdue: grouped by the few sets of hats that there are."""
    late = func.count().filter(TaskRow.due_at < scope.today.now)
    counted = (
        select(TaskRow.offered_to, TaskRow.claimed_by, func.count(), late)
        .where(TaskRow.closed_at.is_(None), scope.sees(TaskRow.case_id))
        .group_by(TaskRow.offered_to, TaskRow.claimed_by)
    )
    tasks: Counter[UUID] = Counter()
    overdue: Counter[UUID] = Counter()
    for hats, claimed_by, count, late_ones in session.execute(counted):
        for person in _named(hats) | ({claimed_by} if claimed_by else set()):
            tasks[person] += count
            overdue[person] += late_ones
    return tasks, overdue


def _named(hats: list[str]) -> set[UUID]:
    """Whom these hats name in person."""
    begins = person_hat(UUID(int=0)).partition(":")[0] + ":"
    return {UUID(hat.removeprefix(begins)) for hat in hats if hat.startswith(begins)}


def _load(person: StaffMember, scope: Scope, numbers: tuple[int, int, int], away: Away | None) -> Load:
    owned, tasks, overdue = numbers
    held, late = Narrowed(held_by=person.login), Narrowed(held_by=person.login, task_due_before=scope.today.now)
    return Load(
        person_id=person.id,
        login=person.login,
        name=person.name,
        roles=tuple(Role(role) for role in person.roles),
        pole=person.pole,
        open_cases=Counted(owned, WantedCases(owner=person.login, narrowed=Narrowed(is_open=True))),
        tasks=Counted(tasks, WantedCases(narrowed=held)),
        overdue=Counted(overdue, WantedCases(narrowed=late)),
        back_on=away.back_on if away else None,
        deputy_id=away.deputy_id if away else person.deputy_id,
    )
