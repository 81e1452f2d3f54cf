"""What a plan would do: with it and without it, day by day; how many hours it buys, and at what price."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.orm import Session

from api.pages.figures.chart import Chart, Series, chart
from db.queries.backlog_beside import operations_beside
from db.queries.backlog_terms import prices
from db.queries.calendar import calendar
from domain.backlog.commands import PlanAsked
from domain.backlog.cost import Estimate, estimate
from domain.backlog.outlook import with_and_without
from domain.backlog.plan import reinforcements_of, session_asked, situation_of
from domain.backlog.projection import PlannedSession, Projection
from domain.backlog.watch import last_day
from domain.policy import PolicyVersion

MINUTES = 60


@dataclass(frozen=True)
class Effect:
    """A plan with its effect. `lines` are its working days: stock with it, and without it. `estimate` is what it
    would cost; None where the pay of too few volunteers is known. `beside` are the other operations on its activity on
    some of its days: their sessions are not counted here."""

    plan: PlanAsked
    ends_on: date
    sessions: Sequence[PlannedSession]
    back_under_on: date | None
    without_back_under_on: date | None
    stock_at_end: int
    without_at_end: int
    standard_stock: int
    drawing: Chart | None
    estimate: Estimate | None
    lines: Sequence[tuple[date, int, int]]
    beside: Sequence[Row[*tuple[Any, ...]]] = ()

    @property
    def places(self) -> int:
        """The places of all sessions together."""
        return sum(one.places for one in self.sessions)

    @property
    def hours(self) -> int:
        """The hours that are worked where every place is taken."""
        return sum(one.places * one.minutes for one in self.sessions) // MINUTES

    @property
    def beyond_budget(self) -> bool:
        """Whether it could cost more than its budget, with every place taken."""
        return self.estimate is not None and self.estimate.at_most_cents > self.plan.budget_cents

    @property
    def cents_an_hour(self) -> int | None:
        """What the budget allows for each of them."""
        return self.plan.budget_cents // self.hours if self.hours else None


@dataclass(frozen=True)
class Planned:
    """A plan on an activity; of an operation that is kept already, its id and its last day."""

    asked: PlanAsked
    activity: str
    operation_id: UUID | None = None
    ends_on: date | None = None


def effect_of(session: Session, one: Planned, version: PolicyVersion) -> Effect:
    """The effect of a plan, from its first figures to its last day. Raises Invalid."""
    asked = one.asked
    run, zone = version.backlog.run, version.office.zone
    until = one.ends_on or last_day(asked.starts_on, run)
    planned = [session_asked(each, zone) for each in asked.sessions]
    hour = prices(session, asked.starts_on, version.backlog.pay)
    situation = situation_of(asked.situation)
    with_it, without = with_and_without(
        situation, planned, reinforcements_of(asked.reinforcements), until, calendar(session)
    )
    running = run.ends_under_standard.working_days
    allowed = round(situation.standard_stock)
    return Effect(
        plan=asked,
        ends_on=until,
        sessions=planned,
        back_under_on=with_it.back_under_on(running),
        without_back_under_on=without.back_under_on(running),
        stock_at_end=round(with_it.days[-1].stock),
        without_at_end=round(without.days[-1].stock),
        standard_stock=allowed,
        drawing=chart([_series(told, asked) for told in (with_it, without)], float(allowed)),
        beside=operations_beside(session, one.activity, asked.starts_on, until, one.operation_id),
        estimate=estimate(planned, hour) if hour else None,
        lines=[
            (with_plan.on, round(with_plan.stock), round(other.stock))
            for with_plan, other in zip(with_it.days, without.days, strict=True)
            if with_plan.is_working_day or with_plan.session_capacity
        ],
    )


def _series(told: Projection, asked: PlanAsked) -> Series:
    first = (asked.situation.as_of, float(asked.situation.stock))
    return Series(told.plan.name, [first, *((day.on, float(day.stock)) for day in told.days)])
