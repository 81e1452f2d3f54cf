"""Programs die at each fault point, between two durable acts: the house goes on, and no promise is broken.

Slow, hence among the proofs: `make faults`. One house lives through it all, with the real programs.
"""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import pytest
from sqlalchemy import select

from db.holidays_source import calendar_from_library
from db.models import CommandRow, LetterRow, PostDay, StaffMessage
from tests.faults.exposed_house import HASTY_WORKER, ExposedHouse
from tests.faults.invariants import broken_promises, is_settled, mails_by_id, open_register
from tests.faults.made_zone import MadeZone, make_zone
from tests.faults.people import People, Plan, Seen
from tests.local.conftest import open_folder
from tests.servers import require

pytestmark = pytest.mark.proof

PATIENCE = 900
DUE_AFTER = timedelta(seconds=150)
Death = tuple[str, str]
Row = TypeVar("Row")


class Survivor:
    """The house of this file, and the people in it."""

    def __init__(self, house: ExposedHouse, zone: MadeZone) -> None:
        self.house = house
        self.zone = zone
        self.seen = Seen()
        self.people = People(house.url, self.seen, time.monotonic() + PATIENCE)

    def plan(self, name: str, **changes: object) -> Plan:
        """A complaint of Claire Morvan's that has arrived today."""
        return Plan(name=name, skill="english", received_on=self.zone.today, **changes)  # type: ignore[arg-type]

    def outlives(self, plan: Plan, *deaths: Death) -> str:
        """Carry a complaint to its end while programs die, one after the other; its reference."""
        with ThreadPoolExecutor(1) as desk:
            self.house.arm(*deaths[0])
            carried = desk.submit(self.people.carry, plan)
            self.house.await_death(deaths[0][0])
            for name, fault in deaths[1:]:
                self.house.arm(name, fault)
                self.house.await_death(name)
            self.house.until(carried.done, 180)
            return carried.result()

    def keeps_its_promises(self) -> None:
        """Wait until nothing is under way, and look."""
        self.house.until(lambda: is_settled(self.house), 180)
        assert broken_promises(self.house, self.seen) == []


@pytest.fixture(scope="module")
def survivor() -> Iterator[Survivor]:
    """A house whose worker has died once already: when the canary had fired for the first time."""
    require("postgres")
    require("engine")
    with open_folder() as folder:
        zone = make_zone(folder / "zone", datetime.now(UTC) + DUE_AFTER)
        if not zone.works:
            pytest.skip("no working day is near enough: not on a Sunday before a holiday")
        house = ExposedHouse(folder / "data", zone.environment, HASTY_WORKER)
        house.faults["worker"] = "canary_recorded"
        with house.opened():
            house.until(lambda: house.count_starts("worker") == 2, 60)
            survivor = Survivor(house, zone)
            yield survivor
            survivor.people.close()


def test_the_worker_dies_around_the_posts_closing(survivor: Survivor) -> None:
    laying = [("worker", "post_file_written"), ("worker", "post_laid")]
    closing = [("worker", "post_list_written"), ("worker", "post_manifest_written"), ("worker", "post_closed")]
    reference = survivor.outlives(survivor.plan("post", acknowledged_by="post"), *laying, *closing)
    survivor.keeps_its_promises()
    [letter] = [letter for letter in letters(survivor) if letter.dispatch == "post"]
    assert letter.handed_over_at is not None
    assert survivor.people.state("malo.quere", reference)["state"] == "closed"
    assert [day.closed_at is not None for day in rows(survivor, PostDay)] == [True]


def test_the_api_dies_before_and_after_each_delivery(survivor: Survivor) -> None:
    points = ["intake_kept", "intake_decided", "command_kept", "command_leased", "command_decided"]
    survivor.outlives(survivor.plan("api"), *[("api", point) for point in points])
    survivor.keeps_its_promises()


def test_the_relay_dies_with_a_lease_in_its_hands(survivor: Survivor) -> None:
    survivor.house.arm("relay", "command_leased")
    with ThreadPoolExecutor(1) as desk:
        survivor.house.arm("api", "intake_kept")
        carried = desk.submit(survivor.people.carry, survivor.plan("relay"))
        survivor.house.await_death("api")
        survivor.house.await_death("relay")
        survivor.house.until(carried.done, 120)
        carried.result()
    survivor.keeps_its_promises()
    [register] = [row for row in rows(survivor, CommandRow) if row.idempotency_key == "relay"]
    assert register.attempts == 2


def test_the_api_dies_before_it_gives_a_lease_back(survivor: Survivor) -> None:
    with ThreadPoolExecutor(1) as desk:
        survivor.house.arm("api", "command_failed")
        with survivor.house.stopped("worker"):
            carried = desk.submit(survivor.people.carry, survivor.plan("failed"))
            survivor.house.await_death("api")
        survivor.house.until(carried.done, 120)
        carried.result()
    survivor.keeps_its_promises()


def test_the_worker_dies_around_each_decision(survivor: Survivor) -> None:
    points = ["decision_written", "decision_committed"] * 3
    survivor.outlives(survivor.plan("decisions", compensation_cents=3000), *[("worker", point) for point in points])
    survivor.keeps_its_promises()


def test_the_worker_dies_around_a_letter(survivor: Survivor) -> None:
    points = ["letter_kept", "letter_begun", "letter_taken", "letter_accepted"]
    survivor.outlives(survivor.plan("letter"), *[("worker", point) for point in points])
    survivor.keeps_its_promises()
    both = letters(survivor)[-2:]
    copies = [len(mails) for message_id, mails in mails_by_id(survivor.house).items() if is_of(message_id, both)]
    assert sum(letter.attempts for letter in both) == 4
    assert sum(letter.possible_doubles for letter in both) == 2, (
        "before the server was asked, and after it had answered"
    )
    assert sorted(copies) == [1, 2], "only the latter is one"


def test_the_worker_dies_when_the_mail_server_has_refused(survivor: Survivor) -> None:
    survivor.house.sink.on_data = lambda _: "451 4.3.0 Later"
    with ThreadPoolExecutor(1) as desk:
        survivor.house.arm("worker", "letter_failed")
        carried = desk.submit(survivor.people.carry, survivor.plan("refused"))
        survivor.house.await_death("worker")
        survivor.house.sink.on_data = lambda _: None
        survivor.house.until(carried.done, 120)
        carried.result()
    survivor.keeps_its_promises()


def test_the_worker_dies_around_a_reminder(survivor: Survivor) -> None:
    days = calendar_from_library(survivor.zone.today.year - 1, survivor.zone.today.year)
    earlier = days.add_working_days(survivor.zone.today, -2)
    before = len(rows(survivor, StaffMessage))
    points = ["message_begun", "message_taken", "message_accepted", "message_recorded"]
    waits_until = max(survivor.zone.due_at.timestamp() + 75, time.time() + 120)
    plan = Plan("reminder", "english", earlier, waits_until=waits_until)
    survivor.outlives(plan, *[("worker", point) for point in points])
    survivor.keeps_its_promises()
    assert len(rows(survivor, StaffMessage)) == before + 1


def is_of(message_id: str, letters: list[LetterRow]) -> bool:
    """Whether a mail is one of these letters."""
    return any(message_id.startswith(f"<{letter.id.hex}.") for letter in letters)


def letters(survivor: Survivor) -> list[LetterRow]:
    """All letters, in the order in which they were asked for."""
    return sorted(rows(survivor, LetterRow), key=lambda letter: letter.requested_at)


def rows(survivor: Survivor, table: type[Row]) -> list[Row]:
    """All rows of a table."""
    with open_register(survivor.house) as session:
        return list(session.scalars(select(table)))
