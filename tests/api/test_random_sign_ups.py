"""Random sign-ups over HTTP never break a limit: each answer, and what is left at the end, is judged by brute force."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import count
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from db.models import AttendanceRow, Case, CommandRow, SessionRow, SignUpRow, TaskRow
from db.queries.calendar import calendar
from domain.commands import CommandRef, CommandStatus
from domain.roles import Role
from tests.api.contract import rule_of
from tests.api.counter import NOON, Counter, open_counter
from tests.api.matrix_things import hire
from tests.conftest import Ask
from tests.factories import backlog_desk
from tests.factories.backlog_desk import REFERENT
from tests.factories.backlog_rows import a_volunteer, sessions_of
from tests.factories.hours_judge import Judge, Spell
from tests.factories.register import Desk
from tests.servers import INSURER, fresh_database

MONDAY = date(2031, 3, 10)
"""The first day of every operation here."""
WEEKS_KNOWN = timedelta(weeks=12)
SATURDAYS = 3
"""Of the plan, of two places and seven hours each."""
MORE = (
    # week, weekday, from, until, places: evenings, long and late Saturdays, an early Monday
    *((0, 2, "17:30", "20:30", 1), (0, 3, "17:00", "18:30", 2), (0, 5, "17:00", "20:00", 1)),
    *((0, 5, "10:00", "15:30", 2), (1, 2, "18:00", "20:00", 1), (1, 5, "19:00", "22:30", 2)),
    *((2, 0, "06:00", "08:00", 2), (2, 4, "17:30", "21:30", 1), (4, 5, "08:00", "14:00", 2)),
)
USUAL = (
    # a usual week: the hours of each weekday from Monday on
    {str(day): [["09:00", "12:30"], ["13:30", "17:00"]] for day in range(5)},
    {str(day): [["08:30", "12:30"], ["13:30", "17:20"]] for day in range(5)},
    {str(day): [["08:00", "12:00"], ["12:45", "17:21"]] for day in range(5)},
    {str(day): [["09:00", "13:00"], ["14:00", "18:00"]] for day in (0, 2, 4, 5)},
)
SESSIONS = SATURDAYS + len(MORE)
Step = tuple[str, int, int]
STEPS = sorted(
    ((what, person, number) for what in ("up", "off") for person in range(len(USUAL)) for number in range(SESSIONS)),
    key=lambda step: (37 * step[2] + 11 * step[1] + 5 * len(step[0])) % 101,
)
"""Everything that anybody can do, well mixed: the first example is in this order, each other one in its own."""


@dataclass
class Held:
    """A session as the judge sees it."""

    id: UUID
    spells: list[Spell]
    places: int
    seated: list[int] = field(default_factory=list)
    waiting: list[tuple[datetime, int]] = field(default_factory=list)

    def begins(self) -> datetime:
        """Its first instant."""
        return datetime.combine(self.spells[0][0], self.spells[0][1], ZoneInfo("Europe/Paris"))


@dataclass
class Stage:
    """An operation of its own, people of its own, and what the judge believes of them."""

    counter: Counter
    desk: Desk
    case_id: UUID
    reference: str
    logins: list[str]
    ids: list[UUID]
    usual: list[list[Spell]]
    sessions: list[Held]
    judge: Judge

    def spells_of(self, person: int) -> list[Spell]:
        """All that somebody works."""
        held = [one for one in self.sessions if person in one.seated]
        return [*self.usual[person], *(spell for one in held for spell in one.spells)]

    def may(self, person: int, session: Held) -> bool:
        """Whether somebody may work in it beside all else."""
        return self.judge.is_lawful([*self.spells_of(person), *session.spells])

    def held_by(self, person: int) -> int:
        """How many places somebody has."""
        return sum(person in one.seated for one in self.sessions)

    def has(self, person: int, session: Held) -> str | None:
        """What somebody has in a session."""
        if person in session.seated:
            return "seated"
        return "waiting" if any(one == person for _, one in session.waiting) else None

    def expected_up(self, person: int, session: Held) -> str:
        """What whoever signs up is to hear; the judge remembers it."""
        if known := self.has(person, session):
            return known
        if self.counter.clock.at >= session.begins():
            return "wrong_step"
        if not self.may(person, session):
            return "against_labour_law"
        if session.waiting or len(session.seated) >= session.places:
            session.waiting.append((self.counter.clock.at, person))
            return "waiting"
        session.seated.append(person)
        return "seated"

    def expected_off(self, person: int, session: Held) -> str:
        """What whoever gives back is to hear; free places go to those who wait."""
        if self.has(person, session) is None or self.counter.clock.at >= session.begins():
            return "wrong_step"
        session.seated = [one for one in session.seated if one != person]
        session.waiting = [one for one in session.waiting if one[1] != person]
        for asked_at, one in sorted(session.waiting, key=lambda turn: (self.held_by(turn[1]), turn[0])):
            if len(session.seated) < session.places and self.may(one, session):
                session.waiting.remove((asked_at, one))
                session.seated.append(one)
        return "given_back"


class Crowd:
    """The counter, in few words: each example names what it was played on."""

    def __init__(self, counter: Counter) -> None:
        self.counter = counter


@pytest.fixture(scope="module")
async def crowded(postgres: str, ask: Ask) -> AsyncIterator[Crowd]:
    """The API before a register of its own; nobody waits for the engine, which is away."""
    with fresh_database(ask("insurer").open(), INSURER) as url:
        async with open_counter(url, patience=0.01) as counter:
            yield Crowd(counter)


_numbers = count()


def set_stage(counter: Counter) -> Stage:
    """An approved operation, four people who have not signed up for anything."""
    counter.clock.at = NOON
    desk = Desk(counter.house.sessions.kw["bind"], counter.house.sessions, counter.house.book, NOON)
    desk.keys = count(1000 * next(_numbers))
    case_id = backlog_desk.approved(desk)
    with counter.house.sessions.begin() as session:
        case = session.get_one(Case, case_id)
        session.add_all(_more(case.id))
        session.flush()
        people = [hire(session, Role.HANDLER) for _ in USUAL]
        for one, week in zip(people, USUAL, strict=True):
            a_volunteer(session, one.id, NOON, timetable=week)
        session.expire_all()
        rows = [session.get_one(SessionRow, one) for one in sessions_of(session, case.id)]
        known = calendar(session)
        first, last = MONDAY - WEEKS_KNOWN, MONDAY + timedelta(weeks=5) + WEEKS_KNOWN
        days = [first + timedelta(days=n) for n in range((last - first).days)]
        off = frozenset(day for day in days if day in known.public_holidays or day in known.closing_days)
        return Stage(
            counter,
            desk,
            case.id,
            case.reference,
            [one.login for one in people],
            [one.id for one in people],
            [[_spell(d, *h) for d in days if d not in off for h in week.get(str(d.weekday()), ())] for week in USUAL],
            [Held(row.id, [_spell(row.day, *_told(one)) for one in row.spans], row.places) for row in rows],
            Judge(first, last, off),
        )


def _more(case_id: UUID) -> list[SessionRow]:
    return [
        SessionRow(
            id=uuid4(),
            operation_id=case_id,
            number=10 + number,
            day=MONDAY + timedelta(weeks=week, days=weekday),
            spans=[{"starts_at": starts, "ends_at": ends}],
            minutes=60,
            places=places,
            no_show=0,
            added_at=NOON,
        )
        for number, (week, weekday, starts, ends, places) in enumerate(MORE)
    ]


def _told(one: dict[str, str]) -> tuple[str, str]:
    return one["starts_at"], one["ends_at"]


def _spell(day: date, starts: str, ends: str) -> Spell:
    return day, time.fromisoformat(starts), time.fromisoformat(ends)


async def acts(stage: Stage, step: Step) -> None:
    """Somebody signs up or off; what they hear is what the judge expects."""
    what, person, number = step
    stage.counter.clock.at += timedelta(minutes=1)
    session = stage.sessions[number]
    wanted = (stage.expected_up if what == "up" else stage.expected_off)(person, session)
    path = f"/backlog/{stage.reference}/sessions/{session.id}/sign-{what}"
    answer = await stage.counter.ask(stage.logins[person], "POST", path)
    assert (answer.json()["status"] if answer.status_code == 200 else rule_of(answer)) == wanted, step


async def first_week_passes(stage: Stage) -> None:
    """It begins, a week passes, and a referent says over HTTP who came to the sessions of that week."""
    saturday = MONDAY + timedelta(days=5)
    await asyncio.to_thread(_to_saturday_evening, stage.desk, stage.case_id)
    stage.counter.clock.at = datetime.combine(saturday, time(21), ZoneInfo("Europe/Paris"))
    stage.counter.tokens.clear()
    for task_id, held in await asyncio.to_thread(_to_enter, stage, saturday):
        minutes = [{"login": stage.logins[one], "minutes": 60 * (one + 1)} for one in held.seated]
        body = {"outcome": "enter", "attended": minutes}
        answer = await stage.counter.ask(REFERENT, "POST", f"/tasks/{task_id}/complete", body)
        assert answer.status_code == 202, answer.text
        await asyncio.to_thread(_decided, stage, task_id)


def _to_saturday_evening(desk: Desk, case_id: UUID) -> None:
    backlog_desk.comes_to(desk, MONDAY, 8)
    backlog_desk.remind(desk, case_id, "operation_start")
    for day in range(6):
        backlog_desk.comes_to(desk, MONDAY + timedelta(days=day), 19)
        backlog_desk.remind(desk, case_id, "daily_point")


def _to_enter(stage: Stage, until: date) -> list[tuple[UUID, Held]]:
    """The tasks of attendance, each with its session: one for every session that somebody had a place in."""
    with stage.counter.house.sessions() as session:
        wanted = select(TaskRow).where(TaskRow.case_id == stage.case_id, TaskRow.kind == "enter_attendance")
        tasks = {(task.detail or {})["session"]: task.id for task in session.scalars(wanted)}
        rows = [session.get_one(SessionRow, one.id) for one in stage.sessions]
    held = [one for one, row in zip(stage.sessions, rows, strict=True) if one.seated and row.day <= until]
    numbers = {one.id: row.number for one, row in zip(stage.sessions, rows, strict=True)}
    assert sorted(tasks) == sorted(numbers[one.id] for one in held)
    return [(tasks[numbers[one.id]], one) for one in held]


def _decided(stage: Stage, task_id: UUID) -> None:
    """What the engine would have decided, had it been there."""
    with stage.counter.house.sessions() as session:
        row = session.scalars(select(CommandRow).where(CommandRow.task_id == task_id)).one()
        given = CommandRef(row.id, row.case_id, row.kind)
    assert stage.desk.settle(given).status is CommandStatus.APPLIED


def check(stage: Stage) -> None:
    """The register at the end: every limit, every place, every waiting list, everybody who came."""
    with stage.counter.house.sessions() as session:
        rows = session.scalars(
            select(SignUpRow).where(SignUpRow.session_id.in_(one.id for one in stage.sessions))
        ).all()
        came = session.execute(select(AttendanceRow.session_id, AttendanceRow.person_id)).all()
        assert session.get_one(Case, stage.case_id).ended_at is None
    names = {one: number for number, one in enumerate(stage.ids)}
    for held in stage.sessions:
        of_session = [row for row in rows if row.session_id == held.id]
        seats = {names[row.person_id]: row.seat for row in of_session if row.status == "seated"}
        assert sorted(seats) == sorted(held.seated)
        assert len(set(seats.values())) == len(seats) <= held.places
        assert all(0 < (seat or 0) <= held.places for seat in seats.values())
        waiting = sorted((row.asked_at, names[row.person_id]) for row in of_session if row.status == "waiting")
        assert waiting == sorted(held.waiting)
        told = {names[one.person_id] for one in came if one.session_id == held.id}
        assert told in (set(), set(held.seated))
    for person in range(len(stage.ids)):
        assert stage.judge.is_lawful(stage.spells_of(person))


async def plays(counter: Counter, before: list[Step], after: list[Step]) -> None:
    """Random steps, the first week with its attendance, more random steps; then all of it is checked."""
    stage = await asyncio.to_thread(set_stage, counter)
    for step in before:
        await acts(stage, step)
    await first_week_passes(stage)
    for step in after:
        await acts(stage, step)
    await asyncio.to_thread(check, stage)


QUIET = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.large_base_example]
EACH_TIME_THE_SAME = settings(
    max_examples=2, deadline=None, derandomize=True, phases=[Phase.generate], suppress_health_check=QUIET
)


@EACH_TIME_THE_SAME
@given(steps=st.permutations(STEPS))
async def test_random_sign_ups_never_break_a_limit(crowded: Crowd, steps: list[Step]) -> None:
    await plays(crowded.counter, steps[:24], steps[24:30])


@pytest.mark.proof
@settings(max_examples=40, deadline=None, phases=[Phase.generate], suppress_health_check=QUIET)
@given(steps=st.permutations([*STEPS, *(step for step in STEPS if step[0] == "up")]))
async def test_very_many_random_sign_ups_never_break_a_limit(crowded: Crowd, steps: list[Step]) -> None:
    await plays(crowded.counter, steps[:80], steps[80:100])
