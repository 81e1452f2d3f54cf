"""Play a scenario: fill the register, raise the curtain, let each person do what they do when they do it."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from temporalio.runtime import LoggingConfig, Runtime, TelemetryConfig, TelemetryFilter

from db.queries.calendar import calendar
from db.session import migrate, open_engine, open_sessions
from domain.calendar import Calendar
from domain.policy import PolicyBook
from keys.ring import Keys
from local.engine import start_skipping_engine
from local.sink import Sink
from rehearsal.acts import Play
from rehearsal.register import fill, staff_of
from rehearsal.scenario import Scenario, Scene, local, times_of
from rehearsal.stage import Stage, open_stage
from rehearsal.timeline import Line, timeline

Progress = Callable[[int, int], None]


class PastStartError(ValueError):
    """The engine's clock only goes forward: a scenario starts in the future."""


def rehearse(scenario: Scenario, book: PolicyBook, database: str, progress: Progress | None = None) -> list[Line]:
    """Play the scenario on an empty database; what happened, in the order of time. Raises PastStartError."""
    starts_at = local(scenario.starts)
    if starts_at <= datetime.now(UTC):
        raise PastStartError(
            f"The scenario starts on {starts_at:%Y-%m-%d %H:%M}, which is past: the engine's clock only goes forward. "
            "Give a start in the future; the calendar matters, not the year."
        )
    migrate(database)
    keys = Keys.generate()
    _fill(scenario, book, database, keys)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="echeance-rehearsal-")))
        sink = stack.enter_context(Sink(folder / "mails").listening())
        return asyncio.run(_play(scenario, book, database, keys, sink, folder, progress))


async def _play(
    scenario: Scenario,
    book: PolicyBook,
    database: str,
    keys: Keys,
    sink: Sink,
    folder: Path,
    progress: Progress | None,
) -> list[Line]:
    _quiet()
    async with (
        await start_skipping_engine() as environment,
        open_stage(environment, database, sink, folder, book, starts_at=local(scenario.starts), keys=keys) as stage,
    ):
        with stage.house.sessions() as session:
            staff = staff_of(scenario)
            delegates = frozenset(one.login for one in staff if one.delegate is not None)
            play = Play(stage, calendar(session), tuple(one.login for one in staff), delegates)
        await _act_all(play, scenario, progress)
        await stage.sleep_until(local(scenario.ends))
        with stage.house.sessions() as session:
            return timeline(session, sink.mailbox, play.refused)


def _quiet() -> None:
    """The engine's own warnings go to standard output, where the timeline belongs: only its errors do."""
    quiet = LoggingConfig(filter=TelemetryFilter(core_level="ERROR", other_level="ERROR"))
    Runtime.set_default(Runtime(telemetry=TelemetryConfig(logging=quiet)), error_if_already_set=False)


async def _act_all(play: Play, scenario: Scenario, progress: Progress | None) -> None:
    acts = sorted(_repeated(scenario, play.days), key=lambda act: act[0])
    for number, (at, scene) in enumerate(acts, 1):
        await play.stage.sleep_until(at)
        await play.act(scene, at, number)
        await settle(play.stage)
        if progress is not None:
            progress(number, len(acts))


async def settle(stage: Stage) -> None:
    """What an act has set going (a letter, the close) ends before the next one begins."""
    await stage.environment.sleep(timedelta(seconds=1))


def _repeated(scenario: Scenario, days: Calendar) -> Iterator[tuple[datetime, Scene]]:
    for at, scene in times_of(scenario):
        yield at, scene
        if scene.repeat is not None:
            for _ in range(scene.repeat.times - 1):
                at = _next_office_time(at + timedelta(minutes=scene.repeat.every_minutes), days)
                yield at, scene


def _next_office_time(at: datetime, days: Calendar) -> datetime:
    """The same time, or 9:00 of the next working day when nobody is at work."""
    if days.is_working_day(at.date()) and 9 <= at.hour < 17:
        return at
    day = at.date() if days.is_working_day(at.date()) and at.hour < 9 else days.next_working_day(at.date())
    return at.replace(year=day.year, month=day.month, day=day.day, hour=9, minute=0)


def _fill(scenario: Scenario, book: PolicyBook, database: str, keys: Keys) -> None:
    engine = open_engine(database)
    with open_sessions(engine, keys).begin() as session:
        fill(session, scenario, book)
    engine.dispose()
