"""Is the house alive, and is it ready? What is missing is named."""

import asyncio
from datetime import timedelta

from fastapi import APIRouter, Response
from pydantic import BaseModel
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest
from temporalio.service import RPCError

from api.house import House, TheHouse
from db.queries.calendar import NoCalendarError, calendar
from db.queries.reminder import last_canary
from domain.canary import is_silent
from workflows.options import PROCEDURES_QUEUE

router = APIRouter(prefix="/health", tags=["health"])
_PATIENCE = timedelta(seconds=3)
_SILENT = "Timers do not fire: the canary deadline is silent. Look at the worker and at the engine."


class Health(BaseModel):
    """Ready when nothing is missing."""

    ready: bool
    missing: list[str]


@router.get("/live")
def live() -> dict[str, bool]:
    """The process answers."""
    return {"live": True}


@router.get("/ready", response_model=Health, responses={503: {"model": Health}})
async def ready(house: TheHouse, response: Response) -> Health:
    """Register, calendar, engine and worker are there."""
    missing = [*await _register_misses(house), *await _engine_misses(house)]
    response.status_code = 503 if missing else 200
    return Health(ready=not missing, missing=missing)


async def _register_misses(house: House) -> list[str]:
    def look(session: Session) -> list[str]:
        session.execute(text("SELECT 1 FROM journal LIMIT 1"))
        calendar(session)
        last = last_canary(session)
        return [_SILENT] if last is not None and is_silent(last, house.now()) else []

    try:
        return await house.transact(look)
    except NoCalendarError as error:
        return [str(error)]
    except SQLAlchemyError as error:
        return [f"The register does not answer ({type(error).__name__}): check DATABASE_URL, run `echeance migrate`."]


async def _engine_misses(house: House) -> list[str]:
    request = DescribeTaskQueueRequest(
        namespace=house.client.namespace,
        task_queue=TaskQueue(name=PROCEDURES_QUEUE),
        task_queue_type=TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
    )
    try:
        queue = await asyncio.wait_for(
            house.client.workflow_service.describe_task_queue(request, timeout=_PATIENCE), _PATIENCE.total_seconds()
        )
    except (RPCError, RuntimeError, TimeoutError) as error:
        return [f"The engine does not answer ({type(error).__name__}): commands are kept and carried out later."]
    return [] if queue.pollers else ["No worker is running: start `python worker.py`."]
