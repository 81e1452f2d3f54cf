"""Record histories of the complaint's paths on the real engine, to be replayed for ever after.

    .venv/bin/python -m tests.workflows.record [folder]

writes one JSON file per path into tests/workflows/histories/ (or the folder that is given) and never overwrites one:
a history that no longer replays is answered with a patch of the workflow, not with another recording.
"""

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from domain.outgoing import Dispatch
from local.sink import Sink
from tests.factories.complaints import MANAGER, OPERATIONS, REFERENT, a_requalification
from tests.servers import INSURER, Servers, fresh_database
from tests.workflows import acts
from tests.workflows.workshop import Workshop, open_workshop, own_namespace

HISTORIES = Path(__file__).parent / "histories"
Way = Callable[[Workshop], Awaitable[UUID]]


async def approved_with_compensation(shop: Workshop) -> UUID:
    """Everything goes well, and 30 € are paid."""
    case_id = await shop.enter()
    await acts.acknowledges(shop, case_id)
    await acts.analyses(shop, case_id)
    await acts.drafts(shop, case_id, compensation_cents=3000)
    await acts.approves(shop, case_id)
    await shop.until_state(case_id, "answered")
    await acts.pays(shop, case_id)
    return case_id


async def sent_back_then_amended(shop: Workshop) -> UUID:
    """The second validator sends the answer back; of the next version the first amends the compensation upwards."""
    case_id = await shop.enter()
    await acts.acknowledges(shop, case_id)
    await acts.analyses(shop, case_id)
    await acts.drafts(shop, case_id)
    await acts.approves(shop, case_id, REFERENT)
    await acts.sends_back(shop, case_id, MANAGER)
    await acts.drafts(shop, case_id, reasons="Les motifs, cette fois.")
    await acts.amends(shop, case_id, REFERENT, compensation_cents=15_001)
    await acts.approves(shop, case_id, OPERATIONS)
    await acts.pays(shop, case_id)
    return case_id


async def requalified(shop: Workshop) -> UUID:
    """It was no complaint; the acknowledgement leaves all the same."""
    case_id = await shop.enter()
    await acts.acknowledges(shop, case_id)
    await shop.do(case_id, MANAGER, a_requalification(), None, "requalify")
    return case_id


async def recorded_call_and_post(shop: Workshop) -> UUID:
    """Acknowledged by a recorded call, answered by post: the manifest hands it over."""
    case_id = await shop.enter()
    await acts.acknowledges(shop, case_id, Dispatch.RECORDED_CALL)
    await acts.analyses(shop, case_id)
    await acts.drafts(shop, case_id, dispatch=Dispatch.POST)
    await acts.approves(shop, case_id)
    await shop.until(lambda: posted(shop, case_id))
    await shop.close_the_days_post(case_id)
    return case_id


def posted(shop: Workshop, case_id: UUID) -> bool:
    """Whether a letter lies in the post."""
    return shop.desk.sql("SELECT 1 FROM letters WHERE case_id = :id AND posted_on IS NOT NULL", id=case_id) != []


async def mail_rejected_then_resent(shop: Workshop) -> UUID:
    """The mail server refuses the answer for good; the owner sends it to a corrected address."""
    wrong = "erronee@boite-postale.example"
    shop.sink.on_data = lambda mail: "550 5.1.1 Nobody here" if wrong in mail.rcpt_tos else None
    case_id = await shop.enter(complainant={"name": "Mme Ève Trémeur", "email": wrong})
    await acts.acknowledges(shop, case_id, Dispatch.RECORDED_CALL)
    await acts.analyses(shop, case_id)
    await acts.drafts(shop, case_id)
    await acts.approves(shop, case_id)
    open_repair = "SELECT 1 FROM tasks WHERE case_id = :id AND kind = 'repair_delivery'"
    await shop.until(lambda: shop.desk.sql(open_repair, id=case_id) != [])
    await acts.resends(shop, case_id, dispatch=Dispatch.EMAIL, email="corrigee@boite-postale.example")
    return case_id


PATHS: tuple[Way, ...] = (
    approved_with_compensation,
    sent_back_then_amended,
    requalified,
    recorded_call_and_post,
    mail_rejected_then_resent,
)


async def record(shop: Workshop, folder: Path) -> list[Path]:
    """Play every path to its end, side by side, and write their histories. Raises FileExistsError."""
    files = free_files(folder)
    histories = await asyncio.gather(*(played(shop, way) for way in PATHS))
    for file, history in zip(files, histories, strict=True):
        with file.open("x") as out:
            out.write(history + "\n")
    return files


def free_files(folder: Path) -> list[Path]:
    """Where each path's history goes. Raises FileExistsError where there is one."""
    folder.mkdir(parents=True, exist_ok=True)
    files = [folder / f"complaint_{way.__name__}.json" for way in PATHS]
    taken = ", ".join(file.name for file in files if file.exists())
    if taken:
        raise FileExistsError(f"Recorded already: {taken}. A red replay is answered with a patch, never with this.")
    return files


async def played(shop: Workshop, way: Way) -> str:
    """The whole history of one path."""
    case_id = await way(shop)
    await shop.until_ended(case_id)
    return (await shop.handle(case_id).fetch_history()).to_json()


def file_of(procedure: str, way: Way) -> Path:
    """Where the history of a procedure's path is kept."""
    return HISTORIES / f"{procedure}_{way.__name__}.json"


async def record_missing(procedure: str, ways: Sequence[Way]) -> None:
    """Record those paths that have no history yet, one after the other, on servers of one's own."""
    async with a_workshop() as shop:
        for way in (way for way in ways if not file_of(procedure, way).exists()):
            history = await played(shop, way)
            with file_of(procedure, way).open("x") as out:
                out.write(history + "\n")
            sys.stdout.write(f"{file_of(procedure, way)}\n")


async def main(folder: Path) -> None:
    """Record on servers of one's own."""
    free_files(folder)
    async with a_workshop() as shop:
        for file in await record(shop, folder):
            sys.stdout.write(f"{file}\n")


@asynccontextmanager
async def a_workshop() -> AsyncIterator[Workshop]:
    """A workshop on servers of one's own."""
    with ExitStack() as stack:
        servers = Servers()
        stack.callback(servers.stop)
        database = stack.enter_context(fresh_database(servers.ask("insurer").open(), INSURER))
        work = stack.enter_context(TemporaryDirectory())
        sink = stack.enter_context(Sink(Path(work) / "mails").listening())
        client = await own_namespace(servers.ask("engine").open())
        async with open_workshop(client, database, sink, Path(work)) as shop:
            yield shop


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]) if len(sys.argv) > 1 else HISTORIES))
