"""Every combination of builder, hands in the lines, and two releasers: who may, and that nobody releases twice."""

from itertools import combinations
from uuid import UUID

import pytest

from domain.events import Event, TaskOpened
from domain.payment.case import Payment
from domain.payment.commands import Refuse, Release
from domain.payment.decide import decide
from domain.payment.events import BatchReleased, LinesWithdrawn, PaymentReached
from domain.payment.machine import RecordBankHandover, Register
from domain.payment.release import releasers
from domain.payment.states import PaymentState
from domain.payment.words import PartTaken
from domain.people import Actor
from domain.refusals import FileChanged, FourEyes, NotYourTask, WrongStep
from domain.roles import Role
from domain.tasks import Task
from local.demo_staff import STAFF, person_id
from tests.factories.batches import HASH, a_batch, opened, parts_of, some_lines
from tests.factories.complaints import GENERAL, OPERATIONS, a_house, some_staff

SOLENE, RONAN = "solene.guivarch", "ronan.postec"
DEPUTY = "anne.le.goff"
"""Of the operations director."""
PAYERS = (SOLENE, RONAN, OPERATIONS, GENERAL)
HANDS = (PartTaken.ENTERED, PartTaken.CONTROLLED, PartTaken.CHANGED_IBAN)
RELEASE = Release(file_sha256=HASH)
LOGINS = {person_id(one.login): one.login for one in STAFF}


def actor(login: str) -> Actor:
    """The person with their rights, when everybody is at work."""
    return some_staff().actor(person_id(login))


def released_by(batch: Payment, login: str, task: Task) -> list[Event]:
    """What follows when this person releases."""
    return list(decide(batch, RELEASE, task, actor(login), a_house()))


def pairs(batch: Payment) -> set[tuple[str, str]]:
    """All the pairs of people who can release this batch, one after the other."""
    found = set()
    built = a_batch(PaymentState.BUILT, parts=batch.parts)
    first_task = opened(list(decide(built, Register(), None, None, a_house())))
    for first in LOGINS.values():
        try:
            events = released_by(batch, first, first_task)
        except (FourEyes, NotYourTask):
            continue
        found |= {(first, second) for second in seconds(batch, first, opened(events))}
    return found


def seconds(batch: Payment, first: str, task: Task) -> set[str]:
    """Who can release it after the first one has."""
    once, found = a_batch(parts=batch.parts, releases={1: person_id(first)}), set()
    for second in LOGINS.values():
        try:
            ended = released_by(once, second, task)
        except (FourEyes, NotYourTask):
            continue
        assert PaymentReached(PaymentState.RELEASED) in ended
        found.add(second)
    return found


def test_two_people_release_who_had_no_hand_in_it() -> None:
    assert pairs(a_batch()) == {(RONAN, OPERATIONS)}


@pytest.mark.parametrize("taken", [part for n in range(4) for part in combinations(PAYERS[1:], n)])
@pytest.mark.parametrize("hand", HANDS)
def test_whoever_had_a_hand_in_it_releases_in_no_combination(taken: tuple[str, ...], hand: PartTaken) -> None:
    batch = a_batch(parts=parts_of({SOLENE: PartTaken.BUILT, **dict.fromkeys(taken, hand)}))
    for first, second in pairs(batch):
        assert first != second
        assert {first, second}.isdisjoint({SOLENE, *taken})


@pytest.mark.parametrize(
    ("taken", "pair"),
    [
        ((), (RONAN, OPERATIONS)),
        ((RONAN,), (OPERATIONS, GENERAL)),
        ((OPERATIONS,), (RONAN, GENERAL)),
        ((RONAN, OPERATIONS), None),
        ((OPERATIONS, GENERAL), None),
        ((RONAN, OPERATIONS, GENERAL), None),
    ],
)
def test_a_link_goes_one_level_up_until_nobody_is_left(taken: tuple[str, ...], pair: tuple[str, str] | None) -> None:
    batch = a_batch(parts=parts_of({SOLENE: PartTaken.BUILT, **dict.fromkeys(taken, PartTaken.CONTROLLED)}))
    assert pairs(batch) == ({pair} if pair else set())


def test_when_separation_and_absence_leave_nobody_the_direction_is_told() -> None:
    parts = parts_of(dict.fromkeys(PAYERS, PartTaken.ENTERED))
    events = decide(a_batch(PaymentState.BUILT, parts=parts), Register(), None, None, a_house())
    assert [one.kind for one in events if isinstance(one, TaskOpened)] == ["release", "unblock"]


@pytest.mark.parametrize("absent", [(RONAN,), (RONAN, OPERATIONS)])
def test_an_absent_releaser_leaves_it_to_their_deputy_or_one_level_up(absent: tuple[str, ...]) -> None:
    house = a_house(absent=absent)
    task = opened(list(decide(a_batch(PaymentState.BUILT), Register(), None, None, house)))
    able = {LOGINS[one.id] for one in house.staff.present_under(task.offered_to, task.excluded)}
    assert able == ({OPERATIONS} if len(absent) == 1 else {DEPUTY})


def test_the_policy_says_who_releases() -> None:
    first, second = releasers(a_house(), "benefits")
    assert (set(first.hats), set(second.hats)) == ({str(Role.ACCOUNTING)}, {str(Role.OPERATIONS_DIRECTOR)})


def first_task() -> Task:
    """What the first releaser is asked."""
    return opened(list(decide(a_batch(PaymentState.BUILT), Register(), None, None, a_house())))


def test_a_release_is_of_the_file_that_was_read() -> None:
    with pytest.raises(FileChanged):
        decide(a_batch(), Release(file_sha256="0" * 64), first_task(), actor(RONAN), a_house())


def test_a_release_names_who_and_what() -> None:
    events = released_by(a_batch(), RONAN, first_task())
    assert BatchReleased(1, person_id(RONAN), HASH) in events


def test_accounts_that_have_changed_are_named_three_at_most() -> None:
    changed = tuple(f"PRE-{n}" for n in range(5))
    with pytest.raises(WrongStep, match="PRE-0, PRE-1, PRE-2, …"):
        released_by(a_batch(look_up_changed=lambda: changed), RONAN, first_task())


def test_a_refusal_frees_every_line_and_closes_what_is_open() -> None:
    lines = some_lines("instructed", "instructed")
    refusal = Refuse(reason="Un doute.")
    batch = a_batch(look_up_lines=lambda: lines)
    events = decide(batch, refusal, first_task(), actor(RONAN), a_house())
    assert LinesWithdrawn(lines, "batch_cancelled") in events
    assert PaymentReached(PaymentState.CANCELLED) in events


@pytest.mark.parametrize("state", [one for one in PaymentState if one is not PaymentState.RELEASED])
def test_a_file_is_handed_over_once_it_is_released_and_not_again(state: PaymentState) -> None:
    with pytest.raises(WrongStep):
        decide(a_batch(state), RecordBankHandover(), None, None, a_house())


def test_ids_of_people_are_all_that_the_journal_tells_of_a_release() -> None:
    told = BatchReleased(1, UUID(int=1), HASH)
    assert set(told.facts()) == {"link", "person_id", "file_sha256"}
