"""How the due date of a finding came to be what it is: the day agreed at first, and each time that it was moved."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from api.cases import DeadlineView
from api.delegate.findings import PostponementView
from api.finding_views import RequestView
from domain.finding.words import FindingDeadline, RequestStatus

Postponement = RequestView | PostponementView


@dataclass(frozen=True)
class Move:
    """The date was moved: to which day, and by which request; without one, by the end of an accepted risk."""

    to: date
    request: Postponement | None


def first_due_on(deadlines: Iterable[DeadlineView], due_on: date) -> date:
    """The day that was agreed at first."""
    dates = [one for one in deadlines if one.name == FindingDeadline.REMEDIATION]
    return min(dates, key=lambda one: one.generation).due_on if dates else due_on


def moves_of(first_on: date, postponements: Iterable[Postponement], due_on: date) -> Sequence[Move]:
    """The moves from the first day to the one of now, in their order."""
    granted = [one for one in postponements if one.status == RequestStatus.GRANTED and one.decided_at]
    moves = [Move(one.until, one) for one in sorted(granted, key=lambda one: str(one.decided_at))]
    last = moves[-1].to if moves else first_on
    return moves if last == due_on else [*moves, Move(due_on, None)]
