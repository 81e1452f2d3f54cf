"""Record what time does to a complaint and to a claim, on the engine whose clock is skipped.

    .venv/bin/python -m tests.workflows.record_time

writes tests/workflows/histories/complaint_reminded_then_extended.json (reminders, a holding letter, no answer) and
claim_documents_abandoned.json (documents asked for, two reminders, the end without them), each once: what is there is
never overwritten.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Mapping
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import select

from api.delivery import workflow_id
from db.models import Case
from local.engine import start_skipping_engine
from local.sink import Sink
from rehearsal.stage import Stage, open_stage
from tests.factories.bodies import a_claim, some_documents
from tests.factories.complaints import REFERENT
from tests.factories.insured import insure, provide
from tests.factories.keys import STORY_KEYS
from tests.factories.rules import the_book
from tests.servers import INSURER, Servers, fresh_database
from tests.stories.test_time import COMPLAINT, OWNER, at
from tests.workflows.record import HISTORIES

STARTS = at("2031-04-30", "09:00")
ACTS: tuple[tuple[datetime, str, dict[str, Any]], ...] = (
    (at("2031-05-07", "10:00"), "acknowledge", {"dispatch": "recorded_call"}),
    (at("2031-05-14", "10:00"), "holding-letter", {"dispatch": "email", "reason": "expert_opinion"}),
    (at("2031-05-28", "10:00"), "progress_call", {"outcome": "called", "reached": True}),
)


async def reminded_then_extended(stage: Stage) -> str:
    """Late acknowledgement, a holding letter, a progress call, then nobody answers; the reference."""
    reference: str = (await stage.request("malo.quere", "POST", "/complaints", COMPLAINT)).json()["reference"]
    for instant, does, body in ACTS:
        await stage.sleep_until(instant)
        tasks = (await stage.request(OWNER, "GET", f"/cases/{reference}/state")).json()["tasks"]
        open_task = next((t["id"] for t in tasks if t["kind"] == does and not t["closed_at"]), None)
        path = f"/tasks/{open_task}/complete" if open_task else f"/cases/{reference}/{does}"
        done = await stage.request(OWNER, "POST", path, {"outcome": does, **body} if open_task else body)
        assert done.status_code == 200, done.text
    await stage.sleep_until(at("2031-07-02", "12:00"))
    return reference


async def documents_abandoned(stage: Stage) -> str:
    """The member is asked for a prescription, reminded twice, and the claim is closed without it; the reference."""
    with stage.house.sessions.begin() as session:
        provide(session)
        insure(session, 42)
    entered = await stage.request(OWNER, "POST", "/claims", a_claim(stage.house.today()))
    reference: str = entered.json()["reference"]
    await stage.sleep_until(at("2031-05-02", "10:00"))
    [task] = (await stage.request(REFERENT, "GET", "/tasks")).json()["tasks"]
    asked = await stage.request(REFERENT, "POST", f"/tasks/{task['id']}/complete", some_documents("prescription"))
    assert asked.status_code == 200, asked.text
    await stage.sleep_until(at("2031-07-02", "12:00"))
    return reference


PATHS: Mapping[str, Callable[[Stage], Awaitable[str]]] = {
    "complaint_reminded_then_extended": reminded_then_extended,
    "claim_documents_abandoned": documents_abandoned,
}


async def main() -> None:
    """Record what is not recorded yet."""
    with ExitStack() as stack:
        servers = Servers()
        stack.callback(servers.stop)
        for name, play in PATHS.items():
            file = HISTORIES / f"{name}.json"
            if not file.exists():
                database = stack.enter_context(fresh_database(servers.ask("insurer").open(), INSURER))
                history = await recorded(play, name.partition("_")[0], database)
                with file.open("x") as out:
                    out.write(history + "\n")
                sys.stdout.write(f"{file}\n")


async def recorded(play: Callable[[Stage], Awaitable[str]], procedure: str, database: str) -> str:
    """Play it on a stage of its own; the whole history."""
    with TemporaryDirectory() as work, Sink(Path(work) / "mails").listening() as sink:
        async with (
            await start_skipping_engine("stage") as engine,
            open_stage(engine, database, sink, Path(work), the_book(), starts_at=STARTS, keys=STORY_KEYS) as stage,
        ):
            reference = await play(stage)
            with stage.house.sessions() as session:
                case_id = session.scalars(select(Case.id).where(Case.reference == reference)).one()
            handle = stage.client.get_workflow_handle(workflow_id(procedure, case_id))
            return (await handle.fetch_history()).to_json()


if __name__ == "__main__":
    asyncio.run(main())
