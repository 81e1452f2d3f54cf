"""What the register itself holds against a wrong approval, a place sold twice, attendance and pay of one's own."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import insert, update
from sqlalchemy.exc import IntegrityError
from uuid_utils.compat import uuid7

from db.models import (
    AttendanceRow,
    Case,
    OperationApprovalRow,
    OperationRow,
    PayFileRow,
    PayValidationRow,
    SessionRow,
    SignUpRow,
)
from local.demo_staff import person_id
from tests.factories import backlog_desk
from tests.factories.backlog_desk import ACCOUNTANT, CLAIRE, MANAGER, OTHER_ACCOUNTANT, REFERENT, YANN
from tests.factories.backlog_rows import sessions_of
from tests.factories.complaints import GENERAL, NOON, OPERATIONS
from tests.factories.register import Desk
from tests.factories.weeks import weeks_apart

WEEKS = weeks_apart()
"""Nobody can be in two sessions at once: each test has weeks of its own."""


@pytest.fixture(autouse=True)
def _weeks_of_its_own(desk: Desk) -> None:
    desk.at = NOON + timedelta(weeks=next(WEEKS))


def _execute(desk: Desk, statements: Iterable[Any]) -> None:
    with desk.sessions.begin() as session:
        for statement in statements:
            session.execute(statement)


def refused(desk: Desk, *statements: Any) -> str:
    """The name of the rule that the register holds against these statements."""
    with pytest.raises(IntegrityError) as caught:
        _execute(desk, statements)
    name: str = caught.value.orig.diag.constraint_name  # type: ignore[union-attr]
    return name


def approval(desk: Desk, case_id: UUID, login: str, link: int, told: str | None = None) -> Any:
    """A row that says that somebody has approved the plan."""
    plan_hash = told or backlog_desk.approval(desk, case_id).plan_hash
    values = {"operation_id": case_id, "plan_version": 1, "person_id": person_id(login), "link": link, "at": NOON}
    return insert(OperationApprovalRow).values(**values, plan_hash=plan_hash)


def state(case_id: UUID, to: str) -> Any:
    """The case moves."""
    return update(Case).where(Case.id == case_id).values(state=to)


def test_an_operation_is_approved_by_two_who_have_not_planned_it(desk: Desk) -> None:
    case_id = backlog_desk.proposed(desk)
    assert refused(desk, state(case_id, "planned")) == "operation_needs_two"
    assert refused(desk, approval(desk, case_id, OPERATIONS, 1), state(case_id, "planned")) == "operation_needs_two"
    assert refused(desk, approval(desk, case_id, MANAGER, 1)) == "operation_approval_is_another_s"
    assert refused(desk, approval(desk, case_id, OPERATIONS, 1, "0" * 64)) == "operation_approval_is_another_s"
    twice = (approval(desk, case_id, OPERATIONS, 1), approval(desk, case_id, OPERATIONS, 2))
    assert refused(desk, *twice) == "pk_operation_approvals"
    with desk.sessions.begin() as session:
        for link, login in enumerate((OPERATIONS, GENERAL), 1):
            session.execute(approval(desk, case_id, login, link))
        session.execute(state(case_id, "planned"))


def test_an_approved_plan_and_an_ended_operation_stay(desk: Desk) -> None:
    case_id = backlog_desk.approved(desk)
    row = update(OperationRow).where(OperationRow.case_id == case_id)
    assert refused(desk, row.values(budget_cents=1)) == "operation_plan_approved"
    assert refused(desk, row.values(ends_on=NOON.date())) in {
        "operation_extended",
        "ck_operations_begins_before_it_ends",
    }
    assert refused(desk, row.values(objective="Autre chose.")) == "operation_unchanged"
    with desk.sessions.begin() as session:
        session.execute(state(case_id, "cancelled"))
    assert refused(desk, row.values(lessons="Rien.")) == "operation_has_ended"


def place(session_id: UUID, login: str, seat: int) -> Any:
    """A row that says that somebody has a place."""
    told = {"status": "seated", "asked_at": NOON, "seated_at": NOON, "seat": seat}
    return insert(SignUpRow).values(id=uuid7(), session_id=session_id, person_id=person_id(login), **told)


def test_a_place_is_sold_once_and_is_one_that_the_session_has(desk: Desk) -> None:
    case_id = backlog_desk.approved(desk)
    for login in (CLAIRE, YANN):
        backlog_desk.signs_up(desk, case_id, login, 1)
    with desk.sessions() as session:
        first, second, *_ = sessions_of(session, case_id)
    assert refused(desk, place(second, CLAIRE, 1), place(second, YANN, 1)) == "uq_sign_ups_seat"
    assert refused(desk, place(second, CLAIRE, 1), place(second, CLAIRE, 2)) == "uq_sign_ups_person"
    assert refused(desk, place(second, CLAIRE, 3)) == "sign_up_has_a_place"
    other = update(SignUpRow).where(SignUpRow.session_id == first, SignUpRow.seat == 1).values(seat=None)
    assert refused(desk, other) in {"sign_up_stays", "ck_sign_ups_seat"}
    fewer = update(SessionRow).where(SessionRow.id == first).values(places=1)
    assert refused(desk, fewer) == "session_stays"
    dropped = update(SessionRow).where(SessionRow.id == first)
    assert refused(desk, dropped.values(dropped_at=NOON), dropped.values(places=9)) == "session_stays"


def attendance(session_id: UUID, login: str, by: str, version: int = 1, minutes: int = 60) -> Any:
    """A row that says that somebody came."""
    told = {"session_id": session_id, "person_id": person_id(login), "version": version, "minutes": minutes}
    reason = None if version == 1 else "Autre chose."
    return insert(AttendanceRow).values(**told, reason=reason, entered_by=person_id(by), entered_at=NOON)


def test_nobody_attends_for_themselves_nor_for_whom_had_no_place(desk: Desk) -> None:
    case_id = backlog_desk.ran(desk)
    with desk.sessions() as session:
        first, second, *_ = sessions_of(session, case_id)
    assert refused(desk, attendance(second, CLAIRE, REFERENT)) == "attendance_is_another_s_word"
    assert refused(desk, attendance(first, CLAIRE, CLAIRE, 2)) == "ck_attendances_entered_by_another"
    assert refused(desk, attendance(first, CLAIRE, REFERENT, 3)) == "attendance_is_another_s_word"
    assert refused(desk, attendance(first, CLAIRE, REFERENT, 2, 421)) == "attendance_fits_its_session"


def test_pay_is_validated_by_two_who_neither_made_it_nor_are_paid_and_then_it_is_closed(desk: Desk) -> None:
    case_id = backlog_desk.ended(desk)
    sha256 = backlog_desk.validation(desk, case_id).sha256

    def validated(login: str, link: int = 1, told: str = sha256) -> Any:
        values = {"operation_id": case_id, "version": 1, "person_id": person_id(login), "link": link, "at": NOON}
        return insert(PayValidationRow).values(**values, sha256=told)

    assert refused(desk, state(case_id, "closed")) == "operation_is_paid"
    assert refused(desk, validated(OPERATIONS), state(case_id, "closed")) == "operation_is_paid"
    assert refused(desk, validated(ACCOUNTANT)) == "pay_is_validated_by_another"
    assert refused(desk, validated(CLAIRE)) == "pay_is_validated_by_another"
    assert refused(desk, validated(OPERATIONS, told="0" * 64)) == "pay_is_validated_by_another"
    assert refused(desk, validated(REFERENT)) == "pay_is_validated_by_another", "she has entered the minutes"
    changed = update(PayFileRow).where(PayFileRow.operation_id == case_id).values(cents=1)
    assert refused(desk, changed) == "pay_file_stays"
    with desk.sessions.begin() as session:
        session.execute(validated(OPERATIONS))
        session.execute(validated(OTHER_ACCOUNTANT, 2))
        session.execute(state(case_id, "closed"))
