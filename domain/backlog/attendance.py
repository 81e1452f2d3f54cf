"""Who came to a session, and for how long: entered by somebody who had no place in it, corrected with the reason.

Source: procedures, section 4 steps 4 and 5
"""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import partial
from uuid import UUID

from domain.backlog.approval import opened, rules_of
from domain.backlog.budget import Budget, check_paid_for
from domain.backlog.case import HeldSession, Operation
from domain.backlog.commands import AddSessions, CorrectAttendance, EnterAttendance
from domain.backlog.deadlines import point_deadline
from domain.backlog.events import AttendanceCorrected, AttendanceEntered, SessionsAdded
from domain.backlog.labour import spoken_hours
from domain.backlog.lending import new_sessions_to_dispatch
from domain.backlog.paying import no_longer_right
from domain.backlog.plan import checked_sessions, planned_sessions
from domain.backlog.states import BacklogState
from domain.backlog.words import BacklogDeadline, BacklogTask
from domain.desk import done, open_task
from domain.events import DeadlineCancelled, Event
from domain.gathering import Gathering
from domain.house import House
from domain.people import Actor, role_hat
from domain.refusals import FourEyes, Invalid, WrongStep
from domain.roles import Role
from domain.tasks import Task


def ask_for_attendance(case: Operation, one: HeldSession, house: House) -> list[Event]:
    """Whoever runs the session says who came: a manager or a referent of the pole, who had no place in it."""
    hats = {role_hat(Role.POLE_MANAGER, case.pole), role_hat(Role.TECHNICAL_REFERENT, case.pole)}
    detail = {"session": one.number}
    return open_task(
        case, house, BacklogTask.ENTER_ATTENDANCE, hats, due=case.due_at, detail=detail, excluded=one.seats
    )


def enter(case: Operation, command: EnterAttendance, task: Task, actor: Actor, house: House) -> list[Event]:
    """Everybody who had a place came for so many minutes, or for none."""
    session = _session(case, int((task.detail or {})["session"]))
    if session.entered:
        raise WrongStep("Who came to this session was said already.", "Correct it, where it is wrong.")
    _check_another(actor, frozenset(session.seats))
    told = [one.login for one in command.attended]
    _check_complete(told, sorted(session.seats.values()))
    ids = {login: person_id for person_id, login in session.seats.items()}
    wrong, beside = Gathering(), case.look_up_day(session.id)
    for place, one in enumerate(command.attended):
        field = f"attended.{place}.minutes"
        wrong.of(partial(_check_minutes, session, {ids[one.login]: one.minutes}, beside, house, field))
    wrong.tell()
    minutes = tuple((ids[one.login], one.minutes) for one in sorted(command.attended, key=lambda one: one.login))
    return [done(task, command.outcome), AttendanceEntered(session.id, session.number, actor.id, minutes)]


def _check_complete(told: list[str], wanted: list[str]) -> None:
    if strange := sorted(set(told) - set(wanted)):
        raise Invalid(
            f"{strange[0]} had no place in this session.", "Leave them out, or check the login.", field="attended"
        )
    if sorted(told) != wanted:
        unclear = sorted({one for one in wanted if told.count(one) != 1})
        raise Invalid(
            f"Everybody who had a place is named once; {unclear[0]} is not.",
            "Add who is missing, with 0 minutes for who did not come.",
            field="attended",
        )


def _check_minutes(
    one: HeldSession, told: Mapping[UUID, int], beside: Mapping[UUID, int], house: House, field: str
) -> None:
    """Nobody works longer in a session than it lasts, nor more in a day than the law allows; `beside` is what each
    works that day besides.

    Source: Code du travail (L3121-18); procedures, section 4 step 4
    """
    lasts, rule = one.planned.minutes, house.version.backlog.labour.daily
    if max(told.values(), default=0) > lasts:
        raise Invalid(
            f"The session has {spoken_hours(lasts)} of work; nobody works longer in it.",
            "Enter what was worked in the session's own hours, breaks left out.",
            field=field,
        )
    for person_id, minutes in told.items():
        if minutes and minutes + beside.get(person_id, 0) > rule.at_most_minutes:
            raise Invalid(
                f"With the other hours of {one.day}, {one.seats[person_id]} would have worked "
                f"{spoken_hours(minutes + beside[person_id])}; a day has {spoken_hours(rule.at_most_minutes)} of work "
                f"at most ({rule.source.citation}).",
                "Check the minutes; where the other hours were not worked, have the absence recorded.",
                field=field,
            )


def correct(case: Operation, command: CorrectAttendance, actor: Actor, house: House) -> list[Event]:
    """It was longer or shorter: the pay that was made of it is no longer right.

    Source: procedures, section 4 step 5
    """
    check_may_correct(case, actor, house)
    session = _session(case, command.session)
    ids = {login: person_id for person_id, login in session.seats.items()}
    person_id = ids.get(command.login)
    if person_id is None or person_id not in session.attended:
        raise Invalid(
            f"Nothing was entered about {command.login} in this session.",
            "Check the login; enter who came before it is corrected.",
            field="login",
        )
    _check_another(actor, frozenset({person_id}))
    before = session.attended[person_id]
    if before == command.minutes:
        raise Invalid("That is what was entered.", "Give the minutes that were really worked.", field="minutes")
    _check_minutes(session, {person_id: command.minutes}, case.look_up_day(session.id), house, "minutes")
    version = session.versions.get(person_id, 1) + 1
    return [
        AttendanceCorrected(
            session.id, session.number, person_id, version, before, command.minutes, actor.id, command.reason
        ),
        *no_longer_right(case, house),
    ]


def check_may_correct(case: Operation, _actor: Actor, _house: House) -> None:
    """Until the pay is validated for good. Raises WrongStep."""
    if case.state not in {BacklogState.RUNNING, BacklogState.CLOSING}:
        raise WrongStep(
            f"Attendance is corrected while the operation goes on, or is paid; this one is {case.state}.",
            "Tell payroll, where what was paid is wrong.",
        )


def _check_another(actor: Actor, about: frozenset[UUID]) -> None:
    if actor.id in about:
        raise FourEyes("Nobody says of themselves how long they worked.", "Leave it to somebody else.")


def _session(case: Operation, number: int) -> HeldSession:
    session = case.session(number)
    if session is None:
        raise Invalid(f"The operation has no session {number}.", "Read its sessions.", field="session")
    return session


def add_sessions(case: Operation, command: AddSessions, actor: Actor, house: House) -> list[Event]:
    """More sessions, open to volunteers at once, between tomorrow and the operation's last day, within the budget.

    Each has its point and its dispatch, though the evening before may be over. Source: procedures, section 4 step 4
    """
    check_may_add_sessions(case, actor, house)
    first = max(case.starts_on, house.today + timedelta(days=1))
    sessions = checked_sessions(command.sessions, first, case.ends_on, rules_of(house))
    check_paid_for(case.sessions, planned_sessions(sessions), _budget(case, house))
    hours = sorted((one.session for one in sessions), key=lambda one: one.day)
    return [
        SessionsAdded(actor.id, sessions),
        *_point_of(case, {one.day for one in hours}, house),
        *new_sessions_to_dispatch(case, enumerate(hours, case.last_number + 1), house),
    ]


def _point_of(case: Operation, session_days: set[date], house: House) -> list[Event]:
    """The day to be looked back on next is that of a new session, where that comes first."""
    known = case.deadline(BacklogDeadline.DAILY_POINT)
    if known is None or min(session_days) >= known.due_on:
        return []
    sooner = point_deadline(known.starts_on, house.calendar, house.version, session_days)
    return [DeadlineCancelled(BacklogDeadline.DAILY_POINT), opened(case, sooner, house)]


def _budget(case: Operation, house: House) -> Budget:
    return Budget(case.budget_cents, case.look_up_dearest_hour(), house.version.backlog.pay)


def check_may_add_sessions(case: Operation, _actor: Actor, _house: House) -> None:
    """While volunteers can sign up. Raises WrongStep."""
    if case.state not in BacklogState.taking_sign_ups():
        raise WrongStep(
            f"Sessions are added to an operation that is approved and has not ended; this one is {case.state}.",
            "Change its plan while the directors have it; else propose another operation.",
        )
