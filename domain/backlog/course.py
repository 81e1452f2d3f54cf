"""The course of an operation: each day's point, a stock that is off its plan, a later end, the end.

Source: procedures, section 4 steps 4 and 6
"""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from domain.backlog.approval import opened
from domain.backlog.attendance import add_sessions, ask_for_attendance
from domain.backlog.case import OpenExtension, Operation
from domain.backlog.commands import Close, Extend, GoOn, Grant, Refuse, RequestExtension, Stop, Strengthen
from domain.backlog.deadlines import decided_by, end_deadline, pay_deadline, point_deadline
from domain.backlog.events import (
    DailyPointTaken,
    Extended,
    ExtensionLapsed,
    ExtensionRefused,
    ExtensionRequested,
    OperationEnded,
    ReportKept,
    WentOn,
    become,
)
from domain.backlog.hours import check_covered, days
from domain.backlog.lending import sessions_to_dispatch
from domain.backlog.message import lapse
from domain.backlog.outlook import Expected, ahead, back_on, usual_only
from domain.backlog.paying import ask_for_pay
from domain.backlog.report import Ending
from domain.backlog.states import BacklogState
from domain.backlog.watch import DailyFigures, is_back, off_track
from domain.backlog.words import BacklogDeadline, BacklogTask, EndReason
from domain.desk import done, open_task, withdraw
from domain.events import DeadlineCancelled, DeadlineMet, Event
from domain.house import House
from domain.people import Actor, role_hat
from domain.refusals import FourEyes, Invalid, WrongStep
from domain.roles import Role
from domain.tasks import Task


def take_point(case: Operation, on: date, house: House) -> list[Event]:
    """The day is looked back on: stock against plan, who came to its sessions, when it would be back under the
    standard, and whether somebody has to decide. Source: procedures, section 4 step 4"""
    judged_on = judged_day(case, on, house)
    figures = case.look_up_figures(case.starts_on - timedelta(weeks=4), judged_on)
    rules, expected = house.version.backlog, _expected(case, figures, on)
    usual = usual_only(expected, rules, house.calendar)
    back = is_back(case.activity, usual, rules.run, house.calendar)
    under = back and any(one.on >= case.starts_on for one in figures)
    off = off_track(*_compared(case, figures, judged_on, house), rules.run)
    known = next((one for one in figures if one.on == judged_on), None)
    back_under_on = back_on(expected, ahead(expected, rules, house.calendar), rules, house.calendar)
    stock = known.stock if known else None
    return [
        DailyPointTaken(on, judged_on, _planned(case, judged_on), stock, back_under_on, off, under),
        DeadlineMet(BacklogDeadline.DAILY_POINT),
        opened(case, point_deadline(on, house.calendar, house.version, {one.day for one in case.sessions}), house),
        *_attendance_of(case, on, house),
        *sessions_to_dispatch(case, on, house),
        *(_ask_what_to_do(case, house) if off and not under else []),
        *(ask_to_close(case, house, EndReason.UNDER_STANDARD) if under else []),
    ]


def judged_day(case: Operation, on: date, house: House) -> date:
    """The evening that a day's point judges: its own; where our register counts the activity, that of the working day
    before it, for whoever opens or ends a case later in the evening would change what was judged.

    Source: procedures, section 4 step 4
    """
    return on if case.procedure is None else house.calendar.working_day_on_or_before(on - timedelta(days=1))


def _attendance_of(case: Operation, on: date, house: House) -> list[Event]:
    asked = {(task.detail or {}).get("session") for task in case.tasks_of(BacklogTask.ENTER_ATTENDANCE)}
    held = [one for one in case.sessions if one.day <= on and one.lacks_attendance and one.number not in asked]
    return [event for one in held for event in ask_for_attendance(case, one, house)]


def _planned(case: Operation, on: date) -> Decimal:
    """The plan's stock of a day; before its first day that of its first, beyond its last that of its last."""
    first, last = min(case.planned), max(case.planned)
    return case.planned[min(max(on, first), last)]


def _compared(
    case: Operation, figures: Iterable[DailyFigures], on: date, house: House
) -> tuple[list[Fraction], list[int]]:
    """The working days of the operation that have figures, since somebody last decided: planned, and actual."""
    first = max(case.starts_on, case.put_off_on + timedelta(days=1)) if case.put_off_on else case.starts_on
    known = sorted((one for one in figures if first <= one.on <= on), key=lambda one: one.on)
    at_work = [one for one in known if house.calendar.is_working_day(one.on)]
    return [Fraction(_planned(case, one.on)) for one in at_work], [one.stock for one in at_work]


def _expected(case: Operation, figures: tuple[DailyFigures, ...], on: date) -> Expected:
    """What it has before it, with who has a place in the sessions that are to come."""
    sessions = tuple(one.so_far for one in case.sessions)
    return Expected(case.activity, figures, sessions, case.ends_on, on, case.reinforcements, case.look_up_beside())


def _ask_what_to_do(case: Operation, house: House) -> list[Event]:
    """The director decides: more sessions, a later end, or go on."""
    if case.tasks_of(BacklogTask.DECIDE_OFF_TRACK):
        return []
    due = decided_by(house.today, case.ends_on, house.calendar, house.version)
    return open_task(case, house, BacklogTask.DECIDE_OFF_TRACK, {role_hat(Role.OPERATIONS_DIRECTOR)}, due=due)


def ask_to_close(case: Operation, house: House, why: EndReason) -> list[Event]:
    """The director decides whether it ends. Source: procedures, section 4 step 6"""
    if case.tasks_of(BacklogTask.CLOSE_OPERATION):
        return []
    hats, detail = {role_hat(Role.OPERATIONS_DIRECTOR)}, {"why": why.value}
    return open_task(case, house, BacklogTask.CLOSE_OPERATION, hats, due=case.due_at, detail=detail)


def go_on(_case: Operation, command: GoOn, task: Task, actor: Actor, _house: House) -> list[Event]:
    """The stock is off its plan, and nothing is changed."""
    return [done(task, command.outcome), WentOn(actor.id, command.reason)]


def strengthen(case: Operation, command: Strengthen, task: Task, actor: Actor, house: House) -> list[Event]:
    """The stock is off its plan: more sessions."""
    return [done(task, command.outcome), *add_sessions(case, command, actor, house)]


def extend(case: Operation, command: Extend, task: Task, actor: Actor, house: House) -> list[Event]:
    """The stock is off its plan, or the end has come: a later end is asked for."""
    return [done(task, command.outcome), *request_extension(case, command, actor, house)]


def request_extension(case: Operation, command: RequestExtension, actor: Actor, house: House) -> list[Event]:
    """The general director is asked for a later end. Source: procedures, section 4 step 6"""
    check_may_request_extension(case, actor, house)
    latest = max(case.ends_on, house.today) + timedelta(weeks=house.version.backlog.run.extended_at_most.weeks)
    if not max(case.ends_on, house.today) < command.until <= latest:
        raise Invalid(
            f"An operation that ends on {case.ends_on} is extended to a day after it and after today, up to {latest}.",
            "Give a day between them.",
            field="until",
        )
    check_covered(command.until, house.version.backlog.labour.average_over.weeks, house.calendar)
    decides = house.version.backlog.approved_by[-1]
    return [
        ExtensionRequested(case.ends_on, command.until, actor.id, command.reason),
        *open_task(
            case,
            house,
            BacklogTask.APPROVE_EXTENSION,
            {role_hat(decides.role)},
            due=case.due_at,
            excluded=(actor.id,),
        ),
    ]


def check_may_request_extension(case: Operation, _actor: Actor, _house: House) -> None:
    """While it is running, one request at a time. Raises WrongStep."""
    if case.state is not BacklogState.RUNNING:
        raise WrongStep(f"A running operation is extended; this one is {case.state}.", "Read its state.")
    if case.extension is not None:
        raise WrongStep("An extension is asked for already.", "Wait until it is decided.")


def grant(case: Operation, command: Grant, task: Task, actor: Actor, house: House) -> list[Event]:
    """The operation ends on the later day."""
    asked = _undecided(case, actor)
    if asked.until <= house.today:
        raise WrongStep(
            f"The day that was asked for ({asked.until}) has come: it would change nothing.",
            "Refuse it; another day can be asked for.",
        )
    more = tuple((day, _planned(case, day)) for day in days(case.ends_on + timedelta(days=1), asked.until))
    known = BacklogDeadline.OPERATION_END in case.open_deadlines
    return [
        done(task, command.outcome),
        Extended(asked.id, case.ends_on, asked.until, actor.id, more),
        *([DeadlineCancelled(BacklogDeadline.OPERATION_END)] if known else []),
        opened(case, end_deadline(house.today, asked.until, house.version), house),
        *withdraw(one for one in case.tasks_of(BacklogTask.CLOSE_OPERATION) if _is_of_time(one)),
    ]


def refuse_extension(case: Operation, command: Refuse, task: Task, actor: Actor, house: House) -> list[Event]:
    """The end stays; where it has come, the director is asked to close."""
    asked = _undecided(case, actor)
    over = BacklogDeadline.OPERATION_END not in case.open_deadlines
    return [
        done(task, command.outcome),
        ExtensionRefused(asked.id, actor.id, command.reason),
        *(ask_to_close(case, house, EndReason.TIME_PASSED) if over else []),
    ]


def _is_of_time(task: Task) -> bool:
    return (task.detail or {}).get("why") == EndReason.TIME_PASSED


def _undecided(case: Operation, actor: Actor) -> OpenExtension:
    if case.extension is None:
        raise WrongStep("No extension is asked for.", "Read the operation again.")
    if actor.id == case.extension.asked_by:
        raise FourEyes("Whoever asked for it does not decide on it.", "Leave this task to somebody else.")
    return case.extension


def close(case: Operation, command: Close, task: Task, actor: Actor, house: House) -> list[Event]:
    """The director ends it."""
    why = EndReason((task.detail or {})["why"])
    return [done(task, command.outcome), *_ended(case, why, actor, house, command.lessons, task)]


def stop(case: Operation, command: Stop, actor: Actor, house: House) -> list[Event]:
    """The direction ends it before its time."""
    check_may_stop(case, actor, house)
    return _ended(case, EndReason.STOPPED, actor, house, command.reason, None)


def check_may_stop(case: Operation, _actor: Actor, house: House) -> None:
    """While it is running, and it is known who came to the sessions that have begun. Raises WrongStep."""
    if case.state is not BacklogState.RUNNING:
        raise WrongStep(f"A running operation is stopped; this one is {case.state}.", "Cancel it, if it has not begun.")
    check_all_said(case, house)


def check_all_said(case: Operation, house: House) -> None:
    """An operation ends once it is said who came to each session that has begun. Raises WrongStep.

    Source: procedures, section 4 step 6
    """
    zone = house.version.office.zone
    if lacking := [one for one in case.sessions if one.has_begun(house.now, zone) and one.lacks_attendance]:
        raise WrongStep(
            f"It is not said yet who came to session {lacking[0].number}, of {lacking[0].day}.",
            "Have it entered: the task is opened on the evening of its day. Then end the operation.",
        )


def _ended(
    case: Operation, why: EndReason, actor: Actor, house: House, words: str | None, task: Task | None
) -> list[Event]:
    """Nobody works any more; what was worked is paid. Where nobody has worked, it is closed at once.

    A session that has begun is worked: it is said who came. One that has not is dropped, on its very day too.
    Source: procedures, section 4 step 6
    """
    check_all_said(case, house)
    deadline = pay_deadline(house.today, house.calendar, house.version)
    ended: list[Event] = [
        OperationEnded(why, house.today, actor.id, words),
        *([ExtensionLapsed(case.extension.id)] if case.extension else []),
        *lapse(case),
        *withdraw(one for one in case.open_tasks if task is None or one.id != task.id),
        *(DeadlineCancelled(name) for name in case.open_deadlines),
        become(case.state, BacklogState.CLOSING),
    ]
    if not case.minutes_worked:
        report = case.look_up_report(Ending(house.today, why, words, actor.roles))
        return [*ended, ReportKept(report), become(BacklogState.CLOSING, BacklogState.CLOSED)]
    return [*ended, opened(case, deadline, house), *ask_for_pay(case, house, deadline.due_at)]
