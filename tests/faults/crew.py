"""Everybody who works on claims while a house is put to the test: they control and pay as long as there is some."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from functools import partial
from threading import Event

from tests.faults.claims import CONTROLLERS, ClaimDesk
from tests.faults.exposed_house import ExposedHouse
from tests.faults.invariants import open_register
from tests.faults.money import under_way
from tests.faults.people import People, TooLate
from tests.faults.treasury import StandInBank, Treasury

Work = Callable[[], object]
Working = list[Future[object]]


@dataclass(frozen=True)
class Crew:
    """Those who enter and control, those who pay, the bank."""

    house: ExposedHouse
    desk: ClaimDesk
    home: Event
    staff: Working

    def await_money(self, may_wait: frozenset[str], seconds: float) -> None:
        """Wait until nobody controls or pays any longer; `may_wait`: acts whose documents never come."""
        seen: list[str] = []

        def nothing_is_under_way() -> bool:
            are_done(self.staff)
            with open_register(self.house) as session:
                seen[:] = under_way(session, may_wait)
            return not seen

        try:
            self.house.until(nothing_is_under_way, seconds)
        except AssertionError as late:
            raise TooLate(f"still under way: {seen}") from late

    def go_home(self, seconds: float) -> None:
        """Nobody begins anything any more; wait until all have put down what they had in hand."""
        self.home.set()
        self.house.until(lambda: are_done(self.staff), seconds)


@contextmanager
def at_work(house: ExposedHouse, people: People, executes_on: date) -> Iterator[Crew]:
    """They work meanwhile; whoever leaves early, leaves them no time."""
    home = Event()
    desk, treasury = ClaimDesk(people, home), Treasury(people, home, executes_on)
    controllers: list[Work] = [partial(desk.control, login) for login in CONTROLLERS]
    works = [*controllers, treasury.pay, StandInBank(people, home, house.home.bank).serve]
    with ExitStack() as stack:
        staff = begin(stack, works, len(works))
        stack.callback(people.hurry)
        stack.callback(home.set)
        yield Crew(house, desk, home, staff)


def begin(stack: ExitStack, works: Sequence[Work], at_once: int) -> Working:
    """Let these be done, some at once; whoever leaves the stack waits for them."""
    threads = stack.enter_context(ThreadPoolExecutor(at_once))
    return [threads.submit(work) for work in works]


def are_done(works: Working) -> bool:
    """Whether all have come to their end; raises what one of them has raised."""
    for one in works:
        if one.done():
            one.result()
    return all(one.done() for one in works)
