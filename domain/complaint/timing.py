"""Time on a complaint: reminders of the ladder, the holding letter, progress calls, a calendar that changes.

Source: procedures, section 1 steps 5 and 6, and the ladder
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from uuid import UUID

from domain.calendar import Reason, Step
from domain.complaint.case import Complaint
from domain.complaint.commands import ProgressCalled, SendHoldingLetter
from domain.complaint.deadlines import ComplaintDates, complaint_deadlines
from domain.complaint.events import AnswerExtended, ProgressCallMade
from domain.complaint.handling import check_in_charge, check_unanswered
from domain.complaint.letters import LetterKind
from domain.complaint.machine import Recount, Remind
from domain.complaint.states import ComplaintState
from domain.complaint.words import TaskKind
from domain.correspondence import check_reachable
from domain.deadlines import Deadline, due_instant
from domain.delivery_window import leaves_at
from domain.desk import done, open_task
from domain.events import (
    DeadlineCancelled,
    DeadlineMoved,
    DeadlineOpened,
    Event,
    LetterRequested,
    ReminderDue,
    TasksRescheduled,
)
from domain.house import House
from domain.ladder import overdue, rungs
from domain.people import Actor, Hat, person_hat, role_hat
from domain.policy import DeadlineName, RungAddressee, Unit
from domain.position import OpenDeadline
from domain.refusals import ExtensionRefused, Invalid
from domain.roles import Role
from domain.sources import Source
from domain.tasks import Task, offer

_CAPS = {
    DeadlineName.ACKNOWLEDGEMENT: DeadlineName.ACKNOWLEDGEMENT_LIMIT,
    DeadlineName.ANSWER: DeadlineName.ANSWER_TARGET,
}
"""Our own deadlines, and the one that each never passes when the calendar changes."""


def remind(case: Complaint, command: Remind, house: House) -> list[Event]:
    """The rungs that are due, as one message. Nothing when the deadline is met or replaced: no reminder for what is
    done.

    Source: procedures, the ladder
    """
    deadline = case.deadline(command.deadline)
    if deadline is None or deadline.generation != command.generation:
        return []
    rung = overdue(deadline.planned, deadline.fired_until, house.now)
    if rung is None:
        return []
    to = _people(rung.to, case, house)
    copies = tuple(person for person in _people(rung.copies, case, house) if person not in to)
    leaves = leaves_at(house.now, house.calendar, house.version.office, at_once=rung.at_once)
    at_once = leaves == house.now
    return [
        ReminderDue(
            deadline.name, deadline.generation, rung.names, deadline.due_at, rung.fires_at, to, copies, leaves, at_once
        )
    ]


def _people(addressees: Iterable[RungAddressee], case: Complaint, house: House) -> tuple[UUID, ...]:
    """Who they are today: a deputy in place of somebody absent, one level up where nobody is there."""
    found: dict[UUID, None] = {}
    for addressee in addressees:
        reached = offer({_hat(addressee, case)}, house.staff, house.up, case.kept_out, case.pole)
        found |= dict.fromkeys(person.id for person in house.staff.present_under(reached.hats, reached.excluded))
    return tuple(found)


def _hat(addressee: RungAddressee, case: Complaint) -> Hat:
    if addressee is RungAddressee.OWNER and case.owner_id is not None:
        return person_hat(case.owner_id)
    if addressee in {RungAddressee.OWNER, RungAddressee.POLE_MANAGER}:
        return role_hat(Role.POLE_MANAGER, case.pole)
    return role_hat(Role(addressee))


def send_holding_letter(case: Complaint, command: SendHoldingLetter, actor: Actor, house: House) -> list[Event]:
    """One extension, told in time, never past the two months. Source: Rules 17.2, ACPR"""
    answer = check_may_extend(case, actor, house)
    check_reachable(case, command.dispatch)
    due_on = _new_date(case, command.answer_by, answer, house)
    deadline = _extended(due_on, house)
    return [
        AnswerExtended(answer.due_on, due_on, command.reason),
        DeadlineCancelled(answer.name),
        DeadlineOpened(deadline, answer.generation + 1, rungs(deadline, house.calendar, house.version)),
        TasksRescheduled(answer.due_at, deadline.due_at),
        LetterRequested(LetterKind.HOLDING_LETTER, command.dispatch, reason=command.reason),
        *_next_progress_call(case, house),
    ]


def check_may_extend(case: Complaint, actor: Actor, house: House) -> OpenDeadline:
    """Its owner or a pole manager, once, before the date that is moved: the answer's deadline. Raises Refusal."""
    check_in_charge(case, actor, {Role.POLE_MANAGER}, "send a holding letter")
    check_unanswered(case, "extended")
    return _extendable(case, house)


def _extendable(case: Complaint, house: House) -> OpenDeadline:
    """The answer's deadline, while it may still be moved. Raises ExtensionRefused."""
    answer = case.deadline(DeadlineName.ANSWER)
    if answer is None or case.holding_letters >= house.version.complaint.holding_letters.at_most:
        raise ExtensionRefused(
            "The answer's date is moved once only: a second extension is refused.",
            "Answer by the date that the holding letter gave; late, the complaint stays open and is escalated.",
        )
    if house.now > answer.due_at:
        raise ExtensionRefused(
            f"A holding letter is sent before the date that it moves, and the answer was due on {answer.due_on}.",
            "Answer now: late answers are still sent.",
        )
    return answer


def _new_date(case: Complaint, asked: date | None, answer: OpenDeadline, house: House) -> date:
    """A working day after the present date, on or before the last one of the two months. Raises Invalid."""
    target = case.deadline(DeadlineName.ANSWER_TARGET)
    latest = target.due_on if target else answer.due_on
    due_on = asked or latest
    if not answer.due_on < due_on <= latest:
        raise Invalid(
            f"The new date must come after {answer.due_on} and never pass the two months ({latest}).",
            "Give a date between them, or none for the latest.",
            field="answer_by",
        )
    if not house.calendar.is_working_day(due_on):
        raise Invalid(f"{due_on} is not a working day.", "Give a working day.", field="answer_by")
    return due_on


def _extended(due_on: date, house: House) -> Deadline:
    """The answer's second generation: it counts from the holding letter."""
    days = house.calendar.working_days_between(house.today, due_on)
    counted = house.calendar.count_working_days(house.today, days)
    return Deadline(
        name=DeadlineName.ANSWER,
        due_on=due_on,
        due_at=due_instant(due_on, house.version.office),
        unit=Unit.WORKING_DAYS,
        count=days,
        starts_on=house.today,
        source=Source.RULES_17_2,
        explanation=(Step(house.today, None, Reason.HOLDING_LETTER_DAY), *counted.steps),
    )


def progress_called(case: Complaint, command: ProgressCalled, task: Task, _actor: Actor, house: House) -> list[Event]:
    """The owner has called; until the answer is approved, the next call follows ten working days later.

    Source: Protélis
    """
    again = _next_progress_call(case, house) if case.state in ComplaintState.unanswered() else []
    return [done(task, command.outcome), ProgressCallMade(command.reached), *again]


def _next_progress_call(case: Complaint, house: House) -> list[Event]:
    due_on = house.calendar.add_working_days(house.today, house.version.complaint.progress_call_every.working_days)
    hat = _hat(RungAddressee.OWNER, case)
    return open_task(case, house, TaskKind.PROGRESS_CALL, {hat}, due=due_instant(due_on, house.version.office))


def recount(case: Complaint, command: Recount, house: House) -> list[Event]:
    """What is not yet due moves with the calendar, never past its limit; what is past, and a date that a letter has
    promised, stay.

    Source: procedures, section 0
    """
    dates = ComplaintDates(case.received_on, case.sent_on, case.channel)
    counted = {
        DeadlineName(deadline.name): deadline for deadline in complaint_deadlines(dates, house.calendar, house.version)
    }
    events: list[Event] = []
    for known in case.deadlines:
        if known.generation == 1 and known.due_at > house.now:
            events += _moved(case, known, _capped(counted, DeadlineName(known.name)), command.because, house)
    return events


def _capped(counted: dict[DeadlineName, Deadline], name: DeadlineName) -> Deadline:
    deadline, cap = counted[name], counted.get(_CAPS.get(name, name), counted[name])
    if deadline.due_on <= cap.due_on:
        return deadline
    held = Step(cap.due_on, None, Reason.HELD_BACK_BY_LIMIT)
    return replace(deadline, due_on=cap.due_on, due_at=cap.due_at, explanation=(*deadline.explanation, held))


def _moved(case: Complaint, known: OpenDeadline, deadline: Deadline, because: str, house: House) -> list[Event]:
    if deadline.due_on == known.due_on or deadline.due_at <= house.now:
        return []
    planned = rungs(deadline, house.calendar, house.version, case.known_on)
    return [
        DeadlineMoved(deadline, known.generation, planned, known.due_on, because),
        TasksRescheduled(known.due_at, deadline.due_at),
    ]
