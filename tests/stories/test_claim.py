"""Claims as they go through the house: over HTTP, on the real parts, with nothing but the clock moved by hand."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from temporalio.testing import WorkflowEnvironment

from local.sink import Sink
from tests.stories.acts import state_of
from tests.stories.claim_acts import claim_of, decides, enters_claim, insured
from tests.stories.house import open_house

PARIS = ZoneInfo("Europe/Paris")
HANDLER, REFERENT = "claire.morvan", "gwenola.prigent"


def at(day: int, hour: int, minute: int = 0, *, month: int = 3) -> datetime:
    """An instant of 2031 in Paris. March has no holiday; 3 March is a Monday."""
    return datetime(2031, month, day, hour, minute, tzinfo=PARIS)


async def test_a_claim_of_1500_euros_is_controlled_by_somebody_else_and_payable(
    skipping_environment: WorkflowEnvironment, insurer: str, sink: Sink, tmp_path: Path
) -> None:
    async with open_house(skipping_environment, insurer, sink, tmp_path, at(3, 9)) as house:
        insured(house, 42)
        entered = await enters_claim(house, HANDLER)
        assert (entered["controlled"], [one["reason"] for one in entered["reasons"]]) == (True, ["threshold"])
        reference = entered["reference"]
        assert await state_of(house, HANDLER, reference) == "in_control"
        assert await decides(house, REFERENT, reference) == "payable"
        claim = await claim_of(house, HANDLER, reference)
        assert claim["payable_cents"] == 150_000
