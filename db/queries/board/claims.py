"""The board of claims: where those under control are and how old, what lies in each pile and how much it comes to."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, select, tuple_
from sqlalchemy.orm import Session

from db.models import Case, ClaimRow, DocumentRequest, InstructionRow
from db.queries.board.counts import Counted
from db.queries.board.scope import Scope
from db.queries.case_filters import Narrowed
from db.queries.case_lists import WantedCases
from db.queries.concerned import concerns
from db.queries.paging import read_cursor, write_cursor
from domain.board import AgeBand, morning
from domain.claim.piles import STATES, Pile
from domain.claim.states import ClaimState

Line = Row[*tuple[Any, ...]]


@dataclass(frozen=True)
class OpenClaims:
    """The claims under control at one step and of one age."""

    state: ClaimState
    age: AgeBand
    counted: Counted


@dataclass(frozen=True)
class Heap:
    """A pile: how many claims, how much they come to; for awaited documents, since when the oldest is asked for."""

    pile: Pile
    count: int
    cents: int
    since: datetime | None = None


def open_claims(session: Session, scope: Scope) -> tuple[OpenClaims, ...]:
    """By step and age, those that there are; only claims under control have steps."""
    by_day = (
        select(Case.state, Case.received_on, func.count())
        .where(Case.ended_at.is_(None), Case.procedure == "claim", scope.cases())
        .group_by(Case.state, Case.received_on)
    )
    found: Counter[tuple[str, AgeBand]] = Counter()
    for state, received_on, count in session.execute(by_day):
        found[state, AgeBand.of(received_on, scope.today.day)] += count
    return tuple(
        OpenClaims(state, age, Counted(found[state, age], _of_age(scope, state, age)))
        for state in ClaimState
        if state not in ClaimState.ended()
        for age in AgeBand
    )


def _of_age(scope: Scope, state: ClaimState, age: AgeBand) -> WantedCases:
    starts, ends = age.received(scope.today.day)
    narrowed = Narrowed(states=(state,), is_open=True, received_from=starts, received_before=ends)
    return WantedCases("claim", scope.pole, narrowed=narrowed)


def heaps(session: Session, scope: Scope) -> tuple[Heap, ...]:
    """Every pile with its sum: what was approved, or what is asked for as long as nothing is."""
    sums = func.sum(func.coalesce(ClaimRow.payable_cents, ClaimRow.amount_cents))
    found = []
    for pile in Pile:
        count, cents = session.execute(select(func.count(), sums).where(*_in_pile(pile, scope))).one()
        since = _asked_since(session, scope) if pile is Pile.AWAITING_DOCUMENTS and count else None
        found.append(Heap(pile, count, int(cents or 0), since))
    return tuple(found)


def in_pile(session: Session, scope: Scope, pile: Pile, cursor: str | None, limit: int) -> Sequence[Line]:
    """The claims of a pile, the newest first; one more than the limit where more follow."""
    asked_at = select(DocumentRequest.asked_at).where(
        DocumentRequest.case_id == ClaimRow.case_id, DocumentRequest.ended_at.is_(None)
    )
    columns = (
        *(ClaimRow.id, ClaimRow.reference, ClaimRow.state, ClaimRow.category, ClaimRow.received_on, ClaimRow.pole),
        func.coalesce(ClaimRow.payable_cents, ClaimRow.amount_cents).label("cents"),
        asked_at.scalar_subquery().label("asked_at"),
    )
    lines = select(*columns).where(*_in_pile(pile, scope))
    if cursor is not None:
        lines = lines.where(
            tuple_(ClaimRow.received_on, ClaimRow.id) < tuple_(*read_cursor(cursor, date.fromisoformat))
        )
    newest = (ClaimRow.received_on.desc(), ClaimRow.id.desc())
    return session.execute(lines.order_by(*newest).limit(limit + 1)).all()


def next_page(rows: Sequence[Line], limit: int) -> str | None:
    """Where the next page goes on, if more follow than these."""
    return write_cursor(rows[limit - 1].received_on, rows[limit - 1].id) if len(rows) > limit else None


def _asked_since(session: Session, scope: Scope) -> datetime | None:
    asked = select(func.min(DocumentRequest.asked_at)).join(ClaimRow, ClaimRow.case_id == DocumentRequest.case_id)
    waiting = asked.where(DocumentRequest.ended_at.is_(None), *_in_pile(Pile.AWAITING_DOCUMENTS, scope))
    return session.scalar(waiting)


def _in_pile(pile: Pile, scope: Scope) -> list[ColumnElement[bool]]:
    mine = [~concerns(scope.reader), scope.of_pole(ClaimRow.pole)]
    if pile not in STATES:
        return [*mine, ClaimRow.id.in_(_ordered(pile, scope))]
    of_state = [*mine, ClaimRow.state.in_(sorted(STATES[pile]))]
    under_control = select(Case.id).where(Case.ended_at.is_(None), Case.procedure == "claim")
    return of_state if pile is Pile.PAYABLE else [*of_state, ClaimRow.case_id.in_(under_control)]


def _ordered(pile: Pile, scope: Scope) -> Select[Any]:
    """The claims whose order to the bank is with it, has been carried out this week, or was rejected and is no more."""
    orders = select(InstructionRow.claim_id)
    if pile is Pile.IN_BANK_FILE:
        return orders.where(InstructionRow.status == "instructed")
    if pile is Pile.PAID_THIS_WEEK:
        monday = morning(scope.today.monday, scope.today.zone)
        return orders.where(InstructionRow.status == "paid", InstructionRow.decided_at >= monday)
    over = sorted({*ClaimState.ended(), ClaimState.INSTRUCTED})
    still_to_pay = orders.join(ClaimRow, ClaimRow.id == InstructionRow.claim_id).where(ClaimRow.state.not_in(over))
    return still_to_pay.where(InstructionRow.status == "rejected")
