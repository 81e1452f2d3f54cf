"""What a plan would do: with it and without it, day by day; how many hours it buys, and at what price."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from api.pages.figures.chart import Chart, Series, chart
from db.queries.backlog_seats import prices
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
    would cost; None where the pay of too few volunteers is known."""

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


def effect_of(session: Session, asked: PlanAsked, version: PolicyVersion, ends_on: date | None = None) -> Effect:
    """The effect of a plan, from its first figures to its last day. Raises Invalid."""
    run, zone = version.backlog.run, version.office.zone
    until = ends_on or last_day(asked.starts_on, run)
    planned = [session_asked(one, zone) for one in asked.sessions]
    hour = prices(session, version.backlog.pay)
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
        drawing=chart([_series(one, asked) for one in (with_it, without)], float(allowed)),
        estimate=estimate(planned, hour) if hour else None,
        lines=[
            (one.on, round(one.stock), round(other.stock))
            for one, other in zip(with_it.days, without.days, strict=True)
            if one.is_working_day or one.session_capacity
        ],
    )


def _series(told: Projection, asked: PlanAsked) -> Series:
    first = (asked.situation.as_of, float(asked.situation.stock))
    return Series(told.plan.name, [first, *((day.on, float(day.stock)) for day in told.days)])
