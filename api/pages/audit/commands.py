"""Commands on an audit with their pages: a meeting is fixed, the delivery ends, a file is taken back, all given up."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api.audits import case_of
from api.house import House, TheHouse
from api.pages.audit.doors import Deliverer, MayCancel, MayEnd, MayEndAnswers, MayFix
from api.pages.audit.known import known_of
from api.pages.choices import options
from api.pages.fields import said_in
from api.pages.form import FormView, begun
from api.pages.giving import Sent, Shown, give
from api.pages.places import STATES
from api.pages.show import page
from api.pages.typed import SentForm, Typed
from api.pages.visit import Visit
from domain.audit.commands import Cancel, EndAnswers, EndDelivery, FixMeeting, WithdrawPiece
from domain.audit.words import Meeting, OpenFindings
from domain.permissions import Action, check_allowed

router = APIRouter(include_in_schema=False)
Which = Annotated[Meeting, Query()]
Piece = Annotated[str, Query(max_length=60)]
Version = Annotated[int, Query(ge=1, le=100_000)]


@router.get("/audits/{reference}/meeting")
def meeting_page(
    request: Request, reference: str, visit: MayFix, house: TheHouse, meeting: Which = Meeting.LAUNCH
) -> Response:
    """When and where a meeting is held."""
    return _showing_meeting(request, reference, visit, house, meeting)(None, 200)


@router.post("/audits/{reference}/meeting")
async def fix_meeting(
    request: Request,
    reference: str,
    visit: MayFix,
    typed: SentForm,
    house: TheHouse,
    meeting: Which = Meeting.LAUNCH,
) -> Response:
    """Fix it, or move it."""
    said = {"meeting": meeting, "at": typed.instant("at", house.zone), "place": typed.text("place") or ""}
    shown = _showing_meeting(request, reference, visit, house, meeting)
    sent = await _sent(reference, visit, house, _meeting_address(reference, meeting), typed, shown)
    return await give(sent, "fix_meeting", FixMeeting, said, "fix_meeting")


async def _sent(reference: str, visit: Visit, house: House, address: str, typed: Typed, shown: Shown) -> Sent:
    case_id = await house.transact(lambda session: case_of(session, reference, visit.actor))
    return Sent(visit, house, case_id, address, typed, shown, f"/audits/{reference}", STATES["audit"])


def _showing_meeting(request: Request, reference: str, visit: Visit, house: House, meeting: Meeting) -> Shown:
    def shown(sent: FormView | None, status: int) -> Response:
        with house.reading() as session:
            values = known_of(session, reference, visit, house)
            fixed = next((one for one in values["audit"].meetings if one.meeting == meeting), None)
            filled = {"at": _as_typed(fixed.at, house), "place": fixed.place} if fixed else {}
            form = sent or begun(session, visit.actor.id, _meeting_address(reference, meeting), filled)
        return page(request, visit, "audit/fix_meeting.html", status, form=form, meeting=meeting, fixed=fixed, **values)

    return shown


def _as_typed(at: Any, house: House) -> str:
    return str(at.astimezone(house.zone).strftime("%Y-%m-%dT%H:%M"))


def _meeting_address(reference: str, meeting: Meeting) -> str:
    return f"/audits/{reference}/meeting?meeting={meeting}"


@router.get("/audits/{reference}/end-delivery")
def end_delivery_page(request: Request, reference: str, visit: MayEnd, house: TheHouse) -> Response:
    """What has not come, and what becomes of it."""
    return _showing(request, reference, visit, house, "end-delivery")(None, 200)


@router.post("/audits/{reference}/end-delivery")
async def end_delivery(request: Request, reference: str, visit: MayEnd, typed: SentForm, house: TheHouse) -> Response:
    """End it, with the reason."""
    shown = _showing(request, reference, visit, house, "end-delivery")
    sent = await _sent(reference, visit, house, f"/audits/{reference}/end-delivery", typed, shown)
    return await give(sent, "end_delivery", EndDelivery, said_in(EndDelivery, typed), "end_delivery")


@router.get("/audits/{reference}/end-answers")
def end_answers_page(request: Request, reference: str, visit: MayEndAnswers, house: TheHouse) -> Response:
    """What was not answered, and what becomes of it."""
    return _showing(request, reference, visit, house, "end-answers")(None, 200)


@router.post("/audits/{reference}/end-answers")
async def end_answers(
    request: Request, reference: str, visit: MayEndAnswers, typed: SentForm, house: TheHouse
) -> Response:
    """Go on without the answers, with the reason."""
    shown = _showing(request, reference, visit, house, "end-answers")
    sent = await _sent(reference, visit, house, f"/audits/{reference}/end-answers", typed, shown)
    return await give(sent, "end_answers", EndAnswers, said_in(EndAnswers, typed), "end_answers")


@router.get("/audits/{reference}/cancel")
def cancel_page(request: Request, reference: str, visit: MayCancel, house: TheHouse) -> Response:
    """What it means to give the audit up."""
    return _showing(request, reference, visit, house, "cancel")(None, 200)


@router.post("/audits/{reference}/cancel")
async def cancel(request: Request, reference: str, visit: MayCancel, typed: SentForm, house: TheHouse) -> Response:
    """Give it up, with the reason; where findings are open, with what becomes of them."""
    shown = _showing(request, reference, visit, house, "cancel")
    sent = await _sent(reference, visit, house, f"/audits/{reference}/cancel", typed, shown)
    return await give(sent, "cancel", Cancel, said_in(Cancel, typed), "cancel")


@router.get("/audits/{reference}/withdraw")
def withdraw_page(
    request: Request, reference: str, visit: Deliverer, house: TheHouse, piece: Piece = "", version: Version = 1
) -> Response:
    """Which file is taken back, and why."""
    check_allowed(visit.actor, Action.READ_AUDITS)
    return _showing(request, reference, visit, house, "withdraw", piece=piece, version=version)(None, 200)


@router.post("/audits/{reference}/withdraw")
async def withdraw(
    request: Request,
    reference: str,
    visit: Deliverer,
    typed: SentForm,
    house: TheHouse,
    piece: Piece = "",
    version: Version = 1,
) -> Response:
    """Take it back: it stays, and counts for nothing."""
    check_allowed(visit.actor, Action.READ_AUDITS)
    asked = {"piece": piece, "version": version}
    shown = _showing(request, reference, visit, house, "withdraw", **asked)
    sent = await _sent(reference, visit, house, _address(reference, "withdraw", asked), typed, shown)
    said = {**asked, "reason": typed.text("reason") or ""}
    return await give(sent, "withdraw_piece", WithdrawPiece, said, "withdraw_piece")


_TEMPLATES: Mapping[str, str] = {
    "end-delivery": "audit/end_delivery.html",
    "end-answers": "audit/end_answers.html",
    "cancel": "audit/cancel.html",
    "withdraw": "audit/withdraw_piece.html",
}


def _showing(request: Request, reference: str, visit: Visit, house: House, part: str, **asked: Any) -> Shown:
    """How the page of a command is shown, again or for the first time."""

    def shown(sent: FormView | None, status: int) -> Response:
        with house.reading() as session:
            values = known_of(session, reference, visit, house)
            form = sent or begun(session, visit.actor.id, _address(reference, part, asked))
        openings = options(visit.words, OpenFindings)
        template = _TEMPLATES[part]
        return page(request, visit, template, status, form=form, open_findings=openings, **asked, **values)

    return shown


def _address(reference: str, part: str, asked: Mapping[str, Any]) -> str:
    query = "&".join(f"{name}={value}" for name, value in asked.items())
    return f"/audits/{reference}/{part}" + (f"?{query}" if query else "")
