"""What stands beside the course of an operation in its cockpit: cases lent, members told, the closing report."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.orm import Session

from db.queries.backlog_lending import cases_lent, dispatches_of, hands_of
from db.queries.delay import messages_of, outcomes
from domain.backlog.states import BacklogState
from domain.backlog.words import MessageStatus

_REPORTED = frozenset({BacklogState.RUNNING, BacklogState.CLOSING, BacklogState.CLOSED})
"""An operation that has begun has a report; until it is closed, a provisional one."""


@dataclass(frozen=True)
class LentGlance:
    """Cases that volunteers have: all that were lent, in whose hands they are now, what the last dispatch has left."""

    lent: int
    hands: Sequence[Row[str, int]]
    given_out: bool
    left: int

    @property
    def now(self) -> int:
        """How many are lent now."""
        return sum(one.cases for one in self.hands)


@dataclass(frozen=True)
class ToldGlance:
    """Members who were told of the delay, whose turn is to come, who were left out; whether a message is before
    somebody."""

    waits: bool
    told: int
    to_come: int
    not_told: int


def beside_of(session: Session, operation_id: UUID, state: str, procedure: str | None) -> dict[str, Any]:
    """Cases and members where our register counts the activity; the report once the operation has begun."""
    counted = procedure is not None and state in _REPORTED
    return {
        "lent": _lent(session, operation_id) if counted else None,
        "members": _members(session, operation_id) if counted else None,
        "report": ("final" if state == BacklogState.CLOSED else "provisional") if state in _REPORTED else None,
    }


def _lent(session: Session, operation_id: UUID) -> LentGlance:
    newest = next(iter(dispatches_of(session, operation_id)), None)
    left = sum(one["cases"] for one in newest.DispatchRow.left_over) if newest else 0
    return LentGlance(cases_lent(session, operation_id), hands_of(session, operation_id), newest is not None, left)


def _members(session: Session, operation_id: UUID) -> ToldGlance:
    messages, counts = messages_of(session, operation_id), outcomes(session, operation_id)
    return ToldGlance(
        waits=any(one.status == MessageStatus.WAITING for one in messages),
        told=_counted(counts, "told"),
        to_come=_counted(counts, "waiting"),
        not_told=_counted(counts, "not_told"),
    )


def _counted(counts: Mapping[UUID, Mapping[tuple[str, str | None], int]], status: str) -> int:
    return sum(cases for of_one in counts.values() for (one, _), cases in of_one.items() if one == status)
