"""Our audits: what is asked for and by when, what has come, the report once it is validated; a piece is delivered."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Body, HTTPException, Query, Request, Response
from pydantic import BaseModel, Field
from sqlalchemy import Row
from sqlalchemy.orm import Session

from api.audit_pieces import ask_to_deliver, delivered_file
from api.audit_reports import Draft, Kind, final_file
from api.cases import PDF, DeadlineView, deadline_view
from api.commands import LATER, CommandView, Key, give, key_or_new
from api.delegate.doors import (
    DelegateTask,
    Giver,
    Reader,
    named,
    nothing_there,
    own_case,
    steps_of,
    task_views,
)
from api.house import House, TheHouse
from api.uploads import taking_an_upload, uploaded
from db.commands.audit_file import DeliveredFile, keep_audit_file
from db.commands.command import Ask
from db.queries.delegate import audits as queries
from db.queries.delegate import desk
from db.queries.people import names_of
from domain.audit.commands import WithdrawPiece
from domain.audit.states import AuditState
from domain.people import Actor
from domain.refusals import Invalid
from domain.turn import Turn, turn_of

router = APIRouter()
Language = Annotated[Literal["fr", "en"], Query()]
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SHEET: dict[int | str, dict[str, Any]] = {
    200: {"content": {_XLSX: {"schema": {"type": "string", "format": "binary"}}}},
    410: PDF[410],
}


class PieceStatus(StrEnum):
    """Where a piece stands, on a day."""

    DELIVERED = "delivered"
    LATE = "late"
    AWAITED = "awaited"
    MISSING = "missing"

    @property
    def label(self) -> str:
        """The French word shown on pages."""
        return _STATUSES[self]


_STATUSES = {
    PieceStatus.DELIVERED: "remise",
    PieceStatus.LATE: "remise en retard",
    PieceStatus.AWAITED: "attendue",
    PieceStatus.MISSING: "manquante",
}


class FileView(BaseModel):
    """A file of a piece, as it came. What one of us has delivered is read under `content`."""

    id: UUID
    content: str | None = Field(description="null where an auditor delivered it for us")
    version: int
    name: str
    size: int
    sha256: str
    delivered_at: datetime
    delivered_by: str = Field(description="a colleague by name; `insurer` where an auditor delivered it for us")
    late: bool
    withdrawn_at: datetime | None
    withdrawn_because: str | None


class PieceView(BaseModel):
    """A piece that we are asked for, and what has come of it."""

    piece: str = Field(examples=["tariff-table"])
    number: int
    domain: str
    label: str
    checked_for: str = Field(description="what it is looked at for")
    lists_people: bool = Field(description="a list of people: of the audited contract only")
    status: PieceStatus
    files: list[FileView]


class MeetingView(BaseModel):
    """A meeting: when and where, and when it was held."""

    meeting: str
    at: datetime
    place: str
    held_on: date | None


class RecommendationView(BaseModel):
    """What the validated report recommends, what we answered, what was ruled where we disputed it."""

    number: int
    risk: str
    words: str
    expected_on: date
    piece: str | None
    contract: str | None
    comment: str | None
    reply: str | None
    proposed_on: date | None
    argument: str | None
    ruling: str | None
    ruled_risk: str | None
    ruled_because: str | None


class ReportView(BaseModel):
    """The report, once two people have validated it; the hashes are those of the draft that they read (`?draft=1`)."""

    version: int
    made_at: datetime
    pdf: str
    pdf_sha256: str
    xlsx: str
    xlsx_sha256: str
    strengths: list[str]
    recommendations: list[RecommendationView]


class FollowedView(BaseModel):
    """A finding that the audit follows."""

    number: int | None
    finding: str = Field(examples=["CST-2026-000001"])
    state: str


class DelegateAuditLine(BaseModel):
    """One of our audits in a list."""

    reference: str = Field(examples=["AUD-2026-000001"])
    year: int
    state: str
    label: str
    contracts: list[str]
    themes: list[str]
    delivery_due_on: date | None
    to_act: Turn = Field(description="who is to act, on it or on one of its findings: we, the insurer, or nobody")


class DelegateAudit(DelegateAuditLine):
    """One of our audits."""

    launched_on: date | None
    delivery_ended_on: date | None
    answers_ended_on: date | None = Field(description="the auditors went on without our answers")
    answers_ended_because: str | None
    steps_done: list[str]
    steps_to_come: list[str]
    pieces: list[PieceView]
    missing: int = Field(description="how many pieces have not come")
    meetings: list[MeetingView]
    deadlines: list[DeadlineView]
    tasks: list[DelegateTask]
    report: ReportView | None
    findings: list[FollowedView]


class DelegateAudits(BaseModel):
    """Our audits, the newest first."""

    audits: list[DelegateAuditLine]


@router.get("/audits")
def audits(house: TheHouse, _actor: Reader) -> DelegateAudits:
    """Our audits, the newest first."""
    with house.sessions() as session:
        return DelegateAudits(audits=audit_lines(session))


def audit_lines(session: Session) -> list[DelegateAuditLine]:
    """The delegate's audits, in a list."""
    return [DelegateAuditLine(**_line(row)) for row in queries.listed(session)]


@router.get("/audits/{reference}")
def audit(reference: str, house: TheHouse, actor: Reader, language: Language = "fr") -> DelegateAudit:
    """One of our audits: the pieces that are asked for, what each is checked for, what has come, what is missing."""
    with house.reading() as session:
        return audit_view(session, house, reference, actor, language)


def audit_view(session: Session, house: House, reference: str, actor: Actor, language: str = "fr") -> DelegateAudit:
    """An audit as it is told to its delegate. Raises HTTPException 404."""
    row = queries.one(session, reference)
    if row is None:
        raise nothing_there(reference)
    pieces = _pieces(session, row, language)
    done, to_come = steps_of("audit", row.state)
    return DelegateAudit(
        **_line(row),
        launched_on=row.launched_on,
        delivery_ended_on=row.delivery_ended_on,
        answers_ended_on=row.answers_ended_on,
        answers_ended_because=row.answers_ended_because,
        steps_done=list(done),
        steps_to_come=list(to_come),
        pieces=pieces,
        missing=sum(one.status in {PieceStatus.AWAITED, PieceStatus.MISSING} for one in pieces),
        meetings=[
            MeetingView(meeting=one.meeting, at=one.at, place=one.place, held_on=one.held_on)
            for one in queries.meetings(session, row.case_id)
        ],
        deadlines=[deadline_view(one, language) for one in desk.deadlines(session, row.case_id)],
        tasks=task_views(desk.tasks_on(session, row.case_id, actor), actor, house.now()),
        report=_report(session, row.case_id, row.reference),
        findings=[
            FollowedView(number=one.number, finding=one.reference, state=one.state)
            for one in queries.followed(session, row.case_id)
        ],
    )


def _line(row: Row[*tuple[Any, ...]]) -> dict[str, Any]:
    same = ("reference", "year", "state", "contracts", "themes", "delivery_due_on")
    state = AuditState(row.state)
    to_act = turn_of(rests=state in AuditState.ended(), asked=row.asked)
    return {**{name: getattr(row, name) for name in same}, "label": state.label, "to_act": to_act}


def _pieces(session: Session, audit: Row[*tuple[Any, ...]], language: str) -> list[PieceView]:
    files: defaultdict[str, list[Row[*tuple[Any, ...]]]] = defaultdict(list)
    for file in queries.files(session, audit.case_id):
        files[file.piece].append(file)
    names = names_of(session, {file.delivered_by for known in files.values() for file in known})
    ended = audit.delivery_ended_on is not None
    return [
        PieceView(
            piece=row.piece,
            number=row.number,
            domain=row.domain,
            label=row.label_en if language == "en" else row.label_fr,
            checked_for=row.checked_for_en if language == "en" else row.checked_for_fr,
            lists_people=row.lists_people,
            status=_status(files[row.piece], ended=ended),
            files=[_file(one, names, audit.reference) for one in files[row.piece]],
        )
        for row in queries.pieces(session, audit.case_id)
    ]


def _status(files: Sequence[Row[*tuple[Any, ...]]], *, ended: bool) -> PieceStatus:
    """Late when nothing that counts came in time; missing once nothing more is delivered."""
    counting = [one for one in files if one.withdrawn_at is None]
    if counting:
        return PieceStatus.LATE if all(one.late for one in counting) else PieceStatus.DELIVERED
    return PieceStatus.MISSING if ended else PieceStatus.AWAITED


def _file(row: Row[*tuple[Any, ...]], names: Mapping[UUID, str], reference: str) -> FileView:
    content = f"/api/v1/delegate/audits/{reference}/files/{row.id}" if row.delivered_by in names else None
    same = ("id", "version", "name", "size", "sha256", "delivered_at", "late", "withdrawn_at", "withdrawn_because")
    return FileView(
        **{name: getattr(row, name) for name in same}, content=content, delivered_by=named(row.delivered_by, names)
    )


def _report(session: Session, audit_id: UUID, reference: str) -> ReportView | None:
    row = queries.report(session, audit_id)
    if row is None:
        return None
    return ReportView(
        version=row.version,
        made_at=row.made_at,
        pdf=f"/api/v1/delegate/audits/{reference}/report.pdf",
        pdf_sha256=row.pdf_sha256,
        xlsx=f"/api/v1/delegate/audits/{reference}/report.xlsx",
        xlsx_sha256=row.xlsx_sha256,
        strengths=list(queries.strengths(session, audit_id)),
        recommendations=[
            RecommendationView(**{name: getattr(one, name) for name in RecommendationView.model_fields})
            for one in queries.recommendations(session, audit_id)
        ],
    )


@router.get("/audits/{reference}/report.pdf", response_class=Response, responses=PDF)
async def report_pdf(reference: str, house: TheHouse, _actor: Reader, draft: Draft = False) -> Response:
    """The final report, that names its validators, or the draft that they read, byte for byte; 404 before."""
    return await validated_report(house, reference, "pdf", draft=draft)


@router.get("/audits/{reference}/report.xlsx", response_class=Response, responses=_SHEET)
async def report_sheet(reference: str, house: TheHouse, _actor: Reader, draft: Draft = False) -> Response:
    """The same as a spreadsheet."""
    return await validated_report(house, reference, "xlsx", draft=draft)


async def validated_report(house: House, reference: str, kind: Kind, *, draft: bool) -> Response:
    """A file of the validated report, the final one or what was validated. Raises HTTPException 404, or Erased."""
    case = await house.transact(lambda session: own_case(session, reference, "audit"))
    content = await house.transact(lambda session: queries.report_content(session, case.id, kind))
    if content is None:
        raise HTTPException(404, "The report of this audit is not validated yet.")
    if not draft:
        content = await final_file(house, case.id, kind)
    media_type = "application/pdf" if kind == "pdf" else _XLSX
    named_so = f'attachment; filename="{case.reference}.{kind}"'
    return Response(content, media_type=media_type, headers={"Content-Disposition": named_so})


@router.post(
    "/audits/{reference}/pieces/{piece}",
    response_model=CommandView,
    responses=LATER,
    openapi_extra=taking_an_upload({}, {"file": "(the bytes of bareme.xlsx)"}),
)
async def deliver(
    reference: str, piece: str, request: Request, house: TheHouse, actor: Giver, key: Key = None
) -> Response:
    """Deliver a file of a piece: a form with `file`. Its next version; the same bytes again change nothing.

    It is PDF, JPEG, PNG, XLSX, DOCX or CSV by its content, and its name says so. It is kept sealed. After the due date
    it is late; after the end of the delivery it is refused.
    """
    case = await house.transact(lambda session: asked_for(session, reference, piece))
    file = delivered_file(await uploaded(request), piece, actor)
    ask = ask_to_deliver(file, key_or_new(key), case.id)
    return await give(house, case.id, ask, actor, lambda session, id_: keep_file(session, case.id, id_, file))


def keep_file(session: Session, audit_id: UUID, file_id: UUID, file: DeliveredFile) -> None:
    """Keep it beside its command, while something can be delivered; otherwise the command alone is kept, and refused
    with its reason.
    """
    row = desk.state_of(session, audit_id)
    if row == AuditState.LAUNCHED:
        keep_audit_file(session, audit_id, file_id, file)


def asked_for(session: Session, reference: str, piece: str) -> Row[*tuple[Any, ...]]:
    """The audit's case. Raises HTTPException 404; Invalid where it does not ask for the piece."""
    case = own_case(session, reference, "audit")
    if piece not in {row.piece for row in queries.pieces(session, case.id)}:
        raise Invalid(
            f"This audit does not ask for {piece[:60]}.", "Look at the pieces that it asks for.", field="piece"
        )
    return case


@router.post("/audits/{reference}/withdraw-piece", response_model=CommandView, responses=LATER)
async def withdraw(
    reference: str,
    asked: Annotated[
        WithdrawPiece, Body(examples=[{"piece": "tariff-table", "version": 1, "reason": "Barème de 2024."}])
    ],
    house: TheHouse,
    actor: Giver,
    key: Key = None,
) -> Response:
    """Take a file back that was delivered by mistake: it stays listed, and counts for nothing."""
    case = await house.transact(lambda session: own_case(session, reference, "audit"))
    ask = Ask("withdraw_piece", asked.model_dump(mode="json"), key_or_new(key), case_id=case.id)
    return await give(house, case.id, ask, actor)
