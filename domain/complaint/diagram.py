"""The procedure as a drawing: its steps, the ways between them, and the way that one complaint has taken.

Laid out on a grid: `x` counts the steps from the left, `y` is 0 for the main line and 1 for what leaves it. A page
multiplies by whatever it likes. All of it follows from the transition table.
Source: procedures, section 1
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from domain.complaint.states import TRANSITIONS, ComplaintState
from domain.ladder import Rung
from domain.position import LetterInHand, OpenDeadline

_LINE = tuple(state for state in ComplaintState if state is not ComplaintState.REQUALIFIED)


class Way(StrEnum):
    """How an edge is drawn."""

    FORWARD = "forward"
    BACK = "back"
    BRANCH = "branch"


@dataclass(frozen=True)
class Node:
    """A step, and where it stands on the grid."""

    state: ComplaintState
    x: float
    y: int


@dataclass(frozen=True)
class Edge:
    """A way from one step to another."""

    begins: ComplaintState
    ends: ComplaintState
    way: Way


@dataclass(frozen=True)
class Passed:
    """A complaint reached this step at that instant; by a person, or by the system itself."""

    state: ComplaintState
    at: datetime
    actor_id: UUID | None = None


class TimerKind(StrEnum):
    """What a timer does when it fires."""

    REMIND = "remind"
    REPORT_UNDELIVERED = "report_undelivered"


@dataclass(frozen=True)
class Timer:
    """A timer of one complaint. `about` is the deadline, or the kind of letter.

    `rungs` are those that its message stands for: more than one where they have merged. `armed` is the one that the
    workflow sleeps to; the others follow it. `at` is None where the engine alone knows the instant.
    """

    kind: TimerKind
    about: str
    at: datetime | None
    armed: bool
    generation: int = 1
    rungs: tuple[str, ...] = ()
    to: tuple[str, ...] = ()
    copies: tuple[str, ...] = ()
    at_once: bool = False


def nodes() -> tuple[Node, ...]:
    """The steps in their order; the requalified ones leave below the middle of those that lead there."""
    leads_there = [_LINE.index(one) for one, ways in TRANSITIONS.items() if ComplaintState.REQUALIFIED in ways]
    middle = (min(leads_there) + max(leads_there)) / 2
    line = tuple(Node(state, float(place), 0) for place, state in enumerate(_LINE))
    return (*line, Node(ComplaintState.REQUALIFIED, middle, 1))


def edges() -> tuple[Edge, ...]:
    """The ways of the transition table, each as it is drawn."""
    return tuple(Edge(one, other, _way(one, other)) for one in ComplaintState for other in _in_order(TRANSITIONS[one]))


def _in_order(states: Iterable[ComplaintState]) -> list[ComplaintState]:
    return sorted(states, key=list(ComplaintState).index)


def _way(one: ComplaintState, other: ComplaintState) -> Way:
    if other not in _LINE:
        return Way.BRANCH
    return Way.FORWARD if _LINE.index(other) > _LINE.index(one) else Way.BACK


def timers(
    deadlines: Iterable[OpenDeadline],
    letters: Iterable[tuple[LetterInHand, datetime]],
    spread: timedelta,
    mail_patience: timedelta,
    now: datetime,
) -> tuple[Timer, ...]:
    """What will happen by itself to one complaint, the earliest first.

    A rung fires at its instant plus the complaint's own `spread`. A letter of the first round that has not left is
    told to the owner `mail_patience` after it was asked for, once; of a later round, only the engine knows when.
    Source: procedures, the ladder; policy
    """
    reminders = [one for deadline in deadlines for one in _rungs_to_come(deadline, spread)]
    told = [_patience(letter, asked_at, mail_patience) for letter, asked_at in letters if not letter.posted]
    waiting = [one for one in told if one.at is None or one.at > now]
    return tuple(sorted([*reminders, *waiting], key=_by_instant))


def _by_instant(timer: Timer) -> tuple[bool, float, str]:
    return timer.at is None, timer.at.timestamp() if timer.at else 0.0, timer.about


def _rungs_to_come(deadline: OpenDeadline, spread: timedelta) -> list[Timer]:
    """The rungs that have not fired: the workflow's watcher sleeps to the first of them."""
    fired = deadline.fired_until
    coming = sorted((r for r in deadline.planned if fired is None or r.fires_at > fired), key=lambda r: r.fires_at)
    return [_reminder(deadline, rung, spread, armed=place == 0) for place, rung in enumerate(coming)]


def _reminder(deadline: OpenDeadline, rung: Rung, spread: timedelta, *, armed: bool) -> Timer:
    return Timer(
        kind=TimerKind.REMIND,
        about=deadline.name,
        at=rung.fires_at + spread,
        armed=armed,
        generation=deadline.generation,
        rungs=rung.names,
        to=tuple(rung.to),
        copies=tuple(rung.copies),
        at_once=rung.at_once,
    )


def _patience(letter: LetterInHand, asked_at: datetime, mail_patience: timedelta) -> Timer:
    at = asked_at + mail_patience if letter.round == 1 else None
    return Timer(TimerKind.REPORT_UNDELIVERED, letter.kind, at, armed=True, to=("owner",))
