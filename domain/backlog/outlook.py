"""What is to be expected of an operation: its stock projected anew, and what each way of strengthening it would do.

Source: procedures, section 4 step 4
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from domain.backlog.hours import days
from domain.backlog.numbers import rounded
from domain.backlog.projection import (
    Plan,
    PlannedSession,
    Projection,
    Reinforcement,
    SessionWork,
    Situation,
    project,
)
from domain.backlog.watch import Activity, DailyFigures, as_it_goes_on, within_up_to_now
from domain.calendar import Calendar
from domain.policy.backlog import BacklogPolicy

LOOKS_AHEAD = timedelta(weeks=6)
"""How far a projection goes on beyond the operation's end."""
SIGN_UP_SETTLES = timedelta(weeks=1)
"""A session that is farther ahead than this says little yet by who has signed up."""
_SATURDAY = 5
_PLACES = 6


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
class SessionSoFar:
    """A session with the places that are taken in it; `worked` are the minutes of all who came, once they are said."""

    planned: PlannedSession
    taken: int
    worked: int | None = None

    @property
    def on(self) -> date:
        """Its day."""
        return self.planned.on

    @property
    def is_full(self) -> bool:
        """Whether every place is taken."""
        return self.taken >= self.planned.places

    @property
    def certain(self) -> Fraction:
        """What was worked; before that is said, what who has a place works: no more than the plan counts on."""
        if self.worked is not None:
            return Fraction(self.worked)
        usual = self.planned.places * (1 - Fraction(self.planned.no_show))
        return min(Fraction(self.taken), usual) * self.planned.minutes


@dataclass(frozen=True)
class Expected:
    """What an operation has before it, as of `today`: its figures up to now, its sessions with who has signed up, its
    last day. `beside` are the sessions of each other operation on the same activity: they take from the same stock."""

    activity: Activity
    figures: Sequence[DailyFigures]
    sessions: Sequence[SessionSoFar]
    ends_on: date
    today: date
    reinforcements: Sequence[Reinforcement] = ()
    beside: Sequence[Sequence[SessionSoFar]] = ()


class Turnout(StrEnum):
    """Who is counted in the sessions to come: who has signed up, or all for whom there is a place."""

    SIGNED_UP = "signed_up"
    ALL_PLACES = "all_places"


@dataclass(frozen=True)
class SignedUp:
    """The places of the sessions to come, and those of them that are taken; `estimated` are the sessions so far ahead
    that more is counted of them than who has signed up."""

    taken: int
    places: int
    estimated: int


@dataclass(frozen=True)
class Outcome:
    """One way, the sessions that it adds, and the day on which the stock would be back under the standard: with who
    has signed up, and `at_best` with all places taken."""

    way: WayOn
    added: tuple[PlannedSession, ...]
    back_under_on: date | None
    at_best_on: date | None
    in_time: bool


def filled(sessions: Iterable[SessionSoFar], today: date) -> Fraction | None:
    """The share of their places that the sessions held, and those of the coming week, have; None where there are none.

    Source: procedures, section 4 step 4
    """
    known = [one for one in sessions if one.on <= today + SIGN_UP_SETTLES]
    full = sum(one.planned.full for one in known)
    return sum((one.certain for one in known), Fraction(0)) / full if full else None


def expected_work(sessions: Sequence[SessionSoFar], today: date) -> tuple[SessionWork, ...]:
    """What is to be expected of sessions: what was worked in those that were held; who has a place in those of the
    coming week; of those farther ahead, whose sign-up has only begun, as large a share of the places as of the others,
    and never less than who has signed up. Source: procedures, section 4 step 4
    """
    share = filled(sessions, today)
    return tuple(SessionWork(one.on, _work(one, share, today)) for one in sessions)


def _work(one: SessionSoFar, share: Fraction | None, today: date) -> Fraction:
    if share is None or one.on <= today + SIGN_UP_SETTLES:
        return one.certain
    return max(one.certain, _usual_share(one.planned, share) * one.planned.full)


def _usual_share(one: PlannedSession, share: Fraction | None) -> Fraction:
    """Of places that nobody could take yet: as many as of the others, and no more than the plan counts on."""
    planned = 1 - Fraction(one.no_show)
    return planned if share is None else min(share, planned)


def signed_up(expected: Expected) -> SignedUp:
    """How many places of the sessions to come are taken. Source: procedures, section 4 step 4"""
    to_come = [one for one in expected.sessions if one.on >= expected.today and one.worked is None]
    share = filled(expected.sessions, expected.today)
    more = sum(_work(one, share, expected.today) > one.certain for one in to_come)
    return SignedUp(sum(one.taken for one in to_come), sum(one.planned.places for one in to_come), more)


def ahead(
    expected: Expected, policy: BacklogPolicy, calendar: Calendar, turnout: Turnout = Turnout.SIGNED_UP
) -> Projection | None:
    """Projected anew from the last figures, with the sessions that are to come; None where there are no figures.

    A reinforcement counts from its first to its last day, and on no other: see `usual_only`.
    Source: procedures, section 4 step 4
    """
    if not expected.figures:
        return None
    work = [one for others in expected.beside for one in expected_work(others, expected.today)]
    own = expected_work(expected.sessions, expected.today)
    if turnout is Turnout.ALL_PLACES:
        own = tuple(_at_best(one, known) for one, known in zip(expected.sessions, own, strict=True))
    return _projected(expected, [*own, *work], policy, calendar)


def _at_best(one: SessionSoFar, known: SessionWork) -> SessionWork:
    """All its places taken, but those that usually stay empty."""
    if one.worked is not None:
        return known
    return SessionWork(one.on, max(known.minutes, one.planned.full * (1 - Fraction(one.planned.no_show))))


def _projected(
    expected: Expected, work: Iterable[PlannedSession | SessionWork], policy: BacklogPolicy, calendar: Calendar
) -> Projection:
    situation = goes_on(expected, policy, calendar)
    last = situation.as_of
    to_come = tuple(one for one in work if one.on > last)
    until = max([expected.ends_on, last, *(one.on for one in to_come)]) + LOOKS_AHEAD
    known = _strengths(expected, policy, calendar)
    more = tuple(one for one in known if last < one.last_day and one.first_day <= until)
    return project(situation, Plan("to come", to_come, more), until, calendar)


def goes_on(expected: Expected, policy: BacklogPolicy, calendar: Calendar) -> Situation:
    """How it goes on with the usual staff alone; there are figures. Source: procedures, section 4 step 4"""
    return as_it_goes_on(expected.activity, usual_only(expected, policy, calendar), policy.watch, calendar)


def usual_only(expected: Expected, policy: BacklogPolicy, calendar: Calendar) -> tuple[DailyFigures, ...]:
    """The figures, with who was present besides the operation's reinforcements.

    On each working day that a reinforcement covers, its planned people are taken out, less the share of the list who
    were away, and only as far as the figures show them: where more were present than on the last ten working days that
    no reinforcement covers, up to all of what was planned, over its last ten days together. Where no day without one
    is known, all of it was there. Nobody is less than nobody. Source: procedures, section 4 step 4
    """
    shares = _shares_shown(expected, policy, calendar)
    return tuple(
        _without(one, shares) if calendar.is_working_day(one.on) else one
        for one in sorted(expected.figures, key=lambda one: one.on)
    )


def _without(one: DailyFigures, shares: Sequence[tuple[Reinforcement, Fraction]]) -> DailyFigures:
    there = sum((share * _planned_on(one, [more]) for more, share in shares), Fraction(0))
    return replace(one, present=rounded(max(Fraction(one.present) - there, Fraction(0)), _PLACES)) if there else one


def _planned_on(one: DailyFigures, reinforcements: Iterable[Reinforcement]) -> Fraction:
    """Who of them should have been present on this day."""
    listed = sum((Fraction(more.staff) for more in reinforcements if _covers(more, one)), Fraction(0))
    return listed * (1 - Fraction(one.absence))


def _covers(more: Reinforcement, one: DailyFigures) -> bool:
    return more.first_day <= one.on <= more.last_day


def _shares_shown(
    expected: Expected, policy: BacklogPolicy, calendar: Calendar
) -> list[tuple[Reinforcement, Fraction]]:
    """Each reinforcement with the share of it that the figures show; of one that has not begun, all."""
    at_work = _at_work(expected, calendar)
    most, every = policy.watch.forecast_from.working_days, expected.reinforcements
    usual = [one for one in at_work if not any(_covers(more, one) for more in every)][-most:]
    return [(more, _shown([one for one in at_work if _covers(more, one)][-most:], usual, every)) for more in every]


def _shown(covered: Sequence[DailyFigures], usual: Sequence[DailyFigures], every: Sequence[Reinforcement]) -> Fraction:
    planned = sum((_planned_on(one, every) for one in covered), Fraction(0))
    if not planned or not usual:
        return Fraction(1)
    besides = _mean_of(one.present for one in covered) - _mean_of(one.present for one in usual)
    return min(max(besides * len(covered) / planned, Fraction(0)), Fraction(1))


def _strengths(expected: Expected, policy: BacklogPolicy, calendar: Calendar) -> list[Reinforcement]:
    """The reinforcements with who is to be expected of them; one of whom nobody came, or comes, is left out."""
    last = _at_work(expected, calendar)[-policy.watch.forecast_from.working_days :]
    there = 1 - _mean_of(one.absence for one in last) if last else Fraction(1)
    each = [
        (more, rounded(Fraction(more.staff) * share * there, _PLACES))
        for more, share in _shares_shown(expected, policy, calendar)
    ]
    return [replace(more, staff=staff) for more, staff in each if staff]


def _at_work(expected: Expected, calendar: Calendar) -> list[DailyFigures]:
    return sorted((one for one in expected.figures if calendar.is_working_day(one.on)), key=lambda one: one.on)


def _mean_of(numbers: Iterable[Decimal]) -> Fraction:
    exact = [Fraction(one) for one in numbers]
    return sum(exact, Fraction(0)) / len(exact)


def back_on(
    expected: Expected, projection: Projection | None, policy: BacklogPolicy, calendar: Calendar
) -> date | None:
    """The first of the working days running that end within the standard, those that are behind among them: of
    those too the standard is that of the usual staff.

    Source: procedures, section 4 step 6
    """
    running = policy.run.ends_under_standard.working_days
    within = within_up_to_now(expected.activity, usual_only(expected, policy, calendar), calendar)
    return projection.back_under_on(running, within) if projection else None


def outcomes(expected: Expected, policy: BacklogPolicy, calendar: Calendar) -> tuple[Outcome, ...]:
    """Each way with its effect, the gentlest first; ways for which there is no session and no Saturday are left out.

    Places that would be added are taken as those of the other sessions are; of a session that is not full, more places
    would change nothing. Source: procedures, section 4 step 4
    """
    to_come = [one for one in expected.sessions if one.on > expected.today]
    usual = max((one.planned for one in expected.sessions), key=lambda one: one.on, default=None)
    free = _free_saturdays(expected, calendar)
    ways: list[tuple[WayOn, tuple[PlannedSession, ...], Sequence[PlannedSession]]] = [(WayOn.GO_ON, (), ())]
    if to_come:
        ways.append((WayOn.MORE_PLACES, (), [_more_places(one.planned) for one in to_come if one.is_full]))
    for way, count in ((WayOn.ONE_SATURDAY, 1), (WayOn.TWO_SATURDAYS, 2)):
        if usual is not None and len(free) >= count:
            added = tuple(replace(usual, on=day) for day in free[:count])
            ways.append((way, added, added))
    return tuple(_outcome(way, added, more, expected, policy, calendar) for way, added, more in ways)


def _outcome(
    way: WayOn,
    added: tuple[PlannedSession, ...],
    more: Sequence[PlannedSession],
    expected: Expected,
    policy: BacklogPolicy,
    calendar: Calendar,
) -> Outcome:
    back = _with(more, expected, policy, calendar, Turnout.SIGNED_UP)
    at_best = _with(more, expected, policy, calendar, Turnout.ALL_PLACES)
    return Outcome(way, added, back, at_best, back is not None and back <= expected.ends_on)


def _with(
    more: Sequence[PlannedSession], expected: Expected, policy: BacklogPolicy, calendar: Calendar, turnout: Turnout
) -> date | None:
    """When it would be back with these places on top."""
    share = filled(expected.sessions, expected.today) if turnout is Turnout.SIGNED_UP else None
    known = ahead(expected, policy, calendar, turnout)
    if known is None:
        return None
    work = [SessionWork(one.on, _usual_share(one, share) * one.full) for one in more]
    return back_on(expected, _projected(expected, [*known.plan.sessions, *work], policy, calendar), policy, calendar)


def _more_places(one: PlannedSession) -> PlannedSession:
    return replace(one, places=fuller(one.places) - one.places)


def fuller(places: int) -> int:
    """Half as many places again, rounded up."""
    return places + -(-places // 2)


def _free_saturdays(expected: Expected, calendar: Calendar) -> list[date]:
    """The Saturdays after tomorrow up to the last day on which nothing is held yet, and no holiday falls."""
    taken = {one.on for one in expected.sessions}
    return [
        day
        for day in days(expected.today + timedelta(days=2), expected.ends_on)
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
