"""Record what time does to a complaint: reminders, a holding letter, an answer; on the engine whose clock is skipped.

    .venv/bin/python -m tests.workflows.record_time

writes tests/workflows/histories/complaint_reminded_then_extended.json once, and never overwrites it.
"""

import asyncio
import sys
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from db.models import Case
from local.engine import start_skipping_engine
from local.sink import Sink
from rehearsal.stage import Stage, open_stage
from tests.factories.keys import STORY_KEYS
from tests.factories.rules import the_book
from tests.servers import INSURER, Servers, fresh_database
from tests.stories.test_time import COMPLAINT, OWNER, at
from tests.workflows.record import HISTORIES

FILE = HISTORIES / "complaint_reminded_then_extended.json"
STARTS = at("2031-04-30", "09:00")
ACTS: tuple[tuple[datetime, str, dict[str, Any]], ...] = (
    (at("2031-05-07", "10:00"), "acknowledge", {"dispatch": "recorded_call"}),
    (at("2031-05-14", "10:00"), "holding-letter", {"dispatch": "email", "reason": "expert_opinion"}),
    (at("2031-05-28", "10:00"), "progress_call", {"outcome": "called", "reached": True}),
)


async def play(stage: Stage) -> str:
    """Late acknowledgement, a holding letter, a progress call, then nobody answers; the case id."""
    reference = (await stage.request("malo.quere", "POST", "/complaints", COMPLAINT)).json()["reference"]
    for instant, does, body in ACTS:
        await stage.sleep_until(instant)
        tasks = (await stage.request(OWNER, "GET", f"/cases/{reference}/state")).json()["tasks"]
        open_task = next((t["id"] for t in tasks if t["kind"] == does and not t["closed_at"]), None)
        path = f"/tasks/{open_task}/complete" if open_task else f"/cases/{reference}/{does}"
        done = await stage.request(OWNER, "POST", path, {"outcome": does, **body} if open_task else body)
        assert done.status_code == 200, done.text
    await stage.sleep_until(at("2031-07-02", "12:00"))
    with stage.house.sessions() as session:
        return str(session.query(Case.id).scalar())


async def main() -> None:
    """Record on servers of one's own. Raises FileExistsError."""
    with ExitStack() as stack:
        servers = Servers()
        stack.callback(servers.stop)
        database = stack.enter_context(fresh_database(servers.ask("insurer").open(), INSURER))
        folder = Path(stack.enter_context(TemporaryDirectory()))
        sink = stack.enter_context(Sink(folder / "mails").listening())
        async with (
            await start_skipping_engine("stage") as engine,
            open_stage(engine, database, sink, folder, the_book(), starts_at=STARTS, keys=STORY_KEYS) as stage,
        ):
            case_id = await play(stage)
            handle = stage.client.get_workflow_handle(f"complaint-{case_id}")
            history = await handle.fetch_history()
    with FILE.open("x") as out:
        out.write(history.to_json() + "\n")
    sys.stdout.write(f"{FILE}\n")


if __name__ == "__main__":
    asyncio.run(main())
