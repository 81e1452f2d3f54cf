"""Time on an operation: its first day, each day's point, its last day; reminders; a calendar that changes.

Source: procedures, section 4 steps 3 to 6, and section 0
"""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from domain.backlog.approval import opened
from domain.backlog.case import Operation
from domain.backlog.course import ask_to_close, take_point
from domain.backlog.deadlines import approval_deadline, backlog_rungs, end_deadline, pay_deadline, point_deadline
from domain.backlog.events import become
from domain.backlog.lending import sessions_to_dispatch
from domain.backlog.machine import Recount, Remind
from domain.backlog.states import BacklogState
from domain.backlog.words import BacklogDeadline, EndReason
from domain.deadlines import Deadline
from domain.delivery_window import leaves_at
from domain.events import DeadlineMet, DeadlineMoved, Event, ReminderDue, TasksRescheduled
from domain.house import House
from domain.ladder import Rung, overdue
from domain.people import Hat, role_hat
from domain.policy import RungAddressee
from domain.position import OpenDeadline
from domain.roles import Role
from domain.tasks import offer


def remind(case: Operation, command: Remind, house: House) -> list[Event]:
    """The rungs that are due, as one message; at its instant the operation begins, a day is looked back on, the end has
    come. Nothing when the deadline is met or replaced. Source: procedures, section 4 steps 3 to 6"""
    deadline = case.deadline(command.deadline)
    if deadline is None or deadline.generation != command.generation:
        return []
    rung = overdue(deadline.planned, deadline.fired_until, house.now)
    if rung is None:
        return []
    told: list[Event] = [_told(case, deadline, rung, house)] if rung.to else []
    return [*told, *(_due(case, deadline, house) if house.now >= deadline.due_at else [])]


def _due(case: Operation, deadline: OpenDeadline, house: House) -> list[Event]:
    match deadline.name:
        case BacklogDeadline.OPERATION_START:
            return _begun(case, house)
        case BacklogDeadline.DAILY_POINT:
            return take_point(case, deadline.due_on, house)
        case BacklogDeadline.OPERATION_END:
            asked = [] if case.extension else ask_to_close(case, house, EndReason.TIME_PASSED)
            return [DeadlineMet(BacklogDeadline.OPERATION_END), *asked]
        case _:
            return []


def _begun(case: Operation, house: House) -> list[Event]:
    """Its first day: from now on each day is looked back on, and its end is watched."""
    days = {one.day for one in case.sessions}
    before = case.starts_on - timedelta(days=1)
    return [
        DeadlineMet(BacklogDeadline.OPERATION_START),
        become(case.state, BacklogState.RUNNING),
        opened(case, point_deadline(before, house.calendar, house.version, days), house),
        opened(case, end_deadline(case.starts_on, case.ends_on, house.version), house),
        *sessions_to_dispatch(case, before, house),
    ]


def _told(case: Operation, deadline: OpenDeadline, rung: Rung, house: House) -> ReminderDue:
    to = _people(rung.to, case, house)
    copies = tuple(person for person in _people(rung.copies, case, house) if person not in to)
    leaves = leaves_at(house.now, house.calendar, house.version.office, at_once=rung.at_once)
    at_once = leaves == house.now
    return ReminderDue(
        deadline.name, deadline.generation, rung.names, deadline.due_at, rung.fires_at, to, copies, leaves, at_once
    )


def _people(addressees: Iterable[RungAddressee], case: Operation, house: House) -> tuple[UUID, ...]:
    """Who they are today: a deputy in place of somebody absent, one level up where nobody is there."""
    found: dict[UUID, None] = {}
    for addressee in addressees:
        reached = offer({_hat(addressee, case)}, house.staff, house.up, case.kept_out, case.pole)
        found |= dict.fromkeys(person.id for person in house.staff.present_under(reached.hats, reached.excluded))
    return tuple(found)


def _hat(addressee: RungAddressee, case: Operation) -> Hat:
    role = Role(addressee)
    return role_hat(role, case.pole if role is Role.POLE_MANAGER else None)


def recount(case: Operation, command: Recount, house: House) -> list[Event]:
    """What counts working days and is not yet due moves with the calendar.

    Source: procedures, section 0
    """
    events: list[Event] = []
    for name in (BacklogDeadline.APPROVAL, BacklogDeadline.PAY):
        known = case.deadline(name)
        if known is None or known.due_at <= house.now:
            continue
        counted = _counted(case, known, house)
        if counted.due_on != known.due_on and counted.due_at > house.now:
            planned = backlog_rungs(counted, house.calendar, house.version, known.starts_on)
            events += [
                DeadlineMoved(counted, known.generation, planned, known.due_on, command.because),
                TasksRescheduled(known.due_at, counted.due_at),
            ]
    return events


def _counted(case: Operation, known: OpenDeadline, house: House) -> Deadline:
    if known.name == BacklogDeadline.PAY:
        return pay_deadline(known.starts_on, house.calendar, house.version)
    return approval_deadline(known.starts_on, case.starts_on, house.calendar, house.version)
