"""What our own people have delivered, byte for byte; and our dates, for a calendar of our own."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, HTTPException, Response
from icalendar import Calendar, Event
from sqlalchemy.orm import Session

from api.attachments import BINARY, as_attachment
from api.audit_pieces import GONE
from api.delegate.desk import ComingDate, date_lines
from api.delegate.doors import THE_INSURER, Reader, named, own_case
from api.delivered_files import evidence_file, piece_file
from api.house import House, TheHouse
from db.queries.delegate import audits, findings
from db.queries.people import names_of
from domain.audit.words import AuditDeadline
from domain.finding.words import FindingDeadline
from domain.uploads import DELEGATE_FILES

router = APIRouter()
_DELIVERED: dict[int | str, dict[str, Any]] = {
    200: {"content": dict.fromkeys(sorted(DELEGATE_FILES), BINARY)},
    410: GONE,
}
_CALENDAR: dict[int | str, dict[str, Any]] = {200: {"content": {"text/calendar": {"schema": {"type": "string"}}}}}


@router.get("/audits/{reference}/files/{file_id}", response_class=Response, responses=_DELIVERED)
async def piece(reference: str, file_id: UUID, house: TheHouse, _actor: Reader) -> Response:
    """A file of a piece as one of us has delivered it; 410 once its audit's key has been erased."""
    return await delivered_piece(house, reference, file_id)


async def delivered_piece(house: House, reference: str, file_id: UUID) -> Response:
    """A file that our own side has delivered: that it has is seen as our side, its seal is broken by the house. Raises
    HTTPException 404, Erased.
    """

    def ours(session: Session) -> UUID:
        case = own_case(session, reference, "audit")
        by_id = next((one.delivered_by for one in audits.files(session, case.id) if one.id == file_id), None)
        return _checked(session, case.id, by_id)

    return await piece_file(house, await house.transact(ours), file_id)


def _checked(session: Session, case_id: UUID, delivered_by: UUID | None) -> UUID:
    """The case of a file that somebody of ours has delivered. Raises HTTPException 404."""
    if delivered_by is None or named(delivered_by, names_of(session, {delivered_by})) == THE_INSURER:
        raise HTTPException(404, "None of you has delivered such a file.")
    return case_id


@router.get("/findings/{reference}/evidence/{evidence_id}", response_class=Response, responses=_DELIVERED)
async def evidence(reference: str, evidence_id: UUID, house: TheHouse, _actor: Reader) -> Response:
    """A piece of evidence as one of us has brought it; 410 once its finding's key has been erased."""
    return await delivered_evidence(house, reference, evidence_id)


async def delivered_evidence(house: House, reference: str, evidence_id: UUID) -> Response:
    """The same of a finding. Raises HTTPException 404, Erased."""

    def ours(session: Session) -> UUID:
        case = own_case(session, reference, "finding")
        by_id = next((one.delivered_by for one in findings.evidence(session, case.id) if one.id == evidence_id), None)
        return _checked(session, case.id, by_id)

    return await evidence_file(house, await house.transact(ours), evidence_id)


@router.get("/dates.ics", response_class=Response, responses=_CALENDAR)
def calendar(house: TheHouse, _actor: Reader) -> Response:
    """Our dates for a calendar (RFC 5545): each is the same entry whenever it is taken again, moved or not."""
    return dates_calendar(house)


def dates_calendar(house: House) -> Response:
    """What is still to come on all our audits and findings."""
    with house.sessions() as session:
        dates = date_lines(session, house.now())
    told = Calendar()
    told.add("prodid", "-//Échéance//dates//FR")
    told.add("version", "2.0")
    for one in dates:
        told.add_component(_entry(house, one))
    told.add_missing_timezones()
    return Response(told.to_ical(), media_type="text/calendar; charset=utf-8", headers=as_attachment("dates.ics"))


def _entry(house: House, one: ComingDate) -> Event:
    label = (AuditDeadline if one.procedure == "audit" else FindingDeadline)(one.name).label
    entry = Event()
    entry.add("uid", f"{one.case}-{one.name}@{house.book.insurer.letterhead.email.rpartition('@')[2]}")
    entry.add("dtstamp", house.now())
    entry.add("dtstart", one.due_at.astimezone(house.zone))
    entry.add("summary", f"{one.case} – {label}")
    return entry
