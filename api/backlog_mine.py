"""What sessions are to me: my hours of each week beside the limits, what I am paid so far, my places in my calendar.

Everybody reads of themselves here, and of nobody else.
"""

from datetime import date, datetime, time
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Response
from icalendar import Calendar, Event
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from api.attachments import as_attachment
from api.auth import Allowed
from api.backlog_pay import PaidTermsView, PayLineView, line_view, terms_views
from api.house import House, TheHouse
from db.queries import backlog_lists
from db.queries import volunteers as queries
from db.queries.backlog_leave import leave_so_far
from db.queries.backlog_seats import law_of
from db.queries.backlog_terms import terms_of
from db.queries.backlog_workers import Asked, workers_of
from domain.backlog.hours import monday_of
from domain.backlog.labour import Law
from domain.backlog.payroll import Owed, payroll_of
from domain.backlog.terms import held_between
from domain.backlog.week import WeekOfWork
from domain.backlog.words import SignUpStatus
from domain.people import Actor
from domain.permissions import Action

router = APIRouter(tags=["backlog operations"])
Volunteer = Annotated[Actor, Depends(Allowed(Action.SIGN_UP))]
MOST_WEEKS = 8
_ICS: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/calendar": {"schema": {"type": "string"}}}, "description": "My places, RFC 5545"}
}


class MyWeekView(BaseModel):
    """One of my weeks, my places included, and what labour law allows of each."""

    monday: date
    minutes: int
    most_minutes: int
    longest_day: date | None
    longest_minutes: int
    most_a_day: int
    average_minutes: int = Field(description="the highest mean of the runs of weeks that hold this one")
    most_average: int
    rest_minutes: int | None = Field(description="with the Sunday in it; null where nothing is worked beside it")
    least_rest: int


class MyPayView(BaseModel):
    """What an operation pays me so far, or for good once its pay file is validated."""

    operation: str
    activity: str
    validated: bool = Field(description="by all validators; else from what is entered, and named as leave, up to now")
    lines: list[PayLineView]
    cents: int
    days_off: int


class MyWork(BaseModel):
    """My weeks with sessions, and my pay; without weeks where my usual hours are not known."""

    known: bool = Field(description="whether my contract and my usual hours are")
    terms: list[PaidTermsView] = Field(description="on which I work: those that hold today, and those to come")
    weeks: list[MyWeekView]
    pay: list[MyPayView]


@router.get("/sessions/mine")
def mine(house: TheHouse, actor: Volunteer) -> MyWork:
    """My hours of this week and of each week with open sessions, beside the limits; what each operation pays me."""
    with house.reading() as session:
        return my_work(session, house, actor)


def my_work(session: Session, house: House, actor: Actor) -> MyWork:
    """What sessions are to me."""
    terms = terms_of(session, [actor.id]).get(actor.id, ())
    return MyWork(
        known=bool(terms),
        terms=terms_views(held_between(terms, house.today(), date.max)) if terms else [],
        weeks=_weeks(session, house, actor) if terms else [],
        pay=[_pay(session, house, row, actor) for row in queries.worked_in(session, actor.id)],
    )


def _weeks(session: Session, house: House, actor: Actor) -> list[MyWeekView]:
    today = house.today()
    law = law_of(session, house.book.in_force_on(today))
    days = {today, *(row.SessionRow.day for row in backlog_lists.open_sessions(session, today))}
    mondays = sorted({monday_of(day) for day in days})[:MOST_WEEKS]
    return [_week(one, law) for one in queries.weeks_of(session, actor.id, mondays, law)]


def _week(one: WeekOfWork, law: Law) -> MyWeekView:
    return MyWeekView(
        monday=one.monday,
        minutes=one.minutes,
        most_minutes=law.rules.weekly.at_most_minutes,
        longest_day=one.longest_day,
        longest_minutes=one.longest_minutes,
        most_a_day=law.rules.daily.at_most_minutes,
        average_minutes=one.average_minutes,
        most_average=law.rules.average.at_most_minutes,
        rest_minutes=one.rest_minutes,
        least_rest=law.rules.weekly_rest.at_least_minutes,
    )


def _pay(session: Session, house: House, row: Any, actor: Actor) -> MyPayView:
    version = house.book.version(row.Case.policy)
    rules = version.backlog.pay
    validated = queries.validated_for(session, row.Case.id, actor.id, len(rules.validated_by))
    owed = validated or _so_far(session, row.Case.id, version, actor)
    return MyPayView(
        operation=row.Case.reference,
        activity=row.OperationRow.activity,
        validated=validated is not None,
        lines=[line_view(line) for line in owed.slip.lines] if owed else [],
        cents=owed.slip.cents if owed else 0,
        days_off=owed.slip.days if owed else 0,
    )


def _so_far(session: Session, operation_id: Any, version: Any, actor: Actor) -> Owed | None:
    """What was entered up to now pays; which absences were paid leave is said when a file is made, and stays said."""
    leaves = leave_so_far(session, operation_id, len(version.backlog.pay.validated_by))
    workers = workers_of(session, operation_id, version.office.zone, leaves, Asked(only=actor.id))
    return next(iter(payroll_of(workers, version.backlog.pay).owed), None)


@router.get("/sessions/mine.ics", response_class=Response, responses=_ICS)
def my_calendar(house: TheHouse, actor: Volunteer) -> Response:
    """My places in sessions to come, for the calendar: the same entries however often they are asked for."""
    with house.reading() as session:
        rows = backlog_lists.open_sessions(session, house.today())
        sign_ups = backlog_lists.sign_ups_of(session, [row.SessionRow.id for row in rows])
    calendar = Calendar()
    calendar.add("prodid", "-//Échéance//sessions//FR")
    calendar.add("version", "2.0")
    for row in rows:
        for one in sign_ups.get(row.SessionRow.id, []):
            if one.person_id == actor.id and one.seated_at is not None and one.status == SignUpStatus.SEATED:
                calendar.add_component(_event(row, one.seated_at, house))
    calendar.add_missing_timezones()
    headers = as_attachment("seances.ics")
    return Response(calendar.to_ical(), media_type="text/calendar; charset=utf-8", headers=headers)


def _event(row: Any, seated_at: datetime, house: House) -> Event:
    known = row.SessionRow
    zone = ZoneInfo(house.book.version(row.policy).office.zone)
    event = Event()
    event.add("uid", f"{known.id}@{house.book.insurer.letterhead.email.rpartition('@')[2]}")
    event.add("dtstamp", seated_at)
    event.add("dtstart", datetime.combine(known.day, time.fromisoformat(known.spans[0]["starts_at"]), zone))
    event.add("dtend", datetime.combine(known.day, time.fromisoformat(known.spans[-1]["ends_at"]), zone))
    event.add("summary", f"{row.reference} – séance {known.number}")
    return event
