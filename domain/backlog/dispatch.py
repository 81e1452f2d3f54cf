"""Who gets which case: the oldest first, to volunteers who can do it and have room.

Fair: among those who can, whoever has the fewest. Deterministic: the same cases and people give the same pairs.
A case that finds all who can do it full makes room by handing one of theirs to somebody else, never to nobody.
Source: procedures, section 4 step 4
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from domain.backlog.words import LeftOver
from domain.refusals import Invalid


@dataclass(frozen=True)
class WaitingCase:
    """A case that waits `since` a day; whoever is in `kept_out` may not have it: it is about them, or was theirs."""

    id: UUID
    reference: str
    since: date
    skills: frozenset[str] = frozenset()
    kept_out: frozenset[UUID] = frozenset()


@dataclass(frozen=True)
class Volunteer:
    """Somebody who is there, what they can do, and how many cases they have `room` for. Raises Invalid."""

    id: UUID
    login: str
    skills: frozenset[str]
    room: int

    def __post_init__(self) -> None:
        if self.room < 0:
            raise Invalid(
                "A volunteer has room for no case, or for some.", "Give 0 for who is to get none.", field="room"
            )

    def may_have(self, case: WaitingCase) -> bool:
        """Whether they have all the skills that it asks for, and are not kept out."""
        return case.skills <= self.skills and self.id not in case.kept_out


@dataclass(frozen=True)
class Given:
    """A case, and who gets it."""

    case_id: UUID
    volunteer_id: UUID


@dataclass(frozen=True)
class Left:
    """A case that nobody gets, and why."""

    case_id: UUID
    why: LeftOver


@dataclass(frozen=True)
class LeftGroup:
    """How many cases are left for one reason, of those that ask for the same skills."""

    why: LeftOver
    skills: tuple[str, ...]
    cases: int

    def as_json(self) -> dict[str, Any]:
        """As it is kept."""
        return {"why": self.why.value, "skills": list(self.skills), "cases": self.cases}


@dataclass(frozen=True)
class Share:
    """Somebody with a place in a session: how many cases they have already, and how many more they would get.

    `away` is who is absent on that day, or may not have other people's cases: they get none.
    """

    person_id: UUID
    held: int
    more: int
    away: bool = False


@dataclass(frozen=True)
class Foreseen:
    """What giving out the cases of a session would do, as things stand."""

    shares: tuple[Share, ...]
    left: tuple[LeftGroup, ...]

    @property
    def given(self) -> int:
        """How many cases would be given out."""
        return sum(one.more for one in self.shares)


@dataclass(frozen=True)
class Dispatched:
    """Who gets what, the oldest case first; and what is left, the oldest first."""

    given: tuple[Given, ...]
    left: tuple[Left, ...]


def dispatch(cases: Iterable[WaitingCase], volunteers: Iterable[Volunteer]) -> Dispatched:
    """The oldest cases that can be done are given, each to somebody who may have it and has room for it.

    No case is left for a younger one: one that is given once stays given.
    Source: procedures, section 4 step 4
    """
    queue = sorted(cases, key=lambda case: (case.since, case.reference, case.id))
    desks = _Desks(sorted(volunteers, key=lambda one: (one.login, one.id)))
    left = [Left(case.id, why) for case in queue if (why := desks.seat(case))]
    given = (Given(case.id, desks.holder_of[case.id].id) for case in queue if case.id in desks.holder_of)
    return Dispatched(tuple(given), tuple(left))


def groups_of_left(cases: Iterable[WaitingCase], left: Iterable[Left]) -> tuple[LeftGroup, ...]:
    """What is left, by reason and skills: a director sees which skill is lacking. Source: policy"""
    skills = {case.id: tuple(sorted(case.skills)) for case in cases}
    counted = Counter((one.why, skills[one.case_id]) for one in left)
    return tuple(LeftGroup(why, asked, count) for (why, asked), count in sorted(counted.items()))


class _Desks:
    """The volunteers with what they have got so far."""

    def __init__(self, volunteers: list[Volunteer]) -> None:
        self.volunteers = volunteers
        self.held: dict[UUID, list[WaitingCase]] = {one.id: [] for one in volunteers}
        self.holder_of: dict[UUID, Volunteer] = {}
        self.full_for: set[tuple[frozenset[str], frozenset[UUID]]] = set()

    def seat(self, case: WaitingCase) -> LeftOver | None:
        """Give the case to somebody; why not, where nobody can have it."""
        able = [one for one in self.volunteers if one.may_have(case)]
        if not able:
            return LeftOver.NO_SKILL
        if free := [one for one in able if self.has_room(one)]:
            self._give(case, min(free, key=lambda one: self._preference(one, case)))
        elif (case.skills, case.kept_out) in self.full_for or not self._make_room(case, able):
            self.full_for.add((case.skills, case.kept_out))  # room that is taken is never given back
            return LeftOver.NO_ROOM
        return None

    def has_room(self, volunteer: Volunteer) -> bool:
        """Whether they can take one more."""
        return len(self.held[volunteer.id]) < volunteer.room

    def _preference(self, volunteer: Volunteer, case: WaitingCase) -> tuple[int, int, str]:
        """Who has the fewest; then whose rarer skills are not needed for it; then by login."""
        return len(self.held[volunteer.id]), len(volunteer.skills - case.skills), volunteer.login

    def _make_room(self, case: WaitingCase, able: list[Volunteer]) -> bool:
        """The shortest row of cases that each move one desk further, so that the last finds a free place."""
        came: dict[UUID, tuple[WaitingCase, Volunteer | None]] = {one.id: (case, None) for one in able}
        queue = list(able)
        for holder in queue:
            if self.has_room(holder):
                self._move_along(holder, came)
                return True
            for held in self.held[holder.id]:
                for other in self.volunteers:
                    if other.id not in came and other.may_have(held):
                        came[other.id] = (held, holder)
                        queue.append(other)
        return False

    def _move_along(self, last: Volunteer, came: dict[UUID, tuple[WaitingCase, Volunteer | None]]) -> None:
        receiver: Volunteer | None = last
        while receiver is not None:
            case, giver = came[receiver.id]
            if giver is not None:
                self.held[giver.id].remove(case)
            self._give(case, receiver)
            receiver = giver

    def _give(self, case: WaitingCase, volunteer: Volunteer) -> None:
        self.held[volunteer.id].append(case)
        self.holder_of[case.id] = volunteer
