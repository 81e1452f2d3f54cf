"""The files of an audit: delivered by the auditor for the delegate, read, and those of its report; invitations."""

from asyncio import to_thread
from uuid import UUID

from fastapi import APIRouter, HTTPException, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from api import audit_pieces, audit_reports
from api.audit_pieces import ask_to_deliver, delivered_file, may_deliver
from api.audit_reports import Draft, Kind
from api.audits import case_of
from api.house import House, TheHouse
from api.pages.audit.doors import Deliverer, Reader
from api.pages.audit.known import known_of
from api.pages.form import FormView, begun
from api.pages.giving import Sent, Shown, carried_out, or_shown_with_file
from api.pages.places import STATES
from api.pages.show import page
from api.pages.typed import Typed
from api.pages.visit import Visit
from api.uploads import LARGEST_DOCUMENT, Upload
from db.commands.audit_file import keep_audit_file
from domain.audit.words import Meeting
from domain.permissions import Action, check_allowed
from domain.refusals import Invalid

router = APIRouter(include_in_schema=False)
NO_FILE = Invalid("No file was chosen.", "Choose the file of the piece.", field="file")
ACCEPTED = ".pdf,.jpg,.jpeg,.png,.xlsx,.docx,.csv"


@router.get("/audits/{reference}/files/{file_id}")
async def file(reference: str, file_id: UUID, visit: Reader, house: TheHouse) -> Response:
    """A file as the delegate has delivered it."""
    return await to_thread(audit_pieces.read, reference, file_id, house, visit.actor)


@router.get("/audits/{reference}/report.{kind}")
async def report(
    reference: str, kind: Kind, visit: Reader, house: TheHouse, version: int | None = None, draft: Draft = False
) -> Response:
    """The final report once it is validated; a draft as it lies sealed."""
    return await audit_reports.report(reference, kind, house, visit.actor, version, draft)


@router.get("/audits/{reference}/meetings/{meeting}.ics")
async def invitation(reference: str, meeting: Meeting, visit: Reader, house: TheHouse) -> Response:
    """A meeting for the calendar."""
    return await to_thread(audit_pieces.invitation, reference, meeting, house, visit.actor)


@router.get("/audits/{reference}/pieces/{piece}/add-file")
def add_page(request: Request, reference: str, piece: str, visit: Deliverer, house: TheHouse) -> Response:
    """What is asked for, what it is checked for, and the file."""
    check_allowed(visit.actor, Action.READ_AUDITS)
    return _showing(request, reference, piece, visit, house)(None, 200)


@router.post("/audits/{reference}/pieces/{piece}/add-file")
async def add(request: Request, reference: str, piece: str, visit: Deliverer, house: TheHouse) -> Response:
    """A file has come by another way: the auditor delivers it for the delegate."""
    check_allowed(visit.actor, Action.READ_AUDITS)
    case_id = await house.transact(lambda session: case_of(session, reference, visit.actor))
    shown, place = _showing(request, reference, piece, visit, house), f"/audits/{reference}#{piece}"
    sent = Sent(visit, house, case_id, _address(reference, piece), Typed(), shown, place, STATES["audit"])

    async def delivering(read: Sent, upload: Upload) -> Response:
        await house.transact(lambda session: may_deliver(session, house, reference, piece, visit.actor))
        brought = delivered_file(upload, piece, visit.actor)
        ask = ask_to_deliver(brought, read.key, case_id)

        def beside(session: Session, file_id: UUID) -> None:
            keep_audit_file(session, case_id, file_id, brought)

        return await carried_out(read, ask, ask.kind, beside)

    return await or_shown_with_file(sent, request, NO_FILE, delivering)


def _showing(request: Request, reference: str, piece: str, visit: Visit, house: House) -> Shown:
    def shown(sent: FormView | None, status: int) -> Response:
        with house.reading() as session:
            values = known_of(session, reference, visit, house)
            form = sent or begun(session, visit.actor.id, _address(reference, piece))
        asked = next((one for one in values["audit"].pieces if one.id == piece), None)
        if asked is None:
            raise HTTPException(404, "The audit asks for no such piece.")
        most = LARGEST_DOCUMENT // 1_000_000
        return page(
            request,
            visit,
            "audit/add_file.html",
            status,
            form=form,
            piece=asked,
            accepted=ACCEPTED,
            most_megabytes=most,
            **values,
        )

    return shown


def _address(reference: str, piece: str) -> str:
    return f"/audits/{reference}/pieces/{piece}/add-file"
