"""What people do with a finding in a workshop, in one line each."""

import asyncio
from hashlib import sha256
from typing import Any
from uuid import UUID

from uuid_utils.compat import uuid7

from db.commands.command import Ask, receive
from db.commands.finding import File, keep_evidence
from domain.commands import CommandRef, CommandStatus
from domain.finding.commands import (
    AcceptPlan,
    AddEvidence,
    Approve,
    Cancel,
    Confirm,
    DeliverEvidence,
    Grant,
    ProposePlan,
    Refuse,
    RequestPostponement,
    RequestRiskAcceptance,
    SendPlanBack,
    Verified,
)
from tests.factories import finding_desk
from tests.factories.complaints import GENERAL, OPERATIONS
from tests.factories.finding_desk import AUDITOR, BASTIEN, CONTROL, ENORA, WHY
from tests.workflows.acts import does
from tests.workflows.workshop import Workshop


async def opens(shop: Workshop, **changes: Any) -> UUID:
    """A finding of Armor's is opened, and its delegate asked."""
    command = await asyncio.to_thread(lambda: finding_desk.registered(shop.desk, **changes))
    assert await shop.decided(command) is CommandStatus.APPLIED
    return command.case_id


PLAN = ProposePlan(plan="Formaliser le contrôle.")


async def proposes(shop: Workshop, case_id: UUID) -> None:
    """The delegate says what it will do."""
    await does(shop, case_id, ENORA, "propose_plan", PLAN)


async def accepts(shop: Workshop, case_id: UUID) -> None:
    """An auditor takes the plan."""
    await does(shop, case_id, AUDITOR, "accept_plan", AcceptPlan())


async def sends_back(shop: Workshop, case_id: UUID) -> None:
    """An auditor wants another plan."""
    await does(shop, case_id, AUDITOR, "accept_plan", SendPlanBack(reason=WHY))


async def delivers(shop: Workshop, case_id: UUID, content: bytes = b"%PDF-1.7 un %%EOF") -> None:
    """A file is brought, and the round delivered."""
    command = await asyncio.to_thread(_brought, shop, case_id, content)
    assert await shop.decided(command) is CommandStatus.APPLIED
    await does(shop, case_id, BASTIEN, "deliver_evidence", DeliverEvidence())


def _brought(shop: Workshop, case_id: UUID, content: bytes) -> CommandRef:
    desk, digest = shop.desk, sha256(content).hexdigest()
    body = AddEvidence(name="preuve.pdf", sha256=digest).model_dump(mode="json")
    ask = Ask("add_evidence", body, f"key {next(desk.keys)}", case_id=case_id, id=uuid7())
    actor = desk.actor(ENORA)
    with desk.sessions.begin() as session:
        row = receive(session, case_id, ask, actor, desk.at)
        session.flush()
        keep_evidence(session, case_id, row.id, File("preuve.pdf", "application/pdf", digest, content, actor.id))
        return CommandRef(row.id, case_id, "add_evidence")


async def verifies(shop: Workshop, case_id: UUID) -> None:
    """An auditor finds that it is put right."""
    await does(shop, case_id, AUDITOR, "verify", Verified())


async def refuses(shop: Workshop, case_id: UUID, login: str = AUDITOR, kind: str = "verify") -> None:
    """The evidence does not show it."""
    await does(shop, case_id, login, kind, Refuse(reason=WHY))


async def confirms(shop: Workshop, case_id: UUID) -> None:
    """The second validator agrees."""
    await does(shop, case_id, CONTROL, "confirm_remediation", Confirm())


async def asks_to_postpone(shop: Workshop, case_id: UUID) -> None:
    """The delegate asks for a later date."""
    until = finding_desk.later(shop.desk, case_id, 30)
    body = RequestPostponement(until=until, reason=WHY)
    assert await shop.do(case_id, ENORA, body, None, "request_postponement") is CommandStatus.APPLIED


async def grants(shop: Workshop, case_id: UUID) -> None:
    """The date is moved."""
    await does(shop, case_id, OPERATIONS, "decide_postponement", Grant())


async def accepts_the_risk(shop: Workshop, case_id: UUID) -> None:
    """An auditor asks that it be accepted until a day, and two of the direction do."""
    until = finding_desk.later(shop.desk, case_id, 5)
    body = RequestRiskAcceptance(until=until, reason=WHY)
    assert await shop.do(case_id, AUDITOR, body, None, "request_risk_acceptance") is CommandStatus.APPLIED
    for login in (OPERATIONS, GENERAL):
        await does(shop, case_id, login, "accept_risk", Approve())


async def cancels(shop: Workshop, case_id: UUID) -> None:
    """It has lost its object."""
    assert await shop.do(case_id, OPERATIONS, Cancel(reason=WHY), None, "cancel") is CommandStatus.APPLIED
