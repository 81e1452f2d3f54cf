"""Load the demo's two months: played in one transaction, so that they are there whole or not at all; once.

While it goes on the house works, and sees nothing of it. Its post is laid in a folder beside, and brought over once
the register has kept everything; then each open case gets its workflow. Cut off anywhere, the next call begins again
or completes it.
"""

import asyncio
import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine, select, text
from temporalio.client import Client

from activities.checkpoints import Checkpoints
from api.clock import SystemClock
from api.delivery import Delivery
from db.commands.absence import Away
from db.commands.keys import journal_key
from db.models import Case, Checkpoint, CommandRow, Contract, Member
from db.policy_in_force import open_policy
from db.session import Sessions, open_engine, open_sessions, sessions_within
from domain.calendar import Calendar
from domain.policy import PolicyBook
from domain.rounds import coming_rounds
from engine.client import connect
from keys.ring import Keys
from local.demo import hire
from local.demo.audits_cast import AuditsCast
from local.demo.batches import Batches
from local.demo.cast import Cast
from local.demo.claims_cast import ClaimsCast
from local.demo.colleagues import COLLEAGUES
from local.demo.complaints_operation import ComplaintsOperation
from local.demo.courses import OLDEST_DAYS
from local.demo.operations_cast import OperationsCast, are_possible
from local.demo.past import Past
from local.demo.plan import Insured, last_working_day, plan
from local.demo_staff import STAFF, person_id
from local.home import home_folder

Say = Callable[[str], None]
_FIRST_STORY = "demo:0"
_TOLD_EVERY = 20
_AT_ONCE = 4
POST, BANK = "post", "bank"
AWAY = (
    ("tugdual.helias", 40, 30),
    ("tangi.riou", 26, 19),
    ("maelle.kervella", 17, 12),
    ("divina.calvez", 8, -9),
    ("francois.le.bihan", 5, -4),
    ("goulven.le.roux", 3, -6),
    ("mona.le.scao", 2, -7),
    ("gurvan.le.bras", 1, -3),
)
"""Who was or is away: login, first day and day of being back, in working days before today."""


@dataclass(frozen=True)
class Means:
    """What the loading works with. `aside` holds the past's post and bank files until the register has kept it all."""

    engine: Engine
    sessions: Sessions
    keys: Keys
    book: PolicyBook
    post: Path
    checkpoints: Path
    bank: Path
    aside: Path


def main(say: Say) -> None:
    """Load the past up to now into the house that the environment names. Others go first."""
    with suppress(OSError):
        os.nice(10)
    keys, engine = Keys.from_environment(), open_engine(pool=_AT_ONCE)
    means = Means(
        engine=engine,
        sessions=open_sessions(engine, keys),
        keys=keys,
        book=open_policy(),
        post=Path(os.environ.get("ECHEANCE_POST_FOLDER", "post")),
        checkpoints=Path(os.environ.get("ECHEANCE_CHECKPOINTS_FOLDER", "checkpoints")),
        bank=Path(os.environ.get("ECHEANCE_BANK_FOLDER", "bank-files")),
        aside=home_folder() / "demo-post",
    )
    asyncio.run(_load_now(means, say))
    engine.dispose()


async def _load_now(means: Means, say: Say) -> None:
    await load(means, await connect(), SystemClock().now(), say)


async def load(means: Means, client: Client, now: datetime, say: Say) -> None:
    """Load the past up to `now` unless it is there; complete what an earlier call has left undone."""
    with means.sessions.begin() as session:
        hire(session, (*STAFF, *COLLEAGUES))
        journal_key(session)
    if not _is_loaded(means):
        if _has_checkpoints(means):
            say("Demo: this house has a past of its own; the two months are not added.")
            return
        await _play_all(means, now, say)
    if means.aside.exists():
        await _complete(means, client, say)


async def _play_all(means: Means, now: datetime, say: Say) -> None:
    shutil.rmtree(means.aside, ignore_errors=True)
    for folder in (POST, BANK):
        (means.aside / folder).mkdir(mode=0o700, parents=True)
    connection = means.engine.connect().execution_options(isolation_level="REPEATABLE READ")
    with connection, connection.begin():
        # Nothing is cleared away before the commit, and the planner still takes the tables to be empty.
        connection.execute(text("SET LOCAL enable_seqscan = off"))
        await _play(connection, means, now, say)


async def _play(connection: Connection, means: Means, now: datetime, say: Say) -> None:
    """Two months, in one transaction that sees nothing of what others do meanwhile."""
    sessions = sessions_within(connection, means.keys)
    zone = ZoneInfo(means.book.in_force_on(now.date()).office.zone)
    today = now.astimezone(zone).date()
    past = Past(sessions, means.book, now, means.aside / POST, means.aside / BANK)
    stories = plan(today, past.calendar, _insured(sessions), zone)
    _plan_rounds(past, means.book, now, zone)
    cast = Cast(past, zone)
    _plan_absences(cast, past.calendar, now, zone)
    progress = _Progress(len([one for one in stories if one.arrives_at <= now]), say)
    for story in stories:
        cast.enters(story, progress.one_more)
    counted_from = last_working_day(today, past.calendar)
    _plan_claims(past, counted_from, zone)
    AuditsCast(past, zone, counted_from).plan()
    if are_possible(sessions):
        OperationsCast(past, zone, counted_from).plan(today)
        ComplaintsOperation(past, zone, counted_from).plan(today, cast)
    await past.play()


def _plan_claims(past: Past, today: date, zone: ZoneInfo) -> None:
    """Claims and their batches, where the insured are known: contracts are loaded where there are keys only."""
    with past.sessions() as session:
        if session.scalar(select(Contract.number).limit(1)) is None:
            return
    claims = ClaimsCast(past, zone, today)
    claims.plan()
    Batches(claims).plan()


def _plan_rounds(past: Past, book: PolicyBook, now: datetime, zone: ZoneInfo) -> None:
    """The mailroom's rounds, from the evening before the first story."""
    today = last_working_day(now.astimezone(zone).date(), past.calendar)
    eve = past.calendar.add_working_days(today, -OLDEST_DAYS - 1)
    office = book.in_force_on(eve).office
    after = datetime.combine(eve, time(23, 0), zone)
    for due in coming_rounds(after, OLDEST_DAYS + 2, past.calendar, office):
        past.round(due)


def _plan_absences(cast: Cast, days: Calendar, now: datetime, zone: ZoneInfo) -> None:
    """Each is recorded in the afternoon of the working day before."""
    today = last_working_day(now.astimezone(zone).date(), days)
    for login, first, back in AWAY:
        away = Away(person_id(login), days.add_working_days(today, -first), days.add_working_days(today, -back))
        day = days.previous_working_day(away.from_on)
        cast.goes_away(login, datetime.combine(day, time(16, 5), zone), away)


def _insured(sessions: Sessions) -> list[Insured]:
    with sessions() as session:
        rows = session.scalars(select(Member).order_by(Member.number))
        return [Insured(row.number, row.name, row.email, row.language) for row in rows]


class _Progress:
    """Tells now and then how far it is."""

    def __init__(self, total: int, say: Say) -> None:
        self._total, self._say, self._count = total, say, 0

    def one_more(self) -> None:
        self._count += 1
        if self._count % _TOLD_EVERY == 0:
            self._say(f"Demo: {self._count} of {self._total} complaints…")


async def _complete(means: Means, client: Client, say: Say) -> None:
    """Bring the post over, lay the checkpoints' files, start each open case's workflow; done twice, it is done once."""
    _bring_over(means.aside / POST, means.post)
    _bring_over(means.aside / BANK / "sent", means.bank / "sent")
    with means.sessions() as session:
        made = len(session.scalars(select(Checkpoint.day)).all())
        open_cases = list(session.scalars(select(Case.id).where(Case.ended_at.is_(None))))
    Checkpoints(means.sessions, means.checkpoints).lay_newest(made)
    delivery, gate = Delivery(means.sessions, client, means.book), asyncio.Semaphore(_AT_ONCE)

    async def start(case_id: UUID) -> None:
        async with gate:
            await delivery.start(case_id)

    await asyncio.gather(*(start(case_id) for case_id in open_cases))
    shutil.rmtree(means.aside)
    say(f"Demo: two months are loaded; {len(open_cases)} cases are open.")


def _bring_over(aside: Path, to: Path) -> None:
    """What is there already was brought over by an earlier call."""
    to.mkdir(mode=0o700, parents=True, exist_ok=True)
    for one in sorted(aside.glob("*")):
        if not (to / one.name).exists():
            shutil.move(one, to / one.name)


def _is_loaded(means: Means) -> bool:
    with means.sessions() as session:
        return session.scalar(select(CommandRow.id).where(CommandRow.idempotency_key == _FIRST_STORY)) is not None


def _has_checkpoints(means: Means) -> bool:
    with means.sessions() as session:
        return session.scalar(select(Checkpoint.day).limit(1)) is not None
