"""The daily pass: each alert is raised and told once, lasts, and ends by itself; nothing is begun by it."""

from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.commands.reminder import prepare_digests
from db.commands.watch import take_note, watch_activities
from db.models import ActivityAlert, ActivityRow, Case, DailyFiguresRow
from db.queries.reminder import told
from db.queries.watch import watched
from local.demo_staff import person_id
from tests.factories.figures import an_activity, at, figures_row
from tests.factories.register import Desk
from tests.factories.rows import a_case_row
from tests.factories.rules import the_book

MONDAY = date(2026, 11, 2)
DIRECTOR = person_id("isabelle.kermarrec")
DAYS = [MONDAY + timedelta(days=n) for n in (0, 1, 2, 3, 4, 7, 8, 9, 10)]  # the 11th is a public holiday
BOOK = the_book()


@pytest.fixture
def session(desk: Desk) -> Iterator[Session]:
    with desk.sessions() as session:
        yield session
        session.rollback()


def over_for(session: Session, number: int, activity_id: str = "invoices", since: date = MONDAY) -> None:
    """Five days' work may wait, which is 1,050: it is more than that."""
    an_activity(session, activity_id, since=since)
    for day in DAYS[:number]:
        figures_row(session, activity_id, day, 1_100)


def look(session: Session, day: date) -> list[UUID]:
    return watch_activities(session, day, at(day, 7), BOOK)


def alerts(session: Session, *, open_only: bool = True) -> list[ActivityAlert]:
    wanted = select(ActivityAlert).order_by(ActivityAlert.raised_at)
    return list(session.scalars(wanted.where(ActivityAlert.ended_at.is_(None)) if open_only else wanted))


def kinds(session: Session) -> list[str]:
    return [one.kind for one in alerts(session)]


def test_over_the_standard_for_five_days_running_is_raised_the_next_morning(session: Session) -> None:
    over_for(session, 5)
    assert look(session, DAYS[5]) == [DIRECTOR]
    (alert,) = alerts(session)
    assert (alert.kind, alert.days, alert.raised_on) == ("over_standard", [MONDAY.isoformat()], DAYS[5])
    assert alert.told["backlog_days"] == 5.24


@pytest.mark.parametrize("weeks", [3, 9, 40])
def test_the_alert_says_the_day_on_which_the_stock_rose_above_its_standard(session: Session, weeks: int) -> None:
    """However far back that is: the evening before it, 900 waited."""
    rose = MONDAY - timedelta(weeks=weeks)
    an_activity(session, "invoices", since=rose - timedelta(days=3))
    figures_row(session, "invoices", rose - timedelta(days=3), 900)
    for number in range(weeks):
        for day in range(5):
            figures_row(session, "invoices", rose + timedelta(weeks=number, days=day), 1_100)
    look(session, MONDAY)
    assert next(one.days for one in alerts(session) if one.kind == "over_standard") == [rose.isoformat()]


def test_an_alert_that_lasts_is_told_once(session: Session) -> None:
    over_for(session, 6)
    look(session, DAYS[5])
    assert look(session, DAYS[6]) == []
    assert kinds(session) == ["over_standard"]


def test_the_same_morning_twice_is_once(session: Session) -> None:
    over_for(session, 5)
    look(session, DAYS[5])
    assert look(session, DAYS[5]) == []
    assert len(alerts(session)) == 1


def test_an_alert_ends_by_itself_and_is_told_again_when_it_comes_back(session: Session) -> None:
    over_for(session, 5)
    look(session, DAYS[5])
    figures_row(session, "invoices", DAYS[5], 900, inflow=10)
    look(session, DAYS[6])
    assert "over_standard" not in kinds(session)
    for row in session.scalars(select(DailyFiguresRow)):
        row.stock, row.inflow = 1_100, 210
    session.flush()
    assert look(session, DAYS[7]) == [DIRECTOR]


def test_missing_days_are_named_and_those_before_figures_were_wanted_are_not(session: Session) -> None:
    an_activity(session, "invoices", since=DAYS[1])
    figures_row(session, "invoices", DAYS[2], 100)
    look(session, DAYS[4])
    (alert,) = alerts(session)
    assert (alert.kind, alert.days) == ("missing_figures", [DAYS[3].isoformat()])


def test_an_activity_of_which_nothing_was_ever_given_is_missing_its_days(session: Session) -> None:
    an_activity(session, "invoices", since=DAYS[1])
    look(session, DAYS[3])
    assert alerts(session)[0].days == [DAYS[1].isoformat(), DAYS[2].isoformat()]


def test_a_public_holiday_is_not_missing(session: Session) -> None:
    over_for(session, 7)
    look(session, date(2026, 11, 12))
    assert kinds(session) == ["over_standard"]


def test_a_closed_activity_alarms_nobody_any_more(session: Session) -> None:
    over_for(session, 5)
    look(session, DAYS[5])
    alert = alerts(session)[0]
    session.get_one(ActivityRow, "invoices").active = False
    look(session, DAYS[6])
    assert (alerts(session), alert.ended_at) == ([], at(DAYS[6], 7))


def test_of_the_register_s_own_activity_the_day_that_is_not_over_is_not_looked_at(session: Session) -> None:
    row = an_activity(session, "complaints", procedure="complaint", since=MONDAY)
    a_case_row(session, "REC-2026-900001", DAYS[3], at(DAYS[3]))
    found = watched(session, row, DAYS[3], BOOK)
    assert found.last is not None
    assert (found.last.on, found.last.stock) == (DAYS[2], 0)


def test_no_operation_is_begun_by_an_alert(session: Session) -> None:
    over_for(session, 5)
    before = list(session.scalars(select(Case.id)))
    look(session, DAYS[5])
    assert list(session.scalars(select(Case.id))) == before


def test_whoever_was_first_to_take_note_of_an_alert_stays_the_one_who_was(session: Session) -> None:
    over_for(session, 5)
    look(session, DAYS[5])
    (alert,) = alerts(session)
    take_note(session, alert, DIRECTOR, at(DAYS[5], 8))
    take_note(session, alert, person_id("malo.quere"), at(DAYS[5], 9))
    assert (alert.seen_by, alert.seen_at) == (DIRECTOR, at(DAYS[5], 8))


def test_the_director_reads_of_it_in_that_morning_s_digest(session: Session) -> None:
    over_for(session, 5)
    morning = at(DAYS[5], 7)
    (message,) = prepare_digests(session, morning, watch_activities(session, DAYS[5], morning, BOOK))
    said = told(session, message, BOOK)
    assert [one.login for one in said.to] == ["isabelle.kermarrec"]
    assert [(one.activity, one.alert) for one in said.alerts] == [("Activité invoices", "au-dessus du standard")]
