"""Operations before a register without an engine: proposed by a manager, acted on by the demo's people, one by one."""

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import BaseModel
from sqlalchemy import select

from db.commands.backlog import propose_operation
from db.commands.backlog_seat import SignedUp, sign_up
from db.commands.command import Ask
from db.models import ActivityRow, CommandRow, OperationRow, PayFileRow, TaskRow
from domain.backlog.commands import (
    Approve,
    Attendance,
    EnterAttendance,
    Prepare,
    RequestExtension,
    Stop,
    Validate,
)
from domain.civil import local_date
from domain.commands import CommandRef, CommandStatus, Outcome
from local.demo_staff import person_id
from tests.factories.backlog_rows import ACTIVITY, a_proposal, a_volunteer, sessions_of
from tests.factories.complaints import GENERAL, OPERATIONS
from tests.factories.figures import an_activity
from tests.factories.register import Desk

MANAGER, REFERENT = "anne.le.goff", "gwenola.prigent"
ACCOUNTANT, OTHER_ACCOUNTANT = "solene.guivarch", "ronan.postec"
CLAIRE, YANN = "claire.morvan", "yann.kerloch"
WHY = "Le stock est redescendu."
ZONE = ZoneInfo("Europe/Paris")


def today(desk: Desk) -> date:
    """The day on which the desk stands."""
    return local_date(desk.at, "Europe/Paris")


def registered(desk: Desk, login: str = MANAGER, **changes: Any) -> CommandRef:
    """An operation that is kept, its directors not yet asked."""
    asked = a_proposal(today(desk)).model_copy(update=changes)
    ask = Ask("register", asked.model_dump(mode="json"), f"key {next(desk.keys)}")
    with desk.sessions.begin() as session:
        if session.get(ActivityRow, ACTIVITY) is None:
            an_activity(session, ACTIVITY)
        case = propose_operation(session, asked, ask, desk.actor(login), desk.at, desk.book)
        command = session.scalars(select(CommandRow).where(CommandRow.case_id == case.id)).one()
        return CommandRef(command.id, case.id, "register")


def proposed(desk: Desk, login: str = MANAGER) -> UUID:
    """An operation that is before the first director; its case."""
    command = registered(desk, login)
    assert desk.settle(command).status is CommandStatus.APPLIED
    return command.case_id


def approval(desk: Desk, case_id: UUID) -> Approve:
    """The plan as it stands may be carried out."""
    with desk.sessions() as session:
        return Approve(plan_hash=session.get_one(OperationRow, case_id).plan_hash)


def approved(desk: Desk) -> UUID:
    """An operation whose sessions are open; its case."""
    case_id = proposed(desk)
    for login in (OPERATIONS, GENERAL):
        assert desk.do(case_id, login, approval(desk, case_id), "approve_operation").status is CommandStatus.APPLIED
    return case_id


def signs_up(desk: Desk, case_id: UUID, login: str, number: int = 1) -> SignedUp:
    """Somebody whose hours are known takes a place in a session."""
    with desk.sessions.begin() as session:
        a_volunteer(session, person_id(login), desk.at)
        place = sign_up(session, sessions_of(session, case_id)[number - 1], desk.actor(login), desk.at, desk.book)
        assert place is not None
        return place


def comes_to(desk: Desk, day: date, hour: int) -> None:
    """Business time is that hour of a day."""
    desk.at = datetime.combine(day, time(hour), ZONE)


def starts_on(desk: Desk, case_id: UUID) -> date:
    """Its first day."""
    with desk.sessions() as session:
        return session.get_one(OperationRow, case_id).starts_on


def rung(desk: Desk, case_id: UUID, name: str) -> dict[str, Any]:
    """What the watcher of a deadline says when it is due."""
    found = desk.sql(
        "SELECT max(generation) FROM deadlines WHERE case_id = :id AND name = :name AND met_at IS NULL "
        "AND cancelled_at IS NULL",
        id=case_id,
        name=name,
    )
    return {"deadline": name, "generation": found[0][0]}


def came(**minutes: int) -> EnterAttendance:
    """Who was there for how long; a login's dot is written `_`."""
    told = tuple(Attendance(login=login.replace("_", "."), minutes=one) for login, one in minutes.items())
    return EnterAttendance(attended=told)


def validation(desk: Desk, case_id: UUID) -> Validate:
    """The newest pay file may go."""
    with desk.sessions() as session:
        newest = select(PayFileRow).where(PayFileRow.operation_id == case_id).order_by(PayFileRow.version.desc())
        return Validate(sha256=session.scalars(newest.limit(1)).one().sha256)


def extension(desk: Desk, case_id: UUID, days: int = 14) -> RequestExtension:
    """A later end."""
    with desk.sessions() as session:
        until = session.get_one(OperationRow, case_id).ends_on + timedelta(days=days)
    return RequestExtension(until=until, reason="Il manque des volontaires.")


def do(desk: Desk, case_id: UUID, login: str, body: BaseModel, task: str | None, kind: str = "") -> Outcome[Any]:
    """Somebody acts, and it is decided."""
    return desk.do(case_id, login, body, task, kind)


def kinds(desk: Desk, case_id: UUID) -> list[str]:
    """The open tasks."""
    with desk.sessions() as session:
        wanted = select(TaskRow.kind).where(TaskRow.case_id == case_id, TaskRow.closed_at.is_(None))
        return sorted(session.scalars(wanted))


def ran(desk: Desk) -> UUID:
    """An operation that is running, in which two have worked on its first Saturday; it is that evening."""
    case_id = approved(desk)
    signs_up(desk, case_id, CLAIRE)
    signs_up(desk, case_id, YANN)
    first = starts_on(desk, case_id)
    comes_to(desk, first, 8)
    remind(desk, case_id, "operation_start")
    for day in range(6):
        comes_to(desk, first + timedelta(days=day), 19)
        remind(desk, case_id, "daily_point")
    entered = do(desk, case_id, REFERENT, came(claire_morvan=420, yann_kerloch=390), "enter_attendance")
    assert entered.status is CommandStatus.APPLIED
    return case_id


def remind(desk: Desk, case_id: UUID, name: str) -> None:
    """The instant of a deadline has come."""
    told = rung(desk, case_id, name)
    done = desk.settle(desk.machine(case_id, "remind", f"{name}:{told['generation']}", **told))
    assert done.status is CommandStatus.APPLIED


def ended(desk: Desk) -> UUID:
    """An operation that was stopped, its pay file before the first validator."""
    case_id = ran(desk)
    for login, body, task, kind in (
        (OPERATIONS, Stop(reason=WHY), None, "stop"),
        (ACCOUNTANT, Prepare(), "prepare_pay", ""),
    ):
        assert do(desk, case_id, login, body, task, kind).status is CommandStatus.APPLIED
    return case_id
