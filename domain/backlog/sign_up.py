"""Signing up for a session, and giving the place back: who may, which place, and who comes next.

Decided by the register itself under the session's lock, without the operation's workflow: seventy people do so in one
minute. Source: procedures, section 4 step 4
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.backlog.hours import KnownHours, Session, session_starts
from domain.backlog.labour import Law, check_sign_up, refusal_of
from domain.backlog.states import BacklogState
from domain.refusals import Invalid, NotAVolunteer, WrongStep


@dataclass(frozen=True)
class OpenSession:
    """A session as whoever signs up finds it, under its lock: its places, and those that are taken."""

    number: int
    session: Session
    places: int
    taken: frozenset[int]
    skill: str | None
    state: BacklogState
    dropped: bool = False

    @property
    def free(self) -> tuple[int, ...]:
        """The places that nobody has, the lowest first."""
        return tuple(seat for seat in range(1, self.places + 1) if seat not in self.taken)


@dataclass(frozen=True)
class Candidate:
    """Whoever wants a place: what they can do, when they work, whether they are away on the day."""

    person_id: UUID
    skills: frozenset[str]
    hours: KnownHours
    away: bool


def check_open(one: OpenSession, now: datetime, zone: str) -> None:
    """Places are taken and given back until the session begins. Raises WrongStep."""
    if one.state not in BacklogState.taking_sign_ups() or one.dropped:
        raise WrongStep(
            "Nobody signs up for this session: its operation is not approved, or has ended, or has dropped it.",
            "Choose a session that is open.",
        )
    if now >= session_starts(one.session, zone):
        raise WrongStep("The session has begun.", "Choose one that is to come.")


def check_places(one: OpenSession, places: int, now: datetime, zone: str) -> None:
    """A session gets more places until it begins, never fewer: people count on them. Raises WrongStep, Invalid.

    Source: procedures, section 4 step 4
    """
    check_open(one, now, zone)
    if places < one.places:
        raise Invalid(
            f"The session has {one.places} places: people may count on each of them.",
            "Give as many, or more.",
            field="places",
        )


def seat_for(
    one: OpenSession, candidate: Candidate | None, law: Law, now: datetime, waiting: Iterable[UUID]
) -> int | None:
    """The place that somebody gets; None where all are taken, or where others wait: they come first.

    Raises WrongStep, NotAVolunteer, Invalid, and AgainstLabourLaw with the limit that the session would break.
    Source: procedures, section 4 step 4
    """
    check_open(one, now, law.zone)
    check_candidate(one, candidate, law)
    if set(waiting) or not one.free:
        return None
    return one.free[0]


def check_candidate(one: OpenSession, candidate: Candidate | None, law: Law) -> None:
    """Whether somebody may work in this session at all: now, or once a place is free. Raises Refusal."""
    if candidate is None:
        raise NotAVolunteer(
            "Your contract and your usual hours are not known: nobody can say whether you may work more.",
            "Have them entered by an administrator or by accounting; then sign up.",
        )
    if candidate.away:
        raise WrongStep("You are away on the day of the session.", "Choose a day on which you are there.")
    if one.skill is not None and one.skill not in candidate.skills:
        raise Invalid("This session asks for a skill that you do not have.", "Choose another session.", field="session")
    if broken := check_sign_up(candidate.hours, one.session, law):
        raise refusal_of(broken[0])
