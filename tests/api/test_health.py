"""Is the house ready? What is missing is named, with what to do about it."""

from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import delete

from activities.mail import MailServer
from db.commands.reminder import record_canary
from db.models import CalendarDay
from local.ports import HOST, free_port
from tests.api.counter import NOON, Counter, namespace_of_ones_own, open_counter
from tests.stories.house import settles
from worker import Means, workers


async def missing(counter: Counter) -> list[str]:
    """What /health/ready says is missing."""
    answer = await counter.http.get("/health/ready")
    told = answer.json()
    assert (answer.status_code == 200) == told["ready"] == (told["missing"] == [])
    assert answer.status_code in {200, 503}
    names: list[str] = told["missing"]
    return names


async def test_a_process_that_answers_is_alive_whatever_else_is_missing(counter: Counter) -> None:
    answer = await counter.http.get("/health/live")
    assert (answer.status_code, answer.json()) == (200, {"live": True})


async def test_an_engine_that_is_away_is_named(counter: Counter) -> None:
    [only] = await missing(counter)
    assert only.startswith("The engine does not answer")
    assert "commands are kept" in only


async def test_a_house_without_a_worker_says_so_and_one_with_everything_is_ready(
    engine: str, insurer: str, tmp_path: Path
) -> None:
    async with open_counter(insurer, await namespace_of_ones_own(engine)) as counter:
        assert await missing(counter) == ["No worker is running: start `python worker.py`."]
        means = Means(
            counter.house.sessions,
            counter.house.book,
            MailServer(HOST, free_port()),
            tmp_path,
            tmp_path / "checkpoints",
            tmp_path / "bank",
        )
        async with workers(counter.house.client, means):
            await settles(lambda: missing(counter), [])


async def test_a_calendar_without_holidays_is_named_with_the_command_that_fills_it(insurer: str) -> None:
    async with open_counter(insurer) as counter:
        with counter.house.sessions.begin() as session:
            session.execute(delete(CalendarDay))
        [calendar, _] = await missing(counter)
        assert "`echeance calendar fill`" in calendar


async def test_a_calendar_that_ends_soon_is_a_warning_and_no_more(insurer: str) -> None:
    async with open_counter(insurer) as counter:
        before = (await counter.http.get("/health/ready")).json()
        with counter.house.sessions.begin() as session:
            session.execute(delete(CalendarDay).where(CalendarDay.day >= date(NOON.year + 1, 1, 1)))
        after = (await counter.http.get("/health/ready")).json()
    assert (before["warnings"], after["missing"]) == ([], before["missing"])
    assert ["`echeance calendar fill`" in warning for warning in after["warnings"]] == [True]


async def test_timers_that_do_not_fire_are_named(insurer: str) -> None:
    async with open_counter(insurer) as counter:
        with counter.house.sessions.begin() as session:
            record_canary(session, NOON, NOON)
        assert len(await missing(counter)) == 1
        counter.clock.at = NOON + timedelta(hours=1)
        [silent, _] = await missing(counter)
        assert silent.startswith("Timers do not fire")


async def test_a_register_without_tables_is_named_with_the_command_that_makes_them(empty_database: str) -> None:
    async with open_counter(empty_database, seeded=False) as counter:
        [register, _] = await missing(counter)
        assert "`echeance migrate`" in register


async def test_a_register_that_is_away_is_named() -> None:
    nowhere = f"postgresql://nobody:secret@{HOST}:{free_port()}/echeance"
    async with open_counter(nowhere, seeded=False) as counter:
        [register, _] = await missing(counter)
        assert register.startswith("The register does not answer")
        assert "secret" not in register
