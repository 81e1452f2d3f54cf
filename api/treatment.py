"""The doctor's treatment: each ailment is mended through the door that the house uses itself.

Right before a case is treated it is looked at once more: what is no longer wrong is left alone. Afterwards it is
examined again, so that what is called mended has been seen to be so.
"""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from uuid import UUID

import structlog
from sqlalchemy.orm import Session
from temporalio.common import WorkflowIDConflictPolicy
from temporalio.service import RPCError

from api.delivery import workflow_id
from api.examination import Examination
from api.house import House
from db.commands.backlog_morning import judge_places
from db.commands.calendar import fill
from db.commands.command import receive_again
from db.commands.lending import take_back_anew
from db.models import Case
from domain.ailments import Ailment, AilmentKind, Mender
from workflows.options import PROCEDURES_QUEUE

log = structlog.get_logger()

TREATED_AT_ONCE = 50
DELIVERY_SECONDS = 20.0
ROUNDS = 3
"""A commit that was under way when its workflow was restarted leaves the new one behind its row: restarted again."""
YEARS_BACK, YEARS_AHEAD = 11, 3
_RESTARTED = {
    AilmentKind.STUCK_RUN,
    AilmentKind.NO_WATCHER,
    AilmentKind.RUN_ELSEWHERE,
    AilmentKind.RUNG_OVERDUE,
}
_STARTED = {AilmentKind.NO_RUN, *_RESTARTED}


@dataclass(frozen=True)
class Treated:
    """What was mended, and what is left."""

    mended: tuple[Ailment, ...]
    left: tuple[Ailment, ...]


class Treatment:
    """Mends what an examination has found; `say` is told how far it is."""

    def __init__(self, house: House, examination: Examination, say: Callable[[str], None] = lambda _: None) -> None:
        self._house = house
        self._examination = examination
        self._say = say

    async def mend(self, found: Sequence[Ailment]) -> Treated:
        """Mend what the doctor can, and look again; a restarted case may need it twice."""
        await self._mend_house(found)
        await self._mend_cases(found)
        left = await self._examination.look_again(found)
        for _ in range(ROUNDS - 1):
            behind = [one for one in left if one.kind in _STARTED]
            if not behind:
                break
            await self._mend_cases(behind)
            left = await self._examination.look_again(found)
        still, at_work = {_what(one) for one in left}, self._examination.at_work
        mended = [one for one in found if _what(one) not in still and one.reference not in at_work]
        return Treated(tuple(mended), tuple(left))

    async def _mend_cases(self, found: Iterable[Ailment]) -> None:
        cases = sorted({one.case_id for one in found if one.case_id and one.kind.mended_by is Mender.DOCTOR})
        for start in range(0, len(cases), TREATED_AT_ONCE):
            now = sorted(await self._examination.look(cases[start : start + TREATED_AT_ONCE]), key=_case_of)
            seen = {one.seen_as for one in found}
            by_case = groupby((one for one in now if one.seen_as in seen), key=_case_of)
            await asyncio.gather(*[self._mend_case(case_id, list(ailments)) for case_id, ailments in by_case])
            self._say(f"{min(start + TREATED_AT_ONCE, len(cases))} of {len(cases)} cases treated")

    async def _mend_case(self, case_id: UUID, ailments: list[Ailment]) -> None:
        """First the workflow, then the commands that it decides. What fails is found again, and told as left."""
        kinds = {one.kind for one in ailments}
        try:
            if kinds & _STARTED:
                await self._house.delivery.start(case_id, instead=bool(kinds & _RESTARTED))
            if AilmentKind.RUN_AFTER_END in kinds:
                await self._terminate(case_id)
            for one in ailments:
                if one.kind in {AilmentKind.COMMAND_WAITING, AilmentKind.COMMAND_REFUSED}:
                    await self._decide(one)
                if one.kind is AilmentKind.LENT_IN_VAIN:
                    await self._end_loan(one)
        except (RPCError, TimeoutError) as error:
            log.warning("not_mended", case=str(case_id), error=type(error).__name__)

    async def _decide(self, ailment: Ailment) -> None:
        """Deliver a command; one that was refused is given again first."""
        case_id, command_id = ailment.case_id, ailment.subject_id
        if case_id is None or command_id is None:
            return
        if ailment.kind is AilmentKind.COMMAND_REFUSED:
            now = self._house.now()
            command_id = await self._house.transact(partial(receive_again, refused_id=command_id, at=now))
        await self._house.delivery.deliver(case_id, command_id, DELIVERY_SECONDS)

    async def _end_loan(self, ailment: Ailment) -> None:
        """The case is asked once more, under a new id."""
        now, loan_id = self._house.now(), ailment.subject_id
        assert loan_id is not None
        told = await self._house.transact(partial(take_back_anew, loan_id=loan_id, at=now))
        await self._house.delivery.deliver(told.case_id, told.id, DELIVERY_SECONDS)

    async def _terminate(self, case_id: UUID) -> None:
        case = await self._house.transact(lambda s: s.get_one(Case, case_id))
        handle = self._house.client.get_workflow_handle(workflow_id(case.procedure, case_id))
        await handle.terminate(reason="the case has ended")

    async def _mend_house(self, found: Sequence[Ailment]) -> None:
        kinds = {one.kind for one in found}
        for one in found:
            if one.kind is AilmentKind.NO_STANDING_RUN:
                await self._start(one.about, WorkflowIDConflictPolicy.USE_EXISTING)
        if AilmentKind.POST_LEFT_OPEN in kinds:
            await self._start("mailroom", WorkflowIDConflictPolicy.TERMINATE_EXISTING)
        if AilmentKind.CALENDAR_ENDS in kinds:
            await self._house.transact(self._fill_calendar)

    def _fill_calendar(self, session: Session) -> None:
        """The years around; nobody keeps a place in a session on what is a public holiday by that."""
        year, here = self._house.today().year, self._house.book.insurer
        if fill(session, year - YEARS_BACK, year + YEARS_AHEAD, alsace_moselle=here.alsace_moselle):
            judge_places(session, self._house.now(), self._house.book)

    async def _start(self, name: str, existing: WorkflowIDConflictPolicy) -> None:
        await self._house.client.start_workflow(name, id=name, task_queue=PROCEDURES_QUEUE, id_conflict_policy=existing)


def _what(ailment: Ailment) -> tuple[object, ...]:
    """The same before and after the treatment, in which the case's journal may have grown."""
    return ailment.kind, ailment.case_id, ailment.about


def _case_of(ailment: Ailment) -> UUID:
    return ailment.case_id or UUID(int=0)
