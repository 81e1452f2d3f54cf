"""A register in which something of everything stands still, and the API before it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from db.models import Case
from tests.api.counter import NOON, Counter, open_counter
from tests.factories.register import Desk, a_complaint_at, open_desk

ABOUT = "gwenola.prigent"
"""A technical referent; one complaint of each kind is about her."""
DAY = timedelta(days=1)


@dataclass
class Board:
    """The API and a desk before one register; both show the same time."""

    counter: Counter
    desk: Desk

    def reference(self, case_id: UUID) -> str:
        """The reference of a case."""
        with self.desk.sessions() as session:
            return session.get_one(Case, case_id).reference

    async def get(self, path: str, login: str = "anne.le.goff") -> Any:
        """What a manager reads there."""
        return await self.counter.get(login, path)

    async def cases(self, link: str, login: str = "anne.le.goff") -> list[str]:
        """All the cases that a number's address lists, page by page."""
        found: list[str] = []
        cursor: str | None = None
        path = link.removeprefix("/api/v1")
        while True:
            page = await self.get(
                f"{path}{'&' if '?' in path else '?'}limit=20{f'&cursor={cursor}' if cursor else ''}", login
            )
            found += [
                line["reference"]
                for line in next(page[kind] for kind in ("complaints", "cases", "claims") if kind in page)
            ]
            cursor = page["next"]
            if cursor is None:
                return found


@asynccontextmanager
async def open_board(database: str) -> AsyncIterator[Board]:
    """It is Monday 3 March 2031, noon, for the desk and for the API."""
    async with open_counter(database, seeded=False) as counter:
        with open_desk(database) as desk:
            desk.at = NOON
            yield Board(counter, desk)


def fill(desk: Desk) -> dict[str, UUID]:
    """Complaints at every step, of three weeks; each step has one about the technical referent."""
    cases: dict[str, UUID] = {}
    for days, state in enumerate(("assigned", "acknowledged", "analysed", "drafted", "approved")):
        desk.at = NOON - (20 - 3 * days) * DAY
        cases[state] = a_complaint_at(desk, state)
        cases[f"{state} about"] = desk.enter(about=ABOUT)
    desk.at = NOON
    cases["of today"] = desk.enter()
    cases["of another pole"] = desk.enter(pole="memberships", skills=[])
    cases["answered"] = a_complaint_at(desk, "answered")
    desk.settle(desk.machine(cases["answered"], "close"))
    return cases
