"""Play a scenario: fill the register, raise the curtain, let each person do what they do when they do it."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx2
from sqlalchemy.orm import Session
from temporalio.runtime import LoggingConfig, Runtime, TelemetryConfig, TelemetryFilter
from uuid_utils.compat import uuid7

from db.commands.calendar import fill
from db.models import Absence, CalendarDay, Member, StaffMember
from db.queries.calendar import calendar
from db.session import migrate, open_engine, open_sessions
from domain.calendar import Calendar
from domain.complaint.commands import OUTCOMES
from domain.policy import PolicyBook
from local.demo_staff import STAFF, person_id
from local.engine import start_skipping_engine
from local.sink import Sink
from rehearsal.scenario import Employee, Scenario, Scene, local, times_of
from rehearsal.stage import Stage, open_stage
from rehearsal.timeline import Line, Refused, timeline

Progress = Callable[[int, int], None]
_TASK_OF = {form.model_fields["outcome"].default: kind for kind, forms in OUTCOMES.items() for form in forms}
_CASE_PATHS = {"requalify": "requalify", "reassign": "reassign", "send_holding_letter": "holding-letter"}


MEMBERS = 500
DEMO = tuple(
    Employee(
        login=person.login,
        name=person.name,
        title=person.title,
        roles=person.roles,
        pole=person.pole,
        skills=person.skills,
        deputy=person.deputy,
    )
    for person in STAFF
)
"""The demo insurer's staff, for scenarios that bring none of their own."""


class PastStartError(ValueError):
    """The engine's clock only goes forward: a scenario starts in the future."""


@dataclass
class Play:
    """A scenario being played: the stage, the cases by their name in the scenario, and what was refused."""

    stage: Stage
    days: Calendar
    cases: dict[str, str] = field(default_factory=dict)
    refused: list[Refused] = field(default_factory=list)

    async def act(self, scene: Scene, at: datetime, number: int) -> None:
        """Somebody does something; a refusal is part of the story."""
        answer = await self._do(scene, at, number)
        if answer.status_code >= 400:
            problem = answer.json()
            reference = self.cases.get(scene.on or "", "")
            code = problem["type"].rpartition("/")[2]
            self.refused.append(Refused(at, reference, scene.who, scene.does, code, problem["detail"]))
        elif scene.does == "enter_complaint" and scene.case is not None:
            self.cases.setdefault(scene.case, answer.json()["reference"])

    async def _do(self, scene: Scene, at: datetime, number: int) -> httpx2.Response:
        body = dict(scene.with_)
        if scene.does == "enter_complaint":
            return await self._post(scene, "/complaints", _complaint(body, number, at))
        if scene.does == "record_absence":
            return await self._post(scene, f"/people/{body.pop('login')}/absences", body)
        reference = self.cases.get(scene.on or "", "unknown")
        if scene.does in _CASE_PATHS:
            return await self._post(scene, f"/cases/{reference}/{_CASE_PATHS[scene.does]}", body)
        return await self._on_task(scene, reference, body)

    async def _on_task(self, scene: Scene, reference: str, body: dict[str, Any]) -> httpx2.Response:
        kind = body.pop("task", None) or _TASK_OF.get(scene.does)
        task = await self._find_task(scene.who, reference, kind)
        if scene.does in {"claim", "release"}:
            return await self._post(scene, f"/tasks/{task['id']}/{scene.does}", None)
        if scene.does in {"approve", "amend", "send_back"}:
            body.setdefault("version_hash", task["detail"]["version_hash"])
        return await self._post(scene, f"/tasks/{task['id']}/complete", {"outcome": scene.does, **body})

    async def _find_task(self, who: str, reference: str, kind: str | None) -> dict[str, Any]:
        """The person's own task of this kind; otherwise whoever's, so that the refusal is the system's own word."""
        answer = await self.stage.request(who, "GET", f"/cases/{reference}/state")
        tasks = [t for t in answer.json().get("tasks", []) if kind is None or t["kind"] == kind]
        tasks.sort(key=lambda t: (t["closed_at"] is not None, not t["mine"], t["opened_at"]))
        return tasks[0] if tasks else {"id": uuid7(), "detail": {"version_hash": "0" * 64}}

    async def _post(self, scene: Scene, path: str, body: Any) -> httpx2.Response:
        return await self.stage.request(scene.who, "POST", path, body)


def rehearse(scenario: Scenario, book: PolicyBook, database: str, progress: Progress | None = None) -> list[Line]:
    """Play the scenario on an empty database; what happened, in the order of time. Raises PastStartError."""
    starts_at = local(scenario.starts)
    if starts_at <= datetime.now(UTC):
        raise PastStartError(
            f"The scenario starts on {starts_at:%Y-%m-%d %H:%M}, which is past: the engine's clock only goes forward. "
            "Give a start in the future; the calendar matters, not the year."
        )
    migrate(database)
    _fill(scenario, book, database)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="echeance-rehearsal-")))
        sink = stack.enter_context(Sink(folder / "mails").listening())
        return asyncio.run(_play(scenario, book, database, sink, folder, progress))


async def _play(
    scenario: Scenario, book: PolicyBook, database: str, sink: Sink, folder: Path, progress: Progress | None
) -> list[Line]:
    _quiet()
    async with (
        await start_skipping_engine() as environment,
        open_stage(environment, database, sink, folder, book, starts_at=local(scenario.starts)) as stage,
    ):
        with stage.house.sessions() as session:
            play = Play(stage, calendar(session))
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


def _fill(scenario: Scenario, book: PolicyBook, database: str) -> None:
    engine = open_engine(database)
    with open_sessions(engine).begin() as session:
        year = scenario.starts.year
        fill(session, year - 11, scenario.ends.year + 2, alsace_moselle=book.insurer.alsace_moselle)
        hire(session, scenario.staff or DEMO)
        session.add_all(_member(number) for number in range(1, MEMBERS + 1))
        for away in scenario.absences:
            session.add(_absence(away.who, away.from_on, away.back_on, away.deputy, scenario.starts))
        for closing in scenario.closing_days:
            session.add(CalendarDay(day=closing.day, kind="closing_day", name=closing.name))
    engine.dispose()


def _absence(who: str, from_on: Any, back_on: Any, deputy: str | None, at: datetime) -> Absence:
    deputy_id = person_id(deputy) if deputy else None
    return Absence(
        id=uuid7(),
        person_id=person_id(who),
        from_on=from_on,
        back_on=back_on,
        deputy_id=deputy_id,
        recorded_at=local(at),
    )


def hire(session: Session, staff: tuple[Employee, ...]) -> None:
    """The people of a scenario, who cannot sign in: on a stage nobody needs a password."""
    rows = {employee.login: _staff_member(employee) for employee in staff}
    session.add_all(rows.values())
    session.flush()
    for employee in staff:
        rows[employee.login].deputy_id = person_id(employee.deputy) if employee.deputy else None


def _staff_member(employee: Employee) -> StaffMember:
    return StaffMember(
        id=person_id(employee.login),
        login=employee.login,
        password_hash="",
        name=employee.name,
        title=employee.title,
        email=f"{employee.login}@mutuelle.example",
        phone="",
        roles=sorted(employee.roles),
        pole=employee.pole,
        skills=sorted(employee.skills),
        active=True,
    )


def _member(number: int) -> Member:
    return Member(
        number=f"M{number:07d}",
        name=f"Mme Adhérente {number}",
        email=f"adherent{number}@boite-postale.example",
        address=[f"{number} rue des Ajoncs", "29200 Brest"],
        language="fr",
        vip=False,
    )


def _complaint(body: dict[str, Any], number: int, at: datetime) -> dict[str, Any]:
    """A complaint with what the scenario does not care for filled in. `received_on: today` is the day it is entered."""
    if body.get("received_on", "today") == "today":
        body["received_on"] = at.date().isoformat()
    usual = {
        "channel": "letter",
        "complainant": {"member_number": f"M{(number - 1) % 500 + 1:07d}"},
        "subject": "Réclamation",
        "text": "Je ne suis pas satisfait du traitement de mon dossier.",
        "pole": "benefits",
    }
    return usual | body
