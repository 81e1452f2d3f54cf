"""Deadlines that are due at one instant: `python -m bench.rush [deadlines] [spread_minutes]`, 500 over 1 by default.

As many complaints are entered, and the next reminder of each is set to the same instant. Printed: how long after the
spread the last has fired, and what a person's command takes before, and while they fire.
"""

import asyncio
import os
import re
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import func, select
from temporalio.client import Client
from temporalio.common import WorkflowIDConflictPolicy

from api.delivery import workflow_id
from bench.clients import Times, say, together
from bench.complaints import Complaint
from bench.house import RunningHouse, running_house, staff_of
from db.models import Case, DeadlineRow
from db.policy_file import DEFAULT_PATH
from db.policy_in_force import open_policy
from db.procedures import PROCEDURES
from db.session import Sessions, open_engine, open_sessions
from domain.ladder import Rung
from engine.client import connect
from keys.ring import Keys
from workflows.options import PROCEDURES_QUEUE

CLIENTS = 10
SAMPLE = 40
NAME = "answer"
_LEAD = timedelta(seconds=20)


async def measure(house: RunningHouse, count: int, spread: timedelta) -> None:
    """Enter, aim, watch."""
    os.environ.update(house.environment())
    client = await connect()
    sessions = open_sessions(open_engine(), Keys.from_environment())
    async with staff_of(house) as staff:
        complaints = [Complaint(staff) for _ in range(count)]
        await together([one.enter for one in complaints], CLIENTS)
        others = [Complaint(staff) for _ in range(SAMPLE)]
        await together([one.enter for one in others], CLIENTS)
        quiet = await _acknowledged(others)
        meanwhile = [Complaint(staff) for _ in range(10 * SAMPLE)]
        await together([one.enter for one in meanwhile], CLIENTS)
        instant = await _aim(client, sessions, [one.reference for one in complaints])
        await asyncio.sleep((instant - datetime.now(UTC)).total_seconds())
        busy = await _while_firing(sessions, instant, count, meanwhile)
        say(f"{count} reminders at one instant, spread over {spread}")
        say(f"  the last has fired {(datetime.now(UTC) - instant - spread).total_seconds():.1f} s after the spread")
        for name, taken in (("before", quiet), ("while they fire", busy)):
            times = Times.of(taken)
            say(f"  a command {name:<16} p50 {times.p50:7.1f}   p95 {times.p95:7.1f} ms   ({len(taken)} of them)")


async def _acknowledged(complaints: list[Complaint]) -> list[float]:
    for one in complaints:
        await one.acknowledge("recorded_call")
    return [one.taken[-1] for one in complaints]


async def _aim(client: Client, sessions: Sessions, references: list[str]) -> datetime:
    """Set the next reminder of each to one coming instant, and start their workflows again from their rows."""
    book = open_policy()
    with sessions.begin() as session:
        cases = session.scalars(select(Case).where(Case.reference.in_(references))).all()
        instant = datetime.now(UTC) + _LEAD + timedelta(milliseconds=20) * len(cases)
        ids = [case.id for case in cases]
        for row in session.scalars(select(DeadlineRow).where(DeadlineRow.case_id.in_(ids), DeadlineRow.name == NAME)):
            first, *later = map(Rung.from_json, row.planned)
            row.planned = [rung.as_json() for rung in (replace(first, fires_at=instant), *later)]
    with sessions() as session:
        positions = [(case, PROCEDURES[case.procedure].position(session, case, book)) for case in cases]
    for case, position in positions:
        await client.start_workflow(
            case.procedure,
            position,
            id=workflow_id(case.procedure, case.id),
            task_queue=PROCEDURES_QUEUE,
            id_conflict_policy=WorkflowIDConflictPolicy.TERMINATE_EXISTING,
        )
    if datetime.now(UTC) > instant:
        raise RuntimeError("Aiming took longer than it may.")
    return instant


async def _while_firing(sessions: Sessions, instant: datetime, count: int, complaints: list[Complaint]) -> list[float]:
    """People go on with other complaints until all reminders have fired; the seconds of each command."""
    taken: list[float] = []
    for one in complaints:
        taken += await _acknowledged([one])
        if await asyncio.to_thread(_fired, sessions, instant) == count:
            return taken
        await asyncio.sleep(0.2)
    while await asyncio.to_thread(_fired, sessions, instant) < count:
        await asyncio.sleep(0.2)
    return taken


def _fired(sessions: Sessions, instant: datetime) -> int:
    with sessions() as session:
        fired = select(func.count()).where(DeadlineRow.name == NAME, DeadlineRow.fired_until >= instant)
        return session.execute(fired).scalar_one()


def main(count: int = 500, spread_minutes: int = 1) -> None:
    """Measure a house of one's own, whose policy spreads reminders over so many minutes."""
    with TemporaryDirectory() as folder:
        policy = Path(folder) / "policy.yaml"
        text = re.sub(r"spread: .*", f"spread: {{minutes: {spread_minutes}, source: policy}}", DEFAULT_PATH.read_text())
        policy.write_text(text)
        with running_house(ECHEANCE_POLICY=str(policy)) as house:
            asyncio.run(measure(house, count, timedelta(minutes=spread_minutes)))


if __name__ == "__main__":
    main(*(int(figure) for figure in sys.argv[1:]))
