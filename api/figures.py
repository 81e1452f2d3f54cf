"""A day's figures, of all activities at once; and files of figures."""

from asyncio import to_thread
from collections.abc import Mapping
from datetime import date
from io import BytesIO
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from api.activities import author_of
from api.auth import Allowed
from api.files import FileName, received, taking_a_file
from api.house import House, TheHouse
from api.imports import ImportReport, report
from db.commands.figures import keep_day
from db.commands.figures_file import take_in_figures
from db.commands.reference.imports import File
from db.models import ActivityRow, DailyFiguresRow
from db.queries.figures import activities, days_of, rows_of
from domain.backlog.figures import COLUMNS, COUNTS, FiguresLine, check_day
from domain.backlog.watch import DailyFigures
from domain.backlog.words import FiguresSource
from domain.civil import SaneDay
from domain.forms import Form
from domain.people import Actor
from domain.permissions import Action

router = APIRouter(tags=["backlog"])
Reader = Annotated[Actor, Depends(Allowed(Action.READ_FIGURES))]
Enterer = Annotated[Actor, Depends(Allowed(Action.ENTER_FIGURES))]
EXAMPLE = f"{';'.join(COLUMNS)}\n2026-11-23;care-invoices;1180;290;240;12;10;6\n"


class FiguresGiven(Form):
    """A day's figures: of as many activities as are known, each once."""

    figures: list[FiguresLine] = Field(
        min_length=1,
        max_length=200,
        examples=[[{"activity": "care-invoices", "stock": 1180, "inflow": 290, "handled": 240, "present": 6}]],
    )


class GivenView(BaseModel):
    """One activity on the day: null where nothing was said. Of the register's own its cases say the counts."""

    activity: str
    name_fr: str
    name_en: str
    procedure: str | None
    stock: int | None
    inflow: int | None
    handled: int | None
    minutes: float | None
    planned: float | None
    present: float | None
    source: FiguresSource | None


class DayView(BaseModel):
    """A day, with every activity that runs."""

    day: date
    figures: list[GivenView]


class DayKeptView(DayView):
    """The same after it was given: `changed` is how many activities' figures are now other than before."""

    changed: int


class MissingView(BaseModel):
    """The working days of an activity, from its first in the file to yesterday, of which nothing is known still."""

    activity: str
    days: list[date]


class FiguresReport(ImportReport):
    """What became of a file of figures, and which days are missing still."""

    missing: list[MissingView]


@router.get("/figures/{day}")
def of_day(day: SaneDay, house: TheHouse, _actor: Reader) -> DayView:
    """What is known of a day."""
    check_day(day, house.today())
    with house.reading() as session:
        return DayView(day=day, figures=given_on(session, day, house))


@router.put("/figures/{day}")
def give(day: SaneDay, asked: FiguresGiven, house: TheHouse, actor: Enterer) -> DayKeptView:
    """Give or correct a day's figures: all of what is sent is kept, or nothing. The same again changes nothing; what
    was there before stays in the history of changes."""
    with house.sessions.begin() as session:
        changed = keep_day(session, day, asked.figures, author_of(house, actor))
        return DayKeptView(day=day, figures=given_on(session, day, house), changed=changed)


@router.post("/imports/figures", status_code=201, openapi_extra=taking_a_file(EXAMPLE))
async def take(request: Request, house: TheHouse, actor: Enterer, name: FileName = None) -> FiguresReport:
    """Take in a file of figures: CSV with a header, or JSON with one object a line. Its good lines are taken in, its
    bad ones told; the same file again changes nothing. The days that are missing still are named.
    """
    return await to_thread(taken_in, house, actor, name or "figures", await received(request))


def taken_in(house: House, actor: Actor, name: str, file: BytesIO) -> FiguresReport:
    """Take a file of figures in, and say what became of it."""
    with house.sessions.begin() as session:
        row, missing = take_in_figures(session, File(name, file, actor.id), author_of(house, actor))
        session.refresh(row)
        told = report(session, (row, actor.login))
        days = [MissingView(activity=one, days=list(found)) for one, found in sorted(missing.items())]
        return FiguresReport(**dict(told), missing=days)


def given_on(session: Session, day: date, house: House) -> list[GivenView]:
    """Every activity that runs, with what is known of it on the day."""
    kept = rows_of(session, day)
    return [_given(session, row, kept.get(row.id), day, house) for row in activities(session)]


def _given(session: Session, row: ActivityRow, kept: DailyFiguresRow | None, day: date, house: House) -> GivenView:
    counts: Mapping[str, int | None] = {name: getattr(kept, name, None) for name in COUNTS}
    if row.procedure is not None:
        counts = _counted(days_of(session, row, day, day, house.zone.key))
    numbers = {name: _plain(getattr(kept, name, None)) for name in ("minutes", "planned", "present")}
    source = FiguresSource.REGISTER if row.procedure else FiguresSource(kept.source) if kept else None
    return GivenView(
        activity=row.id,
        name_fr=row.name_fr,
        name_en=row.name_en,
        procedure=row.procedure,
        source=source,
        **counts,
        **numbers,
    )


def _counted(found: list[DailyFigures]) -> Mapping[str, int | None]:
    return {name: getattr(found[0], name) if found else None for name in COUNTS}


def _plain(number: object) -> float | None:
    return None if number is None else float(str(number))
