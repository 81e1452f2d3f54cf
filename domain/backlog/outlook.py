"""What is to be expected of an operation: its stock projected anew, and what each way of strengthening it would do.

Source: procedures, section 4 step 4
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from domain.backlog.hours import days
from domain.backlog.projection import Plan, PlannedSession, Projection, Reinforcement, Situation, project
from domain.backlog.watch import Activity, DailyFigures, as_it_goes_on
from domain.calendar import Calendar
from domain.policy.backlog import BacklogPolicy

LOOKS_AHEAD = timedelta(weeks=6)
"""How far a projection goes on beyond the operation's end."""
_SATURDAY = 5


class WayOn(StrEnum):
    """What can be done about a stock that is off its plan."""

    GO_ON = "go_on"
    MORE_PLACES = "more_places"
    ONE_SATURDAY = "one_saturday"
    TWO_SATURDAYS = "two_saturdays"

    @property
    def label(self) -> str:
        """The French words shown on pages."""
        return _WAYS_ON[self]


_WAYS_ON = {
    WayOn.GO_ON: "continuer ainsi",
    WayOn.MORE_PLACES: "moitié plus de places dans chaque séance à venir",
    WayOn.ONE_SATURDAY: "un samedi de plus",
    WayOn.TWO_SATURDAYS: "deux samedis de plus",
}


@dataclass(frozen=True)
class Expected:
    """What an operation has before it: its figures up to now, its sessions, its last day."""

    activity: Activity
    figures: Sequence[DailyFigures]
    sessions: Sequence[PlannedSession]
    ends_on: date


@dataclass(frozen=True)
class Outcome:
    """One way, the sessions that it adds, and the day on which the stock would be back under the standard."""

    way: WayOn
    added: tuple[PlannedSession, ...]
    back_under_on: date | None
    in_time: bool


def ahead(expected: Expected, policy: BacklogPolicy, calendar: Calendar) -> Projection | None:
    """Projected anew from the last figures, with the sessions that are to come; None where there are no figures.

    Source: procedures, section 4 step 4
    """
    if not expected.figures:
        return None
    situation = as_it_goes_on(expected.activity, expected.figures, policy.watch, calendar)
    last = situation.as_of
    to_come = tuple(one for one in expected.sessions if one.on > last)
    until = max([expected.ends_on, last, *(one.on for one in to_come)]) + LOOKS_AHEAD
    return project(situation, Plan("to come", to_come), until, calendar)


def outcomes(expected: Expected, today: date, policy: BacklogPolicy, calendar: Calendar) -> tuple[Outcome, ...]:
    """Each way with its effect, the gentlest first; ways for which there is no session and no Saturday are left out.

    Source: procedures, section 4 step 4
    """
    to_come = [one for one in expected.sessions if one.on > today]
    usual = max(expected.sessions, key=lambda one: one.on, default=None)
    free = _free_saturdays(expected, today, calendar)
    ways: list[tuple[WayOn, Sequence[PlannedSession], tuple[PlannedSession, ...]]] = [
        (WayOn.GO_ON, expected.sessions, ())
    ]
    if to_come:
        ways.append((WayOn.MORE_PLACES, [_fuller(one, today) for one in expected.sessions], ()))
    for way, count in ((WayOn.ONE_SATURDAY, 1), (WayOn.TWO_SATURDAYS, 2)):
        if usual is not None and len(free) >= count:
            added = tuple(replace(usual, on=day) for day in free[:count])
            ways.append((way, [*expected.sessions, *added], added))
    return tuple(_outcome(way, sessions, added, expected, policy, calendar) for way, sessions, added in ways)


def _outcome(
    way: WayOn,
    sessions: Sequence[PlannedSession],
    added: tuple[PlannedSession, ...],
    expected: Expected,
    policy: BacklogPolicy,
    calendar: Calendar,
) -> Outcome:
    projection = ahead(replace(expected, sessions=tuple(sessions)), policy, calendar)
    running = policy.run.ends_under_standard.working_days
    back = projection.back_under_on(running) if projection else None
    return Outcome(way, added, back, back is not None and back <= expected.ends_on)


def _fuller(one: PlannedSession, today: date) -> PlannedSession:
    return replace(one, places=fuller(one.places)) if one.on > today else one


def fuller(places: int) -> int:
    """Half as many places again, rounded up."""
    return places + -(-places // 2)


def _free_saturdays(expected: Expected, today: date, calendar: Calendar) -> list[date]:
    """The Saturdays after tomorrow up to the last day on which nothing is held yet, and no holiday falls."""
    taken = {one.on for one in expected.sessions}
    return [
        day
        for day in days(today + timedelta(days=2), expected.ends_on)
        if day.weekday() == _SATURDAY and day not in taken and calendar.is_ouvrable(day)
    ]


def with_and_without(
    situation: Situation,
    sessions: Iterable[PlannedSession],
    reinforcements: Iterable[Reinforcement],
    until: date,
    calendar: Calendar,
) -> tuple[Projection, Projection]:
    """What the stock would do under a plan, and if nothing were done. Source: procedures, section 4 step 3"""
    plan = Plan("plan", tuple(sessions), tuple(reinforcements))
    return project(situation, plan, until, calendar), project(situation, Plan("nothing"), until, calendar)
