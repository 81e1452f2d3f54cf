"""When things go wrong with an operation: each is refused, or goes on, with what to do about it."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete

from db.commands.backlog import propose_operation
from db.commands.command import Ask
from db.models import Absence, CommandRow
from domain.backlog.commands import Cancel, ProposeOperation, Stop
from domain.commands import CommandRef, CommandStatus
from domain.refusals import AgainstLabourLaw, Invalid
from local.demo_staff import person_id
from tests.factories import backlog_desk
from tests.factories.backlog_desk import ACCOUNTANT, CLAIRE, MANAGER, REFERENT, WHY, YANN, came, kinds
from tests.factories.backlog_rows import a_proposal
from tests.factories.complaints import GENERAL, NOON, OPERATIONS
from tests.factories.register import Desk
from tests.factories.weeks import weeks_apart

WEEKS = weeks_apart(100)
CONTROL = "katell.rolland"


@pytest.fixture(autouse=True)
def _weeks_of_its_own(desk: Desk) -> None:
    desk.at = NOON + timedelta(weeks=next(WEEKS))


@pytest.fixture
def away(desk: Desk) -> Iterator[Any]:
    """Somebody is away today, and back when the test is over."""
    made: list[UUID] = []

    def goes(login: str) -> None:
        day, absence_id = backlog_desk.today(desk), uuid4()
        with desk.sessions.begin() as session:
            row = {"from_on": day, "back_on": day + timedelta(days=9), "recorded_at": desk.at}
            session.add(Absence(id=absence_id, person_id=person_id(login), deputy_id=person_id(login), **row))
        made.append(absence_id)

    yield goes
    with desk.sessions.begin() as session:
        session.execute(delete(Absence).where(Absence.id.in_(made)))


def told(desk: Desk, command: CommandRef) -> dict[str, Any]:
    """Why it was refused."""
    assert desk.settle(command).status is CommandStatus.REFUSED
    with desk.sessions() as session:
        refusal = session.get_one(CommandRow, command.id).refusal
    assert refusal is not None
    return refusal


def proposes(desk: Desk, **changes: Any) -> None:
    """A manager proposes it."""
    backlog_desk.registered(desk)  # so that there is the activity
    asks(desk, a_proposal(backlog_desk.today(desk)).model_dump(mode="json") | changes)


def asks(desk: Desk, body: dict[str, Any]) -> None:
    """A manager proposes just this, of an activity that there is."""
    asked = ProposeOperation.model_validate(body)
    with desk.sessions.begin() as session:
        ask = Ask("register", {}, f"key {next(desk.keys)}")
        propose_operation(session, asked, ask, desk.actor(MANAGER), desk.at, desk.book)


def a_session(day: date, starts: str = "08:30", ends: str = "12:30") -> dict[str, Any]:
    """A session of some hours."""
    return {"day": day.isoformat(), "hours": [{"starts_at": starts, "ends_at": ends}], "places": 2}


def test_a_saturday_that_is_a_public_holiday_is_refused_with_the_rule(desk: Desk) -> None:
    asked = a_proposal(date(2027, 4, 19)).model_dump(mode="json") | {"starts_on": "2027-04-26"}
    backlog_desk.registered(desk)  # so that there is the activity
    desk.at = NOON.replace(year=2027, month=4, day=19)  # 1 May 2027 is a Saturday
    with pytest.raises(AgainstLabourLaw, match="2027-05-01 is a public holiday") as caught:
        asks(desk, asked | {"sessions": [a_session(date(2027, 5, 1))]})
    assert caught.value.field == "sessions.0.day"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"activity": "nothing-here"}, "activity"),
        ({"pole": "kitchen"}, "pole"),
        ({"starts_on": "2026-01-05"}, "starts_on"),
        ({"sessions": [a_session(date(2029, 1, 6))]}, "sessions.0.day"),
        ({"sessions": [a_session(date(2026, 12, 5))]}, "sessions.0.day"),
    ],
)
def test_a_plan_that_cannot_be_is_refused_with_its_field(desk: Desk, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as caught:
        proposes(desk, **changes)
    assert caught.value.field == field
    assert caught.value.remedy


def test_after_its_first_day_it_is_too_late_to_approve_it_and_another_plan_is_asked_for(desk: Desk) -> None:
    case_id = backlog_desk.proposed(desk)
    approval = backlog_desk.approval(desk, case_id)
    backlog_desk.comes_to(desk, backlog_desk.starts_on(desk, case_id), 9)
    refusal = told(desk, desk.give(case_id, OPERATIONS, approval, "approve_operation"))
    assert refusal["code"] == "wrong_step"
    assert "planned anew" in refusal["remedy"]
    assert kinds(desk, case_id) == ["approve_operation"]


def test_where_both_directors_are_away_the_direction_is_told_and_nobody_approves_for_them(
    desk: Desk, away: Any
) -> None:
    for login in (OPERATIONS, GENERAL):
        away(login)
    case_id = backlog_desk.proposed(desk)
    assert kinds(desk, case_id) == ["approve_operation", "unblock"]
    assert desk.task(case_id, "approve_operation").nobody_left


def test_where_the_director_proposes_it_internal_control_approves_in_their_place_then_the_general_director(
    desk: Desk,
) -> None:
    case_id = backlog_desk.proposed(desk, OPERATIONS)
    task = desk.task(case_id, "approve_operation")
    assert {person_id(OPERATIONS), person_id(GENERAL)} <= set(task.excluded), "the second is kept for the second link"
    assert (task.offered_to, task.detail["instead_of"]) == (["internal_control"], "operations_director")
    for login in (CONTROL, GENERAL):
        approval = backlog_desk.approval(desk, case_id)
        assert desk.do(case_id, login, approval, "approve_operation").status is CommandStatus.APPLIED
    assert desk.state(case_id) == "planned"


def test_where_internal_control_is_away_as_well_the_direction_is_told_before_anybody_has_approved(
    desk: Desk, away: Any
) -> None:
    away(CONTROL)
    case_id = backlog_desk.proposed(desk, OPERATIONS)
    assert kinds(desk, case_id) == ["approve_operation", "unblock"]
    assert person_id(GENERAL) in desk.task(case_id, "approve_operation").excluded


def test_where_the_director_is_away_their_deputy_approves_and_never_the_general_director_twice(
    desk: Desk, away: Any
) -> None:
    away(OPERATIONS)
    case_id = backlog_desk.proposed(desk)
    assert kinds(desk, case_id) == ["approve_operation", "unblock"], "until a deputy is named, or she is back"
    assert person_id(GENERAL) in desk.task(case_id, "approve_operation").excluded


def test_a_running_operation_is_stopped_and_not_cancelled_and_only_once_it_is_said_who_came(desk: Desk) -> None:
    case_id = backlog_desk.approved(desk)
    for login in (CLAIRE, YANN):
        backlog_desk.signs_up(desk, case_id, login)
    first = backlog_desk.starts_on(desk, case_id)
    backlog_desk.comes_to(desk, first, 8)
    backlog_desk.remind(desk, case_id, "operation_start")
    for day in range(6):
        backlog_desk.comes_to(desk, first + timedelta(days=day), 19)
        backlog_desk.remind(desk, case_id, "daily_point")
    assert told(desk, desk.give(case_id, OPERATIONS, Cancel(reason=WHY), None, "cancel"))["code"] == "wrong_step"
    refusal = told(desk, desk.give(case_id, OPERATIONS, Stop(reason=WHY), None, "stop"))
    assert "who came to session 1" in refusal["rule"]
    for wrong in (came(claire_morvan=1), came(claire_morvan=1, yann_kerloch=1, malo_quere=1)):
        assert told(desk, desk.give(case_id, REFERENT, wrong, "enter_attendance"))["field"] == "attended"
    longer = told(desk, desk.give(case_id, REFERENT, came(claire_morvan=421, yann_kerloch=0), "enter_attendance"))
    assert (longer["field"], longer["rule"]) == (
        "attended.0.minutes",
        "The session has 7 h 00 of work; nobody works longer in it.",
    )
    right = came(claire_morvan=0, yann_kerloch=0)
    assert desk.do(case_id, REFERENT, right, "enter_attendance").status is CommandStatus.APPLIED
    assert desk.do(case_id, OPERATIONS, Stop(reason=WHY), None, "stop").status is CommandStatus.APPLIED
    assert desk.state(case_id) == "closed", "nobody has worked: nothing is to be paid"


def test_whoever_is_paid_by_it_does_not_validate_it(desk: Desk) -> None:
    case_id = backlog_desk.ended(desk)
    task = desk.task(case_id, "validate_pay")
    assert {person_id(login) for login in (ACCOUNTANT, CLAIRE, YANN)} <= set(task.excluded)
