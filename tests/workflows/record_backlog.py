"""Record histories of the operation's paths on the real engine, to be replayed for ever after.

    .venv/bin/python -m tests.workflows.record_backlog

writes one JSON file per path into tests/workflows/histories/, as `tests.workflows.record` does for complaints.
"""

import asyncio
from uuid import UUID

from domain.backlog.commands import Cancel
from tests.factories.complaints import GENERAL, OPERATIONS
from tests.workflows import backlog_acts as acts
from tests.workflows.record import Way, record_missing
from tests.workflows.workshop import Workshop


async def approved(shop: Workshop) -> UUID:
    """Two directors have approved it."""
    case_id = await acts.proposes(shop)
    for login in (OPERATIONS, GENERAL):
        await acts.approves(shop, case_id, login)
    return case_id


async def held_corrected_then_paid(shop: Workshop) -> UUID:
    """A week of points, a session, a correction that makes the pay void; paid and closed."""
    case_id = await approved(shop)
    for act in (acts.signs_up, acts.begins, acts.passes_a_week, acts.says_who_came, acts.stops, acts.prepares):
        await act(shop, case_id)
    await acts.validates(shop, case_id, OPERATIONS)
    await acts.corrects(shop, case_id)
    await acts.is_paid(shop, case_id)
    return case_id


async def extended_then_stopped(shop: Workshop) -> UUID:
    """Nobody came: the end is moved, then it is given up, and nothing is to be paid."""
    case_id = await approved(shop)
    for act in (acts.begins, acts.is_extended, acts.stops):
        await act(shop, case_id)
    return case_id


async def replanned_then_refused(shop: Workshop) -> UUID:
    """The second director does not want it, not even with another plan."""
    case_id = await acts.proposes(shop)
    await acts.approves(shop, case_id, OPERATIONS)
    await acts.replans(shop, case_id)
    await acts.approves(shop, case_id, OPERATIONS)
    await acts.refuses(shop, case_id)
    return case_id


async def approved_then_cancelled(shop: Workshop) -> UUID:
    """It is given up before its first day."""
    case_id = await approved(shop)
    await acts.commands(shop, case_id, OPERATIONS, Cancel(reason="Le stock est redescendu."), "cancel")
    return case_id


PATHS: tuple[Way, ...] = (
    held_corrected_then_paid,
    extended_then_stopped,
    replanned_then_refused,
    approved_then_cancelled,
)


if __name__ == "__main__":
    asyncio.run(record_missing("backlog", PATHS))
