"""The demo's activities, with eight weeks of figures: two have fallen behind, one soon will, two count themselves.

All of it is invented and always the same; its days slide with the day on which it is loaded. It goes the way of what
people type, and is then looked at by the watch.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.commands.figures import Author, add_activity, keep_day
from db.commands.watch import watch_activities
from db.models import ActivityRow, DailyFiguresRow
from db.queries.calendar import calendar
from domain.backlog.figures import FiguresLine, NewActivity
from domain.backlog.hours import days
from domain.policy import PolicyBook
from local.demo.operation_days import OperationDays, operation_days
from local.demo_staff import person_id

WEEKS = 8
ENTERED_BY = "anne.le.goff"
EVENING, MORNING = time(18, 5), time(8, 40)
CORRECTED = "contract-changes"
HELPERS, VOLUNTEERS = 3, 6
"""People more on each day of the operation, and on each of its Saturdays."""
_WAVE = (0, 7, -5, 12, -9, 4, 15, -12, 3, -2, 9, -7, 6)
"""What one day differs from the usual, in hundredths."""
_MONDAY = 18
"""So many hundredths more come in on a Monday."""


@dataclass(frozen=True)
class Invented:
    """An activity: how it begins (one that is helped: what waits when the operation begins), what comes in, how many
    people are there week after week; days that nobody gave, counted back in working days."""

    facts: Mapping[str, Any]
    stock: int = 0
    inflow: int = 0
    present: tuple[float, ...] = ()
    lacking: tuple[int, ...] = field(default=())
    helped: bool = False
    """By the operation that is under way: people of other activities, and volunteers on its Saturdays."""


def _facts(activity_id: str, french: str, english: str, **numbers: Any) -> dict[str, Any]:
    return {"id": activity_id, "name_fr": french, "name_en": english, "standard": 5, "hours": 7} | numbers


ACTIVITIES = (
    Invented(
        _facts("complaints", "Réclamations", "Complaints", minutes=120, staff=1.2, procedure="complaint"),
        present=(1.1, 1.1, 1, 0.9, 0.8),
    ),
    Invented(_facts("claims", "Contrôle des demandes", "Control of claims", minutes=25, staff=5, procedure="claim")),
    Invented(
        _facts("care-invoices", "Feuilles de soins", "Care invoices", minutes=12, staff=10, skill="prestations"),
        stock=2560,
        inflow=285,
        present=(8, 6.2),
        helped=True,
    ),
    Invented(
        _facts("members-letters", "Courriers des adhérents", "Members’ letters", minutes=20, staff=4),
        stock=60,
        inflow=78,
        present=(3.8, 3.6, 3.6, 3.4, 3.1, 2.7, 2.6),
        lacking=(23,),
    ),
    Invented(
        _facts("calls-to-return", "Appels à rendre", "Calls to return", kind="calls", standard=1, minutes=6, staff=3),
        stock=20,
        inflow=190,
        present=(2.9, 2.8, 2.7, 2.9, 2.8, 2.8, 2.9, 2.8),
    ),
    Invented(
        _facts(
            "contract-changes",
            "Avenants aux contrats",
            "Contract changes",
            standard=8,
            minutes=30,
            staff=3,
            secondary=True,
        ),
        stock=95,
        inflow=39,
        present=(2.9, 3, 2.8, 3, 2.9, 2.5, 1.9, 1.9),
    ),
)


def load_figures(session: Session, now: datetime, book: PolicyBook) -> bool:
    """Load them, once; False where there are activities already."""
    if session.scalar(select(ActivityRow.id).limit(1)) is not None:
        return False
    zone = ZoneInfo(book.in_force_on(now.date()).office.zone)
    today = now.astimezone(zone).date()
    first = today - timedelta(weeks=WEEKS)
    for one in ACTIVITIES:
        add_activity(session, NewActivity.model_validate(one.facts), Author(now, first, person_id(ENTERED_BY)))
    known = calendar(session)
    at_work = [day for day in days(first, today - timedelta(days=1)) if known.is_working_day(day)]
    for day, lines in _given(at_work, operation_days(today, known)).items():
        evening = datetime.combine(day, EVENING, zone)
        keep_day(session, day, lines, Author(evening, day, person_id(ENTERED_BY)))
    _correct(session, at_work[-6], zone)
    watch_activities(session, today, now, book)
    return True


def _given(at_work: list[date], operation: OperationDays) -> dict[date, list[FiguresLine]]:
    given: dict[date, list[FiguresLine]] = {day: [] for day in sorted({*at_work, *operation.past})}
    for one in ACTIVITIES:
        for day, line in _lines(one, at_work, operation):
            given[day].append(line)
    return {day: lines for day, lines in given.items() if lines}


def _lines(one: Invented, at_work: list[date], operation: OperationDays) -> list[tuple[date, FiguresLine]]:
    """Each evening's stock is the one before, and what came, less what those present could handle; where cases are
    counted in our own register, only who was there."""
    found, told = [], _days(one, at_work, operation) if one.present else []
    stock = one.stock
    if one.helped:
        stock -= sum(inflow - _possible(one, present) for day, inflow, present in told if day < operation.begins_on)
    for day, inflow, present in told:
        if "procedure" in one.facts:
            found.append((day, FiguresLine.model_validate({"activity": one.facts["id"], "present": present})))
            continue
        handled = min(stock + inflow, _possible(one, present))
        stock += inflow - handled
        said = {"stock": stock, "inflow": inflow, "handled": handled, "present": round(present, 1)}
        found.append((day, FiguresLine.model_validate({"activity": one.facts["id"], **said})))
    return [(day, line) for day, line in found if day not in {at_work[-days_ago] for days_ago in one.lacking}]


def _possible(one: Invented, present: float) -> int:
    return int(present * one.facts["hours"] * 60 / one.facts["minutes"])


def _days(one: Invented, at_work: list[date], operation: OperationDays) -> list[tuple[date, int, float]]:
    """What comes in on each day, and how many people are there; on the operation's Saturdays, its volunteers."""
    found = []
    for number, day in enumerate(at_work):
        more = _WAVE[number % len(_WAVE)] + (_MONDAY if day.weekday() == 0 else -_MONDAY // 4)
        helpers = HELPERS if one.helped and day >= operation.begins_on else 0
        present = one.present[min(number // 5, len(one.present) - 1)] + helpers
        found.append((day, one.inflow * (100 + more) // 100, present))
    saturdays = [(day, 0, float(VOLUNTEERS)) for day in operation.past if one.helped]
    return sorted([*found, *saturdays])


def _correct(session: Session, day: date, zone: ZoneInfo) -> None:
    """Somebody had counted one person too many that day, and says so the next morning."""
    row = session.get_one(DailyFiguresRow, (CORRECTED, day), populate_existing=True)
    counts = {"stock": row.stock, "inflow": row.inflow, "handled": row.handled, "present": row.present - 1}
    morning = datetime.combine(day + timedelta(days=1), MORNING, zone)
    line = FiguresLine.model_validate({"activity": CORRECTED, **counts})
    keep_day(session, day, [line], Author(morning, morning.date(), person_id(ENTERED_BY)))
