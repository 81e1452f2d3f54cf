"""The planning of an operation: its sessions with places, names and waiting lists; more places, more sessions."""

from asyncio import to_thread
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.responses import Response

from api.backlog import case_of
from api.backlog_sessions import give_more_places
from api.house import House, TheHouse
from api.pages.backlog.doors import Reader, Strengthener
from api.pages.backlog.known import known_of
from api.pages.backlog.plan_form import (
    STEPS,
    counts,
    in_its_rows,
    number,
    plan_mistaken,
    rows_filled,
    session_row,
    tidy,
)
from api.pages.choices import choices
from api.pages.form import FormView, begun, status_of
from api.pages.giving import Sent, Shown, give
from api.pages.session_rows import sessions_said
from api.pages.show import go_to, page
from api.pages.typed import SentForm
from api.pages.visit import Visit
from db.models import Case
from db.queries.backlog_possible import possible_on
from domain.backlog.commands import AddSessions, Places
from domain.permissions import Action
from domain.refusals import Refusal

router = APIRouter()


@router.get("/operations/{reference}/planning")
def planning_page(request: Request, reference: str, visit: Reader, house: TheHouse) -> Response:
    """Who has which place, and who waits; to be printed as well."""
    return _showing(request, reference, visit, house)(None, 200)


@router.post("/operations/{reference}/sessions")
async def add_sessions(
    request: Request, reference: str, visit: Strengthener, typed: SentForm, house: TheHouse
) -> Response:
    """More sessions, open to volunteers at once."""
    typed = tidy(typed)
    case_id = await house.transact(lambda session: case_of(session, reference))
    shown, place = _showing(request, reference, visit, house), f"/operations/{reference}/planning"
    sent = Sent(visit, house, case_id, _adding(reference), typed, shown, place, STEPS, plan_mistaken)
    said = {"sessions": sessions_said(typed)} if sessions_said(typed) else {}
    return await give(sent, "add_sessions", AddSessions, said, "sessions_added")


@router.post("/operations/{reference}/sessions/{session_id}/places")
async def add_places(
    request: Request, reference: str, session_id: UUID, visit: Strengthener, typed: SentForm, house: TheHouse
) -> Response:
    """So many places from now on: those who wait get the new ones."""
    address = f"/operations/{reference}/sessions/{session_id}/places"
    try:
        asked = Places.model_validate({"places": number(typed["places"])})
        await give_more_places(reference, session_id, asked, house, visit.actor)
    except (Refusal, ValidationError, RequestValidationError) as error:
        form = plan_mistaken(address, typed, error, visit.words)
        return await to_thread(_showing(request, reference, visit, house), form, status_of(error))
    return go_to(f"/operations/{reference}/planning", "places_added")


def _adding(reference: str) -> str:
    return f"/operations/{reference}/sessions"


def _showing(request: Request, reference: str, visit: Visit, house: House) -> Shown:
    """The planning, with the form that was sent in its place."""

    def shown(sent: FormView | None, status: int) -> Response:
        with house.reading() as session:
            values = known_of(session, reference, visit, house)
            case = session.get_one(Case, values["row"].case_id)
            refusals = possible_on(session, case, visit.actor, house.book, house.now(), house.today())
            outcomes = values["track"].outcomes
            days = [one for one in outcomes if one.added][:1]
            usual = [session_row(f"{one.on}", one.minutes, str(one.places)) for way in days for one in way.added]
            adding = begun(session, visit.actor.id, _adding(reference), rows_filled("sessions", usual))
        adding = in_its_rows(sent) if sent is not None and sent.address == _adding(reference) else adding
        return page(
            request,
            visit,
            "backlog/planning.html",
            status,
            form=sent,
            adding=adding,
            rows=counts(adding.typed),
            may_add=refusals[Action.ADD_SESSIONS] is None,
            choices=choices(visit.words, house.book),
            **values,
        )

    return shown
