"""Whoever wrote any plan of an operation approves none of it, and no step on the way past the directors is left out."""

from uuid import UUID

import pytest
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import DBAPIError
from uuid_utils.compat import uuid7

from db.models import OperationAuthorRow, OperationRow, SignUpRow, TaskRow
from domain.backlog.commands import Replan
from domain.commands import CommandStatus
from local.demo_staff import person_id
from tests.db.operations.test_guards import approval, place, refused, state
from tests.factories import backlog_desk
from tests.factories.backlog_desk import CLAIRE, MANAGER, REFERENT
from tests.factories.backlog_rows import a_volunteer, sessions_of
from tests.factories.complaints import GENERAL, NOON, OPERATIONS
from tests.factories.register import Desk


def replanned(desk: Desk, case_id: UUID, login: str) -> None:
    """Somebody sends the plan as it stands, for a little more money, as another one."""
    with desk.sessions() as session:
        row = session.get_one(OperationRow, case_id)
        body = Replan.model_validate(row.plan | {"budget_cents": row.budget_cents + 1})
    assert backlog_desk.do(desk, case_id, login, body, None, "replan").status is CommandStatus.APPLIED


def test_whoever_wrote_an_earlier_plan_approves_no_later_one(desk: Desk) -> None:
    case_id = backlog_desk.proposed(desk)
    for login in (OPERATIONS, REFERENT, MANAGER):
        replanned(desk, case_id, login)
    with desk.sessions() as session:
        wanted = select(OperationAuthorRow.person_id).where(OperationAuthorRow.operation_id == case_id)
        found = list(session.scalars(wanted.order_by(OperationAuthorRow.plan_version)))
    assert found == [person_id(login) for login in (MANAGER, OPERATIONS, REFERENT, MANAGER)]
    with desk.sessions() as session:
        [task] = session.scalars(select(TaskRow).where(TaskRow.case_id == case_id, TaskRow.closed_at.is_(None)))
    assert {person_id(OPERATIONS), person_id(REFERENT)} <= set(task.excluded)
    told = approval(desk, case_id, OPERATIONS, 1).values(plan_version=4)
    assert refused(desk, told) == "operation_approval_is_another_s"
    gone = delete(OperationAuthorRow).where(OperationAuthorRow.operation_id == case_id)
    with pytest.raises(DBAPIError, match="written once"), desk.sessions.begin() as session:
        session.execute(gone)


def test_a_plan_is_not_changed_under_the_name_of_another_version(desk: Desk) -> None:
    case_id = backlog_desk.proposed(desk)
    row = update(OperationRow).where(OperationRow.case_id == case_id)
    assert refused(desk, row.values(planned_by=person_id(REFERENT))) == "operation_plan_version"
    assert refused(desk, row.values(budget_cents=1)) == "operation_plan_version"


@pytest.mark.parametrize("step", ["running", "closing"])
def test_no_step_is_left_out_on_the_way_past_the_directors(desk: Desk, step: str) -> None:
    case_id = backlog_desk.proposed(desk)
    assert refused(desk, state(case_id, step)) == "operation_needs_two"
    both = [approval(desk, case_id, login, link) for link, login in enumerate((OPERATIONS, GENERAL), 1)]
    assert refused(desk, *both, state(case_id, step)) == "operation_takes_its_steps"


def test_nobody_signs_up_for_an_operation_that_is_not_approved(desk: Desk) -> None:
    case_id = backlog_desk.proposed(desk)
    with desk.sessions.begin() as session:
        a_volunteer(session, person_id(CLAIRE), NOON)
        first, *_ = sessions_of(session, case_id)
    waits = insert(SignUpRow).values(
        id=uuid7(), session_id=first, person_id=person_id(CLAIRE), status="waiting", asked_at=NOON
    )
    assert refused(desk, place(first, CLAIRE, 1)) == "sign_up_is_open"
    assert refused(desk, waits) == "sign_up_is_open"
