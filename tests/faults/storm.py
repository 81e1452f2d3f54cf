"""A storm: people carry complaints and claims to their end while programs are killed at random, again and again.

    python -m tests.faults.storm --complaints 100 --claims 100 --kills 100 --seed 1

Afterwards the house has to keep every promise of `tests.faults.invariants` and `tests.faults.money`. What it took is
printed as a table.
"""

import argparse
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

from rich.console import Console

from db.holidays_source import calendar_from_library
from local.programs import WORKER
from tests.faults.claims import ClaimDesk, ClaimPlan, claim_plans, filed_plans
from tests.faults.crew import Work, Working, are_done, at_work, begin
from tests.faults.exposed_house import HASTY_WORKER, PROGRAMS, ExposedHouse
from tests.faults.figures import figures
from tests.faults.invariants import broken_promises, is_settled
from tests.faults.made_zone import MadeZone, make_zone
from tests.faults.people import OWNERS, People, Plan, Seen, TooLate

STREAMS = 8
"""How many complaints are carried at the same time."""
ENTERING = 4
"""How many claims are entered at the same time; each controller has an inbox of their own."""
FILED_SHARE = 4
"""For so many claims that are entered one by one, one comes with the day's file."""
WAITS_SECONDS = 150.0
"""After a deadline fell due: longer than its reminder may take to fire."""
SETTLES_WITHIN = 420.0
"""A letter whose worker was killed is tried again after two minutes, and that worker may be killed too."""


@dataclass(frozen=True)
class Asked:
    """What the storm is to be."""

    complaints: int
    claims: int
    kills: int
    seed: int
    pause: float
    due_after: int
    at_most: float
    hasty: bool


@dataclass(frozen=True)
class Plans:
    """What arrives, and the working day on which it is paid."""

    complaints: list[Plan]
    claims: list[ClaimPlan]
    filed: list[ClaimPlan]
    executes_on: date


@dataclass
class Storm:
    """What goes on: how many kills there were, of whom, and what people have seen."""

    asked: Asked
    house: ExposedHouse
    dice: random.Random
    give_up_at: float
    seen: Seen = field(default_factory=Seen)
    kills: Counter[str] = field(default_factory=Counter)

    def rage(self, plans: Plans) -> None:
        """Carry everything to its end while programs are killed; then wait until nothing is under way."""
        people = People(self.house.url, self.seen, self.give_up_at)
        with ExitStack() as stack:
            stack.callback(people.close)
            crew = stack.enter_context(at_work(self.house, people, plans.executes_on))
            carried = self._begin(stack, people, [partial(people.carry, plan) for plan in plans.complaints], STREAMS)
            carried += self._begin(stack, people, claims_of(crew.desk, plans), ENTERING)
            stack.callback(people.hurry)
            stack.callback(crew.home.set)
            while self.kills.total() < self.asked.kills:
                are_done(carried + crew.staff)
                self._strike()
            self.house.until(lambda: are_done(carried) or are_done(crew.staff), self._left())
            never = frozenset(plan.name for plan in plans.claims if plan.waits_for_ever)
            crew.await_money(never, min(SETTLES_WITHIN, self._left()))
            crew.go_home(self._left())
        self.house.until(lambda: is_settled(self.house), min(SETTLES_WITHIN, self._left()))

    def _begin(self, stack: ExitStack, people: People, works: Sequence[Work], at_once: int) -> Working:
        """Each begins when its share of the kills has been dealt."""

        def carry(number: int, work: Work) -> None:
            while self.kills.total() * len(works) < (number - at_once) * self.asked.kills:
                people.pause()
            work()

        return begin(stack, [partial(carry, number, work) for number, work in enumerate(works)], at_once)

    def _strike(self) -> None:
        """Kill one program, and let the supervisor work for a random moment."""
        name = self.dice.choice(PROGRAMS)
        self.kills[name] += self.house.kill(name)
        calm_until = time.monotonic() + self.dice.uniform(0.2, 2 * self.asked.pause)
        while time.monotonic() < calm_until:
            self.house.tend()
            time.sleep(0.05)
        if time.monotonic() > self.give_up_at:
            raise TooLate

    def _left(self) -> float:
        return max(self.give_up_at - time.monotonic(), 1.0)


def claims_of(desk: ClaimDesk, plans: Plans) -> list[Work]:
    """Claims are entered one by one; in the middle of them comes the day's file."""
    works: list[Work] = [partial(desk.enter, plan) for plan in plans.claims]
    if plans.filed:
        works.insert(len(works) // 2, partial(desk.give_file, plans.filed))
    return works


def plans(asked: Asked, dice: random.Random, zone: MadeZone) -> Plans:
    """What arrives: most of it today, some complaints two working days ago, whose acknowledgement falls due in the
    storm. Of those, every second owner waits until the reminder has fired. Nothing falls due in a storm of `due_after`
    0.
    """
    days = calendar_from_library(zone.today.year - 1, zone.today.year + 1)
    earlier = days.add_working_days(zone.today, -2)
    late = [asked.due_after > 0 and number % 5 == 0 for number in range(asked.complaints)]
    return Plans(
        [_plan(number, dice, zone, earlier if one else zone.today) for number, one in enumerate(late)],
        claim_plans(asked.claims, dice, zone.today, 5 * asked.pause),
        filed_plans(asked.claims // FILED_SHARE, zone.today),
        days.next_working_day(zone.today - timedelta(days=1)),
    )


def _plan(number: int, dice: random.Random, zone: MadeZone, received_on: date) -> Plan:
    waits = received_on < zone.today and number % 10 == 0
    return Plan(
        name=f"orage-{number}",
        skill=dice.choice(sorted(OWNERS)),
        received_on=received_on,
        acknowledged_by="post" if number % 10 == 3 else "email",
        answered_by="post" if number % 25 == 7 else "email",
        compensation_cents=dice.choice([None, 3000]),
        waits_until=zone.due_at.timestamp() + WAITS_SECONDS if waits else 0.0,
    )


def run(asked: Asked, folder: Path, console: Console) -> list[str]:
    """Open a house, let the storm rage, look at what is left; the promises that were broken."""
    zone = make_zone(folder / "zone", datetime.now(UTC) + timedelta(seconds=asked.due_after))
    house = ExposedHouse(folder / "data", zone.environment, HASTY_WORKER if asked.hasty else WORKER)
    dice = random.Random(asked.seed)
    with house.opened():
        began = time.time()
        storm = Storm(asked, house, dice, time.monotonic() + asked.at_most)
        storm.rage(plans(asked, dice, zone))
        broken = broken_promises(house, storm.seen)
        console.print(figures(house, storm.seen, storm.kills, began, time.time()))
    return broken


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder that every account can walk through; kept when something in it has to be looked at."""
    folder = Path(tempfile.mkdtemp(prefix="echeance-storm-"))
    folder.chmod(0o711)
    try:
        yield folder
    except BaseException:
        sys.stderr.write(f"What is left lies in {folder}.\n")
        raise
    shutil.rmtree(folder)


def main() -> None:
    """Read what is asked, and end with 1 when a promise was broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--complaints", type=int, default=100)
    parser.add_argument("--claims", type=int, default=100)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pause", type=float, default=4.0, help="seconds between two kills, on average")
    parser.add_argument("--due-after", type=int, default=180, help="after how many seconds deadlines fall due")
    parser.add_argument("--at-most", type=float, default=1800, help="seconds after which the storm is given up")
    parser.add_argument("--hasty", action="store_true", help="give up lost attempts on letters after seconds")
    asked = Asked(**vars(parser.parse_args()))
    console = Console(highlight=False, soft_wrap=True)
    with scratch() as folder:
        if broken := run(asked, folder, console):
            raise SystemExit("\n".join(["Broken promises:", *broken]))
    console.print("Every promise was kept.")


if __name__ == "__main__":
    main()
