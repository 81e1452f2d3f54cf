"""Absences: who is away, and what that changes for tasks that are open."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import cast, select
from sqlalchemy.dialects.postgresql import ARRAY, TEXT
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from db.commands.command import Ask, key_reused, receive_from_machine
from db.models import Absence, TaskRow
from db.queries.people import staff_on
from domain.commands import MachineCommand
from domain.people import Actor


@dataclass(frozen=True)
class Away:
    """Who is away, from which day, the day of being back, and who stands in if not the usual deputy."""

    person_id: UUID
    from_on: date
    back_on: date
    deputy_id: UUID | None = None


def record_absence(session: Session, away: Away, ask: Ask, actor: Actor, at: datetime, today: date) -> Absence:
    """Keep an absence; when it holds today, the tasks of the person are offered again to who is there.

    The deputy sees them without that: they wear the absent person's hats. Offering again raises a task one level up
    where nobody is left. Source: procedures, section 1 step 7
    """
    row = Absence(
        id=uuid7(),
        person_id=away.person_id,
        from_on=away.from_on,
        back_on=away.back_on,
        deputy_id=away.deputy_id,
        recorded_by=actor.id,
        recorded_at=at,
        idempotency_key=ask.key,
        body_hash=ask.hash,
    )
    session.add(row)
    session.flush()
    if away.from_on <= today < away.back_on:
        _reoffer(session, _cases_with_tasks_of(session, [away.person_id], today), at, str(row.id))
    return row


def already_recorded(session: Session, actor: Actor, ask: Ask) -> Absence | None:
    """The same absence, if this person has recorded it before. Raises KeyReused when its key named something else."""
    row = session.scalar(select(Absence).where(Absence.recorded_by == actor.id, Absence.idempotency_key == ask.key))
    if row is not None and row.body_hash != ask.hash:
        raise key_reused()
    return row


def offer_again(session: Session, today: date, at: datetime) -> None:
    """The day begins: tasks of those who are away are offered to who is there, and those that had been raised one
    level up, or left to nobody, come back to those they were meant for.
    """
    away = [person.id for person in staff_on(session, today) if person.absent]
    elsewhere = (TaskRow.offered_to != TaskRow.meant_for) | TaskRow.nobody_left
    raised = select(TaskRow.case_id).where(TaskRow.closed_at.is_(None), elsewhere)
    cases = {*_cases_with_tasks_of(session, away, today), *session.scalars(raised)}
    _reoffer(session, sorted(cases), at, today.isoformat())


def _reoffer(session: Session, cases: Iterable[UUID], at: datetime, about: str) -> None:
    for case_id in cases:
        receive_from_machine(session, MachineCommand(case_id, "reoffer", at, about))


def _cases_with_tasks_of(session: Session, people: Iterable[UUID], today: date) -> list[UUID]:
    staff = staff_on(session, today)
    hats = sorted(frozenset[str]().union(*(staff.get(person_id).own_hats for person_id in people)))
    wanted = select(TaskRow.case_id).where(
        TaskRow.closed_at.is_(None), TaskRow.offered_to.op("&&")(cast(hats, ARRAY(TEXT)))
    )
    return list(session.scalars(wanted.distinct()))
