"""What people do with an operation in a workshop, in one line each."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from domain.backlog.commands import CorrectAttendance, Grant, Prepare, Refuse, Replan, Stop
from domain.commands import CommandStatus
from tests.factories import backlog_desk
from tests.factories.backlog_desk import ACCOUNTANT, CLAIRE, MANAGER, OTHER_ACCOUNTANT, REFERENT, WHY, YANN
from tests.factories.backlog_rows import a_proposal
from tests.factories.complaints import GENERAL, OPERATIONS
from tests.workflows.acts import does
from tests.workflows.workshop import Workshop


async def proposes(shop: Workshop) -> UUID:
    """An operation is proposed, and its first director asked."""
    command = await asyncio.to_thread(backlog_desk.registered, shop.desk)
    assert await shop.decided(command) is CommandStatus.APPLIED
    return command.case_id


async def approves(shop: Workshop, case_id: UUID, login: str) -> None:
    """A director approves the plan."""
    await does(shop, case_id, login, "approve_operation", backlog_desk.approval(shop.desk, case_id))


async def refuses(shop: Workshop, case_id: UUID) -> None:
    """The general director does not want it."""
    await does(shop, case_id, GENERAL, "approve_operation", Refuse(reason=WHY))


async def commands(shop: Workshop, case_id: UUID, login: str, body: BaseModel, kind: str) -> None:
    """Somebody gives a command on the operation itself."""
    assert await shop.do(case_id, login, body, None, kind) is CommandStatus.APPLIED


async def replans(shop: Workshop, case_id: UUID) -> None:
    """The manager changes the plan."""
    told: dict[str, Any] = a_proposal(backlog_desk.today(shop.desk), places=5).model_dump()
    asked = Replan.model_validate({name: told[name] for name in Replan.model_fields})
    await commands(shop, case_id, MANAGER, asked, "replan")


async def signs_up(shop: Workshop, case_id: UUID) -> None:
    """Two volunteers take their places: the workflow knows nothing of it."""
    for login in (CLAIRE, YANN):
        await asyncio.to_thread(backlog_desk.signs_up, shop.desk, case_id, login)


async def begins(shop: Workshop, case_id: UUID) -> None:
    """Its first day has come."""
    backlog_desk.comes_to(shop.desk, backlog_desk.starts_on(shop.desk, case_id), 8)
    await shop.by_machine(case_id, "remind", **backlog_desk.rung(shop.desk, case_id, "operation_start"))


async def passes_a_week(shop: Workshop, case_id: UUID) -> None:
    """From Monday to Saturday each day is looked back on."""
    first = backlog_desk.starts_on(shop.desk, case_id)
    for day in range(6):
        backlog_desk.comes_to(shop.desk, first + timedelta(days=day), 19)
        await shop.by_machine(case_id, "remind", **backlog_desk.rung(shop.desk, case_id, "daily_point"))


async def says_who_came(shop: Workshop, case_id: UUID) -> None:
    """Both came."""
    told = backlog_desk.came(claire_morvan=420, yann_kerloch=390)
    await does(shop, case_id, REFERENT, "enter_attendance", told)


async def corrects(shop: Workshop, case_id: UUID) -> None:
    """One of them left earlier."""
    body = CorrectAttendance(session=1, login=CLAIRE, minutes=400, reason=WHY)
    await commands(shop, case_id, MANAGER, body, "correct_attendance")


async def stops(shop: Workshop, case_id: UUID) -> None:
    """The director ends it."""
    await commands(shop, case_id, OPERATIONS, Stop(reason=WHY), "stop")


async def prepares(shop: Workshop, case_id: UUID) -> None:
    """Accounting makes the pay file."""
    await does(shop, case_id, ACCOUNTANT, "prepare_pay", Prepare())


async def validates(shop: Workshop, case_id: UUID, login: str) -> None:
    """A validator lets the very file go."""
    await does(shop, case_id, login, "validate_pay", backlog_desk.validation(shop.desk, case_id))


async def is_paid(shop: Workshop, case_id: UUID) -> None:
    """The file is made, and validated by two."""
    await prepares(shop, case_id)
    for login in (OPERATIONS, OTHER_ACCOUNTANT):
        await validates(shop, case_id, login)


async def is_extended(shop: Workshop, case_id: UUID) -> None:
    """The general director grants a later end."""
    await commands(shop, case_id, OPERATIONS, backlog_desk.extension(shop.desk, case_id), "request_extension")
    await does(shop, case_id, GENERAL, "approve_extension", Grant())
