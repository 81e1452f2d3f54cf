"""Time on a finding: reminders by risk, the end of an accepted risk, a calendar that changes.

Source: procedures, section 3 step 6, and section 0
"""

from collections.abc import Iterable
from uuid import UUID

from domain.calendar import Reason
from domain.delivery_window import leaves_at
from domain.events import DeadlineMet, DeadlineMoved, Event, ReminderDue, TasksRescheduled
from domain.finding.case import Finding
from domain.finding.deadlines import (
    confirmation_deadline,
    finding_rungs,
    remediation_deadline,
    verification_deadline,
)
from domain.finding.events import Reopened, become
from domain.finding.machine import Recount, Remind
from domain.finding.plan import ask_for_evidence, ask_for_plan, opened
from domain.finding.states import FindingState
from domain.finding.words import FindingDeadline
from domain.house import House
from domain.ladder import Rung, overdue
from domain.people import Hat, role_hat
from domain.policy import RungAddressee
from domain.position import OpenDeadline
from domain.roles import Role
from domain.tasks import offer

_OF_DELEGATE = {RungAddressee.DELEGATE_USER, RungAddressee.DELEGATE_DIRECTOR}
_COUNTED = {
    FindingDeadline.VERIFICATION: verification_deadline,
    FindingDeadline.CONFIRMATION: confirmation_deadline,
}
"""What counts working days; all the others are civil days, which no calendar changes."""


def remind(case: Finding, command: Remind, house: House) -> list[Event]:
    """The rungs that are due, as one message; at the end of an accepted risk the finding is open again. Nothing when
    the deadline is met or replaced.

    Source: procedures, section 3 step 6
    """
    deadline = case.deadline(command.deadline)
    if deadline is None or deadline.generation != command.generation:
        return []
    rung = overdue(deadline.planned, deadline.fired_until, house.now)
    if rung is None:
        return []
    ends = deadline.name == FindingDeadline.RISK_ACCEPTANCE and house.now >= deadline.due_at
    return [_told(case, deadline, rung, house), *(_reopened(case, house) if ends else [])]


def _told(case: Finding, deadline: OpenDeadline, rung: Rung, house: House) -> ReminderDue:
    to = _people(rung.to, case, house)
    copies = tuple(person for person in _people(rung.copies, case, house) if person not in to)
    leaves = leaves_at(house.now, house.calendar, house.version.office, at_once=rung.at_once)
    at_once = leaves == house.now
    return ReminderDue(
        deadline.name, deadline.generation, rung.names, deadline.due_at, rung.fires_at, to, copies, leaves, at_once
    )


def _people(addressees: Iterable[RungAddressee], case: Finding, house: House) -> tuple[UUID, ...]:
    """Who they are today: a deputy in place of somebody absent, one level up where nobody is there."""
    found: dict[UUID, None] = {}
    for addressee in addressees:
        reached = offer({_hat(addressee, case)}, house.staff, house.up, case.kept_out, case.pole)
        found |= dict.fromkeys(person.id for person in house.staff.present_under(reached.hats, reached.excluded))
    return tuple(found)


def _hat(addressee: RungAddressee, case: Finding) -> Hat:
    return role_hat(Role(addressee), case.delegate if addressee in _OF_DELEGATE else None)


def _reopened(case: Finding, house: House) -> list[Event]:
    """The end of the acceptance has come: it is to be put right within the days of its risk, from that day.

    Source: procedures, section 3 step 6
    """
    due_on = house.version.finding.latest_day(house.today, case.risk)
    deadline = remediation_deadline(house.today, due_on, house.version, Reason.REOPENING_DAY)
    again: list[Event] = [
        DeadlineMet(FindingDeadline.RISK_ACCEPTANCE),
        Reopened(due_on),
        become(case.state, FindingState.PLANNED if case.plan_accepted else FindingState.OPEN),
        opened(case, deadline, house),
    ]
    if case.plan_accepted:
        return [*again, *ask_for_evidence(case, house, case.round, deadline)]
    return [*again, *ask_for_plan(case, house)]


def recount(case: Finding, command: Recount, house: House) -> list[Event]:
    """What counts working days and is not yet due moves with the calendar.

    Source: procedures, section 0
    """
    events: list[Event] = []
    for name, count in _COUNTED.items():
        known = case.deadline(name)
        if known is None or known.due_at <= house.now:
            continue
        counted = count(known.starts_on, house.calendar, house.version)
        if counted.due_on != known.due_on and counted.due_at > house.now:
            planned = finding_rungs(counted, case.risk, house.calendar, house.version, known.starts_on)
            events += [
                DeadlineMoved(counted, known.generation, planned, known.due_on, command.because),
                TasksRescheduled(known.due_at, counted.due_at),
            ]
    return events
