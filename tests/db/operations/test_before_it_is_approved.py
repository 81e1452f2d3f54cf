"""What is said before an operation is approved: what it costs, what is beside it, who would be left to decide."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete

from db.models import Absence, Case, OperationRow, TermsRow, VolunteerRow
from db.queries.backlog_beside import operations_beside, sessions_beside
from db.queries.backlog_outlook import expected_of
from db.queries.backlog_possible import leaves_nobody_after
from domain.backlog.commands import Refuse, Replan
from domain.commands import CommandStatus
from domain.refusals import BeyondBudget
from domain.roles import Role
from local.demo_staff import person_id
from tests.factories import backlog_desk
from tests.factories.backlog_desk import CLAIRE, MANAGER, YANN, do, kinds, proposed, signs_up, today
from tests.factories.backlog_rows import a_volunteer
from tests.factories.complaints import GENERAL, NOON, OPERATIONS
from tests.factories.register import Desk
from tests.factories.weeks import weeks_apart

WEEKS = weeks_apart(80)
ZONE = "Europe/Paris"
PEOPLE = (CLAIRE, YANN, "tangi.riou")
A_PLACE = 1700 * 7 * 150 // 100 + 8000
"""At 17 € an hour: the dearest, 16.50 €, up to the next whole euro."""
PLAN = 3 * 2 * A_PLACE


@pytest.fixture(autouse=True)
def _weeks_of_its_own(desk: Desk) -> None:
    desk.at = NOON + timedelta(weeks=next(WEEKS))


@pytest.fixture
def pay_is_known(desk: Desk) -> Iterator[None]:
    """The pay of three volunteers, for this test alone."""
    ids = [person_id(one) for one in PEOPLE]
    with desk.sessions.begin() as session:
        known = [one for one in ids if session.get(VolunteerRow, one)]
        for one in ids:
            a_volunteer(session, one, desk.at)
    yield
    with desk.sessions.begin() as session:
        session.connection().exec_driver_sql("SET LOCAL session_replication_role = replica")
        mine = set(ids) - set(known)
        session.execute(delete(TermsRow).where(TermsRow.person_id.in_(mine)))
        session.execute(delete(VolunteerRow).where(VolunteerRow.person_id.in_(mine)))


@pytest.fixture
def stands_in(desk: Desk) -> Iterator[Any]:
    """Somebody is away, and somebody else stands in for them."""
    made: list[UUID] = []

    def goes(login: str, deputy: str) -> None:
        day, absence_id = today(desk), uuid4()
        with desk.sessions.begin() as session:
            row = {"from_on": day, "back_on": day + timedelta(days=9), "recorded_at": desk.at}
            session.add(Absence(id=absence_id, person_id=person_id(login), deputy_id=person_id(deputy), **row))
        made.append(absence_id)

    yield goes
    with desk.sessions.begin() as session:
        session.execute(delete(Absence).where(Absence.id.in_(made)))


@pytest.mark.usefixtures("pay_is_known")
def test_a_budget_that_does_not_cover_its_own_plan_is_refused_to_the_cent(desk: Desk) -> None:
    backlog_desk.registered(desk, budget_cents=PLAN)
    with pytest.raises(BeyondBudget, match="its budget is"):
        backlog_desk.registered(desk, budget_cents=PLAN - 1)


@pytest.mark.usefixtures("pay_is_known")
def test_another_plan_is_held_against_its_budget_as_well(desk: Desk) -> None:
    case_id = proposed(desk)
    with desk.sessions() as session:
        plan = session.get_one(OperationRow, case_id).plan
    for cents, status in ((PLAN - 1, CommandStatus.REFUSED), (PLAN, CommandStatus.APPLIED)):
        body = Replan.model_validate(plan | {"budget_cents": cents})
        assert do(desk, case_id, MANAGER, body, None, "replan").status is status


def beside(desk: Desk, case_id: UUID) -> list[UUID]:
    """The other operations on its activity, on some of its days."""
    with desk.sessions() as session:
        row = session.get_one(OperationRow, case_id)
        found = operations_beside(session, row.activity, row.starts_on, row.ends_on, case_id)
        return [one.case_id for one in found]


def test_two_operations_on_one_activity_name_each_other_until_one_is_over(desk: Desk) -> None:
    first, second = proposed(desk), proposed(desk)
    assert second in beside(desk, first)
    assert first in beside(desk, second)
    assert do(desk, second, OPERATIONS, Refuse(reason="Trop."), "approve_operation").status is CommandStatus.APPLIED
    assert second not in beside(desk, first)


@pytest.mark.parametrize(("weeks", "overlap"), [(5, True), (6, False)])
def test_operations_one_after_the_other_are_not_beside_each_other(desk: Desk, weeks: int, overlap: bool) -> None:
    first = proposed(desk)
    desk.at += timedelta(weeks=weeks)
    second = proposed(desk)
    assert (second in beside(desk, first)) is overlap


def test_places_taken_in_an_operation_beside_count_in_what_is_expected_of_this_one(desk: Desk) -> None:
    first, second = backlog_desk.approved(desk), backlog_desk.approved(desk)
    signs_up(desk, second, CLAIRE)
    with desk.sessions() as session:
        row = session.get_one(OperationRow, first)
        others = sessions_beside(session, row)
        expected = expected_of(session, row, today(desk), ZONE)
    assert [one.taken for one in others[-1]] == [1, 0, 0]
    assert expected.beside == others


def left(desk: Desk, case_id: UUID, login: str) -> Role | None:
    """Whose approval nobody could give, if this person gave theirs."""
    with desk.sessions() as session:
        task, case = desk.task(case_id, "approve_operation"), session.get_one(Case, case_id)
        return leaves_nobody_after(session, case, task.id, desk.actor(login), desk.book, desk.at, today(desk))


def test_who_stands_in_for_the_next_director_hears_before_they_approve_that_nobody_would_be_left(
    desk: Desk, stands_in: Any
) -> None:
    case_id = proposed(desk)
    assert left(desk, case_id, OPERATIONS) is None
    stands_in(GENERAL, OPERATIONS)
    assert left(desk, case_id, OPERATIONS) is Role.GENERAL_DIRECTOR
    approved = do(desk, case_id, OPERATIONS, backlog_desk.approval(desk, case_id), "approve_operation")
    assert approved.status is CommandStatus.APPLIED
    assert kinds(desk, case_id) == ["approve_operation", "unblock"], "as it was said"


def test_the_last_approval_leaves_nothing_to_anybody(desk: Desk) -> None:
    case_id = proposed(desk)
    do(desk, case_id, OPERATIONS, backlog_desk.approval(desk, case_id), "approve_operation")
    assert left(desk, case_id, GENERAL) is None
