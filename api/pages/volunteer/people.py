"""Who may sign up: contract, usual week and hourly pay, one by one or out of a file; and what was there before."""

from asyncio import to_thread
from collections.abc import Mapping
from datetime import date
from io import BytesIO
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy.orm import Session
from starlette.responses import Response

from api import volunteers as api
from api.house import House, TheHouse
from api.pages.form import FormView, mistaken, status_of
from api.pages.show import go_to, page
from api.pages.typed import SentForm, Typed
from api.pages.uploaded import NO_FILE_CHOSEN, sent_with_file
from api.pages.visit import Visit
from api.pages.volunteer.doors import VolunteerManager
from db.commands.backlog_volunteer import Writer
from db.queries import volunteers as queries
from db.queries.people import person_by_login
from domain.backlog.volunteer import ALWAYS
from domain.backlog.volunteer_file import COLUMNS, WEEKDAYS, read_work, written_work
from domain.refusals import Refusal

router = APIRouter()
_ADDRESS = "/volunteers"
_FILE = _ADDRESS + "/file"


@router.get(_ADDRESS)
def volunteers(
    request: Request, visit: VolunteerManager, house: TheHouse, login: Annotated[str, Query(max_length=200)] = ""
) -> Response:
    """Everybody whose work is known; who is not yet; a file of them. With a login, on to that person."""
    if login:
        return go_to(_address(login))
    return _list(request, visit, house)


@router.get(_ADDRESS + "/{login}")
def volunteer(
    login: str,
    request: Request,
    visit: VolunteerManager,
    house: TheHouse,
    from_on: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """The terms on which somebody works, and what was there before. With a first day, to correct what holds from it;
    else to enter what holds from today on."""
    return _person(request, login, visit, house, from_on=from_on)


@router.post(_FILE)
async def take(request: Request, visit: VolunteerManager, house: TheHouse) -> Response:
    """Take a file in, and say what became of each line."""
    typed = Typed()
    try:
        typed, upload = await sent_with_file(request, visit, NO_FILE_CHOSEN)
        told = await to_thread(api.taken_in, house, visit.actor, upload.name[:100], BytesIO(upload.content))
    except (Refusal, RequestValidationError) as error:
        form = mistaken(_FILE, typed, error, visit.words)
        return await to_thread(_list, request, visit, house, form, status_of(error))
    return await to_thread(page, request, visit, "volunteer/report.html", report=told)


@router.post(_ADDRESS + "/{login}")
def enter(login: str, request: Request, visit: VolunteerManager, typed: SentForm, house: TheHouse) -> Response:
    """Keep it; or the same page with what is wrong."""
    try:
        asked = read_work({name: typed.text(name) for name in COLUMNS})
        with house.sessions.begin() as session:
            done = api.entered(session, login, asked, Writer(house.now(), house.today(), visit.actor.id), house.book)
    except Refusal as refusal:
        form = mistaken(_address(login), typed, refusal, visit.words)
        return _person(request, login, visit, house, form, refusal.status)
    if not done:
        raise HTTPException(404, api.NOBODY)
    return go_to(_address(login), f"volunteer_{done}")


def _address(login: str) -> str:
    return f"{_ADDRESS}/{login}"


def _list(request: Request, visit: Visit, house: House, form: FormView | None = None, status: int = 200) -> Response:
    told = api.volunteers(house, visit.actor).volunteers
    with house.sessions() as session:
        others = [(row.login, row.name) for row in queries.not_entered(session)]
    form = form or FormView(_FILE, Typed())
    known = {"known": told, "others": others, "columns": COLUMNS, "weekdays": WEEKDAYS}
    return page(request, visit, "volunteer/list.html", status, form=form, **known)


def _person(
    request: Request,
    login: str,
    visit: Visit,
    house: House,
    form: FormView | None = None,
    status: int = 200,
    from_on: str = "",
) -> Response:
    with house.sessions() as session:
        name = _name(session, login)
        known = queries.volunteer(session, login)
        filled = _filled(known, from_on, house.today()) if known else {}
        told = api.volunteer_view(known, house.today()) if known else None
    changes = api.changes(login, house, visit.actor).changes if known else []
    form = form or FormView(_address(login), Typed({field: [value] for field, value in filled.items()}))
    shown = {"name": name, "login": login, "changes": changes, "weekdays": WEEKDAYS, "known": told}
    return page(request, visit, "volunteer/person.html", status, form=form, **shown)


def _filled(known: queries.KnownVolunteer, from_on: str, today: date) -> Mapping[str, str]:
    """As they are typed: the terms that begin on that day, to be corrected; else those that hold, from today on."""
    rows = {row.from_on.isoformat() if row.from_on else ALWAYS: row for row in known.terms}
    held = known.terms[api.held_among(known.terms, today)]
    row = rows.get(from_on, held)
    written = written_work(row.contract_minutes, row.hourly_cents, row.timetable, row.from_on)
    return written if from_on in rows else written | {"from_on": today.isoformat()}


def _name(session: Session, login: str) -> str:
    """What somebody who works here, or whose work is known, is called. Raises HTTPException 404."""
    person = person_by_login(session, login)
    is_here = person is not None and person.active and person.delegate is None
    if person is None or not (is_here or queries.volunteer(session, login)):
        raise HTTPException(404, api.NOBODY)
    return person.name
