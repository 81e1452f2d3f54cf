"""The feed of changes: silent without listeners, one look for all of them, nothing missed, whatever comes late."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from api.changes import Changes
from api.house import House
from db.models import TaskRow
from db.queries.changes import differs, look
from db.session import Sessions
from tests.api.counter import StandingClock, no_engine
from tests.factories.complaints import AUTHOR, NOON, an_acknowledgement
from tests.factories.register import Desk, open_desk
from tests.factories.rules import the_book

PAUSE = 0.05
SOON = 5.0
Versions = AsyncIterator[int]


@pytest.fixture
def desk(insurer: str) -> Iterator[Desk]:
    """A desk before a register of this test alone."""
    with open_desk(insurer) as desk:
        yield desk


async def feed_of(sessions: Sessions) -> Changes:
    """The feed of a process whose register this is; it looks twenty times a second."""
    return Changes(House(sessions, await no_engine(), the_book(), StandingClock()), PAUSE, PAUSE)


async def heard(versions: Versions, within: float = SOON) -> int:
    """The next version."""
    return await asyncio.wait_for(anext(versions), within)


async def is_silent(versions: Versions, looks: int = 6) -> bool:
    """Whether nothing is told for some looks; the subscription ends with it."""
    try:
        await asyncio.wait_for(anext(versions), looks * PAUSE)
    except TimeoutError:
        return True
    return False


@asynccontextmanager
async def listening(changes: Changes) -> AsyncIterator[Versions]:
    """Somebody listens, and has heard the version of now."""
    async with aclosing(changes.subscribe()) as versions:
        await heard(versions)
        yield versions


async def test_whoever_listens_hears_that_something_was_given_and_that_it_was_decided(desk: Desk) -> None:
    case_id = desk.enter()
    async with listening(await feed_of(desk.sessions)) as versions:
        command = await asyncio.to_thread(desk.give, case_id, AUTHOR, an_acknowledgement(), "acknowledge")
        given = await heard(versions)
        await asyncio.to_thread(desk.settle, command)
        assert await heard(versions) > given
        assert await is_silent(versions)


async def test_a_claim_and_a_release_are_heard(desk: Desk) -> None:
    task_id = desk.task(desk.enter(), "acknowledge").id
    async with listening(await feed_of(desk.sessions)) as versions:
        for claimed_by in (desk.actor(AUTHOR).id, None):
            with desk.sessions.begin() as session:
                row = session.get_one(TaskRow, task_id)
                row.claimed_by, row.claimed_at = claimed_by, NOON if claimed_by else None
            await heard(versions)


async def test_all_listeners_share_one_watcher_and_without_any_nobody_looks(desk: Desk) -> None:
    changes = await feed_of(desk.sessions)
    assert not changes.is_watching
    async with listening(changes) as one, listening(changes) as other:
        watcher = changes._watcher
        desk.enter()
        assert await heard(one) == await heard(other)
        assert changes._watcher is watcher
    assert not changes.is_watching
    looks = changes.looks
    await asyncio.sleep(4 * PAUSE)
    assert changes.looks == looks


async def test_whoever_is_slow_hears_the_newest_version_only(desk: Desk) -> None:
    changes = await feed_of(desk.sessions)
    async with listening(changes) as slow, listening(changes) as quick:
        for _ in range(3):
            desk.enter()
            newest = await heard(quick)
        assert await heard(slow) == newest
        assert await is_silent(slow)


async def test_versions_grow_over_a_pause_without_listeners_and_over_a_restart(desk: Desk) -> None:
    changes, found = await feed_of(desk.sessions), []
    for feed in (changes, changes, await feed_of(desk.sessions)):
        async with aclosing(feed.subscribe()) as versions:
            found.append(await heard(versions))
    assert found == sorted(set(found))


def test_a_decision_whose_number_is_smaller_than_one_seen_before_is_not_missed(desk: Desk) -> None:
    first, second = [desk.give(desk.enter(), AUTHOR, an_acknowledgement(), "acknowledge") for _ in range(2)]
    with desk.sessions() as late, desk.sessions() as eye:
        decide(late, first.id)
        desk.settle(second)
        before = look(eye, None)
        late.commit()  # it was decided before, and appears after
        eye.rollback()
        after = look(eye, before)
    assert differs(after, before)
    with desk.sessions() as eye:
        assert not differs(look(eye, after), after)


def decide(session: Session, command_id: object) -> None:
    """Decide it in a transaction that is not committed yet."""
    decided = "UPDATE commands SET status = 'applied', decided_wall = clock_timestamp() WHERE id = :id"
    session.execute(text(decided), {"id": command_id})


def test_a_clock_that_was_put_back_hides_nothing(desk: Desk) -> None:
    with desk.sessions() as eye:
        ahead = look(eye, None)
        ahead = replace(ahead, at_wall=ahead.at_wall + timedelta(hours=1))
        eye.rollback()
        desk.enter()
        assert differs(look(eye, ahead), ahead)


async def test_whatever_goes_wrong_with_one_look_the_next_ones_are_made(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    changes, failures = await feed_of(desk.sessions), iter([OSError("/secret"), RuntimeError("can't start new thread")])
    look_well = House.transact

    async def look_now(house: House, work: Any) -> Any:
        for failure in failures:
            raise failure
        return await look_well(house, work)

    monkeypatch.setattr(House, "transact", look_now)
    async with listening(changes) as versions:
        await asyncio.to_thread(desk.enter)
        assert await heard(versions)
    told = "".join(capfd.readouterr())
    assert ("OSError" in told, "RuntimeError" in told, "secret" in told) == (True, True, False)
