"""An operation in its third week, put straight into the register: figures, points, names, attendance."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from db.models import (
    ActivityRow,
    AttendanceRow,
    Case,
    DailyPointRow,
    OperationDayRow,
    OperationRow,
    SessionRow,
    TaskRow,
)
from domain.civil import local_date
from domain.people import role_hat
from domain.roles import Role
from local.demo_staff import person_id
from tests.factories.backlog_rows import ACTIVITY, a_place, an_approved_operation
from tests.factories.figures import figures_row

WEEKS_AGO = 3
SEATED = ("claire.morvan", "yann.kerloch")
REFERENT = "gwenola.prigent"


@dataclass(frozen=True)
class Running:
    """The operation, and the tasks of the directors that are open on it."""

    reference: str
    case_id: UUID
    off_track_task: UUID
    close_task: UUID


def a_running_operation(session: Session, now: datetime) -> Running:
    """It began nearly three weeks ago, and its stock is a little above its plan."""
    began = now - timedelta(weeks=WEEKS_AGO)
    case = an_approved_operation(session, began - timedelta(days=4), places=20)
    case.state = "running"
    session.flush()
    row = session.get_one(OperationRow, case.id, populate_existing=True)
    today = local_date(now, "Europe/Paris")
    _name(session)
    _figures(session, row, today)
    _people(session, case, today, now)
    off_track, close = (_task(session, case, row, now, kind) for kind in ("decide_off_track", "close_operation"))
    return Running(case.reference, case.id, off_track, close)


def _name(session: Session) -> None:
    row = session.get_one(ActivityRow, ACTIVITY)
    row.name_fr, row.name_en = "Courrier des prestations", "Benefits by mail"


def _figures(session: Session, row: OperationRow, today: date) -> None:
    """From two weeks before its first day to yesterday; of each evening of it, its point."""
    wanted = select(OperationDayRow.day, OperationDayRow.stock).where(OperationDayRow.operation_id == row.case_id)
    planned = {one.day: one.stock for one in session.execute(wanted)}
    day, n = row.starts_on - timedelta(weeks=2), 0
    while day < today:
        if day.weekday() < 5:
            held = 2900 + 45 * n if day < row.starts_on else round(float(planned[day]) * (1 + 0.008 * (n - 9)))
            figures = {"inflow": 300, "handled": 290, "planned": Decimal(14), "present": Decimal("8.4")}
            figures_row(session, ACTIVITY, day, held, **figures)
            n += 1
            if day >= row.starts_on:
                _point(session, row, day, held, planned[day])
        day += timedelta(days=1)


def _point(session: Session, row: OperationRow, day: date, stock: int, planned: Decimal) -> None:
    session.add(
        DailyPointRow(
            operation_id=row.case_id,
            day=day,
            judged_on=day,
            stock=stock,
            planned=planned,
            back_under_on=row.ends_on + timedelta(days=8),
            off_track=float(stock) > float(planned) * 1.05,
            under_standard=False,
            at=datetime(day.year, day.month, day.day, 18, tzinfo=row.proposed_at.tzinfo),
        )
    )


def _people(session: Session, case: Case, today: date, now: datetime) -> None:
    """Two in each session; whoever ran a session has said who came."""
    wanted = select(SessionRow).where(SessionRow.operation_id == case.id).order_by(SessionRow.number)
    for one in session.scalars(wanted).all():
        for seat, login in enumerate(SEATED, 1):
            eve = datetime(one.day.year, one.day.month, one.day.day, tzinfo=now.tzinfo)
            a_place(session, one.id, person_id(login), min(now, eve), seat)
        if one.day < today:
            _attend(session, one, now)


def _attend(session: Session, one: SessionRow, now: datetime) -> None:
    by = person_id(REFERENT)
    for login, minutes in zip(SEATED, (420, 390), strict=True):
        told = {"version": 1, "minutes": minutes, "reason": None, "entered_by": by, "entered_at": now}
        session.add(AttendanceRow(session_id=one.id, person_id=person_id(login), **told))
    session.flush()
    one.entered_at, one.entered_by = now, by
    session.flush()


def _task(session: Session, case: Case, row: OperationRow, now: datetime, kind: str) -> UUID:
    """Asked of the operations director."""
    task = TaskRow(
        id=uuid7(),
        case_id=case.id,
        kind=kind,
        pole=case.pole,
        offered_to=[role_hat(Role.OPERATIONS_DIRECTOR)],
        meant_for=[role_hat(Role.OPERATIONS_DIRECTOR)],
        excluded=[],
        detail={"why": "time_passed"} if kind == "close_operation" else {},
        due_at=datetime(row.ends_on.year, row.ends_on.month, row.ends_on.day, 16, tzinfo=now.tzinfo),
        opened_at=now,
    )
    session.add(task)
    session.flush()
    return task.id
