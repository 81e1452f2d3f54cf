"""How many: open cases by step and age, what came and went this week, and the share of answers in time."""

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.models import Case, DeadlineRow
from db.queries.board.scope import Scope
from db.queries.case_filters import Narrowed
from db.queries.case_lists import WantedCases
from db.queries.complaint_lists import Wanted
from domain.board import ANSWERED_WITHIN, AgeBand, morning
from domain.complaint.states import ComplaintState
from domain.policy import DeadlineName


@dataclass(frozen=True)
class Counted:
    """So many cases, and what lists them."""

    count: int
    cases: Wanted | WantedCases


@dataclass(frozen=True)
class OpenCases:
    """The open cases at one step and of one age."""

    state: ComplaintState
    age: AgeBand
    counted: Counted


@dataclass(frozen=True)
class Counts:
    """The board's numbers. `answered_in_time` and `answered_late` are of the last 30 days."""

    open: tuple[OpenCases, ...]
    received_this_week: Counted
    closed_this_week: Counted
    requalified_this_week: Counted
    answered_in_time: Counted
    answered_late: Counted

    @property
    def share_in_time(self) -> float | None:
        """Of the answers of the last 30 days; None where there were none."""
        answered = self.answered_in_time.count + self.answered_late.count
        return self.answered_in_time.count / answered if answered else None


def counts(session: Session, scope: Scope) -> Counts:
    """Read them all; each has an index over what it counts."""
    ended = _ended_this_week(session, scope)
    return Counts(
        open=_open(session, scope),
        received_this_week=_received_this_week(session, scope),
        closed_this_week=ended[ComplaintState.CLOSED],
        requalified_this_week=ended[ComplaintState.REQUALIFIED],
        answered_in_time=_answered(session, scope, late=False),
        answered_late=_answered(session, scope, late=True),
    )


def open_by_state(session: Session, scope: Scope) -> dict[ComplaintState, Counted]:
    """The open cases at each step where a case can be open."""
    counted = select(Case.state, func.count()).where(Case.ended_at.is_(None), scope.complaints()).group_by(Case.state)
    found = {row.state: row[1] for row in session.execute(counted)}
    return {
        state: Counted(found.get(state, 0), Wanted(pole=scope.pole, narrowed=Narrowed(states=(state,), is_open=True)))
        for state in ComplaintState
        if state not in ComplaintState.ended()
    }


def _open(session: Session, scope: Scope) -> tuple[OpenCases, ...]:
    by_day = (
        select(Case.state, Case.received_on, func.count())
        .where(Case.ended_at.is_(None), scope.complaints())
        .group_by(Case.state, Case.received_on)
    )
    found: Counter[tuple[ComplaintState, AgeBand]] = Counter()
    for state, received_on, count in session.execute(by_day):
        found[ComplaintState(state), AgeBand.of(received_on, scope.today.day)] += count
    return tuple(
        OpenCases(state, age, Counted(found[state, age], _of_age(scope, state, age)))
        for state in ComplaintState
        if state not in ComplaintState.ended()
        for age in AgeBand
    )


def _of_age(scope: Scope, state: ComplaintState, age: AgeBand) -> Wanted:
    starts, ends = age.received(scope.today.day)
    narrowed = Narrowed(states=(state,), is_open=True, received_from=starts, received_before=ends)
    return Wanted(pole=scope.pole, narrowed=narrowed)


def _received_this_week(session: Session, scope: Scope) -> Counted:
    monday = scope.today.monday
    wanted = select(func.count()).where(Case.received_on >= monday, scope.complaints())
    return Counted(
        session.execute(wanted).scalar_one(), Wanted(pole=scope.pole, narrowed=Narrowed(received_from=monday))
    )


def _ended_this_week(session: Session, scope: Scope) -> dict[ComplaintState, Counted]:
    monday = morning(scope.today.monday, scope.today.zone)
    wanted = select(Case.state, func.count()).where(Case.ended_at >= monday, scope.complaints()).group_by(Case.state)
    found = {row.state: row[1] for row in session.execute(wanted)}
    return {
        state: Counted(
            found.get(state, 0), Wanted(pole=scope.pole, narrowed=Narrowed(states=(state,), ended_from=monday))
        )
        for state in ComplaintState.ended()
    }


def _answered(session: Session, scope: Scope, *, late: bool) -> Counted:
    """The answers that left in the last 30 days: at their due instant they are in time."""
    since = scope.today.now - ANSWERED_WITHIN
    wanted = (
        select(func.count())
        .select_from(DeadlineRow)
        .where(
            DeadlineRow.name == DeadlineName.ANSWER.value,
            DeadlineRow.met_at >= since,
            DeadlineRow.met_at > DeadlineRow.due_at if late else DeadlineRow.met_at <= DeadlineRow.due_at,
            scope.sees(DeadlineRow.case_id),
        )
    )
    if scope.pole is not None:
        wanted = wanted.join(Case, Case.id == DeadlineRow.case_id).where(Case.pole == scope.pole)
    narrowed = Narrowed(answered_from=since, answered_late=late)
    return Counted(session.execute(wanted).scalar_one(), Wanted(pole=scope.pole, narrowed=narrowed))
