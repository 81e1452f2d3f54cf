"""How much each person carries, and who is away: of a pole, its people; whatever the pole of their cases."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.models import Case, StaffMember, TaskRow
from db.queries.board.counts import Counted
from db.queries.board.holds import Away, away_on
from db.queries.board.scope import Scope
from db.queries.complaint_filters import Narrowed
from db.queries.complaint_lists import Wanted
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
        .where(TaskRow.closed_at.is_(None), scope.sees_complaint(TaskRow.case_id))
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
        open_cases=Counted(owned, Wanted(owner=person.login, narrowed=Narrowed(is_open=True))),
        tasks=Counted(tasks, Wanted(narrowed=held)),
        overdue=Counted(overdue, Wanted(narrowed=late)),
        back_on=away.back_on if away else None,
        deputy_id=away.deputy_id if away else person.deputy_id,
    )
