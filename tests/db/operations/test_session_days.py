"""Days of sessions: an operation is stopped on one, a session is added when its evening before is over."""

from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, update

from db.models import Case, DeadlineRow, SessionRow, TaskRow
from db.queries.backlog_lists import open_sessions
from db.queries.backlog_seats import refusals_for
from db.queries.calendar import calendar
from domain.backlog.commands import AddSessions, Stop
from domain.commands import CommandStatus
from domain.refusals import Invalid
from local.demo_staff import person_id
from tests.factories.backlog_desk import WHY, comes_to, do, registered, remind, today
from tests.factories.backlog_rows import a_proposal
from tests.factories.complaints import NOON, OPERATIONS
from tests.factories.lending_desk import AUDITOR, running, session_day
from tests.factories.register import Desk
from tests.factories.weeks import weeks_apart

WEEKS = weeks_apart(40)


@pytest.fixture(autouse=True)
def _weeks_of_its_own(desk: Desk) -> Iterator[None]:
    """Each test has weeks of its own; what it leaves is not there any more."""
    desk.at = NOON + timedelta(weeks=next(WEEKS))
    yield
    with desk.sessions.begin() as session:
        session.execute(update(Case).where(Case.ended_at.is_(None)).values(ended_at=desk.at))


def standing(desk: Desk, operation_id: UUID) -> list[date]:
    """The days of the sessions that were not dropped."""
    wanted = select(SessionRow.day).where(SessionRow.operation_id == operation_id, SessionRow.dropped_at.is_(None))
    with desk.sessions() as session:
        return list(session.scalars(wanted.order_by(SessionRow.day)))


def stops(desk: Desk, operation_id: UUID) -> CommandStatus:
    """The director stops the operation."""
    return do(desk, operation_id, OPERATIONS, Stop(reason=WHY), None, "stop").status


def test_before_a_session_begins_its_operation_can_be_stopped_and_it_is_not_held(desk: Desk) -> None:
    operation_id = running(desk)
    comes_to(desk, session_day(desk, operation_id), 8)  # it begins at 8:30
    assert stops(desk, operation_id) is CommandStatus.APPLIED
    assert standing(desk, operation_id) == []
    assert desk.state(operation_id) == "closed", "nobody has worked"


def test_once_a_session_has_begun_it_is_said_first_who_came(desk: Desk) -> None:
    operation_id = running(desk)
    comes_to(desk, session_day(desk, operation_id), 9)
    assert stops(desk, operation_id) is CommandStatus.REFUSED
    assert len(standing(desk, operation_id)) == 3


def dispatched(desk: Desk, operation_id: UUID) -> list[int]:
    """The sessions whose cases somebody is asked to give out."""
    asked = (TaskRow.case_id == operation_id, TaskRow.kind == "dispatch_cases", TaskRow.closed_at.is_(None))
    with desk.sessions() as session:
        return sorted((row.detail or {})["session"] for row in session.scalars(select(TaskRow).where(*asked)))


def next_point(desk: Desk, operation_id: UUID) -> date:
    """The day that is looked back on next."""
    still_open = (DeadlineRow.met_at.is_(None), DeadlineRow.cancelled_at.is_(None), DeadlineRow.name == "daily_point")
    with desk.sessions() as session:
        return session.scalars(select(DeadlineRow.due_on).where(DeadlineRow.case_id == operation_id, *still_open)).one()


@pytest.mark.parametrize(("days", "asked"), [(1, [3]), (8, [])])
def test_a_session_that_is_added_after_the_evening_s_point_has_its_own_point_and_dispatch(
    desk: Desk, days: int, asked: list[int]
) -> None:
    operation_id = running(desk, sessions_from=1)  # Friday evening; no session on the Saturday to come
    friday = today(desk)
    assert next_point(desk, operation_id) == friday + timedelta(days=3)
    one = a_proposal(friday).sessions[0].model_copy(update={"day": friday + timedelta(days=days)})
    added = do(desk, operation_id, OPERATIONS, AddSessions(sessions=(one,)), None, "add_sessions")
    assert added.status is CommandStatus.APPLIED
    assert next_point(desk, operation_id) == friday + timedelta(days=min(days, 3))
    assert dispatched(desk, operation_id) == asked
    comes_to(desk, next_point(desk, operation_id), 19)
    remind(desk, operation_id, "daily_point")
    assert dispatched(desk, operation_id) == [], "it is over"
    assert next_point(desk, operation_id) == friday + timedelta(days=3 if days == 1 else 4)


def test_a_session_whose_weeks_the_calendar_does_not_know_says_so_and_hides_no_other(desk: Desk) -> None:
    operation_id = running(desk)
    far = date(calendar_ends(desk).year, 12, 25)
    with desk.sessions.begin() as session:
        session.connection().exec_driver_sql("SET LOCAL session_replication_role = replica")
        last = (SessionRow.operation_id == operation_id, SessionRow.number == 3)
        session.execute(update(SessionRow).where(*last).values(day=far))
    with desk.sessions() as session:
        rows = [one for one in open_sessions(session, today(desk)) if one.SessionRow.operation_id == operation_id]
        heard = refusals_for(session, rows, person_id(AUDITOR), desk.book, desk.at)
    by_number = {one.SessionRow.number: heard[one.SessionRow.id] for one in rows}
    assert by_number[2] is None
    assert isinstance(by_number[3], Invalid)
    assert str(far) in by_number[3].rule


def calendar_ends(desk: Desk) -> date:
    """The last day of which the public holidays are known."""
    with desk.sessions() as session:
        return calendar(session).last_day


def test_a_plan_that_reaches_beyond_the_calendar_is_refused_with_the_remedy(desk: Desk) -> None:
    ends_on = calendar_ends(desk)
    desk.at = desk.at.replace(year=ends_on.year, month=10, day=4)
    with pytest.raises(Invalid, match="public holidays"):
        registered(desk)
