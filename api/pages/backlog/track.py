"""Whether an operation is on track: its stock against its plan and projected anew, as verdict, chart and table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from sqlalchemy.orm import Session

from api.house import House
from api.pages.figures.chart import Chart, Series, chart
from db.models import DailyPointRow, OperationRow
from db.queries.backlog_outlook import expected_of, last_point, missing_of, planned_days, put_off_on
from db.queries.calendar import calendar
from domain.backlog.outlook import (
    Expected,
    Outcome,
    SignedUp,
    Turnout,
    ahead,
    back_on,
    goes_on,
    outcomes,
    signed_up,
    usual_only,
)
from domain.backlog.projection import Projection
from domain.backlog.states import BacklogState
from domain.backlog.watch import DailyFigures, is_back
from domain.calendar import Calendar
from domain.policy import PolicyVersion

SHOWN_BEFORE = timedelta(weeks=2)
_WITHOUT_COURSE = {
    BacklogState.PROPOSED: "before_directors",
    BacklogState.APPROVING: "before_directors",
    BacklogState.PLANNED: "waits_for_first_day",
    BacklogState.REFUSED: "not_held",
    BacklogState.CANCELLED: "not_held",
    BacklogState.CLOSING: "being_paid",
    BacklogState.CLOSED: "over",
}
MOODS: Mapping[str, str] = {
    "on_track": "good",
    "back_under_standard": "good",
    "over": "good",
    "behind_plan": "gold",
    "before_directors": "gold",
    "no_figures_yet": "gold",
    "off_track": "alert",
    "not_back_in_time": "alert",
}
"""How each verdict looks; the others are neutral."""


@dataclass(frozen=True)
class Line:
    """One day: what waited, what the plan promised, what is to be expected; None where it is not known."""

    day: date
    real: int | None
    plan: int | None
    expected: int | None
    held: bool


@dataclass(frozen=True)
class Track:
    """An operation against its plan, as of its last figures. `above` is the share by which the stock is above its
    plan, below zero where it is under it; `standard_stock` what may wait. `back_on` is with who has signed up,
    `at_best_on` with all places taken."""

    verdict: str
    last: DailyFigures | None
    planned: int | None
    above: float | None
    back_on: date | None
    at_best_on: date | None
    signed_up: SignedUp
    backlog_days: float | None
    drawing: Chart | None
    names: Sequence[str]
    standard_stock: int | None
    lines: Sequence[Line]
    outcomes: Sequence[Outcome]

    @property
    def mood(self) -> str:
        """How the verdict looks."""
        return MOODS.get(self.verdict, "")


def track_of(session: Session, row: OperationRow, version: PolicyVersion, house: House) -> Track:
    """Read it as of today: live, not as of the last point."""
    today, known = house.today(), calendar(session)
    expected = expected_of(session, row, today, house.zone.key)
    planned = planned_days(session, row)
    running = row.state == BacklogState.RUNNING
    rules = version.backlog
    projection, at_best = (ahead(expected, rules, known, one) if running else None for one in Turnout)
    back = back_on(expected, projection, rules, known)
    last = max(expected.figures, key=lambda one: one.on, default=None)
    here = goes_on(expected, rules, known) if last else None
    backlog = here.backlog_days(Fraction(last.stock)) if here and last else None
    promised = _promised(planned, last.on) if last else None
    standard = here.standard_stock if here else None
    decided_on = put_off_on(session, row.case_id, house.zone.key)
    lines = _lines(row, expected, planned, projection, back)
    return Track(
        verdict=_verdict(
            row, last_point(session, row.case_id), expected, last, promised, back, version, known, decided_on
        ),
        last=last,
        planned=promised,
        above=last.stock / promised - 1 if last and promised else None,
        back_on=back,
        at_best_on=back_on(expected, at_best, rules, known),
        signed_up=signed_up(expected),
        backlog_days=round(float(backlog), 1) if backlog is not None else None,
        drawing=_drawing(lines, standard, missing_of(session, row, today), today if running else None),
        names=["real", "plan", "expected"],
        standard_stock=round(standard) if standard is not None else None,
        lines=lines,
        outcomes=outcomes(expected, rules, known) if running and last else [],
    )


def _promised(planned: Mapping[date, Decimal], day: date) -> int | None:
    """The plan's stock of a day; beyond its last day, that of its last."""
    if not planned or day < min(planned):
        return None
    return round(planned.get(day, planned[max(planned)]))


def _verdict(
    row: OperationRow,
    point: DailyPointRow | None,
    expected: Expected,
    last: DailyFigures | None,
    promised: int | None,
    back_on: date | None,
    version: PolicyVersion,
    known: Calendar,
    decided_on: date | None,
) -> str:
    state, run = BacklogState(row.state), version.backlog.run
    if state in _WITHOUT_COURSE:
        return _WITHOUT_COURSE[state]
    if last is None or last.on < row.starts_on:
        return "no_figures_yet"
    if is_back(expected.activity, usual_only(expected, version.backlog, known), run, known):
        return "back_under_standard"
    if point and point.off_track and (decided_on is None or decided_on < point.day):
        return "off_track"
    if back_on is None or back_on > row.ends_on:
        return "not_back_in_time"
    tolerated = 1 + run.off_track_above.percent / 100
    return "behind_plan" if promised is not None and last.stock > promised * tolerated else "on_track"


def _lines(
    row: OperationRow,
    expected: Expected,
    planned: Mapping[date, Decimal],
    projection: Projection | None,
    back_on: date | None,
) -> list[Line]:
    """From two weeks before its first day to its last, or to the day on which it would be back, if that is later."""
    first, until = row.starts_on - SHOWN_BEFORE, max(row.ends_on, back_on or row.ends_on)
    real = {one.on: one.stock for one in expected.figures}
    last = max(real, default=None)
    to_come = {day.on: round(day.stock) for day in projection.days} if projection else {}
    if last is not None and to_come:
        to_come[last] = real[last]
    held = {one.on for one in expected.sessions}
    every = sorted(day for day in {*real, *planned, *to_come} if first <= day <= until)
    return [
        Line(
            day,
            real.get(day),
            round(planned[day]) if day in planned else None,
            to_come.get(day),
            day in held,
        )
        for day in every
    ]


def _drawing(
    lines: Sequence[Line], standard: Fraction | None, missing: Sequence[date], today: date | None
) -> Chart | None:
    series = [
        Series("real", [(one.day, float(one.real)) for one in lines if one.real is not None], missing),
        Series("plan", [(one.day, float(one.plan)) for one in lines if one.plan is not None]),
        Series("expected", [(one.day, float(one.expected)) for one in lines if one.expected is not None]),
    ]
    held = [one.day for one in lines if one.held]
    return chart(series, float(standard) if standard is not None else None, missing, today=today, held=held)
