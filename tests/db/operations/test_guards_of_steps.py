"""What the register itself holds against a wrong step, a place in a session that has begun, and a wrong loan."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import insert, update
from uuid_utils.compat import uuid7

from db.models import Case, LoanRow, SessionRow, SignUpRow
from domain.backlog.commands import Stop
from domain.backlog.states import TRANSITIONS, BacklogState
from local.demo_staff import person_id
from tests.db.operations.test_guards import _execute, approval, place, refused, state
from tests.factories import backlog_desk
from tests.factories.backlog_desk import CLAIRE, WHY, YANN, do
from tests.factories.backlog_rows import a_volunteer, sessions_of
from tests.factories.complaints import ADMINISTRATOR, NOON, OPERATIONS
from tests.factories.lending_desk import AUDITOR, running
from tests.factories.register import Desk
from tests.factories.weeks import weeks_apart

WEEKS = weeks_apart()
CONTROL = "katell.rolland"


@pytest.fixture(autouse=True)
def _weeks_of_its_own(desk: Desk) -> Iterator[None]:
    desk.at = NOON + timedelta(weeks=next(WEEKS))
    yield
    with desk.sessions.begin() as session:
        session.execute(update(Case).where(Case.ended_at.is_(None)).values(ended_at=desk.at))


def _turns_sensitive(desk: Desk, case_id: UUID) -> None:
    desk.sql("UPDATE complaints SET category = 'sensitive' WHERE case_id = :id", id=case_id)


def begins(desk: Desk, case_id: UUID) -> Any:
    """The first session, the instant before it begins, and the instant at which it does."""
    with desk.sessions() as session:
        row = session.get_one(SessionRow, sessions_of(session, case_id)[0])
        start = datetime.combine(row.day, time(8, 30), backlog_desk.ZONE)
        return row.id, start - timedelta(microseconds=1), start


def test_nobody_gets_or_gives_back_a_place_once_the_session_has_begun(desk: Desk) -> None:
    case_id = backlog_desk.approved(desk)
    session_id, before, start = begins(desk, case_id)
    with desk.sessions.begin() as session:
        for login in (CLAIRE, YANN):
            a_volunteer(session, person_id(login), desk.at)
    late = place(session_id, CLAIRE, 1).values(seated_at=start)
    assert refused(desk, late) == "sign_up_before_it_begins"
    assert refused(desk, place(session_id, CLAIRE, 1).values(seated_at=None)) == "sign_up_since"
    waits = {"status": "waiting", "seat": None, "seated_at": None}
    assert refused(desk, place(session_id, YANN, 1).values(**waits, asked_at=start)) == "sign_up_before_it_begins"
    _execute(desk, [place(session_id, CLAIRE, 1).values(seated_at=before)])
    own = update(SignUpRow).where(SignUpRow.session_id == session_id).values(status="given_back", seat=None)
    assert refused(desk, own.values(given_back_at=start)) == "sign_up_before_it_begins"
    _execute(desk, [own.values(given_back_at=before)])


@pytest.mark.parametrize("step", ["approving", "closing", "closed", "cancelled"])
def test_nobody_gets_a_place_of_an_operation_that_takes_none(desk: Desk, step: str) -> None:
    case_id = backlog_desk.proposed(desk) if step == "approving" else backlog_desk.approved(desk)
    way = {"closing": ("running", "closing"), "closed": ("running", "closing", "closed"), "cancelled": ("cancelled",)}
    _execute(desk, [state(case_id, one) for one in way.get(step, ())])
    with desk.sessions.begin() as session:
        a_volunteer(session, person_id(CLAIRE), desk.at)
        first = sessions_of(session, case_id)[0]
    assert refused(desk, place(first, CLAIRE, 1)) == "sign_up_is_open"


@pytest.mark.parametrize("step", ["planned", "running", "closing", "closed"])
def test_no_step_past_approving_is_reached_without_two(desk: Desk, step: str) -> None:
    case_id = backlog_desk.proposed(desk)
    assert refused(desk, approval(desk, case_id, OPERATIONS, 1), state(case_id, step)) == "operation_needs_two"


def test_an_operation_goes_by_its_steps_and_never_back(desk: Desk) -> None:
    allowed = {(one.value, to.value) for one, all_of in TRANSITIONS.items() for to in all_of}
    way = {"planned": (), "running": ("running",), "closing": ("running", "closing")}
    for stands, steps in way.items():
        case_id = backlog_desk.approved(desk)
        _execute(desk, [state(case_id, one) for one in steps])
        for to in BacklogState:
            if to.value != stands and (stands, to.value) not in {*allowed, ("running", "closed")}:
                assert refused(desk, state(case_id, to.value)) == "operation_takes_its_steps", (stands, to)


def test_the_register_lends_only_for_a_running_operation_an_ordinary_case_to_who_may_borrow(desk: Desk) -> None:
    complaint, sensitive, operation_id = desk.enter(), desk.enter(), running(desk)
    with desk.sessions() as session:
        session_id = sessions_of(session, operation_id)[0]
    told = {"operation_id": operation_id, "session_id": session_id, "asked_at": desk.at}

    def asked(case_id: UUID, login: str = AUDITOR, **changes: Any) -> Any:
        values = told | {"id": uuid7(), "case_id": case_id, "person_id": person_id(login)} | changes
        return insert(LoanRow).values(**values)

    _turns_sensitive(desk, sensitive)
    assert refused(desk, asked(sensitive)) == "loan_of_an_ordinary_case"
    assert refused(desk, asked(operation_id)) == "loan_of_an_ordinary_case", "nor anything but complaints and claims"
    for login in (ADMINISTRATOR, CONTROL):
        assert refused(desk, asked(complaint, login)) == "loan_to_who_may_borrow"
    assert refused(desk, asked(complaint, ended_at=desk.at, why="ended")) == "loan_is_asked_for"
    one = uuid7()
    with desk.sessions.begin() as session:
        session.execute(asked(complaint, id=one))
    _turns_sensitive(desk, complaint)
    lent_now = update(LoanRow).where(LoanRow.id == one).values(lent_at=desk.at)
    assert refused(desk, lent_now) == "loan_of_an_ordinary_case", "it has become sensitive meanwhile"
    other = desk.enter()
    do(desk, operation_id, OPERATIONS, Stop(reason=WHY), None, "stop")
    assert refused(desk, asked(other)) == "loan_of_a_running_operation"
