"""The matrix, sent: every operation of the API and every page, about every kind of object of its table.

Each is asked by one of each sort: let in and not, whoever has another answer to expect; they take turns. What everybody
else gets, `test_matrix_doors.py` reads off the routes, and `test_matrix_by_everybody.py`, a proof, asks.

A route that nobody has put into the table fails, and so does one that answers otherwise than the table says. That it
does fail is tested below, with routes that somebody has left open.
"""

from typing import Any
from zlib import crc32

import httpx2
import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from sqlalchemy import select

from api.app import create_app
from api.house import TheHouse
from api.pages.visit import SESSION, mark_of
from db.models import Case
from domain.roles import Role
from tests.api.contract import description, the_app
from tests.api.matrix import NO_OBJECT, READERS, Row
from tests.api.matrix_stand import Choice, Stand, apart, few, many, stand_before
from tests.api.matrix_things import BAD
from tests.api.matrix_whole import IN_ORDER, JSON, MATRIX, OF_NOBODY, PAGES, PROTECTED
from tests.stories.house import StoryHouse

pytestmark = pytest.mark.usefixtures("streams_end_at_once")


def operations(told: dict[str, Any]) -> set[str]:
    """What the OpenAPI document offers."""
    return {f"{method.upper()} {path}" for path, offered in told["paths"].items() for method in offered}


def routes(app: FastAPI) -> set[str]:
    """What the application answers to."""
    return {
        f"{method} {context.path}"
        for context in iter_route_contexts(app.routes)
        for method in context.methods or ["MOUNT"]
    }


def not_in_table(told: dict[str, Any]) -> set[str]:
    """Operations that the table lacks, and rows that no operation has."""
    return operations(told) ^ set(JSON)


def hidden(app: FastAPI, told: dict[str, Any]) -> set[str]:
    """Routes that neither OpenAPI, nor the pages' table, nor the list of exceptions tells of; and rows without one."""
    return (routes(app) - operations(told) - OF_NOBODY) ^ set(PAGES)


@pytest.fixture(scope="module")
def stand(house: StoryHouse) -> Stand:
    """Somebody of each role before the house."""
    return stand_before(house, house.http)


def test_every_operation_is_in_the_table() -> None:
    assert not_in_table(description()) == set()


def test_every_route_is_described() -> None:
    assert hidden(the_app(), description()) == set()


@pytest.mark.parametrize("operation", IN_ORDER)
async def test_everybody_gets_what_the_table_says(stand: Stand, operation: str) -> None:
    row = MATRIX[operation]
    assert {thing: wrong for thing in row.outcomes if (wrong := await stand.deviations(operation, row, thing))} == {}


*LASTING, OF_ANOTHER_USE = BAD


@pytest.mark.parametrize("operation", PROTECTED)
async def test_a_bad_token_opens_nothing(stand: Stand, operation: str) -> None:
    """Every route may mistake what a token is for; what else can be wrong, one function judges for all of them."""
    reasons = [OF_ANOTHER_USE, LASTING[crc32(operation.encode()) % len(LASTING)]]
    assert await stand.opened(operation, PROTECTED[operation], reasons) == []


@pytest.mark.parametrize("operation", [name for name, row in PROTECTED.items() if row.page and row.body])
async def test_a_form_that_another_site_has_made_changes_nothing(stand: Stand, operation: str) -> None:
    row = PROTECTED[operation]
    let_in = apart(stand.askers, row)[0][0]
    [(parts, token)] = stand.equip(operation, next(iter(row.outcomes)), [let_in])
    path = operation.split(" ")[1].format(**parts)
    forged = {**(row.body(stand.house.today()) if row.body else {}), "mark": mark_of("another session")}
    answer = await stand.http.post(path, data=forged, headers={"Cookie": f"{SESSION}={token}"})
    assert answer.status_code == 403
    other = {"Cookie": f"{SESSION}={token}", "Origin": "http://evil.example"}
    answer = await stand.http.post(path, data=forged | {"mark": mark_of(token)}, headers=other)
    assert answer.status_code == 403


async def test_a_list_shows_nobody_a_complaint_about_themselves(stand: Stand) -> None:
    for asker in (one for one in stand.askers if one.role in READERS):
        about_me, readable = stand.plant("a case about me", asker), stand.plant("a colleague's case", asker)
        [(_, token)] = stand.equip("GET /api/v1/complaints", NO_OBJECT, [asker])
        headers = {"Authorization": f"Bearer {token}"}
        answer = await stand.http.get("/api/v1/complaints", params={"limit": 200}, headers=headers)
        seen = {line["reference"] for line in answer.json()["complaints"]}
        assert readable["reference"] in seen
        assert about_me["reference"] not in seen


# The matrix turns red.


@pytest.fixture(scope="module")
def left_open(house: StoryHouse) -> FastAPI:
    """The application, and three more routes, which somebody forgot to protect."""
    app = create_app(house.house)
    app.state.house = house.house

    @app.get("/api/v1/cases/{reference}/left-open")
    @app.get("/api/v1/cases/{reference}/left-out", include_in_schema=False)
    def left_open(reference: str, house: TheHouse) -> str:
        """Somebody forgot."""
        with house.sessions() as session:
            return session.scalars(select(Case).where(Case.reference == reference)).one().state

    @app.get("/left-open", include_in_schema=False)
    def page() -> str:
        """Somebody forgot."""
        return "open"

    return app


async def test_a_route_that_is_not_in_the_table_turns_the_matrix_red(left_open: FastAPI) -> None:
    assert not_in_table(left_open.openapi()) == {"GET /api/v1/cases/{reference}/left-open"}


async def test_a_route_or_a_page_that_hides_from_openapi_turns_the_matrix_red(left_open: FastAPI) -> None:
    assert hidden(left_open, left_open.openapi()) == {"GET /api/v1/cases/{reference}/left-out", "GET /left-open"}


NOT_READERS = [role for role in (*Role, None) if role not in READERS]


@pytest.mark.parametrize(("choose", "how_many"), [(few, 1), (many, len(NOT_READERS))])
async def test_an_unprotected_route_turns_the_matrix_red_though_it_has_its_row(
    house: StoryHouse, left_open: FastAPI, choose: Choice, how_many: int
) -> None:
    transport = httpx2.ASGITransport(app=left_open)
    async with httpx2.AsyncClient(transport=transport, base_url="http://house") as http:
        stand = stand_before(house, http, choose)
        row = Row(READERS, {"my case": 200, "a case about me": 404})
        operation = "GET /api/v1/cases/{reference}/left-open"
        *let_in, stranger = await stand.deviations(operation, row, "my case")
        assert len(let_in) == how_many
        assert set(let_in) <= {f"{role}: 200, not 403" for role in NOT_READERS}
        assert stranger == "no token: 200, not 401"
        assert await stand.deviations(operation, row, "a case about me") != []
