"""Record histories of the finding's paths on the real engine, to be replayed for ever after.

    .venv/bin/python -m tests.workflows.record_finding

writes one JSON file per path into tests/workflows/histories/, as `tests.workflows.record` does for complaints.
"""

import asyncio
from datetime import timedelta
from uuid import UUID

from domain.commands import CommandStatus
from tests.factories.finding_desk import CONTROL, ENORA
from tests.workflows import finding_acts as acts
from tests.workflows.record import Way, record_missing
from tests.workflows.workshop import Workshop


async def refused_back_then_closed(shop: Workshop) -> UUID:
    """A plan is sent back, evidence refused by the auditor and by the second validator; then it is closed."""
    case_id = await acts.opens(shop)
    for act in (acts.proposes, acts.sends_back, acts.proposes, acts.accepts, acts.delivers, acts.refuses):
        await act(shop, case_id)
    await acts.delivers(shop, case_id, b"%PDF-1.7 deux %%EOF")
    await acts.verifies(shop, case_id)
    await acts.refuses(shop, case_id, CONTROL, "confirm_remediation")
    await acts.delivers(shop, case_id, b"%PDF-1.7 trois %%EOF")
    await acts.verifies(shop, case_id)
    await acts.confirms(shop, case_id)
    return case_id


async def postponed_then_closed(shop: Workshop) -> UUID:
    """The date is moved twice before the evidence is delivered."""
    case_id = await acts.opens(shop)
    for act in (acts.proposes, acts.asks_to_postpone, acts.grants, acts.accepts, acts.asks_to_postpone, acts.grants):
        await act(shop, case_id)
    for act in (acts.delivers, acts.verifies, acts.confirms):
        await act(shop, case_id)
    return case_id


async def overdue_then_cancelled(shop: Workshop) -> UUID:
    """It came from elsewhere, overdue and major: whoever must hear of it is told at once."""
    agreed_on = (shop.desk.at - timedelta(days=300)).date()
    case_id = await acts.opens(shop, risk="major", agreed_on=agreed_on.isoformat())
    fired = "SELECT 1 FROM reminders WHERE case_id = :id"
    assert await shop.do(case_id, ENORA, acts.PLAN, "propose_plan") is CommandStatus.APPLIED
    assert shop.desk.sql(fired, id=case_id) == [], "the next working morning"
    await acts.cancels(shop, case_id)
    return case_id


async def risk_accepted_then_cancelled(shop: Workshop) -> UUID:
    """Two people accept the risk; later the contract ends."""
    case_id = await acts.opens(shop)
    await acts.accepts_the_risk(shop, case_id)
    await acts.cancels(shop, case_id)
    return case_id


PATHS: tuple[Way, ...] = (
    refused_back_then_closed,
    postponed_then_closed,
    overdue_then_cancelled,
    risk_accepted_then_cancelled,
)


if __name__ == "__main__":
    asyncio.run(record_missing("finding", PATHS))
