"""The matrix, sent: every operation of the API and every page, by every role, on every kind of object of its table.

A route that nobody has put into the table fails, and so does one that answers otherwise than the table says. That it
does fail is tested below, with routes that somebody has left open.
"""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import httpx2
import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.app import create_app
from api.house import House, TheHouse
from api.pages.visit import SESSION, mark_of
from api.tokens import TokenUse
from db.models import Case
from domain.roles import Role
from tests.api.contract import rule_of, the_app
from tests.api.matrix import NO_OBJECT, READERS, TABLE, Row, Upload
from tests.api.matrix_audit_pages import AUDIT_PAGES, AUDIT_THINGS
from tests.api.matrix_audits import TABLE as AUDITS
from tests.api.matrix_backlog import DISPATCH_PAGES, OPERATION_ROWS, OPERATION_THINGS
from tests.api.matrix_backlog_pages import OPERATION_PAGES
from tests.api.matrix_delay import DELAY_PAGES
from tests.api.matrix_delegate import SPACE, SPACE_THINGS
from tests.api.matrix_figures import FIGURE_PAGES, FIGURE_ROWS, FIGURE_THINGS
from tests.api.matrix_finding_pages import FINDING_PAGES, SPACE_PAGES
from tests.api.matrix_findings import FINDING_ROWS
from tests.api.matrix_kinds import THINGS
from tests.api.matrix_pages import PAGES as OTHER_PAGES
from tests.api.matrix_things import Asker, Parts, Planting, bad_tokens, good_token, hire
from tests.api.matrix_volunteers import VOLUNTEER_PAGES
from tests.stories.house import StoryHouse

OF_NOBODY = {
    *("GET /docs", "GET /metrics", "GET /openapi.json", "HEAD /openapi.json"),
    *("MOUNT /vendor", "MOUNT /static"),
}
"""The description itself and its page: files that say nothing of anybody."""
JSON = TABLE | AUDITS | FINDING_ROWS | OPERATION_ROWS | SPACE | FIGURE_ROWS
PAGES = (
    OTHER_PAGES
    | FINDING_PAGES
    | SPACE_PAGES
    | AUDIT_PAGES
    | FIGURE_PAGES
    | OPERATION_PAGES
    | VOLUNTEER_PAGES
    | DELAY_PAGES
    | DISPATCH_PAGES
)
MATRIX = JSON | PAGES
IN_ORDER = sorted(
    MATRIX, key=lambda operation: (NO_OBJECT not in MATRIX[operation].outcomes, list(MATRIX[operation].outcomes))
)
"""Lists first, while they are short; then kind of object by kind: what one operation does not change, the next need not
plant again."""
ALL_THINGS = THINGS | SPACE_THINGS | AUDIT_THINGS | FIGURE_THINGS | OPERATION_THINGS


def operations(app: FastAPI) -> set[str]:
    """What the OpenAPI document offers."""
    return {f"{method.upper()} {path}" for path, offered in app.openapi()["paths"].items() for method in offered}


def routes(app: FastAPI) -> set[str]:
    """What the application answers to."""
    return {
        f"{method} {context.path}"
        for context in iter_route_contexts(app.routes)
        for method in context.methods or ["MOUNT"]
    }


def not_in_table(app: FastAPI) -> set[str]:
    """Operations that the table lacks, and rows that no operation has."""
    return operations(app) ^ set(JSON)


def hidden(app: FastAPI) -> set[str]:
    """Routes that neither OpenAPI, nor the pages' table, nor the list of exceptions tells of; and rows without one."""
    return (routes(app) - operations(app) - OF_NOBODY) ^ set(PAGES)


@dataclass
class Stand:
    """Where the matrix is sent from: somebody of each role, before one application."""

    house: House
    http: httpx2.AsyncClient
    askers: list[Asker]
    planted: dict[tuple[str, UUID], Parts] = field(default_factory=dict)
    tokens: dict[tuple[TokenUse, UUID], str] = field(default_factory=dict)

    async def deviations(self, operation: str, row: Row, thing: str) -> list[str]:
        """Who is answered otherwise than the row says, about an object that is this to them."""
        askers = self.asking(row, thing)
        asked = self.equip(operation, thing, askers)
        told = await asyncio.gather(*(self.send(operation, row, *one) for one in asked))
        self.forget_changed(operation, thing, askers, told)
        stranger = await self.send(operation, row, asked[0][0], None)
        got: list[tuple[str, int, httpx2.Response]] = [
            (str(asker.role), row.expected(thing, asker.role), answer)
            for asker, answer in zip(askers, told, strict=True)
        ]
        got.append(("no token", row.expected(thing, None, token=False), stranger))
        wrong = [f"{who}: {a.status_code}, not {wanted}" for who, wanted, a in got if a.status_code != wanted]
        return wrong + [
            f"{asker.role}: does not hear who is let in"
            for asker, answer in zip(askers, told, strict=True)
            if answer.status_code == 403 and hears_who_is_let_in(row, asker) and not names_them(row, answer)
        ]

    def asking(self, row: Row, thing: str) -> list[Asker]:
        """Everybody, about the row's first kind of object; about each other kind those let in, and one who is not."""
        if row.lets_in is None:
            return self.askers[:1]
        if thing == next(iter(row.outcomes)):
            return self.askers
        outside = [asker for asker in self.askers if asker.role not in row.lets_in]
        return [asker for asker in self.askers if asker.role in row.lets_in] + outside[len(thing) % 3 :][:1]

    def equip(self, operation: str, thing: str, askers: list[Asker]) -> list[tuple[Parts, str]]:
        """For each the parts of an address with such an object in it, and a token: kept while nothing changes."""
        use = use_of(operation)
        with self.house.sessions.begin() as session:
            for asker in askers:
                if (thing, asker.id) not in self.planted:
                    self.planted[thing, asker.id] = plant(session, thing, asker, self.house.now())
                if (use, asker.id) not in self.tokens:
                    self.tokens[use, asker.id] = good_token(session, asker, use)
        return [(self.planted[thing, asker.id], self.tokens[use, asker.id]) for asker in askers]

    def forget_changed(self, operation: str, thing: str, askers: list[Asker], told: list[httpx2.Response]) -> None:
        """What an answer may have changed is no longer what it was: neither the object, nor whoever asked."""
        if operation.startswith("GET"):
            return
        for asker in (asker for asker, answer in zip(askers, told, strict=True) if answer.status_code < 400):
            del self.planted[thing, asker.id]
            for use in TokenUse:
                self.tokens.pop((use, asker.id), None)

    def plant(self, thing: str, asker: Asker) -> Parts:
        """Such an object, new, so that it stands among the newest of a list."""
        with self.house.sessions.begin() as session:
            return plant(session, thing, asker, self.house.now())

    def give_bad(self, operation: str, asker: Asker) -> dict[str, str]:
        """Tokens that count nowhere, or not here, by what is wrong with each."""
        with self.house.sessions.begin() as session:
            return bad_tokens(session, asker, use_of(operation))

    async def send(self, operation: str, row: Row, parts: Parts, token: str | None) -> httpx2.Response:
        """Ask for it."""
        method, path = operation.split(" ")
        body = row.body(self.house.today()) if row.body else None
        if row.page:
            cookies = {"Cookie": f"{SESSION}={token}"} if token else {}
            form = {**body, "mark": mark_of(token or "")} if body is not None else None
            return await self.http.request(method, path.format(**parts), data=form, headers=cookies)
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        if isinstance(body, bytes):
            file = {"Content-Type": "application/x-ndjson"}
            return await self.http.request(method, path.format(**parts), content=body, headers=headers | file)
        if isinstance(body, Upload):
            form = headers | {"Content-Type": body.kind}
            return await self.http.request(method, path.format(**parts), content=body.content, headers=form)
        return await self.http.request(method, path.format(**parts), json=body, headers=headers)


def hears_who_is_let_in(row: Row, asker: Asker) -> bool:
    """Whether somebody of a role that is not let in, here, is told by the API which ones are."""
    return not row.page and row.lets_in is not None and None not in row.lets_in and asker.role not in row.lets_in


def names_them(row: Row, answer: httpx2.Response) -> bool:
    """Whether the refusal names the roles that the row lets in, and no other."""
    named = answer.json()["detail"].split(": ")[-1].rstrip(".").split(", ")
    return rule_of(answer) == "role_missing" and set(named) == row.lets_in


def use_of(operation: str) -> TokenUse:
    """What a token must be for, to count here."""
    return TokenUse.PAGES if operation in PAGES else TokenUse.API


def plant(session: Session, thing: str, asker: Asker, at: datetime) -> Parts:
    """What an address needs to name such an object of this asker's."""
    return ALL_THINGS[thing](Planting(session, asker, at))


def stand_before(house: StoryHouse, http: httpx2.AsyncClient) -> Stand:
    """Somebody of each role is hired."""
    with house.house.sessions.begin() as session:
        return Stand(house.house, http, [hire(session, role) for role in (*Role, None)])


@pytest.fixture(scope="module", autouse=True)
def _streams_end_at_once() -> Iterator[None]:
    """A stream is let begin, and ends: who may listen is what is asked here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("api.pages.board.STREAM_SECONDS", 0.0)
        yield


@pytest.fixture(scope="module")
def stand(house: StoryHouse) -> Stand:
    """Somebody of each role before the house."""
    return stand_before(house, house.http)


def test_every_operation_is_in_the_table() -> None:
    assert not_in_table(the_app()) == set()


def test_every_route_is_described() -> None:
    assert hidden(the_app()) == set()


@pytest.mark.parametrize("operation", IN_ORDER)
async def test_everybody_gets_what_the_table_says(stand: Stand, operation: str) -> None:
    row = MATRIX[operation]
    assert {thing: wrong for thing in row.outcomes if (wrong := await stand.deviations(operation, row, thing))} == {}


PROTECTED = {name: MATRIX[name] for name in IN_ORDER if MATRIX[name].lets_in is not None}


@pytest.mark.parametrize("operation", PROTECTED)
async def test_a_bad_token_opens_nothing(stand: Stand, operation: str) -> None:
    row = PROTECTED[operation]
    let_in = next(asker for asker in stand.askers if asker.role in (row.lets_in or ()))
    [(parts, _)] = stand.equip(operation, next(iter(row.outcomes)), [let_in])
    bad = stand.give_bad(operation, let_in)
    answers = await asyncio.gather(*(stand.send(operation, row, parts, token) for token in bad.values()))
    assert [why for why, answer in zip(bad, answers, strict=True) if not _is_turned_away(row, answer)] == []


def _is_turned_away(row: Row, answer: httpx2.Response) -> bool:
    said = _asks_to_sign_in(answer) if row.page else rule_of(answer) == "unauthorized"
    return answer.status_code == row.stranger and said


def _asks_to_sign_in(answer: httpx2.Response) -> bool:
    return answer.headers.get("Location", "").startswith("/sign-in") or 'action="/sign-in"' in answer.text


@pytest.mark.parametrize("operation", [name for name, row in PROTECTED.items() if row.page and row.body])
async def test_a_form_that_another_site_has_made_changes_nothing(stand: Stand, operation: str) -> None:
    row = PROTECTED[operation]
    let_in = next(asker for asker in stand.askers if asker.role in (row.lets_in or ()))
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


def with_a_route(house: StoryHouse, **options: Any) -> FastAPI:
    """The application, and one more route, which somebody forgot to protect."""
    app = create_app(house.house)
    app.state.house = house.house

    @app.get("/api/v1/cases/{reference}/left-open", **options)
    def left_open(reference: str, house: TheHouse) -> str:
        """Somebody forgot."""
        with house.sessions() as session:
            return session.scalars(select(Case).where(Case.reference == reference)).one().state

    return app


async def test_a_route_that_is_not_in_the_table_turns_the_matrix_red(house: StoryHouse) -> None:
    assert not_in_table(with_a_route(house)) == {"GET /api/v1/cases/{reference}/left-open"}


async def test_a_route_that_hides_from_openapi_turns_the_matrix_red(house: StoryHouse) -> None:
    app = with_a_route(house, include_in_schema=False)
    assert not_in_table(app) == set()
    assert hidden(app) == {"GET /api/v1/cases/{reference}/left-open"}


async def test_a_page_that_is_not_in_the_table_turns_the_matrix_red(house: StoryHouse) -> None:
    app = create_app(house.house)

    @app.get("/left-open", include_in_schema=False)
    def left_open() -> str:
        """Somebody forgot."""
        return "open"

    assert hidden(app) == {"GET /left-open"}


async def test_an_unprotected_route_turns_the_matrix_red_though_it_has_its_row(house: StoryHouse) -> None:
    transport = httpx2.ASGITransport(app=with_a_route(house))
    async with httpx2.AsyncClient(transport=transport, base_url="http://house") as http:
        stand = stand_before(house, http)
        row = Row(READERS, {"my case": 200, "a case about me": 404})
        operation = "GET /api/v1/cases/{reference}/left-open"
        let_in = await stand.deviations(operation, row, "my case")
        assert let_in == [
            *(f"{role}: 200, not 403" for role in (*Role, None) if role not in READERS),
            "no token: 200, not 401",
        ]
        about = await stand.deviations(operation, row, "a case about me")
        assert {f"{role}: 200, not 404" for role in READERS} < set(about)


async def test_a_role_that_is_let_in_against_the_table_turns_it_red_and_so_does_a_wrong_refusal(stand: Stand) -> None:
    """The table says that handlers do not read complaints: they do, and nobody who is refused hears them left out."""
    row = Row(READERS - {Role.HANDLER}, {NO_OBJECT: 200})
    kept_out = [asker.role for asker in stand.askers if asker.role not in READERS]
    assert await stand.deviations("GET /api/v1/complaints", row, NO_OBJECT) == [
        "handler: 200, not 403",
        *(f"{role}: does not hear who is let in" for role in kept_out),
    ]


def test_every_kind_of_object_is_planted_and_asked_for() -> None:
    assert {thing for row in MATRIX.values() for thing in row.outcomes} == set(ALL_THINGS)
    assert NO_OBJECT in THINGS
