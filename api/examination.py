"""The doctor's examination: what register and engine say of each case is put side by side. It only reads.

What looks wrong is looked at twice more, with a pause in between, and said only when it was seen each time while
nothing happened on the case: one that is being worked on looks wrong for an instant.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from api.house import House
from api.runs import Runs
from db.models import Case
from db.procedures import PROCEDURES
from db.queries import doctor as queries
from db.queries.calendar import NoCalendarError, calendar
from db.queries.reminder import last_canary
from domain.ailments import Ailment, AilmentKind
from domain.doctor import CaseFacts, HouseFacts, is_at_work, judge, judge_house

Result = TypeVar("Result")
LOOKS = 3
PAGE = 200
"""So many cases are read at once…"""
AT_ONCE = 16
"""…and so many workflows asked at the same time."""


@dataclass(frozen=True)
class Pace:
    """How often whatever looks wrong is looked at, how many seconds of wall time lie between two looks, and how long
    the engine may take for one answer."""

    looks: int = LOOKS
    pause: float = 5.0
    patience: timedelta = timedelta(seconds=5)


class Examination:
    """Looks at the house and at every case that a workflow must carry; `say` is told how far it is.

    `at_work` are the cases that look wrong and are being worked on: of them nothing is said.
    """

    def __init__(self, house: House, pace: Pace | None = None, say: Callable[[str], None] = lambda _: None) -> None:
        self._house = house
        self._pace = pace or Pace()
        self._runs = Runs(house.client, self._pace.patience)
        self._say = say
        self._few = asyncio.Semaphore(AT_ONCE)
        self._somebody_answers = True
        self.cases = 0
        self.at_work: set[str] = set()

    async def examine(self) -> list[Ailment]:
        """What is wrong with the house and with any case, seen at every look."""
        await self._runs.check()
        found = [*await self._house_now(), *await self._all_cases(), *await self._runs_in_vain()]
        return await self._seen_again(found)

    async def look_again(self, found: Iterable[Ailment]) -> list[Ailment]:
        """What is wrong with the house and with these cases after they were mended; what was started needs a moment."""
        self.at_work.clear()
        await asyncio.sleep(self._pace.pause)
        return await self._seen_again(await self._now(found))

    async def look(self, case_ids: Sequence[UUID]) -> list[Ailment]:
        """What looks wrong with these cases at this moment."""
        found: list[Ailment] = []
        for start in range(0, len(case_ids), PAGE):
            found += await self._page(case_ids[start : start + PAGE])
        return found

    async def _seen_again(self, found: list[Ailment]) -> list[Ailment]:
        for look in range(2, self._pace.looks + 1):
            if not found:
                break
            self._say(f"{len(found)} things look wrong: look {look} of {self._pace.looks} in {self._pace.pause:g} s")
            await asyncio.sleep(self._pace.pause)
            seen = {one.seen_as for one in found}
            found = [one for one in await self._now(found) if one.seen_as in seen]
        return found

    async def _now(self, found: Iterable[Ailment]) -> list[Ailment]:
        """What looks wrong now with the house and these cases; no case appears for a workflow that had none."""
        without_case = [one for one in found if one.kind is AilmentKind.RUN_WITHOUT_CASE]
        return [*await self._house_now(), *await self.look(_cases_of(found)), *without_case]

    async def _all_cases(self) -> list[Ailment]:
        total = await self._read(queries.count_needing_a_run)
        after: UUID | None = None
        found: list[Ailment] = []
        while page := await self._read(partial(queries.needing_a_run, after=after, most=PAGE)):
            found += await self._page(page)
            self.cases, after = self.cases + len(page), page[-1]
            self._say(f"{self.cases} of {total} cases looked at, {len(found)} things look wrong")
        return found

    async def _runs_in_vain(self) -> list[Ailment]:
        """Workflows that run for a case that has ended, or that the register does not know."""
        found: list[Ailment] = []
        async for page in _pages(self._runs.running(frozenset(PROCEDURES))):
            ended, unknown = await self._read(partial(queries.ended_among, case_ids=page))
            found += await self.look(sorted(ended))
            found += [Ailment(AilmentKind.RUN_WITHOUT_CASE, str(case_id)) for case_id in sorted(unknown)]
        return found

    async def _page(self, case_ids: Sequence[UUID]) -> list[Ailment]:
        read = await self._read(lambda s: queries.read_cases(s, case_ids, self._position))
        found = [one for case in await asyncio.gather(*map(self._judged, read.cases)) for one in case]
        stumbled = AilmentKind.UNREADABLE_CASE
        return [
            *found,
            *(Ailment(stumbled, why, detail=why).of(*case, 0) for case, why in read.unreadable.items()),
        ]

    def _position(self, session: Session, case: Case) -> Any:
        return PROCEDURES[case.procedure].position(session, case, self._house.book)

    async def _judged(self, case: CaseFacts) -> tuple[Ailment, ...]:
        async with self._few:
            run = await self._runs.of(case, ask=self._somebody_answers and case.needs_run)
        now = self._house.now()
        if is_at_work(case, now) and judge(replace(case, at_work=False, waiting=()), run, now):
            self.at_work.add(case.reference)
        return judge(case, run, now)

    async def _house_now(self) -> tuple[Ailment, ...]:
        self._somebody_answers = await self._runs.somebody_answers()
        today = self._house.today()
        facts = HouseFacts(
            resting=await self._runs.resting(),
            worker_answers=self._somebody_answers,
            canary_at=await self._read(last_canary),
            post_left_open=await self._read(lambda s: queries.post_left_open(s, today)),
            digests=await self._read(queries.unsent_digests),
            calendar_until=await self._read(_calendar_until),
        )
        return judge_house(facts, self._house.now(), today)

    async def _read(self, look: Callable[[Session], Result]) -> Result:
        """Read the register; the database itself sees to it that nothing is written."""

        def read_only(session: Session) -> Result:
            session.execute(text("SET TRANSACTION READ ONLY"))
            return look(session)

        return await self._house.transact(read_only)


def _calendar_until(session: Session) -> date:
    try:
        return calendar(session).last_day
    except NoCalendarError:
        return date.min


def _cases_of(found: Iterable[Ailment]) -> list[UUID]:
    return sorted({one.case_id for one in found if one.case_id is not None})


async def _pages(case_ids: AsyncIterator[UUID]) -> AsyncIterator[list[UUID]]:
    page: list[UUID] = []
    async for case_id in case_ids:
        page.append(case_id)
        if len(page) == PAGE:
            yield page
            page = []
    yield page
