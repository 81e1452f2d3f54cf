"""What people do on an audit in a workshop, in one line each."""

import asyncio
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import BaseModel

from db.queries.calendar import calendar
from domain.audit import commands as ask
from domain.civil import local_date
from domain.commands import CommandStatus
from domain.risk import RiskLevel
from tests.factories.audits import (
    AUDITOR,
    CONTROL,
    DIRECTOR,
    OTHER_AUDITOR,
    USER,
    Auditing,
    a_note,
    a_recommendation,
    all_accepted,
)
from tests.workflows.acts import does
from tests.workflows.workshop import Workshop

FOUR = ["delegation-agreement", "tariff-table", "unpaid-list", "benefits-procedure"]


def desk(shop: Workshop) -> Auditing:
    """The workshop's desk, for audits."""
    return Auditing(shop.desk.engine, shop.desk.sessions, shop.desk.book, shop.desk.at, shop.desk.keys)


def today(shop: Workshop) -> date:
    """The day of the workshop."""
    return local_date(shop.desk.at, "Europe/Paris")


_LONG_AGO = """
SET LOCAL session_replication_role = replica;
UPDATE audits SET year = 2000 - (SELECT count(*) FROM audits WHERE year < 2020) WHERE year > 2020
"""
"""The audits before were of other years: a delegate has one a year."""


async def plans(shop: Workshop) -> UUID:
    """An audit of Armor's, launched on the next working day."""
    shop.desk.sql(_LONG_AGO)
    with shop.desk.sessions() as session:
        on = calendar(session).next_working_day(today(shop))
    at = datetime.combine(on, time(10), ZoneInfo("Europe/Paris")).astimezone(UTC)
    command = await asyncio.to_thread(lambda: desk(shop).planned(pieces=FOUR, launch_at=at.isoformat()))
    assert await shop.decided(command) is CommandStatus.APPLIED
    return command.case_id


async def launches(shop: Workshop, case_id: UUID) -> None:
    """The launch meeting is held, today."""
    await does(shop, case_id, AUDITOR, "hold_launch_meeting", ask.HoldLaunch(held_on=today(shop)))


async def delivers(shop: Workshop, case_id: UUID, *pieces: str) -> None:
    """The delegate delivers these pieces."""
    for piece in pieces:
        command = await asyncio.to_thread(desk(shop).delivered, case_id, piece, piece.encode())
        assert await shop.decided(command) is CommandStatus.APPLIED


async def says(shop: Workshop, case_id: UUID, login: str, kind: str, body: BaseModel) -> None:
    """Somebody gives a command on the audit itself."""
    assert await shop.do(case_id, login, body, None, kind) is CommandStatus.APPLIED


async def analyses(shop: Workshop, case_id: UUID, pieces: list[str], *risks: RiskLevel) -> None:
    """Everything that came is graded, and so much recommended."""
    for piece in pieces:
        await says(shop, case_id, AUDITOR, "note_analysis", a_note(piece))
    expected = (today(shop) + timedelta(days=20)).isoformat()
    for risk in risks:
        await says(shop, case_id, AUDITOR, "add_recommendation", a_recommendation(risk, expected_on=expected))
    await does(shop, case_id, AUDITOR, "analyse_pieces", ask.EndAnalysis())


async def submits(shop: Workshop, case_id: UUID, pdf: bytes | None = None) -> str:
    """The report is made and submitted; its hash."""
    made = await asyncio.to_thread(lambda: desk(shop).make_report(case_id, pdf=pdf))
    await does(shop, case_id, AUDITOR, "write_report", ask.Submit(report_sha256=made))
    return made


async def validates(shop: Workshop, case_id: UUID, made: str) -> None:
    """Two people stand for it."""
    for login in (OTHER_AUDITOR, CONTROL):
        await does(shop, case_id, login, "validate_report", ask.Validate(report_sha256=made))


async def accepts(shop: Workshop, case_id: UUID) -> None:
    """The delegate accepts everything."""
    await does(shop, case_id, USER, "answer_findings", all_accepted(desk(shop), case_id))


async def agrees(shop: Workshop, case_id: UUID, **dates: Any) -> None:
    """The restitution is held, today."""
    await does(shop, case_id, AUDITOR, "agree_schedule", ask.AgreeSchedule(held_on=today(shop), **dates))


async def cancels(shop: Workshop, case_id: UUID, **said: Any) -> None:
    """The direction gives it up."""
    await says(shop, case_id, DIRECTOR, "cancel", ask.Cancel(reason="Convention résiliée.", **said))
