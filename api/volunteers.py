"""Volunteers: the contract, the usual week and the hourly pay of those who may sign up, as HR enters them."""

from asyncio import to_thread
from collections.abc import Sequence
from datetime import date, datetime
from io import BytesIO
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, HTTPException, Request
from pydantic import BaseModel, Field
from sqlalchemy import Row
from sqlalchemy.orm import Session

from api.auth import Allowed
from api.backlog_views import SpanView
from api.files import FileName, received, taking_a_file
from api.house import House, TheHouse
from api.imports import ImportReport, report
from db.commands.backlog_volunteer import KEPT, Known, Writer, keep_volunteer
from db.commands.reference.imports import File
from db.commands.volunteer_file import take_in_volunteers
from db.models import TermsRow
from db.queries import volunteers as queries
from db.queries.people import person_by_login
from domain.backlog.volunteer import ALWAYS, FirstDay, VolunteerAsked
from domain.backlog.volunteer_file import COLUMNS
from domain.people import Actor
from domain.permissions import Action
from domain.policy import PolicyBook

router = APIRouter(tags=["volunteers"])
Manager = Annotated[Actor, Depends(Allowed(Action.MANAGE_VOLUNTEERS))]
NOBODY = "Nobody who works here has this login."
EXAMPLE = {
    "contract_minutes": 2100,
    "hourly_cents": 1650,
    "from_on": "2027-01-01",
    "timetable": [
        {"weekday": day, "starts_at": starts, "ends_at": ends}
        for day in range(5)
        for starts, ends in (("09:00", "12:30"), ("13:30", "17:00"))
    ],
}
_DAY = "09:00-12:30 13:30-17:00"
FILE_EXAMPLE = f"{';'.join(COLUMNS)}\nclaire.morvan;2027-01-01;35;16,50;{_DAY};{_DAY};{_DAY};{_DAY};{_DAY};\n"


class WorkView(BaseModel):
    """Somebody's contract, hourly pay and usual week."""

    contract_minutes: int = Field(description="of a week")
    hourly_cents: int = Field(description="gross")
    timetable: dict[int, list[SpanView]] = Field(description="weekday, 0 for Monday, to its hours")


class TermsView(WorkView):
    """On which terms somebody works, from their first day until the next ones'."""

    from_on: FirstDay = Field(description="the first day on which they hold; `always`: they have always held")
    until_on: date | None = Field(description="the next ones' first day; null while there are none")
    entered_at: datetime


class VolunteerView(TermsView):
    """What is known of somebody's work: the terms that hold today, and all others."""

    login: str
    name: str
    terms: list[TermsView] = Field(description="all of them, the earliest first")


class Volunteers(BaseModel):
    """Everybody whose work is known, by login."""

    volunteers: list[VolunteerView]


class VolunteerChangeView(BaseModel):
    """What was known before and after: null before the first time."""

    at: datetime
    from_on: FirstDay = Field(description="the first day on which it holds, or `always`")
    by: str | None = Field(description="null for whoever runs the programs")
    file_name: str | None = Field(description="the file that it came out of")
    before: WorkView | None
    after: WorkView


class VolunteerChanges(BaseModel):
    """The newest first."""

    changes: list[VolunteerChangeView]


@router.get("/volunteers")
def volunteers(house: TheHouse, _actor: Manager) -> Volunteers:
    """Everybody whose contract, usual week and hourly pay are known: they may sign up for sessions."""
    with house.sessions() as session:
        return Volunteers(volunteers=[volunteer_view(one, house.today()) for one in queries.volunteers(session)])


@router.put("/volunteers/{login}")
async def enter_volunteer(
    login: str, asked: Annotated[VolunteerAsked, Body(examples=[EXAMPLE])], house: TheHouse, actor: Manager
) -> VolunteerView:
    """Enter somebody's contract, usual week and hourly pay, from a day on; or correct what holds from that very day.
    Weeks before it stay as they were. Nobody enters their own. What was there before stays in the history of changes;
    the same again changes nothing."""

    def work(session: Session) -> VolunteerView | None:
        if not entered(session, login, asked, Writer(house.now(), house.today(), actor.id), house.book):
            return None
        known = queries.volunteer(session, login)
        return volunteer_view(known, house.today()) if known else None

    view = await house.transact(work)
    if view is None:
        raise HTTPException(404, NOBODY)
    return view


def entered(session: Session, login: str, asked: VolunteerAsked, writer: Writer, book: PolicyBook) -> str:
    """Enter it: "kept", "unchanged", or nothing where nobody here has this login. Raises Invalid, FourEyes."""
    person = person_by_login(session, login)
    if person is None or not person.active or person.delegate is not None:
        return ""
    return "kept" if keep_volunteer(session, person, asked, writer, book) else "unchanged"


@router.get("/volunteers/{login}/changes")
def changes(login: str, house: TheHouse, _actor: Manager) -> VolunteerChanges:
    """What was known of somebody's hours and pay before it was changed, and who changed it."""
    with house.sessions() as session:
        if queries.volunteer(session, login) is None:
            raise HTTPException(404, NOBODY)
        return VolunteerChanges(changes=[_change(row) for row in queries.changes_of(session, login)])


@router.post("/imports/volunteers", status_code=201, openapi_extra=taking_a_file(FILE_EXAMPLE))
async def take(request: Request, house: TheHouse, actor: Manager, name: FileName = None) -> ImportReport:
    """Take in a file of volunteers: CSV with a header, or JSON with one object a line. Its good lines are taken in, its
    bad ones told; the same file again changes nothing.
    """
    return await to_thread(taken_in, house, actor, name or "volunteers", await received(request))


def taken_in(house: House, actor: Actor, name: str, file: BytesIO) -> ImportReport:
    """Take a file of volunteers in, and say what became of it."""
    with house.sessions.begin() as session:
        writer = Writer(house.now(), house.today(), actor.id)
        row = take_in_volunteers(session, File(name, file, actor.id), writer, house.book)
        session.refresh(row)
        return report(session, (row, actor.login))


def volunteer_view(one: queries.KnownVolunteer, today: date) -> VolunteerView:
    """The terms that hold today, and all others."""
    untils = [*(row.from_on for row in one.terms[1:]), None]
    terms = [_terms(row, until) for row, until in zip(one.terms, untils, strict=True)]
    held = held_among(one.terms, today)
    return VolunteerView(login=one.person.login, name=one.person.name, terms=terms, **dict(terms[held]))


def held_among(rows: Sequence[TermsRow], day: date) -> int:
    """The place of those that hold on a day."""
    return max((place for place, row in enumerate(rows) if (row.from_on or day) <= day), default=0)


def _terms(row: TermsRow, until_on: date | None) -> TermsView:
    work = _work({name: getattr(row, name) for name in KEPT})
    told = {"from_on": row.from_on or ALWAYS, "until_on": until_on, "entered_at": row.entered_at}
    return TermsView.model_validate(dict(work) | told)


def _change(row: Row[*tuple[Any, ...]]) -> VolunteerChangeView:
    known = row.VolunteerChange
    before = None if known.before is None else _work(known.before)
    told = {"at": known.at, "by": row.by, "file_name": row.file_name, "from_on": known.from_on or ALWAYS}
    return VolunteerChangeView.model_validate(told | {"before": before, "after": _work(known.after)})


def _work(known: Known) -> WorkView:
    days = {
        int(day): [SpanView(starts_at=starts, ends_at=ends) for starts, ends in spans]
        for day, spans in sorted(known["timetable"].items())
    }
    return WorkView(contract_minutes=known["contract_minutes"], hourly_cents=known["hourly_cents"], timetable=days)
