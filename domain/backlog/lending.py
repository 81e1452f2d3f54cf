"""The oldest cases of the activity are given to the volunteers of a session, each as many as its minutes allow.

They are lent: each case decides under its own lock, and the loan ends with the operation at the latest.
Source: procedures, section 4 step 4
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

from domain.backlog.case import HeldSession, Operation
from domain.backlog.commands import Dispatch, GiveOut
from domain.backlog.dispatch import Dispatched, Foreseen, LeftGroup, Share, Volunteer, dispatch, groups_of_left
from domain.backlog.events import CasesDispatched
from domain.backlog.hours import Session, session_starts, worked
from domain.backlog.states import BacklogState
from domain.backlog.words import BacklogDeadline, BacklogTask
from domain.calendar import Calendar
from domain.desk import done, open_task, withdraw
from domain.events import Event
from domain.house import House
from domain.lending import may_borrow
from domain.people import Actor, Person, role_hat
from domain.refusals import FourEyes, Invalid, WrongStep
from domain.roles import Role
from domain.tasks import Task


def sessions_to_dispatch(case: Operation, on: date, house: House) -> list[Event]:
    """On the evening of the last working day before a session, or of a day between, whoever runs it is asked to give
    out its cases; what was asked for a session that is over is no longer needed.

    Source: procedures, section 4 step 4
    """
    if case.procedure is None:
        return []
    asked = {_number(task) for task in case.tasks_of(BacklogTask.DISPATCH_CASES)} | case.dispatched
    over = {one.number for one in case.sessions if one.day <= on}
    wanted = [one for one in case.sessions if _eve(one.day, house.calendar) <= on < one.day and one.number not in asked]
    return [
        *withdraw(task for task in case.tasks_of(BacklogTask.DISPATCH_CASES) if _number(task) in over),
        *(event for one in wanted for event in _ask(case, one.number, one.session, house, one.seats)),
    ]


def new_sessions_to_dispatch(case: Operation, sessions: Iterable[tuple[int, Session]], house: House) -> list[Event]:
    """Of sessions that are just added, those whose evening before is over are asked about at once.

    Source: procedures, section 4 step 4
    """
    point = case.deadline(BacklogDeadline.DAILY_POINT)
    if case.procedure is None or point is None:
        return []
    late = [(number, one) for number, one in sessions if _eve(one.day, house.calendar) <= point.starts_on]
    return [event for number, one in late for event in _ask(case, number, one, house)]


def _ask(case: Operation, number: int, session: Session, house: House, seats: Iterable[UUID] = ()) -> list[Event]:
    """A manager or a referent of the pole, or the director, who has no place in it."""
    hats = {role_hat(Role.POLE_MANAGER, case.pole), role_hat(Role.TECHNICAL_REFERENT, case.pole)}
    return open_task(
        case,
        house,
        BacklogTask.DISPATCH_CASES,
        hats | {role_hat(Role.OPERATIONS_DIRECTOR)},
        due=session_starts(session, house.version.office.zone),
        detail={"session": number},
        excluded=seats,
    )


def _eve(day: date, calendar: Calendar) -> date:
    """The last working day before a session."""
    return calendar.working_day_on_or_before(day - timedelta(days=1))


def _number(task: Task) -> int:
    return int((task.detail or {})["session"])


def give_out(case: Operation, command: GiveOut, task: Task, actor: Actor, house: House) -> list[Event]:
    """The cases of the task's session are given out."""
    others = [one for one in case.tasks_of(BacklogTask.DISPATCH_CASES) if one.id != task.id]
    given = _dispatched(case, _number(task), actor, house)
    return [done(task, command.outcome), given, *withdraw(one for one in others if _number(one) == _number(task))]


def dispatch_cases(case: Operation, command: Dispatch, actor: Actor, house: House) -> list[Event]:
    """The same without the task, or once more: for who has come since, and the room that is left."""
    check_may_dispatch(case, actor, house)
    asked = [one for one in case.tasks_of(BacklogTask.DISPATCH_CASES) if _number(one) == command.session]
    return [_dispatched(case, command.session, actor, house), *withdraw(asked)]


def check_may_dispatch(case: Operation, _actor: Actor, _house: House) -> None:
    """While it is running, of an activity whose cases are in our register. Raises WrongStep."""
    if case.procedure is None:
        raise WrongStep(
            "The cases of this activity are not in our register: nothing of it can be given out here.",
            "Give them out where they are kept.",
        )
    if case.state is not BacklogState.RUNNING:
        raise WrongStep(
            f"Cases are given out while the operation is running; this one is {case.state}.",
            "Wait for 8:00 of its first day.",
        )


def _dispatched(case: Operation, number: int, actor: Actor, house: House) -> CasesDispatched:
    check_may_dispatch(case, actor, house)
    session = _open_session(case, number, house)
    if actor.id in session.seats:
        raise FourEyes(
            "Whoever has a place in the session does not say who gets which case.", "Leave it to somebody else."
        )
    told, left = _shared_out(case, session, house)
    return CasesDispatched(session.id, session.number, actor.id, told.given, left, case.ends_on)


def _shared_out(case: Operation, session: HeldSession, house: House) -> tuple[Dispatched, tuple[LeftGroup, ...]]:
    waiting = case.look_up_waiting(house.today)
    told = dispatch(waiting, _volunteers(case, session, house))
    return told, groups_of_left(waiting, told.left)


def foreseen(case: Operation, number: int, house: House) -> Foreseen:
    """Who would get how many cases of a session now, by login, and what would be left and why; nothing is given.

    The very rules by which they are given. Raises Invalid, WrongStep. Source: procedures, section 4 step 4
    """
    session = _open_session(case, number, house)
    told, left = _shared_out(case, session, house)
    more = Counter(one.volunteer_id for one in told.given)
    held, there = case.look_up_held(session.id), {one.id for one in _there(session, house)}
    seated = sorted(_seated(session.seats, house), key=lambda one: one.login)
    return Foreseen(
        tuple(Share(one.id, held.get(one.id, 0), more[one.id], one.id not in there) for one in seated), left
    )


def _open_session(case: Operation, number: int, house: House) -> HeldSession:
    """The session, from the last working day before it to the end of its day. Raises Invalid, WrongStep."""
    session = case.session(number)
    if session is None:
        raise Invalid(f"The operation has no session {number}.", "Read its sessions.", field="session")
    if not _can_be_given_out(session, house):
        first = _eve(session.day, house.calendar)
        raise WrongStep(
            f"The cases of session {number} are given out from {first} to {session.day}, before it is said who came.",
            "Choose another session.",
        )
    return session


def _can_be_given_out(session: HeldSession, house: House) -> bool:
    """From the last working day before it to the end of its day, before it is said who came."""
    return not session.entered and _eve(session.day, house.calendar) <= house.today <= session.day


def sessions_open_now(case: Operation, house: House) -> list[int]:
    """The numbers of the sessions whose cases can be given out now. Source: procedures, section 4 step 4"""
    return [one.number for one in case.sessions if _can_be_given_out(one, house)]


def _volunteers(case: Operation, session: HeldSession, house: House) -> list[Volunteer]:
    """Those who have a place and are not away, each with room for what the session's minutes allow, less what they
    have. A role is a skill as well: where a case asks for a referent, a referent of another pole can do it.
    """
    minutes = sum(one.minutes for one in worked(session.session.spans, house.version.office.zone))
    most, held = int(minutes / case.minutes_per_case), case.look_up_held(session.id)
    return [
        Volunteer(one.id, one.login, one.skills | {*one.roles}, max(most - held.get(one.id, 0), 0))
        for one in _there(session, house)
    ]


def _there(session: HeldSession, house: House) -> list[Person]:
    return [one for one in _seated(session.seats, house) if may_borrow(one) and not one.absent]


def _seated(seats: Iterable[UUID], house: House) -> list[Person]:
    known = frozenset(seats)
    return [one for one in house.staff if one.id in known]
