"""The demo's operations, audit and findings, played into a register without the complaints, on any day at any hour."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from db.holidays_source import public_holidays
from domain.calendar import Calendar
from local.demo.operation_days import operation_days
from local.demo.volunteers import WORK, load_volunteers
from tests.conftest import Ask
from tests.db.reference.intake import PARIS
from tests.factories.demo_past import is_played
from tests.factories.register import Desk, open_desk
from tests.servers import INSURER, fresh_database

A_THURSDAY = datetime(2031, 6, 19, 16, 0, tzinfo=PARIS)


@pytest.fixture
def desk(postgres: str, ask: Ask) -> Iterator[Desk]:
    """The demo insurer, empty."""
    with fresh_database(ask("insurer").open(), INSURER) as url, open_desk(url) as desk:
        yield desk


async def test_there_is_something_to_see_in_every_menu(desk: Desk, tmp_path: Path) -> None:
    await is_played(desk.sessions, A_THURSDAY, tmp_path)
    assert desk.sql("SELECT kind, status, refusal FROM commands WHERE status <> 'applied'") == []
    assert cases(desk) == [
        ("audit", "launched"),
        ("backlog", "approving"),
        ("backlog", "running"),
        ("finding", "open"),
        ("finding", "planned"),
    ]
    assert sessions_to_come(desk, A_THURSDAY) == [(4, 4, 2), (6, 5, 0), (6, 2, 0), (6, 0, 0)]
    assert desk.sql("SELECT sum(late::int), count(*) FROM audit_files") == [(1, 5)]
    assert overdue(desk) == {("audit", "delivery"), ("finding", "remediation")}
    assert {"approve_operation", "accept_plan", "validate_pay", "deliver_pieces"} <= open_tasks(desk)
    assert desk.sql("SELECT count(*) FROM daily_points WHERE stock IS NOT NULL AND planned IS NOT NULL")[0][0] > 10
    alerts = set(desk.sql("SELECT activity_id, kind FROM activity_alerts WHERE ended_at IS NULL"))
    assert {("care-invoices", "over_standard"), ("members-letters", "forecast_over")} <= alerts


def test_volunteers_are_entered_once(desk: Desk) -> None:
    with desk.sessions.begin() as session:
        assert load_volunteers(session, A_THURSDAY)
        assert not load_volunteers(session, A_THURSDAY)
    assert desk.sql("SELECT count(*) FROM volunteers") == [(len(WORK),)]
    assert desk.sql("SELECT DISTINCT contract_minutes FROM volunteer_terms ORDER BY 1") == [(1890,), (2100,)]


def test_on_any_day_the_operation_has_begun_and_has_saturdays_to_come() -> None:
    days = {day.day: day.kind for day in public_holidays(2030, 2033, alsace_moselle=False)}
    calendar = Calendar(days, date(2030, 1, 1), date(2033, 12, 31))
    for number in range(730):
        today = date(2031, 1, 1) + timedelta(days=number)
        found = operation_days(today, calendar)
        assert calendar.is_working_day(found.begins_on), today
        assert timedelta(days=8) < today - found.begins_on < timedelta(days=25), today
        assert len(found.coming) >= 1, today
        assert all(calendar.is_ouvrable(day) for day in (*found.past, *found.coming)), today


def cases(desk: Desk) -> list[tuple[str, str]]:
    """Procedure and state of each case."""
    return [(row[0], row[1]) for row in desk.sql("SELECT procedure, state FROM cases ORDER BY 1, 2")]


def sessions_to_come(desk: Desk, now: datetime) -> list[tuple[int, int, int]]:
    """Places, those that are taken, and who waits, of the running operation's sessions from today on."""
    rows = desk.sql(
        "SELECT s.places, count(*) FILTER (WHERE u.status = 'seated'),"
        " count(*) FILTER (WHERE u.status = 'waiting'), s.day"
        " FROM operation_sessions s JOIN cases c ON c.id = s.operation_id LEFT JOIN sign_ups u ON u.session_id = s.id"
        " WHERE c.state = 'running'"
        " GROUP BY s.id, s.places, s.day ORDER BY s.day"
    )
    return [(row[0], row[1], row[2]) for row in rows if row[3] >= now.date()]


def overdue(desk: Desk) -> set[tuple[str, str]]:
    """The deadlines that have passed."""
    rows = desk.sql(
        "SELECT c.procedure, d.name FROM deadlines d JOIN cases c ON c.id = d.case_id WHERE d.met_at IS NULL"
        " AND d.cancelled_at IS NULL AND d.due_at < '2031-06-19 16:00 Europe/Paris'"
    )
    return {(row[0], row[1]) for row in rows}


def open_tasks(desk: Desk) -> set[str]:
    """The kinds of tasks that wait for somebody."""
    return {row[0] for row in desk.sql("SELECT DISTINCT kind FROM tasks WHERE closed_at IS NULL")}
