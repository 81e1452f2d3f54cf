"""The closing report of an operation: before and after, what was worked, what it cost. Made anew from what is kept."""

from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from api.auth import Allowed
from api.backlog import seen_operation
from api.house import House, TheHouse
from db.models import ActivityRow, OperationRow
from db.queries import backlog_lists
from db.queries.backlog import sessions_of
from db.queries.backlog_lending import handled_by_volunteers
from db.queries.calendar import calendar
from db.queries.figures import days_of
from domain.backlog.closing import Attendances, ClosingReport, Cost, Measured, closing_report
from domain.backlog.hours import days
from domain.backlog.watch import Activity
from domain.people import Actor
from domain.permissions import Action

router = APIRouter(tags=["backlog operations"])
LOOKS_BACK = timedelta(weeks=4)


class MeasuredView(BaseModel):
    """The activity on the evening of a day."""

    on: date
    stock: int
    backlog_days: float | None = Field(description="null where nobody is there to handle anything")
    is_over: bool = Field(description="over its standard")


class ReportView(BaseModel):
    """What an operation found, what it left, what it cost; up to today while it goes on."""

    reference: str = Field(examples=["OPE-2026-000001"])
    until: date
    before: MeasuredView | None
    after: MeasuredView | None
    handled: int = Field(description="from its first day on")
    days_over: int
    days_within: int
    days_without_figures: int
    sessions: int = Field(description="those that were held")
    places: int
    came: int
    minutes: int
    pay_cents: int = Field(description="of the newest pay file that is not void")
    recovery_days: int
    budget_cents: int
    within_budget: bool
    lent: int = Field(description="cases of the register that were lent to volunteers")
    handled_by_volunteers: int = Field(description="those on which a volunteer has done something")


@router.get("/backlog/{reference}/report")
def report(
    reference: str, house: TheHouse, _actor: Annotated[Actor, Depends(Allowed(Action.READ_OPERATIONS))]
) -> ReportView:
    """The closing report: before and after, days over and within the standard, what was worked, what it cost."""
    with house.reading() as session:
        row = seen_operation(session, reference)
        until = row.OperationRow.ended_on or min(house.today(), row.OperationRow.ends_on)
        told = _told(session, house, row.OperationRow, until)
        lent, by_volunteers = handled_by_volunteers(session, row.OperationRow.case_id)
    return ReportView(
        reference=reference,
        until=until,
        before=_measured(told.before),
        after=_measured(told.after),
        handled=told.handled,
        days_over=told.days_over,
        days_within=told.days_within,
        days_without_figures=told.days_without_figures,
        sessions=told.sessions,
        places=told.places,
        came=told.came,
        minutes=told.minutes,
        pay_cents=told.pay_cents,
        recovery_days=told.recovery_days,
        budget_cents=told.budget_cents,
        within_budget=told.within_budget,
        lent=lent,
        handled_by_volunteers=by_volunteers,
    )


def _told(session: Session, house: House, known: OperationRow, until: date) -> ClosingReport:
    activity = session.get_one(ActivityRow, known.activity)
    figures = days_of(session, activity, known.starts_on - LOOKS_BACK, until, house.zone.key)
    at_work = calendar(session)
    pay = [one for one in backlog_lists.told(session, known.case_id).pay if one.void_at is None]
    newest = pay[-1] if pay else None
    held = [one for one in sessions_of(session, known.case_id) if one.entered]
    return closing_report(
        Activity(known.standard, known.hours),
        figures,
        known.starts_on,
        [day for day in days(known.starts_on, until) if at_work.is_working_day(day)],
        [Attendances(one.planned.places, tuple(one.attended.values())) for one in held],
        Cost(newest.cents if newest else 0, newest.days if newest else 0, known.budget_cents),
    )


def _measured(told: Measured | None) -> MeasuredView | None:
    if told is None:
        return None
    backlog = None if told.backlog_days is None else round(float(told.backlog_days), 2)
    return MeasuredView(on=told.on, stock=told.stock, backlog_days=backlog, is_over=told.is_over)
