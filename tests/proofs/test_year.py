"""A year of complaints, and people who do things or not: no reminder twice, none missing, none outside the window.

The ledger is checked against a recount that shares no code with the ladder: other arithmetic, another source of
holidays (the law's list, and Easter from dateutil). `ECHEANCE_PROOF_CASES` says how many complaints (300).
"""

import os
import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from dateutil.easter import easter
from sqlalchemy import select
from temporalio.testing import WorkflowEnvironment

from db.commands.calendar import fill
from db.models import Case, Reminder
from db.policy_file import load
from db.session import open_engine, open_sessions
from local.sink import Sink
from rehearsal.register import DEMO, hire
from rehearsal.stage import Stage, open_stage

pytestmark = pytest.mark.proof

PARIS = ZoneInfo("Europe/Paris")
YEAR = 2032
CASES = int(os.environ.get("ECHEANCE_PROOF_CASES", "300"))
ENDS = datetime(YEAR + 1, 3, 31, 12, tzinfo=PARIS)
Rung = tuple[str, str, int, str]


def is_off(day: date) -> bool:
    """Neither Saturday, Sunday nor one of the eleven days of the Code du travail (L3133-1)."""
    fixed = {(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)}
    moving = {easter(day.year) + timedelta(days=n) for n in (1, 39, 50)}
    return day.weekday() > 4 or (day.month, day.day) in fixed or day in moving


def later(day: date, working_days: int) -> date:
    """So many working days later, or earlier."""
    step = timedelta(days=1 if working_days > 0 else -1)
    for _ in range(abs(working_days)):
        day += step
        while is_off(day):
            day += step
    return day


def last_working_day_of_two_months(day: date) -> date:
    """Date to date, or the month's last day; brought back to a working day."""
    months = day.year * 12 + day.month + 1
    year, month = divmod(months, 12)
    number = day.day
    while True:
        try:
            end = date(year, month + 1, number)
            break
        except ValueError:
            number -= 1
    while is_off(end):
        end -= timedelta(days=1)
    return end


@dataclass
class Story:
    """What happens to one complaint: when it arrives, and when which of its deadlines ends."""

    entered: datetime
    does: str
    acts: datetime | None = None
    reference: str = ""
    ends: dict[tuple[str, int], datetime] = field(default_factory=dict)
    extended: tuple[date, date] | None = None


def a_year_of_stories() -> list[Story]:
    """Seeded: the same each time. Nobody acts in the minutes in which reminders fire."""
    dice = random.Random(YEAR)
    stories = []
    for _ in range(CASES):
        day = date(YEAR, 1, 5) + timedelta(days=dice.randrange(355))
        while is_off(day):
            day += timedelta(days=1)
        entered = datetime.combine(day, time(9, dice.randrange(60)), PARIS)
        does = dice.choice(["nothing", "calls", "calls", "requalifies", "extends", "extends"])
        acts = datetime.combine(
            later(day, dice.randrange(1, 10)), time(dice.randrange(10, 16), dice.randrange(60)), PARIS
        )
        stories.append(Story(entered, does, None if does == "nothing" else acts))
    return stories


def recount(story: Story) -> set[Rung]:
    """The rungs that must have fired, by the words of the procedure."""
    received = story.entered.date()
    target = last_working_day_of_two_months(received)
    deadlines = [
        ("acknowledgement", 1, received, later(received, 2)),
        ("answer", 1, received, later(received, 10)),
        ("answer_target", 1, received, target),
    ]
    if story.extended:
        deadlines.append(("answer", 2, *story.extended))
    return {
        (story.reference, name, generation, rung)
        for name, generation, start, due in deadlines
        for rung, instant in rungs_by_hand(name, start, due)
        if instant < min(story.ends.get((name, generation), ENDS), ENDS)
    }


def rungs_by_hand(name: str, start: date, due: date) -> list[tuple[str, datetime]]:
    """Half-way, the day before, the due instant, the day after; ten days before the last day of all."""
    days = sum(1 for n in range(1, (due - start).days + 1) if not is_off(start + timedelta(days=n)))
    mornings = [
        ("half_way", later(start, max(days // 2, 1))),
        ("day_before", later(due, -1)),
        ("day_after", later(due, 1)),
    ]
    if name == "answer_target":
        mornings.append(("ten_days_before", later(due, -10)))
    rungs = [(rung, datetime.combine(day, time(8), PARIS)) for rung, day in mornings if day > start]
    rungs += [(rung, datetime.combine(later(start, 1), time(8), PARIS)) for rung, day in mornings if day <= start]
    rungs = [(rung, at.replace(hour=17) if at.date() == due else at) for rung, at in rungs]
    return [*rungs, ("due", datetime.combine(due, time(17), PARIS))]


async def test_a_year_of_reminders_none_twice_none_missing_none_outside_the_window(
    skipping_environment: WorkflowEnvironment, database: str, sink: Sink, tmp_path: Path
) -> None:
    engine = open_engine(database)
    with open_sessions(engine).begin() as session:
        fill(session, YEAR - 1, YEAR + 2)
        hire(session, DEMO)
    engine.dispose()
    starts_at = datetime(YEAR, 1, 5, 7, tzinfo=PARIS)
    stories = a_year_of_stories()
    async with open_stage(skipping_environment, database, sink, tmp_path, load(), starts_at=starts_at) as stage:
        await play(stage, stories)
        await stage.sleep_until(ENDS)
        with stage.house.sessions() as session:
            rows = session.execute(select(Reminder, Case.reference).join(Case, Case.id == Reminder.case_id)).all()
    ledger = Counter((reference, r.deadline, r.generation, r.rung) for r, reference in rows)
    expected = set().union(*(recount(story) for story in stories))

    assert [rung for rung, times in ledger.items() if times > 1] == []
    assert sorted(expected - set(ledger)) == []
    assert sorted(set(ledger) - expected) == []
    assert [r.rung for r, _ in rows if r.left_at is None and r.dropped_at is None] == []
    leaving = [
        parsedate_to_datetime(m.header("Date")).astimezone(PARIS)
        for m in sink.mailbox.mails()
        if is_to_staff(m.header("To"))
    ]
    assert [at for at in leaving if is_off(at.date()) or not time(8) <= at.time() < time(18)] == []


def is_to_staff(to: str) -> bool:
    """Whether a mail went to somebody of the insurer."""
    return "@mutuelle.example" in to


async def play(stage: Stage, stories: list[Story]) -> None:
    """Everybody enters and does what they do, in the order of time."""
    moments = [(story.entered, number, "enters") for number, story in enumerate(stories)]
    moments += [(story.acts, number, story.does) for number, story in enumerate(stories) if story.acts]
    for at, number, does in sorted(moments):
        await stage.sleep_until(at)
        await ACTS[does](stage, stories[number])


async def enters(stage: Stage, story: Story) -> None:
    """A complaint arrives."""
    body = {
        "channel": "letter",
        "received_on": story.entered.date().isoformat(),
        "complainant": {"name": "Mme Odette Vasseur", "email": "odette@boite.example"},
        "subject": "Réclamation",
        "text": "Je ne suis pas satisfaite.",
        "pole": "benefits",
    }
    answer = await stage.request("malo.quere", "POST", "/complaints", body)
    assert answer.status_code == 201, answer.text
    story.reference = answer.json()["reference"]


async def calls(stage: Stage, story: Story) -> None:
    """The owner acknowledges by telephone, maybe too late."""
    state = (await stage.request("anne.le.goff", "GET", f"/cases/{story.reference}/state")).json()
    owner = next(e.login for e in DEMO if e.name == state["owner"])
    body = {"outcome": "acknowledge", "dispatch": "recorded_call"}
    done = await stage.request(owner, "POST", f"/tasks/{state['tasks'][0]['id']}/complete", body)
    assert done.status_code == 200, done.text
    assert story.acts
    story.ends[("acknowledgement", 1)] = story.acts


async def requalifies(stage: Stage, story: Story) -> None:
    """It was a request: every deadline is cancelled."""
    body = {"requalified_as": "information_request", "reason": "Une question sur le tableau des garanties."}
    done = await stage.request("anne.le.goff", "POST", f"/cases/{story.reference}/requalify", body)
    assert done.status_code == 200, done.text
    assert story.acts
    story.ends |= {(name, 1): story.acts for name in ("acknowledgement", "answer", "answer_target")}


async def extends(stage: Stage, story: Story) -> None:
    """A holding letter moves the answer, to a day that the story takes from its own start."""
    assert story.acts
    due = later(story.entered.date(), 12 + story.acts.minute % 15)
    body = {"dispatch": "email", "reason": "complex_file", "answer_by": due.isoformat()}
    done = await stage.request("anne.le.goff", "POST", f"/cases/{story.reference}/holding-letter", body)
    assert done.status_code == 200, done.text
    story.ends[("answer", 1)] = story.acts
    story.extended = (story.acts.date(), due)


ACTS = {"enters": enters, "calls": calls, "requalifies": requalifies, "extends": extends}
