"""The point of a day: which evening it judges, and that it would judge the same again."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from db.models import ActivityRow, Case, DailyPointRow, OperationRow
from db.queries.backlog import operation
from db.queries.backlog_report import operation_report
from db.queries.figures import days_of
from tests.factories.backlog_desk import approved, comes_to, ran, remind, starts_on, today
from tests.factories.complaints import NOON
from tests.factories.lending_desk import running
from tests.factories.register import Desk
from tests.factories.weeks import weeks_apart

WEEKS = weeks_apart(60)
ZONE = "Europe/Paris"


@pytest.fixture(autouse=True)
def _weeks_of_its_own(desk: Desk) -> Iterator[None]:
    """Each test has weeks of its own; what it leaves is not there any more."""
    desk.at = NOON + timedelta(weeks=next(WEEKS))
    yield
    with desk.sessions.begin() as session:
        session.execute(update(Case).where(Case.ended_at.is_(None)).values(ended_at=desk.at))


def points(desk: Desk, case_id: UUID) -> list[DailyPointRow]:
    """All points of an operation, the earliest first."""
    wanted = select(DailyPointRow).where(DailyPointRow.operation_id == case_id).order_by(DailyPointRow.day)
    with desk.sessions() as session:
        return list(session.scalars(wanted))


def counted(desk: Desk, case_id: UUID, day: date) -> int | None:
    """What the register counts for the evening of a day, as it stands now."""
    with desk.sessions() as session:
        activity = session.get_one(ActivityRow, session.get_one(OperationRow, case_id).activity)
        known = {one.on: one.stock for one in days_of(session, activity, day - timedelta(days=7), day, ZONE)}
    return known.get(day)


def test_of_what_the_register_counts_the_working_day_before_is_judged(desk: Desk) -> None:
    case_id = running(desk)
    first = starts_on(desk, case_id)
    told = [(one.day, one.judged_on) for one in points(desk, case_id)]
    assert told[0] == (first, first - timedelta(days=3)), "the Friday before it"
    assert told[1:] == [(first + timedelta(days=n), first + timedelta(days=n - 1)) for n in range(1, 5)]


def test_what_comes_in_after_the_point_changes_nothing_that_was_judged(desk: Desk) -> None:
    case_id = running(desk)
    monday = today(desk) + timedelta(days=3)
    comes_to(desk, monday, 15)
    desk.enter()
    comes_to(desk, monday, 19)
    remind(desk, case_id, "daily_point")
    point = points(desk, case_id)[-1]
    comes_to(desk, monday, 21)
    desk.enter()
    assert point.judged_on == monday - timedelta(days=3)
    assert point.stock is not None
    assert counted(desk, case_id, point.judged_on) == point.stock
    assert counted(desk, case_id, monday) == point.stock + 2


def test_a_saturday_s_point_and_monday_s_judge_the_same_friday(desk: Desk) -> None:
    case_id = running(desk)
    friday = today(desk)
    for days in (1, 3):
        comes_to(desk, friday + timedelta(days=days), 19)
        remind(desk, case_id, "daily_point")
    assert [one.judged_on for one in points(desk, case_id)[-2:]] == [friday, friday]


def test_of_figures_that_are_typed_the_day_itself_is_judged(desk: Desk) -> None:
    assert all(one.judged_on == one.day for one in points(desk, ran(desk)))


def test_the_first_point_is_held_against_the_stock_that_the_plan_starts_from(desk: Desk) -> None:
    case_id = running(desk)
    with desk.sessions() as session:
        row = session.get_one(OperationRow, case_id)
        case = operation(session, session.get_one(Case, case_id), desk.book, None, desk.at)
        plan: dict[str, Any] = row.plan["situation"]
    begins = date.fromisoformat(plan["as_of"])
    assert case.planned[begins] == plan["stock"]
    assert points(desk, case_id)[0].planned == case.planned[points(desk, case_id)[0].judged_on]


def test_a_report_counts_the_evening_that_was_off_its_plan_and_not_the_day_of_the_point(desk: Desk) -> None:
    case_id = running(desk)
    last = points(desk, case_id)[-1]
    with desk.sessions.begin() as session:
        session.connection().exec_driver_sql("SET LOCAL session_replication_role = replica")
        session.execute(update(DailyPointRow).where(DailyPointRow.operation_id == case_id).values(off_track=False))
        of_last = (DailyPointRow.operation_id == case_id, DailyPointRow.day == last.day)
        session.execute(update(DailyPointRow).where(*of_last).values(off_track=True))
    with desk.sessions() as session:
        told = operation_report(session, session.get_one(Case, case_id), desk.book, desk.at)
    assert [one.on for one in told.days if one.off_track] == [last.judged_on]


def test_who_has_a_place_is_whom_the_point_counts(desk: Desk) -> None:
    case_id = approved(desk)
    with desk.sessions() as session:
        case = operation(session, session.get_one(Case, case_id), desk.book, None, desk.at)
        assert case.look_up_beside() == ()
    assert [one.so_far.taken for one in case.sessions] == [0, 0, 0]
