"""Time on a complaint: who is reminded of what, when, and once; on the real workers, with a skipped clock."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx2
from sqlalchemy import select
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from api.app import create_app
from db.commands.calendar import add_closing_day, fill
from db.models import Reminder
from db.policy_file import load
from db.session import open_engine, open_sessions
from local.mailbox import Mail
from local.ports import HOST, free_port
from local.sink import Sink
from rehearsal.register import DEMO, hire
from rehearsal.stage import Stage, open_stage

PARIS = ZoneInfo("Europe/Paris")

OWNER, MANAGER = "claire.morvan", "anne.le.goff"
OPERATIONS, GENERAL = "isabelle.kermarrec", "francois.le.bihan"
COMPLAINT = {
    "channel": "letter",
    "received_on": "2031-04-30",
    "complainant": {"name": "Mme Odette Vasseur", "email": "odette@boite.example", "address": ["29200 Brest"]},
    "subject": "Remboursement en attente",
    "text": "J'attends toujours.",
    "pole": "benefits",
}

# Received on Wed 2031-04-30. 1 May (Thu), 8 May (Thu), 22 May (Ascension) and 2 June (Whit Monday) are off. By hand:
# acknowledgement due Mon 5 May; answer due Fri 16 May; two months on Mon 30 June, which is a working day.
EVERY_RUNG = [
    ("2031-05-02 08:1", [OWNER], "Vos échéances du jour : 1 rappel"),  # half-way and the day before, merged
    ("2031-05-05 17:0", [OWNER, MANAGER], "Échéance atteinte : accusé de réception, REC-2031-000001"),
    ("2031-05-06 08:1", [OPERATIONS], "Vos échéances du jour : 1 rappel"),
    ("2031-05-09 08:1", [OWNER], "Vos échéances du jour : 1 rappel"),  # half of 10 working days
    ("2031-05-15 08:1", [OWNER], "Vos échéances du jour : 1 rappel"),
    ("2031-05-16 17:0", [OWNER, MANAGER], "Échéance atteinte : réponse, REC-2031-000001"),
    ("2031-05-19 08:1", [OPERATIONS], "Vos échéances du jour : 1 rappel"),
    ("2031-05-30 08:1", [OWNER], "Vos échéances du jour : 1 rappel"),  # the 19th of 39 working days
    ("2031-06-16 08:1", [GENERAL], "Vos échéances du jour : 1 rappel"),  # 10 working days before
    ("2031-06-27 08:1", [OWNER], "Vos échéances du jour : 1 rappel"),
    ("2031-06-30 17:0", [OWNER, MANAGER], "Échéance atteinte : dernier jour utile pour répondre, REC-2031-000001"),
    ("2031-07-01 08:1", [OPERATIONS], "Vos échéances du jour : 1 rappel"),
]


def at(day: str, clock: str) -> datetime:
    """A local instant."""
    return datetime.fromisoformat(f"{day} {clock}").replace(tzinfo=PARIS)


@asynccontextmanager
async def a_stage(environment: WorkflowEnvironment, database: str, sink: Sink, folder: Path) -> AsyncIterator[Stage]:
    """The demo insurer on the morning of 2031-04-30."""
    engine = open_engine(database)
    with open_sessions(engine).begin() as session:
        fill(session, 2030, 2032)
        hire(session, DEMO)
    engine.dispose()
    starts_at = at("2031-04-30", "09:00")
    async with open_stage(environment, database, sink, folder, load(), starts_at=starts_at) as stage:
        yield stage


async def enter(stage: Stage) -> dict[str, Any]:
    """The complaint arrives."""
    answer = await stage.request("malo.quere", "POST", "/complaints", COMPLAINT)
    assert answer.status_code == 201, answer.text
    entered: dict[str, Any] = answer.json()
    return entered


async def acknowledge(stage: Stage, reference: str) -> int:
    """The owner acknowledges by e-mail; the status of the answer."""
    tasks = (await stage.request(OWNER, "GET", f"/cases/{reference}/state")).json()["tasks"]
    body = {"outcome": "acknowledge", "dispatch": "email"}
    done = await stage.request(OWNER, "POST", f"/tasks/{tasks[0]['id']}/complete", body)
    return done.status_code


async def move(stage: Stage, instant: datetime) -> None:
    """Let time pass, and let nobody relay."""
    await stage.environment.sleep(instant - stage.clock.now())
    stage.clock.look(await stage.environment.get_current_time())


async def without_engine(stage: Stage) -> Stage:
    """The same house, whose API cannot reach the engine."""
    nowhere = await Client.connect(f"{HOST}:{free_port()}", lazy=True)
    house = replace(stage.house, client=nowhere, patience=0.5)
    app = create_app(house)
    app.state.house = house
    http = httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://stage")
    return replace(stage, house=house, http=http)


def told_by(mail: Mail) -> tuple[str, list[str], str]:
    """When a message left (to ten minutes), to whom, and about what."""
    when = parsedate_to_datetime(mail.header("Date")).astimezone(PARIS)
    to = [address.addr_spec.partition("@")[0] for address in mail.message["To"].addresses]
    return when.strftime("%Y-%m-%d %H:%M")[:15], to, mail.header("Subject")


def reminders(stage: Stage) -> list[tuple[str, int, str]]:
    """The ledger: deadline, generation, rung."""
    with stage.house.sessions() as session:
        rows = session.scalars(select(Reminder).order_by(Reminder.fired_at, Reminder.rung)).all()
        return [(row.deadline, row.generation, row.rung) for row in rows]


async def test_a_complaint_that_nobody_touches_reminds_each_once_on_its_day(
    skipping_environment: WorkflowEnvironment, database: str, sink: Sink, tmp_path: Path
) -> None:
    async with a_stage(skipping_environment, database, sink, tmp_path) as stage:
        assert (await enter(stage))["owner"] == "Mme Claire Morvan"
        await stage.sleep_until(at("2031-07-31", "12:00"))
        assert sorted(told_by(mail) for mail in sink.mailbox.mails()) == EVERY_RUNG
        assert len(reminders(stage)) == len(set(reminders(stage))) == 4 + 4 + 5


async def test_a_command_taken_while_the_engine_is_away_is_in_time_and_its_reminder_is_not_sent(
    skipping_environment: WorkflowEnvironment, database: str, sink: Sink, tmp_path: Path
) -> None:
    """The outage on a real server, killed and started again, is in tests/proofs."""
    async with a_stage(skipping_environment, database, sink, tmp_path) as stage:
        reference = (await enter(stage))["reference"]

        # At 16:00 the API cannot reach the engine: the acknowledgement is kept, to be carried out later.
        await stage.sleep_until(at("2031-05-05", "16:00"))
        assert await acknowledge(await without_engine(stage), reference) == 202

        # The timer of 17:00 fires first, and waits. At 17:06 the relay gets through: the command of 16:00 is decided.
        await move(stage, at("2031-05-05", "17:06"))
        await asyncio.sleep(1.5)  # what failed once is tried again after a second of wall time
        await stage.sleep_until(at("2031-05-06", "12:00"))

        deadlines = (await stage.request(OWNER, "GET", f"/cases/{reference}/deadlines")).json()["deadlines"]
        met = {deadline["name"]: deadline["met_at"] for deadline in deadlines}
        assert datetime.fromisoformat(met["acknowledgement"]).astimezone(PARIS).strftime("%d %H:%M") == "05 16:00"
        assert [rung for deadline, _, rung in reminders(stage) if deadline == "acknowledgement"] == [
            "day_before",
            "half_way",
        ]


async def test_what_judges_lateness_does_not_wait_for_ever(
    skipping_environment: WorkflowEnvironment, database: str, sink: Sink, tmp_path: Path
) -> None:
    async with a_stage(skipping_environment, database, sink, tmp_path) as stage:
        reference = (await enter(stage))["reference"]
        await stage.sleep_until(at("2031-05-05", "16:00"))
        assert await acknowledge(await without_engine(stage), reference) == 202
        await move(stage, at("2031-05-05", "17:30"))  # and nobody relays
        assert ("acknowledgement", 1, "due") in reminders(stage)


async def test_a_closing_day_moves_the_deadline_and_the_reminder_with_it(
    skipping_environment: WorkflowEnvironment, database: str, sink: Sink, tmp_path: Path
) -> None:
    async with a_stage(skipping_environment, database, sink, tmp_path) as stage:
        reference = (await enter(stage))["reference"]
        with stage.house.sessions.begin() as session:
            now = stage.clock.now()
            assert add_closing_day(session, date(2031, 5, 2), "Pont", at=now, today=date(2031, 4, 30)) == 1
        await stage.sleep_until(at("2031-05-06", "18:00"))

        lines = (await stage.request(OWNER, "GET", f"/cases/{reference}/journal")).json()["lines"]
        moved = [line["facts"] for line in lines if line["event"] == "DeadlineMoved"]
        assert [(fact["name"], fact["from_on"], fact["due_on"]) for fact in moved] == [
            ("acknowledgement", "2031-05-05", "2031-05-06"),
            ("answer", "2031-05-16", "2031-05-19"),
        ]
        assert {fact["because"] for fact in moved} == {"closing day 2031-05-02"}
        assert sorted(told_by(mail)[0] for mail in sink.mailbox.mails()) == ["2031-05-05 08:1", "2031-05-06 17:0"]
