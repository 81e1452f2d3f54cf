"""Record histories of the claim's paths on the real engine, to be replayed for ever after.

    .venv/bin/python -m tests.workflows.record_claim

writes one JSON file per path into tests/workflows/histories/, as `tests.workflows.record` does for complaints.
"""

import asyncio
from uuid import UUID

from domain.claim.words import DocumentKind
from tests.factories.claim_desk import FOR_TWO
from tests.workflows import claim_acts as acts
from tests.workflows.record import Way, record_missing
from tests.workflows.workshop import Workshop


async def one_controller_then_paid(shop: Workshop) -> UUID:
    """Everything goes well."""
    case_id = await acts.enters(shop)
    await acts.decides(shop, case_id)
    await acts.is_paid(shop, case_id)
    return case_id


async def two_controllers_then_rejected_then_paid(shop: Workshop) -> UUID:
    """Sent back once, rejected by the bank once, decided anew, paid."""
    case_id = await acts.enters(shop, amount_cents=FOR_TWO)
    await acts.decides(shop, case_id)
    await acts.sends_back(shop, case_id)
    await acts.decides(shop, case_id, decision="pay_corrected", amount_cents=550_000, reason="Plafond de la garantie.")
    await acts.confirms(shop, case_id)
    await acts.is_rejected(shop, case_id)
    await acts.decides(shop, case_id)
    await acts.confirms(shop, case_id)
    await acts.is_paid(shop, case_id)
    return case_id


async def documents_then_refused(shop: Workshop) -> UUID:
    """Two documents are asked for and come, one after the other; the claim is refused."""
    case_id = await acts.enters(shop)
    await acts.asks_documents(shop, case_id, DocumentKind.PRESCRIPTION, DocumentKind.RECEIPT)
    await acts.adds(shop, case_id, DocumentKind.PRESCRIPTION)
    await acts.adds(shop, case_id, DocumentKind.RECEIPT)
    await acts.decides(shop, case_id, decision="refuse", reason="Acte non garanti.")
    return case_id


async def withdrawn_then_paid(shop: Workshop) -> UUID:
    """A refusal is sent back by the second controller; the batch that it is in is cancelled, the next one pays it."""
    case_id = await acts.enters(shop, amount_cents=FOR_TWO)
    await acts.decides(shop, case_id, decision="refuse", reason="Acte non garanti.")
    await acts.sends_back(shop, case_id)
    await acts.decides(shop, case_id)
    await acts.confirms(shop, case_id)
    await acts.is_withdrawn(shop, case_id)
    await acts.is_paid(shop, case_id)
    return case_id


PATHS: tuple[Way, ...] = (
    one_controller_then_paid,
    two_controllers_then_rejected_then_paid,
    documents_then_refused,
    withdrawn_then_paid,
)


if __name__ == "__main__":
    asyncio.run(record_missing("claim", PATHS))
