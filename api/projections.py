"""What the stock would do day by day under several plans, side by side."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from api.activities import found
from api.auth import Allowed
from api.house import House, TheHouse
from db.queries.backlog_seats import law_of
from db.queries.calendar import calendar
from db.queries.watch import watched
from domain.backlog.figures import Count, Name, Quantity
from domain.backlog.labour import Law
from domain.backlog.plan import check_holdable
from domain.backlog.projection import Plan, PlannedSession, Projection, Reinforcement, Situation, compare
from domain.calendar import Calendar
from domain.civil import SaneDay
from domain.forms import Form
from domain.people import Actor
from domain.permissions import Action
from domain.refusals import Invalid

router = APIRouter(tags=["backlog"])
Reader = Annotated[Actor, Depends(Allowed(Action.READ_FIGURES))]
MOST_PLANS = 8
MOST_PARTS = 60
_OF_SITUATION = ("as_of", "stock", "inflow", "minutes", "staff", "hours", "absence", "standard")


_EXAMPLE = [
    {"name": "Rien"},
    {"name": "Trois samedis", "sessions": [{"on": "2026-12-05", "places": 12, "minutes": 420, "no_show": 0.1}]},
]


class SessionAsked(Form):
    """A session: so many places of so many minutes, breaks left out; `no_show` is the share that stays empty."""

    on: SaneDay = Field(examples=["2026-12-05"])
    places: Count = Field(examples=[12])
    minutes: Count = Field(examples=[420])
    no_show: Quantity = Field(Decimal(0), examples=[0.1])


class ReinforcementAsked(Form):
    """People of activities that are put aside, from the first to the last day."""

    first_day: SaneDay = Field(examples=["2026-11-30"])
    last_day: SaneDay = Field(examples=["2026-12-18"])
    staff: Quantity = Field(examples=[3])


class PlanAsked(Form):
    """What would be done; without anything, what happens if nothing is."""

    name: Name = Field(examples=["Trois samedis"])
    sessions: list[SessionAsked] = Field(default_factory=list, max_length=MOST_PARTS)
    reinforcements: list[ReinforcementAsked] = Field(default_factory=list, max_length=MOST_PARTS)


class ProjectionAsked(Form):
    """From where, until when, under which plans. An activity gives its last stock and the mean of its last working
    days; what is said beside it counts instead. Without an activity all of it is said."""

    activity: Name | None = Field(None, examples=["care-invoices"])
    as_of: SaneDay | None = Field(None, description="the evening of the stock")
    stock: Quantity | None = None
    inflow: Quantity | None = Field(None, description="what comes in on a working day")
    minutes: Quantity | None = None
    staff: Quantity | None = Field(None, description="full-time people")
    hours: Quantity | None = None
    absence: Quantity | None = None
    standard: Quantity | None = None
    until: SaneDay = Field(examples=["2027-01-08"])
    plans: list[PlanAsked] = Field(min_length=1, max_length=MOST_PLANS, examples=[_EXAMPLE])


class SituationView(BaseModel):
    """From where it goes on."""

    as_of: date
    stock: float
    inflow: float
    minutes: float
    staff: float
    hours: float
    absence: float
    standard: float
    per_day: float = Field(description="what the usual staff handle on a working day")


class ProjectedDayView(BaseModel):
    """One day: what comes, what can be handled by whom, what is, and what waits in the evening."""

    on: date
    arrivals: float
    usual_capacity: float
    session_capacity: float
    handled: float
    stock: float
    backlog_days: float | None
    is_over: bool


class ProjectionView(BaseModel):
    """One plan: its days, and the first of those that are back under the standard for good."""

    plan: str
    back_under_on: date | None = Field(description="the first of so many working days running within the standard")
    days: list[ProjectedDayView]


class Projections(BaseModel):
    """The same days under each plan."""

    situation: SituationView
    projections: list[ProjectionView]


@router.post("/projections")
def projections(asked: ProjectionAsked, house: TheHouse, _actor: Reader) -> Projections:
    """Project the stock under several plans. Nothing is kept, nothing is drawn by chance.

    Sessions on Sundays and public holidays, or longer than a day's work, are refused, all of them at once.
    """
    with house.reading() as session:
        return projected(session, asked, house)


def projected(session: Session, asked: ProjectionAsked, house: House) -> Projections:
    """The answer. Raises Invalid, HTTPException 404."""
    situation = _situation(session, asked, house)
    plans = [_plan(one) for one in asked.plans]
    running = house.book.in_force_on(house.today()).backlog.run.ends_under_standard.working_days
    known = calendar(session)
    _check_days(situation.as_of, asked.until, known)
    _check_sessions(plans, law_of(session, house.book.in_force_on(house.today())))
    told = compare(situation, plans, asked.until, known)
    return Projections(situation=_told(situation), projections=[_projection(one, running) for one in told])


def _situation(session: Session, asked: ProjectionAsked, house: House) -> Situation:
    said = {name: value for name in _OF_SITUATION if (value := getattr(asked, name)) is not None}
    known: dict[str, Any] = {}
    if asked.activity is not None:
        from_figures = watched(session, found(session, asked.activity), house.today(), house.book).situation
        if from_figures is not None:
            known = {name: getattr(from_figures, name) for name in _OF_SITUATION}
    missing = next((name for name in _OF_SITUATION if name not in {**known, **said}), None)
    if missing is not None:
        raise Invalid(
            "A projection needs to know what waits, what comes in, and who is there.",
            "Say it, or name an activity that has figures of the last days.",
            field=missing,
        )
    return Situation(**{**known, **said})


def _check_days(as_of: date, until: date, known: Calendar) -> None:
    if as_of < known.first_day or until > known.last_day:
        raise Invalid(
            f"The calendar of public holidays goes from {known.first_day} to {known.last_day}.",
            "Choose days within it.",
            field="until",
        )


def _check_sessions(plans: Sequence[Plan], law: Law) -> None:
    """Sessions on which nobody may work would promise what cannot be. Raises Mistakes."""
    placed = [
        (f"plans.{number}.sessions.{place}", one)
        for number, plan in enumerate(plans)
        for place, one in enumerate(plan.sessions)
        if isinstance(one, PlannedSession) and law.calendar.first_day <= one.on <= law.calendar.last_day
    ]
    check_holdable(placed, law)


def _plan(asked: PlanAsked) -> Plan:
    return Plan(
        asked.name,
        tuple(PlannedSession(**dict(one)) for one in asked.sessions),
        tuple(Reinforcement(**dict(one)) for one in asked.reinforcements),
    )


def _projection(told: Projection, running: int) -> ProjectionView:
    return ProjectionView.model_validate(told.as_json(running))


def _told(situation: Situation) -> SituationView:
    numbers = {name: float(getattr(situation, name)) for name in _OF_SITUATION if name != "as_of"}
    return SituationView(as_of=situation.as_of, per_day=round(float(situation.per_day), 2), **numbers)
