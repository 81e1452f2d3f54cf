"""The hat of whoever a case is lent to, sent through the whole matrix: it opens that case, for as long as the operation
that lends it is running, and nothing else.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from string import Formatter
from uuid import UUID

import pytest

from api.tokens import TokenUse
from db.models import Case, LoanRow, OperationRow
from domain.roles import Role
from tests.api.matrix_stand import Stand
from tests.api.matrix_things import COLLEAGUE, NOTHING, Asker, Parts, Planting, good_token, hire
from tests.api.matrix_whole import MATRIX
from tests.factories.backlog_rows import a_loan, a_running_operation
from tests.factories.rows import a_task_row
from tests.stories.house import StoryHouse

NO_RIGHTS = (None, Role.TRACFIN_CORRESPONDENT, Role.AUDITOR)
"""What a volunteer may be who has no right on any complaint."""
OPEN = {
    "GET /api/v1/complaints/{reference}": 200,
    "GET /api/v1/cases/{reference}/state": 200,
    "GET /api/v1/cases/{reference}/deadlines": 200,
    "GET /api/v1/cases/{reference}/journal": 200,
    "GET /api/v1/cases/{reference}/letters": 200,
    "GET /api/v1/cases/{reference}/answer.pdf": 404,  # nothing is written yet
    "POST /api/v1/cases/{reference}/preview": 409,  # nothing is found yet
    "GET /api/v1/tasks/{task_id}": 200,
    "POST /api/v1/tasks/{task_id}/claim": 200,
    "POST /api/v1/tasks/{task_id}/release": 200,
    "GET /complaints/{reference}": 200,
    "POST /complaints/{reference}/preview": 200,  # which says so
    "GET /tasks/{task_id}": 200,
}
"""What somebody to whom a complaint is lent gets of it, in the order in which it is asked for."""
THEIRS = {
    *("GET /api/v1/tasks", "GET /inbox", "POST /api/v1/tasks/{task_id}/complete"),
    *("POST /tasks/{task_id}", "POST /tasks/{task_id}/claim", "POST /tasks/{task_id}/release"),
}
"""Their own inbox, which may be empty, and what they do with a task of it: the stories do so."""


@dataclass(frozen=True)
class Borrowed:
    """A complaint that is lent to somebody, and by which operation."""

    asker: Asker
    parts: Parts
    loan_id: UUID
    operation_id: UUID


@pytest.fixture(scope="module")
def stand(house: StoryHouse) -> Stand:
    """The matrix's stand, before which borrowers step."""
    return Stand(house.house, house.http, [])


def borrows(stand: Stand, role: Role | None) -> Borrowed:
    """Somebody of this role, to whom a complaint is lent: its acknowledgement is to be done."""
    with stand.house.sessions.begin() as session:
        asker = hire(session, role)
        p = Planting(session, asker, stand.house.now())
        case_id, parts = p.case()
        task_id = a_task_row(session, case_id, p.at, f"person:{COLLEAGUE}")
        lender = a_running_operation(session, p.at)
        loan = a_loan(session, lender, case_id, asker.id, p.at)
        return Borrowed(asker, parts | {"task_id": str(task_id)}, loan.id, lender[0].id)


async def answered(stand: Stand, operation: str, one: Borrowed, parts: Parts | None = None) -> int:
    """How the borrower is answered."""
    use = TokenUse.API if "/api/" in operation else TokenUse.PAGES
    with stand.house.sessions.begin() as session:
        token = good_token(session, one.asker, use)
    return (await stand.send(operation, MATRIX[operation], parts or one.parts, token)).status_code


@pytest.mark.parametrize("role", NO_RIGHTS)
async def test_a_borrower_gets_the_case_that_is_lent_to_them(stand: Stand, role: Role | None) -> None:
    one = borrows(stand, role)
    assert {operation: await answered(stand, operation, one) for operation in OPEN} == OPEN


async def test_of_every_other_case_a_borrower_gets_nothing(stand: Stand) -> None:
    one, others = borrows(stand, None), borrows(stand, None)
    for operation in OPEN:
        assert await answered(stand, operation, one, others.parts) in {403, 404}, operation


def ends(stand: Stand, one: Borrowed) -> None:
    """The operation has ended; no case has heard of it."""
    with stand.house.sessions.begin() as session:
        row = session.get_one(OperationRow, one.operation_id)
        row.ended_on, row.end_reason = row.ends_on, "under_standard"
        session.get_one(Case, one.operation_id).state = "closing"


def is_stopped(stand: Stand, one: Borrowed) -> None:
    """The direction has stopped the operation."""
    with stand.house.sessions.begin() as session:
        row = session.get_one(OperationRow, one.operation_id)
        row.ended_on, row.end_reason = stand.house.today(), "stopped"
        session.get_one(Case, one.operation_id).state = "closing"


def is_taken_back(stand: Stand, one: Borrowed) -> None:
    """The loan has ended."""
    with stand.house.sessions.begin() as session:
        row = session.get_one(LoanRow, one.loan_id)
        row.ended_at, row.why = stand.house.now() + timedelta(minutes=1), "no_show"


def is_only_asked_for(stand: Stand, one: Borrowed) -> None:
    """Another case: it has not agreed yet."""
    with stand.house.sessions.begin() as session:
        lent = session.get_one(LoanRow, one.loan_id)
        lent.ended_at, lent.why = stand.house.now(), "signed_off"
        same = {
            name: getattr(lent, name) for name in ("case_id", "person_id", "operation_id", "session_id", "asked_at")
        }
        session.add(LoanRow(id=UUID(int=lent.id.int ^ 1), **same))


@pytest.mark.parametrize("role", NO_RIGHTS)
@pytest.mark.parametrize("how", [ends, is_stopped, is_taken_back, is_only_asked_for])
async def test_a_borrower_loses_all_of_it_at_once(
    stand: Stand, role: Role | None, how: Callable[[Stand, Borrowed], None]
) -> None:
    one = borrows(stand, role)
    assert await answered(stand, "GET /api/v1/complaints/{reference}", one) == 200
    how(stand, one)
    got = {operation: await answered(stand, operation, one) for operation in OPEN}
    assert {operation: status for operation, status in got.items() if status not in {403, 404}} == {}


async def test_every_other_door_stays_shut_for_a_borrower(stand: Stand) -> None:
    """Whatever the matrix knows, named with the very case that is lent."""
    role = Role.TRACFIN_CORRESPONDENT
    one = borrows(stand, role)
    parts = dict.fromkeys(_names(), NOTHING) | one.parts
    wrong = []
    for operation in _shut(role):
        status = await answered(stand, operation, one, parts)
        if status not in {403, 404, 422}:
            wrong.append((operation, status))
    assert wrong == []


def _shut(role: Role) -> list[str]:
    """What the table lets this role have no part in, and what lending does not open."""
    return [
        operation
        for operation, row in MATRIX.items()
        if row.lets_in is not None and role not in row.lets_in and operation not in OPEN.keys() | THEIRS
    ]


def _names() -> set[str]:
    """The names that addresses take."""
    return {name for operation in MATRIX for _, name, _, _ in Formatter().parse(operation) if name}
