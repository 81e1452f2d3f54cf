"""Time on an audit: reminders to the delegate and up to the direction, a calendar that changes.

Source: procedures, section 3 step 2, and section 0
"""

from collections.abc import Iterable
from uuid import UUID

from domain.audit.case import Audit
from domain.audit.deadlines import audit_rungs, report_deadline, restitution_deadline
from domain.audit.machine import Recount, Remind
from domain.audit.words import AuditAddressee, AuditDeadline
from domain.deadlines import Deadline
from domain.delivery_window import leaves_at
from domain.events import DeadlineMoved, Event, ReminderDue, TasksRescheduled
from domain.house import House
from domain.people import Hat, delegate_hat, role_hat
from domain.position import OpenDeadline
from domain.roles import OF_A_DELEGATE, Role
from domain.tasks import offer


def remind(case: Audit, command: Remind, house: House) -> list[Event]:
    """The rungs that are due, as one message. Nothing when the deadline is met or replaced: no reminder for what is
    done.

    Source: procedures, section 3 step 2
    """
    deadline = case.deadline(command.deadline)
    if deadline is None or deadline.generation != command.generation:
        return []
    fired_until = deadline.fired_until
    due = [r for r in deadline.planned if r.fires_at <= house.now and (fired_until is None or r.fires_at > fired_until)]
    if not due:
        return []
    names = tuple(name for rung in due for name in rung.names)
    rungs = house.version.audit.ladders[AuditDeadline(deadline.name)].named(names)
    to = _people((who for rung in rungs for who in rung.to), case, house)
    copies = _people((who for rung in rungs for who in rung.copies), case, house)
    leaves = leaves_at(house.now, house.calendar, house.version.office, at_once=any(rung.at_once for rung in due))
    others = tuple(person for person in copies if person not in to)
    until = max(rung.fires_at for rung in due)
    told = (deadline.name, deadline.generation, names, deadline.due_at, until)
    return [ReminderDue(*told, to, others, leaves, leaves == house.now)]


def _people(addressees: Iterable[AuditAddressee], case: Audit, house: House) -> tuple[UUID, ...]:
    """Who they are today: a deputy in place of somebody absent, one level up where nobody is there."""
    found: dict[UUID, None] = {}
    for addressee in addressees:
        reached = offer({hat_of(addressee, case)}, house.staff, house.up, (), case.pole)
        found |= dict.fromkeys(person.id for person in house.staff.present_under(reached.hats))
    return tuple(found)


def hat_of(addressee: AuditAddressee, case: Audit) -> Hat:
    """The delegate's people of this audit, or a role of the insurer."""
    role = Role(addressee)
    return delegate_hat(role, case.delegate) if role in OF_A_DELEGATE else role_hat(role)


def recount(case: Audit, command: Recount, house: House) -> list[Event]:
    """Report and restitution are brought back to a working day: they move with the calendar while they are not due.
    The six weeks, and what was agreed on, stay.

    Source: procedures, section 0
    """
    events: list[Event] = []
    for known in case.deadlines:
        counted = _counted(known, house)
        if counted is None or known.due_at <= house.now or counted.due_at <= house.now:
            continue
        if counted.due_on != known.due_on:
            planned = audit_rungs(counted, house.version)
            events += [
                DeadlineMoved(counted, known.generation, planned, known.due_on, command.because),
                TasksRescheduled(known.due_at, counted.due_at),
            ]
    return events


def _counted(known: OpenDeadline, house: House) -> Deadline | None:
    match known.name:
        case AuditDeadline.REPORT:
            return report_deadline(known.starts_on, house.calendar, house.version)
        case AuditDeadline.RESTITUTION:
            return restitution_deadline(known.starts_on, house.calendar, house.version)
        case _:
            return None
