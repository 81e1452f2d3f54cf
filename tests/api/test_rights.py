"""Who may ask what: one table over every route and every role. Nothing that is not in the table is allowed."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy.orm import Session

from api.auth import new_token
from db.models import StaffMember
from domain.roles import Role
from tests.api.contract import rule_of
from tests.api.counter import Counter

NOTHING = "00000000-0000-0000-0000-000000000000"

HANDLERS = {Role.HANDLER, Role.EXPERT_HANDLER}
VALIDATORS = {
    *(Role.TECHNICAL_REFERENT, Role.POLE_MANAGER, Role.LEGAL),
    *(Role.OPERATIONS_DIRECTOR, Role.GENERAL_DIRECTOR),
}
DOERS = HANDLERS | VALIDATORS | {Role.ACCOUNTING, Role.PROCESS_PILOT}
READERS = DOERS | {Role.INTERNAL_CONTROL}
IN_CHARGE = HANDLERS | {Role.POLE_MANAGER, Role.OPERATIONS_DIRECTOR}

TABLE: dict[tuple[str, str], set[Role]] = {
    ("GET", "/me"): set(Role),
    ("POST", "/complaints"): HANDLERS | {Role.TECHNICAL_REFERENT, Role.POLE_MANAGER},
    ("GET", "/complaints"): READERS,
    ("GET", "/complaints/{reference}"): READERS,
    ("GET", "/tasks"): DOERS,
    ("GET", "/tasks/{task_id}"): DOERS,
    ("POST", "/tasks/{task_id}/claim"): DOERS,
    ("POST", "/tasks/{task_id}/release"): DOERS,
    ("POST", "/tasks/{task_id}/complete"): DOERS,
    ("GET", "/cases/{reference}/state"): READERS,
    ("GET", "/cases/{reference}/deadlines"): READERS,
    ("GET", "/cases/{reference}/journal"): READERS,
    ("GET", "/cases/{reference}/letters"): READERS,
    ("GET", "/letters/{letter_id}.pdf"): READERS,
    ("POST", "/cases/{reference}/requalify"): IN_CHARGE,
    ("POST", "/cases/{reference}/reassign"): IN_CHARGE,
    ("POST", "/cases/{reference}/holding-letter"): IN_CHARGE,
    ("GET", "/commands/{command_id}"): READERS,
    ("POST", "/people/{login}/absences"): {Role.ADMINISTRATOR, Role.POLE_MANAGER, Role.OPERATIONS_DIRECTOR},
}


def somebody_who_is(session: Session, role: Role | None) -> StaffMember:
    """A person of this one role, or of none."""
    person = StaffMember(
        id=uuid4(),
        login=f"only.{role}",
        password_hash="never used",
        name=f"M. {role}",
        title=str(role),
        email=f"{role}@mutuelle-des-embruns.example",
        phone="02 61 91 00 00",
        roles=[role] if role else [],
        pole=None,
        skills=[],
        active=True,
    )
    session.add(person)
    session.flush()
    return person


@pytest.fixture(scope="module")
def passes(counter: Counter) -> dict[Role | None, dict[str, str]]:
    """One person for each role, and one without any, with their tokens."""
    with counter.house.sessions.begin() as session:
        return {
            role: {"Authorization": f"Bearer {new_token(session, somebody_who_is(session, role))}"}
            for role in (*Role, None)
        }


def test_every_route_is_in_the_table(counter: Counter) -> None:
    routes = {
        (method.upper(), path.removeprefix("/api/v1"))
        for path, operations in counter.app.openapi()["paths"].items()
        for method in operations
        if path.startswith("/api/v1")
    }
    assert routes - {("POST", "/token")} == set(TABLE)


@pytest.mark.parametrize(("method", "path"), TABLE)
async def test_a_route_lets_in_the_roles_of_the_table_and_no_other(
    counter: Counter, passes: dict[Role | None, dict[str, str]], method: str, path: str
) -> None:
    address = path.format(
        reference="REC-2031-999999", task_id=NOTHING, letter_id=NOTHING, command_id=NOTHING, login="x"
    )
    let_in = set()
    for role, headers in passes.items():
        answer = await counter.http.request(method, f"/api/v1{address}", headers=headers)
        if answer.status_code != 403:
            let_in.add(role)
        else:
            assert rule_of(answer) == "role_missing"
            assert str(role) not in answer.json()["detail"].split(": ")[-1].rstrip(".").split(", ")
    expected: set[Role | None] = {*TABLE[method, path], *([None] if path == "/me" else [])}
    assert let_in == expected


@pytest.mark.parametrize(("method", "path"), TABLE)
async def test_a_route_lets_in_nobody_without_a_token(counter: Counter, method: str, path: str) -> None:
    address = path.format(
        reference="REC-2031-999999", task_id=NOTHING, letter_id=NOTHING, command_id=NOTHING, login="x"
    )
    assert (await counter.http.request(method, f"/api/v1{address}")).status_code == 401


async def test_the_administrator_reads_no_case_and_does_no_task(
    counter: Counter, passes: dict[Role | None, dict[str, str]]
) -> None:
    for path in ("/complaints", "/tasks", f"/tasks/{UUID(NOTHING)}"):
        answer = await counter.http.get(f"/api/v1{path}", headers=passes[Role.ADMINISTRATOR])
        assert (answer.status_code, rule_of(answer)) == (403, "role_missing")
