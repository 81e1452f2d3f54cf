"""What is entered of a session: within the day that the law allows; and from then on it is what counts."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from db.models import SessionRow
from db.queries.backlog_hours import hours_of
from db.queries.calendar import calendar
from domain.backlog.commands import CorrectAttendance
from local.demo_staff import person_id
from tests.factories import backlog_desk
from tests.factories.backlog_desk import CLAIRE, REFERENT, YANN
from tests.factories.backlog_rows import first_terms
from tests.factories.register import Desk


def correction(minutes: int, login: str = CLAIRE) -> CorrectAttendance:
    """It was another time in the first session."""
    return CorrectAttendance(session=1, login=login, minutes=minutes, reason="Autre pointage.")


def test_past_weeks_count_what_was_entered_and_the_law_binds_what_is(desk: Desk) -> None:
    case_id = backlog_desk.ran(desk)
    assert worked_on_saturday(desk, case_id) == {CLAIRE: 420, YANN: 390}
    backlog_desk.do(desk, case_id, REFERENT, correction(0, YANN), None, "correct_attendance")
    assert worked_on_saturday(desk, case_id) == {CLAIRE: 420, YANN: 0}, "who did not come has not worked"
    backlog_desk.do(desk, case_id, REFERENT, correction(400), None, "correct_attendance")
    _works_on_saturdays(desk, CLAIRE)
    refused = refusal(desk, case_id, correction(361))
    assert refused["field"] == "minutes"
    assert "10 h 01; a day has 10 h 00 of work at most" in refused["rule"]
    assert "L3121-18" in refused["rule"]
    assert refused["remedy"]
    backlog_desk.do(desk, case_id, REFERENT, correction(360), None, "correct_attendance")
    assert worked_on_saturday(desk, case_id)[CLAIRE] == 4 * 60 + 360


def refusal(desk: Desk, case_id: UUID, body: CorrectAttendance) -> dict[str, Any]:
    """What is said against it."""
    command = desk.give(case_id, REFERENT, body, None, "correct_attendance")
    assert desk.settle(command).code
    [(told,)] = desk.sql("SELECT refusal FROM commands WHERE id = :id", id=command.id)
    return dict(told)


def worked_on_saturday(desk: Desk, case_id: UUID) -> dict[str, int]:
    """The minutes that each works on the day of the first session."""
    with desk.sessions() as session:
        first = select(SessionRow.day).where(SessionRow.operation_id == case_id, SessionRow.number == 1)
        day, known = session.scalars(first).one(), calendar(session)
        found = {}
        for login in (CLAIRE, YANN):
            who = person_id(login)
            spans = hours_of(session, [who], (day, day), known, {who: set()})[who].spans
            found[login] = sum(
                (one.ends_at.hour - one.starts_at.hour) * 60 + one.ends_at.minute - one.starts_at.minute
                for one in spans
            )
        return found


def _works_on_saturdays(desk: Desk, login: str) -> None:
    with desk.sessions.begin() as session:
        row = first_terms(session, person_id(login))
        row.timetable = {**row.timetable, "5": [["17:00", "21:00"]]}
