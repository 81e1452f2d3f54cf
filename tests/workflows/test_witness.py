"""The engine's histories are a second witness: what the register was made to forget, they still know."""

import asyncio
from pathlib import Path
from uuid import UUID

from cli.verify_journal import compare
from local.sink import Sink
from tests.factories.complaints import AUTHOR, an_acknowledgement
from tests.factories.tampering import CUT, FORGET, REMOVE, as_superuser, before_last_command, findings, reference
from tests.workflows.workshop import Workshop, open_workshop, own_namespace


async def has_left(shop: Workshop, case_id: UUID) -> None:
    """The acknowledgement has left, and the journal says so."""
    await shop.until(lambda: "LetterHandedOver" in shop.journal(case_id))


async def test_what_the_register_was_made_to_forget_the_engine_still_knows(
    engine: str, insurer: str, sink: Sink, tmp_path: Path
) -> None:
    client = await own_namespace(engine)
    async with open_workshop(client, insurer, sink, tmp_path) as shop:
        whole, short, shorter, gone = [await shop.enter() for _ in range(4)]
        for case_id in (short, shorter):
            await shop.do(case_id, AUTHOR, an_acknowledgement(), "acknowledge")
            await has_left(shop, case_id)
        await asyncio.sleep(1)  # the engine's list is late

        assert findings(shop.desk) == []
        assert await compare(shop.desk.sessions, client) == []

        last = before_last_command(shop.desk, short)
        as_superuser(shop.desk, *CUT, *FORGET, id=short, last=last)
        as_superuser(shop.desk, *CUT, id=shorter, last=len(shop.journal(shorter)) - 1)
        removed = reference(shop.desk, gone)
        as_superuser(shop.desk, *[one for one in REMOVE if "letters" not in one], id=gone)
        assert [one for one in findings(shop.desk) if removed not in one] == []

        found = [str(one) for one in await compare(shop.desk.sessions, client)]
        assert f"The case {gone} is missing: the engine has carried it." in found
        assert any(one.startswith(f"{reference(shop.desk, short)}: The command ") for one in found)
        cut = len(shop.journal(shorter)) + 1
        assert f"{reference(shop.desk, shorter)}, line {cut}: It is missing: the engine knows it." in found
        assert not any(reference(shop.desk, whole) in one for one in found)
