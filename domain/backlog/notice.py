"""What a volunteer is told of their places: given from the waiting list, taken back, or lost with their session.

Whoever did it themselves is not told: who signs up, or gives a place back, sees it at once.
Source: procedures, section 4 step 4
"""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from domain.backlog.case import Operation
from domain.backlog.events import VolunteersTold
from domain.backlog.labour import BrokenLimit, refusal_of
from domain.backlog.machine import TellVolunteers
from domain.backlog.words import EndReason, NoticeKind
from domain.events import Event
from domain.house import House

AWAY = "away"
"""Why a place is taken back from whoever is absent on its day."""
CANCELLED = "cancelled"
"""Why the sessions of an operation are dropped that was given up before it began."""


@dataclass(frozen=True)
class Notice:
    """What one person is told of one session. `why`: away, the limit of the law, why the operation has ended;
    `broken`: the limit with its numbers and its article."""

    person_id: UUID
    kind: NoticeKind
    why: str | None = None
    broken: BrokenLimit | None = None


@dataclass(frozen=True)
class PlaceSaid:
    """Why, and what to do about it."""

    rule: str
    remedy: str


def said_of(kind: NoticeKind, why: str | None, broken: BrokenLimit | None) -> PlaceSaid:
    """A notice in words: of a limit of the law the very words of the refusal, with its article.

    Source: procedures, section 4 step 4
    """
    if broken is not None:
        refusal = refusal_of(broken)
        return PlaceSaid(refusal.rule, refusal.remedy)
    if kind is NoticeKind.PLACE_GIVEN:
        return PlaceSaid(
            rule="A place has become free: it is yours.",
            remedy="Give it back before the session begins if you cannot come: whoever is next gets it.",
        )
    if why == AWAY:
        return PlaceSaid(
            rule="You are recorded as away on the day of the session.",
            remedy="If you are there, have the absence corrected, then sign up again.",
        )
    return _ENDED[why or EndReason.STOPPED]


def _no_session(*, rule: str) -> PlaceSaid:
    return PlaceSaid(rule, remedy="There is nothing for you to do; what you have worked is paid.")


_ENDED: Mapping[str, PlaceSaid] = {
    CANCELLED: _no_session(rule="The operation was cancelled."),
    EndReason.STOPPED: _no_session(rule="The direction has stopped the operation."),
    EndReason.UNDER_STANDARD: _no_session(rule="The stock is back under its standard: the operation has ended."),
    EndReason.TIME_PASSED: _no_session(rule="The operation has come to its end."),
}


def tell_volunteers(_case: Operation, command: TellVolunteers, _house: House) -> list[Event]:
    """The messages are written: they leave once this is decided, as the run sees them then."""
    return [VolunteersTold(command.messages)]
