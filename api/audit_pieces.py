"""The files of an audit: deliver one, withdraw one, read one; and invitations to its meetings."""

from datetime import timedelta
from hashlib import sha256
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Body, Depends, HTTPException, Request, Response
from icalendar import Calendar, Event
from sqlalchemy.orm import Session

from api.attachments import BINARY, as_attachment
from api.audits import on_audit, seen_audit
from api.auth import Allowed
from api.commands import LATER, CommandView, Key, give, key_or_new
from api.delegates import AuditReader
from api.errors import Problem
from api.house import House, TheHouse
from api.uploads import Upload, taking_an_upload, uploaded
from db.commands.audit_file import DeliveredFile, keep_audit_file
from db.commands.command import Ask
from db.queries import audit as audit_queries
from db.queries import audit_lists
from domain.audit.commands import WithdrawPiece
from domain.audit.delivery import check_may_deliver
from domain.audit.words import Meeting
from domain.people import Actor
from domain.permissions import Action
from domain.refusals import Invalid
from domain.uploads import CSV, DELEGATE_FILES, media_type, plain_name

router = APIRouter(tags=["audits"])
Deliverer = Annotated[Actor, Depends(Allowed(Action.DELIVER_PIECE))]
WITHDRAWN = {"piece": "tariff-table", "version": 1, "reason": "Barème d’un autre contrat."}
LASTS = timedelta(hours=2)
"""How long an invitation says that a meeting lasts."""

GONE = {"model": Problem, "description": "The key of the audit has been erased, and with it the file."}
_FILES: dict[int | str, dict[str, Any]] = {
    200: {"content": dict.fromkeys(sorted(DELEGATE_FILES), BINARY)},
    410: GONE,
}
_INVITATION: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/calendar": {"schema": {"type": "string"}}}},
}


@router.post(
    "/audits/{reference}/pieces/{piece}/files",
    response_model=CommandView,
    responses=LATER,
    openapi_extra=taking_an_upload({}, {"file": "(the bytes of bareme.xlsx)"}),
)
async def deliver(
    reference: str, piece: str, request: Request, house: TheHouse, actor: Deliverer, key: Key = None
) -> Any:
    """A file of a piece has come: a form with `file`. By its content a PDF, JPEG, PNG, XLSX, DOCX or CSV, as its name
    says. It is kept sealed, as the piece's next version; the same bytes again are the same version.

    One that breaks off keeps nothing, and neither does one that comes when nothing can be delivered.
    """
    case_id = await house.transact(lambda session: may_deliver(session, house, reference, piece, actor))
    file = delivered_file(await uploaded(request), piece, actor)
    ask = ask_to_deliver(file, key_or_new(key), case_id)
    return await give(house, case_id, ask, actor, lambda session, id_: keep_audit_file(session, case_id, id_, file))


def may_deliver(session: Session, house: House, reference: str, piece: str, actor: Actor) -> UUID:
    """The audit's case, where this person may deliver this piece now. Raises HTTPException 404, or Refusal."""
    _, case, _ = seen_audit(session, reference, actor)
    known = audit_queries.audit(session, case, house.book)
    check_may_deliver(known, actor)
    if known.piece(piece) is None:
        raise Invalid(
            f"This audit does not ask for {piece[:60]}.", "Look at the pieces that it asks for.", field="piece"
        )
    case_id: UUID = case.id
    return case_id


def delivered_file(upload: Upload, piece: str, actor: Actor) -> DeliveredFile:
    """The file that came in a form. Raises Invalid for what cannot be delivered."""
    name = plain_name(upload.name)
    kind = media_type(upload.content, name, DELEGATE_FILES)
    return DeliveredFile(piece, name, kind, sha256(upload.content).hexdigest(), upload.content, actor.id)


def ask_to_deliver(file: DeliveredFile, key: str, case_id: UUID) -> Ask:
    """The command that makes it the audit's."""
    body = {"piece": file.piece, "name": file.name, "media_type": file.media_type, "sha256": file.sha256}
    return Ask("deliver_piece", body, key, case_id=case_id)


@router.post("/audits/{reference}/withdraw-piece", response_model=CommandView, responses=LATER)
async def withdraw(
    reference: str,
    asked: Annotated[WithdrawPiece, Body(examples=[WITHDRAWN])],
    house: TheHouse,
    actor: Deliverer,
    key: Key = None,
) -> Any:
    """Take a file back that was delivered by mistake."""
    return await on_audit(house, reference, "withdraw_piece", asked, actor, key)


@router.get("/audits/{reference}/files/{file_id}", response_class=Response, responses=_FILES)
def read(reference: str, file_id: UUID, house: TheHouse, actor: AuditReader) -> Response:
    """A file as the delegate has delivered it, byte for byte; 410 once its audit's key has been erased."""
    with house.sessions() as session:
        _, case, _ = seen_audit(session, reference, actor)
        row = audit_lists.file_of(session, case.id, file_id)
        if row is None:
            raise HTTPException(404, "The audit has no such file.")
        content = audit_lists.content_of(session, row)
    kind = f"{row.media_type}; charset=utf-8" if row.media_type == CSV else row.media_type
    return Response(content, media_type=kind, headers=as_attachment(row.name))


@router.get("/audits/{reference}/meetings/{meeting}.ics", response_class=Response, responses=_INVITATION)
def invitation(reference: str, meeting: Meeting, house: TheHouse, actor: AuditReader) -> Response:
    """A meeting for the calendar (RFC 5545): the same entry however often the meeting is moved."""
    with house.sessions() as session:
        return invitation_to(session, house, reference, meeting, actor)


def invitation_to(session: Session, house: House, reference: str, meeting: Meeting, actor: Actor) -> Response:
    """The invitation, for whoever may see the audit. Raises HTTPException 404."""
    _, case, delegate_name = seen_audit(session, reference, actor)
    fixed = audit_lists.meeting_of(session, case.id, meeting)
    if fixed is None or not fixed.place:
        raise HTTPException(404, "This meeting is not fixed.")
    event = Event()
    event.add("uid", f"{case.id}-{meeting}@{house.book.insurer.letterhead.email.rpartition('@')[2]}")
    event.add("dtstamp", fixed.fixed_at)
    event.add("sequence", fixed.sequence)
    event.add("dtstart", fixed.at.astimezone(house.zone))
    event.add("dtend", (fixed.at + LASTS).astimezone(house.zone))
    event.add("summary", f"{case.reference} – {meeting.label} – {delegate_name}")
    event.add("location", fixed.place)
    calendar = Calendar()
    calendar.add("prodid", "-//Échéance//audits//FR")
    calendar.add("version", "2.0")
    calendar.add_component(event)
    calendar.add_missing_timezones()
    name = f"{case.reference}-{meeting}.ics"
    return Response(calendar.to_ical(), media_type="text/calendar; charset=utf-8", headers=as_attachment(name))
