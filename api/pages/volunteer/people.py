"""Who may sign up: contract, usual week and hourly pay, one by one or out of a file; and what was there before."""

from asyncio import to_thread
from collections.abc import Mapping
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
from db.queries import backlog_lists
from db.queries import volunteers as queries
from db.queries.people import person_by_login
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
def volunteer(login: str, request: Request, visit: VolunteerManager, house: TheHouse) -> Response:
    """What is known of somebody's work, to be corrected, and what was there before."""
    return _person(request, login, visit, house)


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
            done = api.entered(session, login, asked, Writer(house.now(), visit.actor.id), house.book)
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
    request: Request, login: str, visit: Visit, house: House, form: FormView | None = None, status: int = 200
) -> Response:
    with house.sessions() as session:
        name, filled = _known(session, login)
    changes = api.changes(login, house, visit.actor).changes if filled else []
    form = form or FormView(_address(login), Typed({field: [value] for field, value in filled.items()}))
    known = {"name": name, "login": login, "changes": changes, "weekdays": WEEKDAYS}
    return page(request, visit, "volunteer/person.html", status, form=form, is_known=bool(filled), **known)


def _known(session: Session, login: str) -> tuple[str, Mapping[str, str]]:
    """Somebody's name, and what is known of their work as it is typed. Raises HTTPException 404."""
    row = backlog_lists.volunteer(session, login)
    if row is not None:
        known = row.VolunteerRow
        return row.StaffMember.name, written_work(known.contract_minutes, known.hourly_cents, known.timetable)
    person = person_by_login(session, login)
    if person is None or not person.active or person.delegate is not None:
        raise HTTPException(404, api.NOBODY)
    return person.name, {}
