"""The demo's operations, audit and findings, played into a register on any day at any hour, with few of its complaints:
those that the operation on complaints is about."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from db.holidays_source import public_holidays
from domain.calendar import Calendar
from local.demo.complaint_days import complaint_days, eve
from local.demo.operation_days import operation_days
from local.demo.volunteers import WORK, load_volunteers
from tests.conftest import Ask
from tests.db.reference.intake import PARIS
from tests.factories.demo_past import is_played, waits_long
from tests.factories.register import Desk, open_desk
from tests.servers import INSURER, fresh_database

A_THURSDAY = datetime(2031, 6, 19, 16, 0, tzinfo=PARIS)


@pytest.fixture
def desk(postgres: str, ask: Ask) -> Iterator[Desk]:
    """The demo insurer, empty."""
    with fresh_database(ask("insurer").open(), INSURER) as url, open_desk(url) as desk:
        yield desk


async def test_there_is_something_to_see_in_every_menu(desk: Desk, tmp_path: Path) -> None:
    await is_played(desk.sessions, A_THURSDAY, tmp_path, waits_long)
    assert desk.sql("SELECT kind, status, refusal FROM commands WHERE status <> 'applied'") == []
    assert cases(desk) == [
        ("audit", "launched"),
        ("backlog", "approving"),
        ("backlog", "running"),
        ("backlog", "running"),
        ("finding", "open"),
        ("finding", "planned"),
    ]
    assert sessions_to_come(desk, A_THURSDAY, "care-invoices") == [(4, 4, 2), (6, 5, 0), (6, 2, 0), (6, 0, 0)]
    assert desk.sql("SELECT sum(late::int), count(*) FROM audit_files") == [(1, 5)]
    assert {("audit", "delivery"), ("finding", "remediation")} <= overdue(desk)
    assert {"approve_operation", "accept_plan", "validate_pay", "deliver_pieces"} <= open_tasks(desk)
    assert desk.sql("SELECT count(*) FROM daily_points WHERE stock IS NOT NULL AND planned IS NOT NULL")[0][0] > 10
    alerts = set(desk.sql("SELECT activity_id, kind FROM activity_alerts WHERE ended_at IS NULL"))
    assert {("care-invoices", "over_standard"), ("members-letters", "over_standard")} <= alerts
    assert ("contract-changes", "forecast_over") in alerts
    check_complaints_are_lent_and_members_told(desk)


def check_complaints_are_lent_and_members_told(desk: Desk) -> None:
    """Volunteers have answered some, have others for today's evening; some members were told, others are to be."""
    assert sessions_to_come(desk, A_THURSDAY, "complaints")[0] == (6, 5, 0)
    lent = "SELECT count(*) FROM loans l JOIN operation_sessions s ON s.id = l.session_id WHERE s.day = '2031-06-19'"
    assert desk.sql(f"{lent} AND l.lent_at IS NOT NULL AND l.ended_at IS NULL")[0][0] > 0
    done = "SELECT count(*) FROM loans l JOIN tasks t ON t.case_id = l.case_id AND t.closed_by = l.person_id"
    assert desk.sql(done)[0][0] >= 2
    assert desk.sql("SELECT status FROM delay_messages ORDER BY proposed_at") == [("approved",), ("waiting",)]
    assert desk.sql("SELECT count(*) FROM delay_notices WHERE status = 'told'")[0][0] > 0
    assert "approve_message" in open_tasks(desk)


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


def test_on_any_day_the_operation_on_complaints_has_an_evening_behind_it_and_one_today_or_next() -> None:
    days = {day.day: day.kind for day in public_holidays(2030, 2033, alsace_moselle=False)}
    calendar = Calendar(days, date(2030, 1, 1), date(2033, 12, 31))
    for number in range(730):
        today = date(2031, 1, 1) + timedelta(days=number)
        found = complaint_days(today, calendar)
        assert found.next == calendar.next_working_day(today - timedelta(days=1)), today
        assert eve(found.next, calendar) >= found.begins_on, today
        assert found.past, today
        assert all(found.begins_on < day < found.next for day in found.past), today
        assert all(calendar.is_working_day(day) for day in (found.begins_on, *found.past, found.next, *found.later))
        assert found.next < found.saturday <= found.begins_on + timedelta(weeks=6), today


def cases(desk: Desk) -> list[tuple[str, str]]:
    """Procedure and state of each case but the complaints."""
    wanted = "SELECT procedure, state FROM cases WHERE procedure <> 'complaint' ORDER BY 1, 2"
    return [(row[0], row[1]) for row in desk.sql(wanted)]


def sessions_to_come(desk: Desk, now: datetime, activity: str) -> list[tuple[int, int, int]]:
    """Places, those that are taken, and who waits, of the sessions from today on of the operation on an activity."""
    rows = desk.sql(
        "SELECT s.places, count(*) FILTER (WHERE u.status = 'seated'),"
        " count(*) FILTER (WHERE u.status = 'waiting'), s.day, o.activity"
        " FROM operation_sessions s JOIN operations o ON o.case_id = s.operation_id"
        " LEFT JOIN sign_ups u ON u.session_id = s.id GROUP BY s.id, o.activity ORDER BY s.day"
    )
    return [(row[0], row[1], row[2]) for row in rows if row[3] >= now.date() and row[4] == activity]


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
