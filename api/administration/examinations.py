"""The doctor's examinations through the API: one at a time, beside everything else. It reads, and mends nothing."""

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from functools import partial
from typing import Annotated, Any, Literal
from uuid import UUID

import structlog
from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from api.auth import Allowed
from api.examination import Examination
from api.house import House, TheHouse
from db.commands import examination as commands
from db.models import ExaminationRow
from db.queries import examination as queries
from db.queries.cases import hidden_from
from domain.ailments import AilmentKind, Mender
from domain.people import Actor
from domain.permissions import Action

log = structlog.get_logger()
router = APIRouter(tags=["administration"])
Reader = Annotated[Actor, Depends(Allowed(Action.READ_ADMINISTRATION))]
BEAT_SECONDS = 20.0
"""How often an examination says that it is alive."""
_under_way: set[asyncio.Task[None]] = set()


class FindingView(BaseModel):
    """One thing that was wrong: what it means, and who mends it how."""

    kind: AilmentKind
    case: str | None
    since: str | None = Field(description="a day or an instant")
    about: str | None
    meaning: str
    remedy: str
    mended_by: Mender
    outcome: Literal["mended", "left", "to know"]


class ExaminationView(BaseModel):
    """One examination, in the machine's own time. `failure` names what kept it from its end."""

    id: UUID
    origin: Literal["api", "command_line"]
    began_at: datetime
    ended_at: datetime | None
    cases: int = Field(description="how many cases were looked at")
    mending: bool = Field(description="whether it was to mend as well: `echeance doctor --mend`")
    well: bool | None = Field(description="nobody has anything left to do; null while it runs, or where it failed")
    findings: list[FindingView]
    at_work: list[str] = Field(description="cases that were being worked on: look again")
    failure: str | None


class Examinations(BaseModel):
    """The examination that runs, and the last that ended."""

    running: ExaminationView | None
    last: ExaminationView | None


@router.post("/examination", status_code=202)
async def examine(house: TheHouse, actor: Annotated[Actor, Depends(Allowed(Action.EXAMINE))]) -> Examinations:
    """Compare register and engine case by case, in the background. Refused while one is under way."""
    examination_id = await house.transact(lambda session: commands.begin(session, actor.id))
    task = asyncio.create_task(_examine(house, examination_id))
    _under_way.add(task)
    task.add_done_callback(_under_way.discard)
    return await house.transact(partial(_state, reader=actor.id))


@router.get("/examination")
def examination(house: TheHouse, actor: Reader) -> Examinations:
    """How far the running examination is, and what became of the last."""
    with house.sessions() as session:
        return _state(session, actor.id)


@router.get("/findings")
def findings(house: TheHouse, actor: Reader) -> Examinations:
    """What the last examination that came to its end has found, through the API or by `echeance doctor`."""
    with house.sessions() as session:
        return _state(session, actor.id, whole=True)


async def _examine(house: House, examination_id: UUID) -> None:
    """Examine, and keep the result, or the name of what went wrong: its text may quote a case."""
    doctor = Examination(house)
    failure, result = None, commands.Result()
    async with _alive(house, examination_id, doctor):
        try:
            found = await doctor.examine()
        except Exception as error:
            failure = type(error).__name__
            log.warning("examination_failed", error=failure)
        else:
            told = [one.recorded("left" if one.is_left_to_do else "to know") for one in found]
            result = commands.Result(doctor.cases, told, sorted(doctor.at_work))
    try:
        await house.transact(partial(commands.end, examination_id=examination_id, result=result, failure=failure))
    except SQLAlchemyError as error:
        log.warning("examination_not_kept", error=type(error).__name__)


@asynccontextmanager
async def _alive(house: House, examination_id: UUID, doctor: Examination) -> AsyncIterator[None]:
    """Say every now and then that it goes on, and how far it is."""

    async def beat() -> None:
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            with suppress(SQLAlchemyError):
                await house.transact(partial(commands.see, examination_id=examination_id, cases=doctor.cases))

    beating = asyncio.create_task(beat())
    try:
        yield
    finally:
        beating.cancel()


def _state(session: Session, reader: UUID, *, whole: bool = False) -> Examinations:
    hidden = hidden_from(session, reader)
    last = queries.last(session, whole=whole)
    return Examinations(running=_view(queries.running(session), hidden), last=_view(last, hidden))


def _view(row: ExaminationRow | None, hidden: Collection[str]) -> ExaminationView | None:
    """As it looks to whoever reads: a case that is hidden from them is not spoken of, not by saying that all is not
    well either.
    """
    if row is None:
        return None
    found = [_finding(one) for one in row.findings if one["case"] not in hidden]
    ended = row.ended_wall is not None and row.failure is None
    left = any(one.outcome == "left" for one in found)
    return ExaminationView(
        id=row.id,
        origin=row.origin,
        began_at=row.began_wall,
        ended_at=row.ended_wall,
        cases=row.cases,
        mending=row.mending,
        well=not left if ended else None,
        findings=found,
        at_work=[one for one in row.at_work if one not in hidden],
        failure=row.failure,
    )


def _finding(kept: dict[str, Any]) -> FindingView:
    kind = AilmentKind(kept["kind"])
    return FindingView(**kept, meaning=kind.meaning, remedy=kind.remedy, mended_by=kind.mended_by)
