"""What an operation has before it, and what it has cost so far: the figures behind its cockpit."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.models import ActivityRow, DailyPointRow, OperationDayRow, OperationRow, TaskRow
from db.queries.backlog_beside import sessions_beside
from db.queries.backlog_leave import leave_so_far
from db.queries.backlog_sessions import sessions_of
from db.queries.backlog_workers import workers_of
from db.queries.figures import days_of, working_days_without
from domain.backlog.outlook import Expected
from domain.backlog.payroll import Payroll, payroll_of
from domain.backlog.plan import reinforcements_in
from domain.backlog.watch import Activity
from domain.backlog.words import BacklogTask
from domain.civil import local_date
from domain.policy import PolicyVersion

LOOKS_BACK = timedelta(weeks=4)


def expected_of(session: Session, row: OperationRow, today: date, zone: str) -> Expected:
    """Its figures up to now, or to its end; of the register's own activity up to yesterday, for its day is not over."""
    activity = session.get_one(ActivityRow, row.activity)
    known = today if activity.procedure is None else today - timedelta(days=1)
    until = min(known, row.ended_on) if row.ended_on else known
    figures = days_of(session, activity, row.starts_on - LOOKS_BACK, until, zone)
    return Expected(
        activity=Activity(row.standard, row.hours),
        figures=figures,
        sessions=tuple(one.so_far for one in sessions_of(session, row.case_id)),
        ends_on=row.ends_on,
        today=today,
        reinforcements=reinforcements_in(row.plan),
        beside=sessions_beside(session, row),
    )


def missing_of(session: Session, row: OperationRow, today: date) -> list[date]:
    """The working days of the operation, before today, of which nobody has given figures."""
    until = min(today - timedelta(days=1), row.ended_on or row.ends_on)
    return working_days_without(session, session.get_one(ActivityRow, row.activity), row.starts_on, until)


def last_point(session: Session, operation_id: UUID) -> DailyPointRow | None:
    """The last day of it that was compared with the plan, whether it had figures or not."""
    points = select(DailyPointRow).where(DailyPointRow.operation_id == operation_id)
    return session.scalar(points.order_by(DailyPointRow.day.desc()).limit(1))


def put_off_on(session: Session, operation_id: UUID, zone: str) -> date | None:
    """The day on which somebody last decided what to do about a stock that was off its plan."""
    wanted = select(func.max(TaskRow.closed_at)).where(
        TaskRow.case_id == operation_id, TaskRow.kind == BacklogTask.DECIDE_OFF_TRACK
    )
    at = session.scalar(wanted)
    return local_date(at, zone) if at else None


def planned_days(session: Session, row: OperationRow) -> dict[date, Decimal]:
    """The stock that the plan, as it stands, promises for the evening of each day."""
    wanted = select(OperationDayRow.day, OperationDayRow.stock).where(
        OperationDayRow.operation_id == row.case_id, OperationDayRow.plan_version == row.plan_version
    )
    return {one.day: one.stock for one in session.execute(wanted.order_by(OperationDayRow.day))}


def owed_so_far(session: Session, row: OperationRow, version: PolicyVersion) -> Payroll:
    """What all that was worked up to now is paid: counted as a pay file made today would be.

    Source: procedures, section 4 step 5
    """
    rules = version.backlog.pay
    leaves = leave_so_far(session, row.case_id, len(rules.validated_by))
    return payroll_of(workers_of(session, row.case_id, version.office.zone, leaves), rules)
