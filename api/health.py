"""Is the house alive, and is it ready? What is missing is named."""

from datetime import timedelta

from fastapi import APIRouter, Response
from pydantic import BaseModel
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from temporalio.service import RPCError

from api.house import House, TheHouse
from api.runs import has_pollers
from db.queries.calendar import NoCalendarError, calendar
from db.queries.reminder import last_canary
from domain.canary import is_silent
from domain.doctor import ends_soon

router = APIRouter(prefix="/health", tags=["health"])
_PATIENCE = timedelta(seconds=3)
_ENDS = "The calendar ends soon: run `echeance calendar fill`, or `echeance doctor --mend`."
_SILENT = "Timers do not fire: the canary deadline is silent. Look at the worker and at the engine."


class Health(BaseModel):
    """Ready when nothing is missing; warnings are for the next weeks."""

    ready: bool
    missing: list[str]
    warnings: list[str] = []


@router.get("/live")
def live() -> dict[str, bool]:
    """The process answers."""
    return {"live": True}


@router.get("/ready", response_model=Health, responses={503: {"model": Health}})
async def ready(house: TheHouse, response: Response) -> Health:
    """Register, calendar, engine and worker are there."""
    misses, warnings = await _register_says(house)
    missing = [*misses, *await _engine_misses(house)]
    response.status_code = 503 if missing else 200
    return Health(ready=not missing, missing=missing, warnings=warnings)


async def _register_says(house: House) -> tuple[list[str], list[str]]:
    """What it misses, and what it will miss before long."""

    def look(session: Session) -> tuple[list[str], list[str]]:
        session.execute(text("SELECT 1 FROM journal LIMIT 1"))
        warned = [_ENDS] if ends_soon(calendar(session).last_day, house.today()) else []
        last = last_canary(session)
        return [_SILENT] if last is not None and is_silent(last, house.now()) else [], warned

    try:
        return await house.transact(look)
    except NoCalendarError as error:
        return [str(error)], []
    except SQLAlchemyError as error:
        told = f"The register does not answer ({type(error).__name__}): check DATABASE_URL, run `echeance migrate`."
        return [told], []


async def _engine_misses(house: House) -> list[str]:
    try:
        worked = await has_pollers(house.client, _PATIENCE)
    except (RPCError, RuntimeError, TimeoutError) as error:
        return [f"The engine does not answer ({type(error).__name__}): commands are kept and carried out later."]
    return [] if worked else ["No worker is running: start `python worker.py`."]
