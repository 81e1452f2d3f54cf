"""Who gets a place that is given back: whoever has the fewest sessions, then whoever asked first.

Source: policy; procedures, section 4 step 4
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.backlog.hours import KnownHours, Session
from domain.backlog.labour import BrokenLimit, Law, check_sign_up


@dataclass(frozen=True)
class WaitingPerson:
    """Somebody on the list of one session: when they asked, and how many sessions of the operation they have."""

    person_id: UUID
    login: str
    asked_at: datetime
    sessions_held: int


@dataclass(frozen=True)
class PassedOver:
    """Somebody whose turn it was, and the limits that keep them out: they stay on the list."""

    person_id: UUID
    broken: tuple[BrokenLimit, ...]


@dataclass(frozen=True)
class Promotion:
    """Who gets a place, in their order; and who was passed over on the way."""

    promoted: tuple[UUID, ...]
    passed_over: tuple[PassedOver, ...]


def promotion_order(waiting: Iterable[WaitingPerson]) -> tuple[WaitingPerson, ...]:
    """The fewest sessions first, so that all get their turn; then who asked first; a tie is settled by login.

    Source: policy
    """
    return tuple(sorted(waiting, key=lambda one: (one.sessions_held, one.asked_at, one.login)))


def promote(
    waiting: Iterable[WaitingPerson], free: int, session: Session, hours: Mapping[UUID, KnownHours], law: Law
) -> Promotion:
    """So many places go to the next on the list; labour law is looked at anew, for hours change while people wait.

    `hours` are those of each person, without this session. The list is of people without a place in it.
    """
    promoted: list[UUID] = []
    passed_over: list[PassedOver] = []
    for one in promotion_order(waiting):
        if len(promoted) >= free:
            break
        if broken := check_sign_up(hours[one.person_id], session, law):
            passed_over.append(PassedOver(one.person_id, tuple(broken)))
        else:
            promoted.append(one.person_id)
    return Promotion(tuple(promoted), tuple(passed_over))
