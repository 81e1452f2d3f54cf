"""Who came to the sessions of an operation; what one person worked in one of them, corrected with the reason."""

from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Request
from starlette.responses import Response

from api.backlog import case_of, seen_operation
from api.backlog_attendance import PersonAttendance, person_attendance
from api.backlog_views import OperationView, operation_view
from api.house import House, TheHouse
from api.pages.backlog.known import not_now
from api.pages.form import FormView, begun
from api.pages.giving import Sent, Shown, give
from api.pages.places import STATES
from api.pages.show import page
from api.pages.typed import SentForm, Typed
from api.pages.visit import Visit
from api.pages.volunteer.doors import Corrector, OperationReader
from domain.backlog.commands import CorrectAttendance
from domain.permissions import Action

router = APIRouter()
Number = Annotated[int, Query(ge=1, le=10**6)]
Login = Annotated[str, Query(max_length=200)]


@router.get("/operations/{reference}/attendance")
def attendance(request: Request, reference: str, visit: OperationReader, house: TheHouse) -> Response:
    """Every session with who had a place in it, and for how long they worked."""
    with house.reading() as session:
        row = seen_operation(session, reference)
        known = operation_view(session, row, visit.words.language)
        refused = not_now(session, row.OperationRow, Action.CORRECT_ATTENDANCE, visit, house)
    return page(request, visit, "volunteer/attendance.html", operation=known, not_now=refused)


@router.get("/operations/{reference}/correct-attendance")
def correction_page(
    request: Request, reference: str, visit: Corrector, house: TheHouse, session: Number = 1, login: Login = ""
) -> Response:
    """What was entered about somebody in a session and corrected since, and a form for another correction."""
    return _showing(request, reference, visit, house, session, login)(None, 200)


@router.post("/operations/{reference}/correct-attendance")
async def correct(
    request: Request,
    reference: str,
    visit: Corrector,
    typed: SentForm,
    house: TheHouse,
    session: Number = 1,
    login: Login = "",
) -> Response:
    """Correct it, with the reason; the same page then tells what that changes."""
    address = _address(reference, session, login)
    case_id = await house.transact(lambda reading: case_of(reading, reference))
    shown = _showing(request, reference, visit, house, session, login)
    sent = Sent(visit, house, case_id, address, typed, shown, address, STATES["backlog"])
    said = _said(typed, session, login)
    return await give(sent, "correct_attendance", CorrectAttendance, said, "attendance_corrected")


def _said(typed: Typed, session: int, login: str) -> dict[str, Any]:
    minutes = typed.text("minutes") or ""
    known = {"session": session, "login": login, "reason": typed.text("reason") or ""}
    return known | {"minutes": int(minutes) if minutes.isdecimal() and minutes.isascii() else minutes}


def _address(reference: str, session: int, login: str) -> str:
    return f"/operations/{reference}/correct-attendance?session={session}&login={login}"


def _showing(request: Request, reference: str, visit: Visit, house: House, number: int, login: str) -> Shown:
    def shown(sent: FormView | None, status: int) -> Response:
        with house.reading() as session:
            known = operation_view(session, seen_operation(session, reference), visit.words.language)
            told = person_attendance(session, house, reference, number, login, visit.actor)
            held = _held(known, number)
            form = sent or begun(session, visit.actor.id, _address(reference, number, login), _filled(told))
        template = "volunteer/correct_attendance.html"
        return page(request, visit, template, status, operation=known, held=held, told=told, form=form)

    return shown


def _held(known: OperationView, number: int) -> Any:
    found = next((one for one in known.sessions if one.number == number), None)
    if found is None:
        raise HTTPException(404, "The operation has no such session.")
    return found


def _filled(told: PersonAttendance) -> dict[str, str]:
    return {"minutes": str(told.versions[-1].minutes)}
