"""Where the matrix is sent from: somebody of every role, before one application, and who of them asks what."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from uuid import UUID
from zlib import crc32

import httpx2
from sqlalchemy.orm import Session

from api.house import House
from api.pages.visit import SESSION, mark_of
from api.tokens import TokenUse
from domain.roles import Role
from tests.api.contract import rule_of
from tests.api.matrix import Row, Upload
from tests.api.matrix_backlog import OF_A_VOLUNTEER
from tests.api.matrix_things import Asker, Parts, Planting, bad_tokens, good_token, hire
from tests.api.matrix_whole import ALL_THINGS, PAGES
from tests.stories.house import StoryHouse

Choice = Callable[[Sequence[Asker], str, Row, str], list[Asker]]
"""Who of all sends an operation, whose row it is, about a kind of object."""


def many(askers: Sequence[Asker], _operation: str, row: Row, thing: str) -> list[Asker]:
    """Everybody, about the row's first kind of object; about each other kind those let in, and one who is not."""
    if row.lets_in is None:
        return list(askers[:1])
    if thing == next(iter(row.outcomes)):
        return list(askers)
    inside, outside = apart(askers, row)
    return inside + outside[len(thing) % 3 :][:1]


def few(askers: Sequence[Asker], operation: str, row: Row, thing: str) -> list[Asker]:
    """One of those let in for each answer that they may expect; about the first kind, one who is not. They take turns.

    That every other role is let in or not as the row says, `test_matrix_doors.py` reads off the route.
    """
    if row.lets_in is None:
        return list(askers[:1])
    inside, outside = apart(askers, row)
    alike: dict[int, list[Asker]] = {}
    for asker in inside:
        alike.setdefault(row.expected(thing, asker.role), []).append(asker)
    groups = chain(alike.values(), [outside] if outside and thing == next(iter(row.outcomes)) else [])
    return [group[crc32(operation.encode()) % len(group)] for group in groups]


def apart(askers: Sequence[Asker], row: Row) -> tuple[list[Asker], list[Asker]]:
    """Those whom the row lets in, and those whom it does not."""
    let_in = row.lets_in or set()
    return [one for one in askers if one.role in let_in], [one for one in askers if one.role not in let_in]


@dataclass
class Stand:
    """Where the matrix is sent from: somebody of each role, before one application."""

    house: House
    http: httpx2.AsyncClient
    askers: list[Asker]
    planted: dict[tuple[str, UUID], Parts] = field(default_factory=dict)
    tokens: dict[tuple[TokenUse, UUID], str] = field(default_factory=dict)
    choose: Choice = few

    async def deviations(self, operation: str, row: Row, thing: str) -> list[str]:
        """Who is answered otherwise than the row says, about an object that is this to them."""
        askers = self.choose(self.askers, operation, row, thing)
        asked = self.equip(operation, thing, askers)
        told = await asyncio.gather(*(self.send(operation, row, *one) for one in asked))
        self.forget_changed(operation, thing, askers, told)
        got: list[tuple[str, int, httpx2.Response]] = [
            (str(asker.role), row.expected(thing, asker.role), answer)
            for asker, answer in zip(askers, told, strict=True)
        ]
        if self.choose is many or thing == next(iter(row.outcomes)):
            stranger = await self.send(operation, row, asked[0][0], None)
            got.append(("no token", row.expected(thing, None, token=False), stranger))
        wrong = [f"{who}: {a.status_code}, not {wanted}" for who, wanted, a in got if a.status_code != wanted]
        return wrong + [
            f"{asker.role}: does not hear who is let in"
            for asker, answer in zip(askers, told, strict=True)
            if answer.status_code == 403 and hears_who_is_let_in(row, asker) and not names_them(row, answer)
        ]

    def equip(self, operation: str, thing: str, askers: list[Asker]) -> list[tuple[Parts, str]]:
        """For each the parts of an address with such an object in it, and a token: kept while nothing changes."""
        use = use_of(operation)
        with self.house.sessions.begin() as session:
            for asker in askers:
                if (thing, asker.id) not in self.planted:
                    self.forget_others(thing, asker)
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

    def forget_others(self, thing: str, asker: Asker) -> None:
        """What the asker may have no longer beside this."""
        for other in OF_A_VOLUNTEER if thing in OF_A_VOLUNTEER else ():
            self.planted.pop((other, asker.id), None)

    def plant(self, thing: str, asker: Asker) -> Parts:
        """Such an object, new, so that it stands among the newest of a list."""
        self.forget_others(thing, asker)
        with self.house.sessions.begin() as session:
            return plant(session, thing, asker, self.house.now())

    def give_bad(self, operation: str, asker: Asker, reasons: Sequence[str]) -> dict[str, str]:
        """Tokens that count nowhere, or not here, by what is wrong with each."""
        with self.house.sessions.begin() as session:
            return bad_tokens(session, asker, use_of(operation), reasons)

    async def opened(self, operation: str, row: Row, reasons: Sequence[str]) -> list[str]:
        """What is wrong with the tokens that the operation takes nevertheless."""
        let_in = apart(self.askers, row)[0][0]
        [(parts, _)] = self.equip(operation, next(iter(row.outcomes)), [let_in])
        bad = self.give_bad(operation, let_in, reasons)
        answers = await asyncio.gather(*(self.send(operation, row, parts, token) for token in bad.values()))
        return [why for why, answer in zip(bad, answers, strict=True) if not is_turned_away(row, answer)]

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


def is_turned_away(row: Row, answer: httpx2.Response) -> bool:
    """Whether somebody whose token does not count is told to sign in."""
    said = asks_to_sign_in(answer) if row.page else rule_of(answer) == "unauthorized"
    return answer.status_code == row.stranger and said


def asks_to_sign_in(answer: httpx2.Response) -> bool:
    """Whether a page shows, or leads to, where one signs in."""
    return answer.headers.get("Location", "").startswith("/sign-in") or 'action="/sign-in"' in answer.text


def stand_before(house: StoryHouse, http: httpx2.AsyncClient, choose: Choice = few) -> Stand:
    """Somebody of each role is hired."""
    with house.house.sessions.begin() as session:
        return Stand(house.house, http, [hire(session, role) for role in (*Role, None)], choose=choose)
