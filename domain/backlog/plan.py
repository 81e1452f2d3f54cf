"""A plan as it is approved: sessions within the law, its days within the operation's, and what the stock would do.

Source: procedures, section 4 step 3
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from hashlib import sha256
from json import dumps
from typing import Any

from domain.backlog.commands import PlanAsked, ReinforcementAsked, SessionAsked, SituationAsked
from domain.backlog.cost import Prices, check_budget
from domain.backlog.hours import KnownHours, Session, Span, check_covered, days_to_know, worked
from domain.backlog.labour import BrokenLimit, Law, check_day, check_sign_up, refusal_of
from domain.backlog.projection import Plan, PlannedSession, Reinforcement, Situation, project
from domain.backlog.watch import last_day
from domain.backlog.words import LabourLimit
from domain.calendar import Calendar
from domain.gathering import Gathering
from domain.policy.backlog import BacklogPolicy
from domain.refusals import AgainstLabourLaw, Invalid, Mistakes

NAME = "plan"


@dataclass(frozen=True)
class CheckedSession:
    """A session that can be held: what was asked, and its hours."""

    asked: SessionAsked
    session: Session
    minutes: int


@dataclass(frozen=True)
class CheckedPlan:
    """A plan that can be carried out. `planned` is the stock of each of its days, in the evening."""

    starts_on: date
    ends_on: date
    sessions: tuple[CheckedSession, ...]
    planned: tuple[tuple[date, Decimal], ...]
    back_under_on: date | None
    hash: str


@dataclass(frozen=True)
class Rules:
    """What a plan is checked against: the policy, the law, the calendar, the day on which it is asked for, what an hour
    costs."""

    policy: BacklogPolicy
    law: Law
    calendar: Calendar
    today: date
    prices: Prices | None = None


def checked(asked: PlanAsked, rules: Rules) -> CheckedPlan:
    """The plan, where it can be carried out and its budget covers it. Raises Invalid, AgainstLabourLaw, BeyondBudget.

    Source: procedures, section 4 step 3
    """
    parts = Parts(
        asked.starts_on, asked.situation, dict(enumerate(asked.sessions)), dict(enumerate(asked.reinforcements))
    )
    wrong = mistakes_in(parts, rules)
    wrong.tell()
    ends_on = last_day(asked.starts_on, rules.policy.run)
    sessions = checked_sessions(asked.sessions, asked.starts_on, ends_on, rules)
    check_budget(asked.budget_cents, planned_sessions(sessions), rules.prices)
    projection = project(
        situation_of(asked.situation), _plan_of(sessions, asked.reinforcements), ends_on, rules.calendar
    )
    running = rules.policy.run.ends_under_standard.working_days
    planned = tuple((day.on, _hundredths(day.stock.numerator, day.stock.denominator)) for day in projection.days)
    back = projection.back_under_on(running)
    return CheckedPlan(asked.starts_on, ends_on, sessions, planned, back, plan_hash(asked))


@dataclass(frozen=True)
class Parts:
    """Those parts of a plan that can be read, sessions and reinforcements by their places in it."""

    starts_on: date | None
    situation: SituationAsked | None
    sessions: Mapping[int, SessionAsked]
    reinforcements: Mapping[int, ReinforcementAsked]


def mistakes_in(parts: Parts, rules: Rules) -> Gathering:
    """All that is wrong with a plan, each with its field: `starts_on`, `stock`, `sessions.0.day`. Where no first day is
    known, sessions are not compared with it.

    Source: procedures, section 4 step 3
    """
    wrong, starts_on = Gathering(), parts.starts_on
    if starts_on is not None:
        wrong.of(partial(_check_to_come, starts_on, rules.today))
    if parts.situation is not None:
        wrong.of(partial(_check_known, parts.situation.as_of, rules.today))
        wrong.of(partial(situation_of, parts.situation))
    first, last = (starts_on, last_day(starts_on, rules.policy.run)) if starts_on else (date.min, date.max)
    for place, session in parts.sessions.items():
        wrong.of(partial(_checked, session, first, last, rules), partial(_in_row, "sessions", place))
    for place, more in parts.reinforcements.items():
        wrong.of(partial(reinforcements_of, (more,)), partial(_in_row, "reinforcements", place))
    return wrong


def _check_to_come(starts_on: date, today: date) -> None:
    if starts_on <= today:
        raise Invalid(
            f"An operation begins after the day on which it is planned; {starts_on} is no longer to come.",
            "Give a later first day.",
            field="starts_on",
        )


def _check_known(as_of: date, today: date) -> None:
    if as_of > today:
        raise Invalid(f"What waits on {as_of} is not known yet.", "Give the last figures.", field="as_of")


def _in_row(name: str, place: int, field: str | None) -> str:
    """A session as a whole is told beside its day, and so are its hours where they do not follow each other."""
    part = "day" if field in (None, "session", "sessions", "spans") else field
    return f"{name}.{place}.{part}"


def checked_sessions(
    asked: Iterable[SessionAsked], first_day: date, last_on: date, rules: Rules
) -> tuple[CheckedSession, ...]:
    """Sessions between two days, on days and hours on which somebody may work. Raises Invalid, AgainstLabourLaw."""
    wrong = Gathering()
    told = [
        wrong.of(partial(_checked, one, first_day, last_on, rules), partial(_in_row, "sessions", place))
        for place, one in enumerate(asked)
    ]
    wrong.tell()
    return tuple(one for one in told if one is not None)


def _checked(asked: SessionAsked, first_day: date, last_on: date, rules: Rules) -> CheckedSession:
    if not first_day <= asked.day <= last_on:
        raise Invalid(
            f"The session of {asked.day} lies outside of the operation, from {first_day} to {last_on}.",
            "Move it, or leave it out.",
            field="sessions",
        )
    check_covered(asked.day, rules.law.rules.average_over.weeks, rules.calendar)
    session = Session(tuple(Span(asked.day, one.starts_at, one.ends_at) for one in asked.hours))
    nothing_else = KnownHours(*days_to_know(asked.day, rules.law.rules.average_over.weeks))
    if broken := check_sign_up(nothing_else, session, rules.law):
        raise refusal_of(broken[0])
    minutes = sum(one.minutes for one in worked(session.spans, rules.law.zone))
    planned_sessions((told := CheckedSession(asked, session, minutes),))
    return told


def check_holdable(sessions: Iterable[tuple[str, PlannedSession]], law: Law) -> None:
    """Sessions whose hours are not laid out yet are on days for work, and no longer than a day's work.

    Each comes with the place where it is said. Raises Mistakes, with all of them.
    Source: procedures, section 4 step 4
    """
    broken = [(place, one) for place, session in sessions for one in check_day(session.on, session.minutes, law)]
    if broken:
        raise Mistakes([_placed(place, one) for place, one in broken])


def _placed(place: str, broken: BrokenLimit) -> AgainstLabourLaw:
    told = refusal_of(broken)
    told.field = f"{place}.{'minutes' if broken.limit is LabourLimit.DAILY else 'on'}"
    return told


def situation_of(asked: SituationAsked) -> Situation:
    """The figures that the plan starts from. Raises Invalid."""
    return Situation(
        as_of=asked.as_of,
        stock=Decimal(asked.stock),
        inflow=asked.inflow,
        minutes=asked.minutes,
        staff=asked.staff,
        hours=asked.hours,
        absence=asked.absence,
        standard=asked.standard,
    )


def _plan_of(sessions: Iterable[CheckedSession], reinforcements: Iterable[ReinforcementAsked]) -> Plan:
    return Plan(NAME, planned_sessions(sessions), reinforcements_of(reinforcements))


def planned_sessions(sessions: Iterable[CheckedSession]) -> tuple[PlannedSession, ...]:
    """The sessions as a projection counts them. Raises Invalid."""
    return tuple(PlannedSession(one.asked.day, one.asked.places, one.minutes, one.asked.no_show) for one in sessions)


def reinforcements_of(asked: Iterable[ReinforcementAsked]) -> tuple[Reinforcement, ...]:
    """The reinforcements as a projection counts them. Raises Invalid."""
    return tuple(Reinforcement(one.first_day, one.last_day, one.staff) for one in asked)


def session_asked(asked: SessionAsked, zone: str) -> PlannedSession:
    """A session as it was asked for, its minutes counted on the clocks of the zone. Raises Invalid."""
    hours = Session(tuple(Span(asked.day, one.starts_at, one.ends_at) for one in asked.hours))
    return PlannedSession(asked.day, asked.places, sum(one.minutes for one in worked(hours.spans, zone)), asked.no_show)


def sessions_in(plan: Mapping[str, Any], zone: str) -> tuple[PlannedSession, ...]:
    """The sessions of a plan that is kept."""
    return tuple(session_asked(SessionAsked.model_validate(one), zone) for one in plan["sessions"])


def reinforcements_in(plan: Mapping[str, Any]) -> tuple[Reinforcement, ...]:
    """The reinforcements of a plan that is kept."""
    return reinforcements_of(ReinforcementAsked.model_validate(one) for one in plan["reinforcements"])


def plan_hash(asked: PlanAsked) -> str:
    """What an approval names: another plan has another. Source: procedures, section 4 step 3"""
    told: dict[str, Any] = asked.model_dump(mode="json", include=set(PlanAsked.model_fields))
    return sha256(dumps(told, sort_keys=True).encode()).hexdigest()


def _hundredths(numerator: int, denominator: int) -> Decimal:
    return Decimal(-(-numerator * 100 // denominator)) / 100
