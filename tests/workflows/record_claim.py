"""Record histories of the claim's paths on the real engine, to be replayed for ever after.

    .venv/bin/python -m tests.workflows.record_claim

writes one JSON file per path into tests/workflows/histories/, as `tests.workflows.record` does for complaints.
"""

import asyncio
import sys
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from domain.claim.words import DocumentKind
from local.sink import Sink
from tests.factories.claim_desk import FOR_TWO
from tests.servers import INSURER, Servers, fresh_database
from tests.workflows import claim_acts as acts
from tests.workflows.record import HISTORIES, Way, played
from tests.workflows.workshop import Workshop, open_workshop, own_namespace


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


PATHS: tuple[Way, ...] = (two_controllers_then_rejected_then_paid, documents_then_refused)


def file_of(way: Way) -> Path:
    """Where a path's history is kept."""
    return HISTORIES / f"claim_{way.__name__}.json"


async def main() -> None:
    """Record what is not recorded yet, on servers of one's own."""
    with ExitStack() as stack:
        servers = Servers()
        stack.callback(servers.stop)
        database = stack.enter_context(fresh_database(servers.ask("insurer").open(), INSURER))
        work = stack.enter_context(TemporaryDirectory())
        sink = stack.enter_context(Sink(Path(work) / "mails").listening())
        client = await own_namespace(servers.ask("engine").open())
        async with open_workshop(client, database, sink, Path(work)) as shop:
            for way in (way for way in PATHS if not file_of(way).exists()):
                with file_of(way).open("x") as out:
                    out.write(await played(shop, way) + "\n")
                sys.stdout.write(f"{file_of(way)}\n")


if __name__ == "__main__":
    asyncio.run(main())
