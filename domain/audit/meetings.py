"""The meetings of an audit: launch, restitution, follow-up; fixed by an auditor, moved with their deadline.

Source: procedures, section 3 steps 2, 5 and 7
"""

from collections.abc import Mapping
from datetime import date

from domain.audit.case import AUDITORS, Audit
from domain.audit.commands import FixMeeting
from domain.audit.deadlines import audit_rungs, launch_deadline
from domain.audit.events import MeetingFixed
from domain.audit.planning import check_meets_at, check_meets_on
from domain.audit.states import AuditState
from domain.audit.words import AuditDeadline, Meeting
from domain.civil import local_date
from domain.events import DeadlineCancelled, DeadlineOpened, Event, TasksRescheduled
from domain.house import House
from domain.people import Actor
from domain.refusals import Invalid, NotAllowed, WrongStep

_WHILE: Mapping[Meeting, frozenset[AuditState]] = {
    Meeting.LAUNCH: frozenset({AuditState.PLANNED}),
    Meeting.RESTITUTION: frozenset({AuditState.VALIDATING, AuditState.RESTITUTING}),
    Meeting.FOLLOW_UP: frozenset({AuditState.FOLLOWING_UP}),
}


def fix_meeting(case: Audit, command: FixMeeting, actor: Actor, house: House) -> list[Event]:
    """A meeting gets its day, hour and place, or others; what is due with it moves along. Raises Refusal."""
    check_auditor(actor)
    check_not_ended(case)
    if case.state not in _WHILE[command.meeting]:
        raise WrongStep(
            f"The {command.meeting} meeting is fixed before it is held, when its step has come: the audit is "
            f"{case.state}.",
            "Look at the audit's steps.",
        )
    on = local_date(command.at, house.version.office.zone)
    check_meets_on(on, house.today, house.calendar, "at")
    check_meets_at(command.at, house.version, "at")
    _check_in_its_year(case, command.meeting, on)
    sequence = case.meetings.get(command.meeting, -1) + 1
    return [
        MeetingFixed(command.meeting, command.at, sequence, command.place),
        *_moved(case, command.meeting, on, house),
    ]


def _check_in_its_year(case: Audit, meeting: Meeting, on: date) -> None:
    if meeting is Meeting.LAUNCH and on.year != case.year:
        raise Invalid(
            f"The audit is that of {case.year}, and is launched in it.",
            f"Give a day of {case.year}, or cancel this audit and plan one for {on.year}.",
            field="at",
        )


def _moved(case: Audit, meeting: Meeting, on: date, house: House) -> list[Event]:
    """The launch is due on its meeting's day. The restitution and the follow-up have limits of their own, which no
    meeting moves: one that is fixed too late is late, and is reminded of."""
    known = case.deadline(AuditDeadline.LAUNCH)
    if meeting is not Meeting.LAUNCH or known is None or known.due_on == on:
        return []
    deadline = launch_deadline(on, house.today, house.version)
    return [
        DeadlineCancelled(known.name),
        DeadlineOpened(deadline, case.next_generation(known.name), audit_rungs(deadline, house.version)),
        TasksRescheduled(known.due_at, deadline.due_at),
    ]


def check_held_on(case: Audit, held_on: date, house: House) -> None:
    """A meeting that was held was held today or before, not before its audit was planned. Raises Invalid."""
    earliest = min((deadline.starts_on for deadline in case.deadlines), default=house.today)
    if not earliest <= held_on <= house.today:
        raise Invalid(
            f"A meeting that was held was held between {earliest} and today, {house.today}.",
            "Give the day on which it was held.",
            field="held_on",
        )


def check_auditor(actor: Actor) -> None:
    """Raises NotAllowed for whoever is no auditor, nor stands in for one."""
    if AUDITORS.isdisjoint(actor.hats):
        raise NotAllowed("This is for the auditors.", "Ask one of them.")


def check_not_ended(case: Audit) -> None:
    """Raises WrongStep once nothing more is to come."""
    if case.state in AuditState.ended():
        raise WrongStep(
            f"The audit is {case.state}: nothing of it changes any more.",
            "What is new belongs into the delegate's next audit.",
        )
