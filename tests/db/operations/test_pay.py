"""What pay is made of in the register: other operations' sessions of the week, what was paid, who entered it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import delete, insert, text
from sqlalchemy.exc import DBAPIError

from db.models import AttendanceRow, PayValidationRow, VolunteerChange
from db.queries.backlog_workers import Asked, workers_of
from domain.backlog.commands import CorrectAttendance, PreparePay
from domain.backlog.payroll import payroll_of
from domain.commands import CommandStatus
from local.demo_staff import person_id
from tests.factories import backlog_desk as acts
from tests.factories.backlog_desk import ACCOUNTANT, CLAIRE, OTHER_ACCOUNTANT, REFERENT
from tests.factories.backlog_rows import a_place, a_running_operation
from tests.factories.complaints import NOON, OPERATIONS
from tests.factories.register import Desk
from tests.factories.weeks import weeks_apart

WEEKS = weeks_apart(286)
"""Weeks without a public holiday, and nobody is in two sessions at once."""


@pytest.fixture(autouse=True)
def _weeks_of_its_own(desk: Desk) -> None:
    desk.at = NOON + timedelta(weeks=next(WEEKS))


def evening(desk: Desk, saturday: datetime, entered_at: datetime) -> UUID:
    """Claire has worked three hours for another operation on the Wednesday before; its case."""
    wednesday = saturday - timedelta(days=3)
    with desk.sessions.begin() as session:
        case, session_id = a_running_operation(session, wednesday, until="21:00", minutes=180)
        a_place(session, session_id, person_id(CLAIRE), wednesday - timedelta(hours=12))
        told = {"version": 1, "minutes": 180, "entered_by": person_id(REFERENT), "entered_at": entered_at}
        session.add(AttendanceRow(session_id=session_id, person_id=person_id(CLAIRE), **told))
        return case.id


def paid(desk: Desk, case_id: UUID) -> list[tuple[int, int, int]]:
    """Minutes, percent and cents of Claire's hours in an operation, as a pay file made now would have them."""
    with desk.sessions() as session:
        workers = workers_of(session, case_id, "Europe/Paris", {}, Asked(only=person_id(CLAIRE)))
    [owed] = payroll_of(workers, desk.book.versions[-1].backlog.pay).owed
    return [(line.minutes, line.percent, line.cents) for line in owed.slip.lines if line.percent]


def test_sessions_of_two_operations_in_one_week_are_paid_by_their_places_in_it(desk: Desk) -> None:
    one = acts.ran(desk)
    other = evening(desk, desk.at, desk.at)
    assert paid(desk, other) == [(180, 125, 61_88)]
    assert paid(desk, one) == [(300, 125, 103_13), (120, 150, 49_50)]


def test_what_is_entered_when_the_other_is_paid_already_gets_what_is_left_of_the_week(desk: Desk) -> None:
    one = acts.ran(desk)
    made = acts.do(desk, one, ACCOUNTANT, PreparePay(), None, "prepare_pay")
    assert made.status is CommandStatus.APPLIED
    other = evening(desk, desk.at, desk.at + timedelta(hours=1))
    assert paid(desk, one) == [(420, 125, 144_38)]
    assert paid(desk, other) == [(60, 125, 20_63), (120, 150, 49_50)]


@contextmanager
def rate_by(desk: Desk, login: str) -> Iterator[None]:
    """It was this person who entered what Claire earns; nobody for ever, though a history is written once."""
    told = {"person_id": person_id(CLAIRE), "at": NOON, "by_id": person_id(login), "after": {}}
    with desk.sessions.begin() as session:
        line = session.scalars(insert(VolunteerChange).values(told).returning(VolunteerChange.id)).one()
    yield
    with desk.sessions.begin() as session:
        session.execute(text("SET LOCAL session_replication_role = replica"))
        session.execute(delete(VolunteerChange).where(VolunteerChange.id == line))


def test_whoever_has_entered_minutes_or_rates_does_not_validate_what_is_paid_of_them(desk: Desk) -> None:
    case_id = acts.ran(desk)
    corrected = CorrectAttendance(session=1, login=CLAIRE, minutes=390, reason="Partie plus tôt.")
    with rate_by(desk, OTHER_ACCOUNTANT):
        done = acts.do(desk, case_id, OPERATIONS, corrected, None, "correct_attendance")
        made = acts.do(desk, case_id, ACCOUNTANT, PreparePay(), None, "prepare_pay")
    assert (done.status, made.status) == (CommandStatus.APPLIED, CommandStatus.APPLIED)
    task = desk.task(case_id, "validate_pay")
    assert {person_id(login) for login in (OPERATIONS, REFERENT, OTHER_ACCOUNTANT)} <= set(task.excluded)
    assert acts.kinds(desk, case_id).count("validate_pay") == 1, "whoever stands in for the director validates it"


def test_the_register_itself_refuses_whoever_has_entered_a_rate(desk: Desk) -> None:
    case_id = acts.ended(desk)
    told = {"operation_id": case_id, "version": 1, "person_id": person_id(OPERATIONS), "link": 1, "at": NOON}
    validated = insert(PayValidationRow).values(**told, sha256=acts.validation(desk, case_id).sha256)
    refused = pytest.raises(DBAPIError, match="neither made it, nor its parts")
    with rate_by(desk, OPERATIONS), refused, desk.sessions.begin() as session:
        session.execute(validated)
