"""Terms in the register: what was worked before they changed stays as it was paid; a correction of the past is paid."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from pydantic import BaseModel
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from db.models import Absence, AttendanceRow, PayFileRow, PayValidationRow, SessionRow, TermsRow, VolunteerChange
from db.queries.backlog_leave import leave_so_far
from db.queries.backlog_lists import slips_of
from db.queries.backlog_terms import dearest_hour
from db.queries.volunteers import validated_for
from domain.backlog.commands import PaidLeave, PreparePay, Validate
from domain.backlog.slips import changed
from domain.commands import CommandStatus
from local.demo_staff import person_id
from tests.factories import backlog_desk as acts
from tests.factories.backlog_desk import ACCOUNTANT, CLAIRE, OTHER_ACCOUNTANT, YANN
from tests.factories.backlog_rows import a_volunteer, first_terms, sessions_of, work_from
from tests.factories.complaints import GENERAL, NOON, OPERATIONS
from tests.factories.register import Desk
from tests.factories.weeks import weeks_apart

WEEKS = weeks_apart(404)
_REFUSED = "SELECT refusal FROM commands WHERE case_id = :id ORDER BY decided_wall DESC LIMIT 1"
PREPARED, VALIDATED = "prepare_pay", "validate_pay"


@pytest.fixture(autouse=True)
def _weeks_of_its_own(desk: Desk) -> Iterator[None]:
    """In which everybody works on the terms that have always held, before and after."""
    desk.at = NOON + timedelta(weeks=next(WEEKS))
    yield
    with desk.sessions.begin() as session:
        session.execute(text("SET LOCAL session_replication_role = replica"))
        for model in (TermsRow, VolunteerChange):
            session.execute(delete(model).where(model.from_on.is_not(None)))


def knows(desk: Desk) -> None:
    """Claire is a volunteer."""
    with desk.sessions.begin() as session:
        a_volunteer(session, person_id(CLAIRE), NOON)


def saturday(desk: Desk, case_id: UUID) -> date:
    """The day of the first session."""
    with desk.sessions() as session:
        wanted = select(SessionRow.day).where(SessionRow.operation_id == case_id, SessionRow.number == 1)
        return session.scalars(wanted).one()


def changes(desk: Desk, from_on: date, login: str = CLAIRE, **terms: object) -> None:
    """Somebody works on other terms from that day on."""
    with desk.sessions.begin() as session:
        work_from(session, person_id(login), from_on, **terms)


def gives(desk: Desk, case_id: UUID, login: str, body: BaseModel, task: str | None = None, kind: str = "") -> str:
    """It is applied; or the rule that it breaks."""
    desk.at += timedelta(minutes=1)
    done = acts.do(desk, case_id, login, body, task, kind)
    if done.status is CommandStatus.APPLIED:
        return "applied"
    [(told,)] = desk.sql(_REFUSED, id=case_id)
    return str(told["rule"])


def makes(desk: Desk, case_id: UUID, **said: Any) -> str:
    return gives(desk, case_id, ACCOUNTANT, PreparePay(**said), None, PREPARED)


def validates(desk: Desk, case_id: UUID) -> list[str]:
    """The two validators in turn, as far as they come."""
    told = []
    for login in (OPERATIONS, OTHER_ACCOUNTANT):
        told.append(gives(desk, case_id, login, acts.validation(desk, case_id), VALIDATED))
        if told[-1] != "applied":
            return told
    return told


def differs(desk: Desk, case_id: UUID) -> dict[str, int]:
    """What each is owed more in the newest file than in the one before, in cents."""
    with desk.sessions() as session:
        wanted = select(PayFileRow).where(PayFileRow.operation_id == case_id).order_by(PayFileRow.version.desc())
        newest, before = session.scalars(wanted.limit(2)).all()
        told = changed(slips_of(session, before), slips_of(session, newest))
        return {one.login: one.difference.cents for one in told}


def test_what_was_worked_before_the_terms_changed_is_paid_as_it_was_and_a_backdated_raise_the_difference(
    desk: Desk,
) -> None:
    """7 h at 125 % are 144.38 € at 16.50 €, and 148.75 € at 17.00 €; Yann, part-time from the day after, keeps his."""
    case_id = acts.ran(desk)
    makes(desk, case_id)
    changes(desk, saturday(desk, case_id) + timedelta(days=1), YANN, contract_minutes=1680)
    for ahead, more in ((1, {}), (0, {CLAIRE: 437}), (-1, {})):
        assert validates(desk, case_id) == ["applied", "applied"]
        changes(desk, saturday(desk, case_id) + timedelta(days=ahead), hourly_cents=1700)
        assert makes(desk, case_id) == "applied"
        assert differs(desk, case_id) == more


def test_a_file_whose_terms_are_corrected_meanwhile_is_not_validated_and_the_next_one_is(desk: Desk) -> None:
    case_id = acts.ran(desk)
    makes(desk, case_id)
    assert gives(desk, case_id, OPERATIONS, acts.validation(desk, case_id), VALIDATED) == "applied"
    changes(desk, saturday(desk, case_id), YANN, hourly_cents=1700)
    last: Validate = acts.validation(desk, case_id)
    assert "has changed since" in gives(desk, case_id, OTHER_ACCOUNTANT, last, VALIDATED)


def test_paid_leave_stays_named_and_is_taken_away_with_a_reason_only(desk: Desk) -> None:
    case_id = acts.ran(desk)
    tuesday = saturday(desk, case_id) - timedelta(days=4)
    with desk.sessions.begin() as session:
        away = {"person_id": person_id(CLAIRE), "from_on": tuesday, "back_on": tuesday + timedelta(days=1)}
        session.execute(
            insert(Absence).values(id=case_id, recorded_by=person_id(ACCOUNTANT), recorded_at=desk.at, **away)
        )
    assert makes(desk, case_id, paid_leave=(PaidLeave(login=CLAIRE, days=(tuesday,)),)) == "applied"
    assert validates(desk, case_id) == ["applied", "applied"]
    assert "was paid leave of claire.morvan in an earlier" in makes(desk, case_id, paid_leave=())
    assert makes(desk, case_id) == "applied"
    assert differs(desk, case_id) == {}, "said nothing, it stays"
    with desk.sessions() as session:
        assert leave_so_far(session, case_id, 2) == {CLAIRE: frozenset({tuesday})}
    assert validates(desk, case_id) == ["applied", "applied"]
    assert makes(desk, case_id, paid_leave=(), leave_taken_away="Un arrêt maladie.") == "applied"
    assert differs(desk, case_id) == {CLAIRE: 11_550 - 14_438}, "35 hours are not reached: 7 h at 100 %"


def test_no_two_terms_of_somebody_begin_on_the_same_day(desk: Desk) -> None:
    knows(desk)
    for day in (None, date(2040, 1, 1)):
        told = {"person_id": person_id(CLAIRE), "from_on": day, "contract_minutes": 2100, "hourly_cents": 1650}
        twice = [told | {"timetable": {}, "entered_at": desk.at}] * 2
        with pytest.raises(DBAPIError, match="uq_volunteer_terms_person_id_from_on"), desk.sessions.begin() as session:
            session.execute(insert(TermsRow), twice)


def test_terms_keep_their_first_day_and_nobody_is_a_volunteer_without_any(desk: Desk) -> None:
    knows(desk)
    for statement, guard in (
        ("UPDATE volunteer_terms SET from_on = '2039-01-01'", "their first day stay"),
        ("INSERT INTO volunteers SELECT id FROM staff WHERE login = 'francois.le.bihan'", "something is known"),
    ):
        with pytest.raises(DBAPIError, match=guard):
            desk.sql(statement)


def test_terms_are_never_deleted(desk: Desk) -> None:
    knows(desk)
    for statement in ("DELETE FROM volunteer_terms WHERE false", "TRUNCATE volunteer_terms"):
        with pytest.raises(DBAPIError, match="nothing in it is changed or deleted"):
            desk.sql(statement)


def test_a_raise_makes_nobody_s_pay_unvalidated_but_that_of_the_weeks_in_which_it_holds(desk: Desk) -> None:
    """It begins on the Monday after the week that was paid, or on that week's Sunday."""
    case_id = acts.ran(desk)
    makes(desk, case_id)
    assert not is_validated(desk, case_id)
    assert validates(desk, case_id) == ["applied", "applied"]
    for ahead, validated in ((2, True), (1, False)):
        changes(desk, saturday(desk, case_id) + timedelta(days=ahead), hourly_cents=1700)
        assert is_validated(desk, case_id) is validated


def is_validated(desk: Desk, case_id: UUID) -> bool:
    """Whether Claire reads that all have let her pay go."""
    with desk.sessions() as session:
        return validated_for(session, case_id, person_id(CLAIRE), 2) is not None


def test_whoever_entered_terms_that_hold_in_a_week_of_the_file_does_not_validate_it(desk: Desk) -> None:
    """The last terms that hold in the week are of its Sunday; the next Monday's are of no week of this file."""
    case_id = acts.ran(desk)
    writers = {-7: OTHER_ACCOUNTANT, 1: GENERAL, 2: OPERATIONS}
    for ahead, login in writers.items():
        is_changed_by(desk, login, saturday(desk, case_id) + timedelta(days=ahead))
    makes(desk, case_id)
    excluded = set(desk.task(case_id, VALIDATED).excluded)
    assert {login for login in writers.values() if person_id(login) in excluded} == {OTHER_ACCOUNTANT, GENERAL}
    with desk.sessions.begin() as session:
        session.execute(text("SET LOCAL session_replication_role = replica"))
        session.execute(update(PayFileRow).values(entered_by=[]).where(PayFileRow.operation_id == case_id))
    assert [is_kept_out(desk, case_id, login) for login in writers.values()] == [True, True, False]


def is_changed_by(desk: Desk, login: str, from_on: date) -> None:
    """Claire works on other terms from that day on; it was this person who entered them."""
    changes(desk, from_on)
    told = {"person_id": person_id(CLAIRE), "at": NOON, "by_id": person_id(login), "after": {}, "from_on": from_on}
    with desk.sessions.begin() as session:
        session.execute(insert(VolunteerChange).values(told))


def enters_the_next(desk: Desk, case_id: UUID, login: str, at: datetime) -> None:
    """At that instant somebody has entered that Claire was in the second session as well, a week after the first."""
    with desk.sessions.begin() as session:
        second = sessions_of(session, case_id)[1]
        told = {"version": 1, "minutes": 420, "entered_by": person_id(login), "entered_at": at}
        session.execute(insert(AttendanceRow).values(session_id=second, person_id=person_id(CLAIRE), **told))


def test_a_session_entered_after_the_file_keeps_nobody_from_validating_it(desk: Desk) -> None:
    """The raise holds from the Monday after the week that the file pays; a week on, the second session is entered."""
    case_id = acts.ran(desk)
    acts.signs_up(desk, case_id, CLAIRE, 2)
    is_changed_by(desk, OTHER_ACCOUNTANT, saturday(desk, case_id) + timedelta(days=2))
    makes(desk, case_id)
    assert gives(desk, case_id, OPERATIONS, acts.validation(desk, case_id), VALIDATED) == "applied"
    desk.at += timedelta(weeks=1)
    enters_the_next(desk, case_id, GENERAL, desk.at)
    assert not is_kept_out(desk, case_id, GENERAL)
    assert gives(desk, case_id, OTHER_ACCOUNTANT, acts.validation(desk, case_id), VALIDATED) == "applied"


@pytest.mark.parametrize("late", [0, 1])
def test_the_file_knew_what_was_entered_up_to_its_very_instant(desk: Desk, late: int) -> None:
    case_id = acts.ran(desk)
    acts.signs_up(desk, case_id, CLAIRE, 2)
    is_changed_by(desk, OTHER_ACCOUNTANT, saturday(desk, case_id) + timedelta(days=2))
    makes(desk, case_id)
    [(made_at,)] = desk.sql("SELECT made_at FROM pay_files WHERE operation_id = :id", id=case_id)
    enters_the_next(desk, case_id, GENERAL, made_at + timedelta(microseconds=late))
    assert [is_kept_out(desk, case_id, login) for login in (GENERAL, OTHER_ACCOUNTANT)] == [not late, not late]


def is_kept_out(desk: Desk, case_id: UUID, login: str) -> bool:
    """Whether the register itself refuses that they validate the first version."""
    told = {"operation_id": case_id, "version": 1, "person_id": person_id(login), "link": 1, "at": desk.at}
    with desk.sessions() as session:
        try:
            session.execute(insert(PayValidationRow).values(**told, sha256=acts.validation(desk, case_id).sha256))
        except DBAPIError as refused:
            return "neither made it, nor its parts" in str(refused)
        return False


def test_the_dearest_hour_is_of_terms_that_hold_then_or_later(desk: Desk) -> None:
    knows(desk)
    day = date(2050, 1, 1)
    with desk.sessions.begin() as session:
        first_terms(session, person_id(CLAIRE)).hourly_cents = 9_000
        session.flush()
        work_from(session, person_id(CLAIRE), day, hourly_cents=1650)
        assert dearest_hour(session, day - timedelta(days=1)) == 9_000
        assert (dearest_hour(session, day) or 0) < 9_000
        session.rollback()
