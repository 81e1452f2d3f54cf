"""Absences: who is away, and what that changes for tasks that are open."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from db.commands.administration import Act, Consequences, Noted, note
from db.commands.backlog_morning import judge_places_of
from db.commands.command import Ask, key_reused
from db.commands.reoffer import cases_offered_to, raised_cases, references, reoffer
from db.models import Absence, StaffMember
from db.queries.people import staff_on
from domain.absences import check_days_away, check_not_away_already
from domain.accounts import AccountEvent
from domain.people import Actor, Hat, Staff, person_hat
from domain.policy import PolicyBook
from domain.refusals import AbsenceOver


@dataclass(frozen=True)
class Away:
    """Who is away, from which day, the day of being back, and who stands in if not the usual deputy."""

    person_id: UUID
    from_on: date
    back_on: date
    deputy_id: UUID | None = None


def record_absence(
    session: Session, away: Away, ask: Ask, actor: Actor, at: datetime, today: date, book: PolicyBook
) -> Absence:
    """Keep an absence; when it holds today, the tasks of the person are offered again to who is there. Their places in
    sessions to come are judged anew at once: on a day of absence they have none.

    The deputy sees them without that: they wear the absent person's hats. Offering again raises a task one level up
    where nobody is left. Raises Invalid, AbsenceOverlaps. Source: procedures, section 1 step 7
    """
    check_days_away(away.from_on, away.back_on, today)
    check_not_away_already(_overlaps(session, away))
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
    judge_places_of(session, [away.person_id], at, book)
    cases = _of_people(session, [away.person_id], today) if away.from_on <= today < away.back_on else []
    reoffer(session, cases, at, str(row.id))
    told = {"from_on": {"to": away.from_on}, "back_on": {"to": away.back_on}}
    again = Consequences(offered_again=references(session, cases))
    act = Act(actor, ask, at, today)
    note(session, act, Noted(away.person_id, AccountEvent.ABSENCE_RECORDED, told, again), follows=True)
    return row


def lock_person(session: Session, person_id: UUID) -> None:
    """Absences of one person are recorded one after the other."""
    session.get_one(StaffMember, person_id, with_for_update={"key_share": True})


def _overlaps(session: Session, away: Away) -> bool:
    """Whether another absence of the person, not cancelled, has a day of this one."""
    same_days = Absence.from_on < away.back_on, Absence.back_on > away.from_on
    standing = select(Absence.id).where(Absence.person_id == away.person_id, Absence.cancelled_at.is_(None), *same_days)
    return session.scalar(standing.limit(1)) is not None


def end_absence(session: Session, row: Absence, act: Act, book: PolicyBook) -> None:
    """Cancel an absence of which no day has passed, or end one early: the person is back today. Where they wait for a
    place, it can be theirs again.

    What had been raised or left to nobody meanwhile comes back to those it was meant for; what the deputy holds is
    free. Raises AbsenceOver. Source: procedures, section 1 step 7
    """
    if row.cancelled_at is not None or row.back_on <= act.today:
        raise AbsenceOver("This absence has ended, or was cancelled.", "Look at GET /api/v1/absences for the others.")
    concerned = row.from_on <= act.today
    changes = {"from_on": {"from": row.from_on}, "back_on": {"from": row.back_on, "to": act.today}}
    event = AccountEvent.ABSENCE_ENDED
    if row.from_on >= act.today:
        row.cancelled_at, event = act.at, AccountEvent.ABSENCE_CANCELLED
        changes["back_on"].pop("to")
    else:
        row.back_on = act.today
    session.flush()
    judge_places_of(session, [row.person_id], act.at, book)
    cases = sorted({*_of_people(session, [row.person_id], act.today), *raised_cases(session)}) if concerned else []
    line = uuid7()
    reoffer(session, cases, act.at, str(line))
    again = Consequences(offered_again=references(session, cases))
    note(session, act, Noted(row.person_id, event, changes, again), line)


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
    cases = {*_of_people(session, away, today), *cases_offered_to(session, _gone(session)), *raised_cases(session)}
    reoffer(session, sorted(cases), at, today.isoformat())


def _of_people(session: Session, people: Iterable[UUID], today: date) -> list[UUID]:
    """Cases with tasks that are offered to a hat of one of these people; whoever has left has none."""
    staff: Staff = staff_on(session, today)
    wanted = set(people)
    hats = frozenset[Hat]().union(*(person.own_hats for person in staff if person.id in wanted))
    return cases_offered_to(session, hats)


def _gone(session: Session) -> frozenset[Hat]:
    """The hats of those who have left: a task that was opened while they were leaving is found in the morning."""
    return frozenset(map(person_hat, session.scalars(select(StaffMember.id).where(~StaffMember.active))))
