"""Programs die at each step of a claim and of the batch that pays it: each claim is paid once, to the cent.

Slow, hence among the proofs: `make faults`. One house lives through it all, with the real programs; for each death a
claim is entered that leads up to it.
"""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from db.holidays_source import calendar_from_library
from domain.claim.words import CareCategory
from tests.faults.claims import MEMBERS, ClaimPlan, Course
from tests.faults.crew import Crew, at_work
from tests.faults.exposed_house import HASTY_WORKER, ExposedHouse
from tests.faults.invariants import broken_promises, is_settled
from tests.faults.made_zone import MadeZone, make_zone
from tests.faults.people import People, Seen
from tests.local.conftest import open_folder
from tests.servers import require

pytestmark = pytest.mark.proof

TWO_CONTROLLERS = 500_001
A_CLAIM = (MEMBERS[7], CareCategory.HEARING, TWO_CONTROLLERS, Course.STRAIGHT)
DEATHS = (
    *(("api", "claim_kept"), ("api", "claim_decided"), ("api", "command_kept"), ("api", "command_leased")),
    *(("api", "command_decided"), ("api", "batch_kept"), ("api", "batch_decided"), ("api", "bank_report_kept")),
    *(("relay", "command_leased"), ("relay", "command_leased:2")),
    *(("worker", f"{point}:{nth}") for nth in (1, 3, 5, 8) for point in ("decision_written", "decision_committed")),
    *(("worker", "bank_file_claimed"), ("worker", "bank_file_made")),
    *(("worker", "bank_file_ready"), ("worker", "bank_file_laid")),
)


@pytest.fixture
def zone(tmp_path_factory: pytest.TempPathFactory) -> MadeZone:
    """A zone in which it is a working day, wherever one is near enough."""
    return make_zone(tmp_path_factory.mktemp("zone") / "zone", datetime.now(UTC))


@pytest.fixture
def house(zone: MadeZone) -> Iterator[ExposedHouse]:
    """A house whose programs can die."""
    require("postgres")
    require("engine")
    with open_folder() as folder:
        house = ExposedHouse(folder / "data", zone.environment, HASTY_WORKER)
        with house.opened():
            yield house


def test_whoever_dies_at_a_step_of_a_claim_or_of_its_batch_each_claim_is_paid_once(
    house: ExposedHouse, zone: MadeZone
) -> None:
    seen, numbers = Seen(), count(1)
    people = People(house.url, seen, time.monotonic() + 1200)
    days = calendar_from_library(zone.today.year - 1, zone.today.year + 1)
    with at_work(house, people, days.next_working_day(zone.today - timedelta(days=1))) as crew:
        for death in DEATHS:
            outlives(crew, ClaimPlan(next(numbers), *A_CLAIM, zone.today), death)
        crew.await_money(frozenset(), 300)
        crew.go_home(60)
    people.close()
    house.until(lambda: is_settled(house), 300)
    assert broken_promises(house, seen) == []
    assert len(seen.claims) == len(DEATHS)


def outlives(crew: Crew, plan: ClaimPlan, death: tuple[str, str]) -> None:
    """A claim is entered while a program is about to die on its way to the bank; then all is tended again."""
    name, fault = death
    with ThreadPoolExecutor(1) as entering:
        crew.house.arm(name, fault)
        entered = entering.submit(crew.desk.enter, plan)
        crew.house.await_death(name, 120)
        crew.house.until(entered.done, 120)
        entered.result()
    crew.house.until(crew.house.is_ready, 60)
