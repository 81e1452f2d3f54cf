"""Record histories of the payment's paths on the real engine, to be replayed for ever after.

    .venv/bin/python -m tests.workflows.record_payment

writes one JSON file per path into tests/workflows/histories/, as `tests.workflows.record` does for complaints. A batch
takes what is to be paid: the paths are played one after the other.
"""

import asyncio
from uuid import UUID

from bank.stand_in import accept_all, refuse_whole, reject_some
from tests.factories.payments import FIRST, SECOND
from tests.workflows import payment_acts as acts
from tests.workflows.record import Way, record_missing
from tests.workflows.workshop import Workshop


async def settled(shop: Workshop) -> UUID:
    """Two release it; the bank has taken it, rejects one line, and pays the other."""
    case_id = await acts.builds(shop, 5_000, 7_525)
    file = await acts.hands_over(shop, case_id)
    await acts.answers(shop, case_id, accept_all(file, "B1", shop.desk.at, "ACCP"))
    first, _ = acts.orders(shop, case_id)
    await acts.answers(shop, case_id, reject_some(file, "B2", shop.desk.at, {first: "AC04"}))
    return case_id


async def cancelled(shop: Workshop) -> UUID:
    """The first releaser lets it go, the second does not."""
    case_id = await acts.builds(shop, 5_000)
    await acts.releases(shop, case_id, FIRST)
    await acts.refuses(shop, case_id, SECOND)
    return case_id


async def refused_whole(shop: Workshop) -> UUID:
    """The bank refuses the file as a whole."""
    case_id = await acts.builds(shop, 5_000)
    file = await acts.hands_over(shop, case_id)
    await acts.answers(shop, case_id, refuse_whole(file, "B1", shop.desk.at))
    return case_id


PATHS: tuple[Way, ...] = (settled, cancelled, refused_whole)


if __name__ == "__main__":
    asyncio.run(record_missing("payment", PATHS))
