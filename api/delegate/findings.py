"""Our findings: what is to be put right, by when and why that day, what we proposed and delivered, what comes next."""

from collections.abc import Mapping
from datetime import date, datetime
from hashlib import sha256
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Body, Query, Request, Response
from pydantic import BaseModel, Field
from sqlalchemy import Row
from sqlalchemy.orm import Session

from api.cases import DeadlineView, deadline_view
from api.commands import LATER, CommandView, Key, give, key_or_new
from api.delegate.doors import (
    DelegateTask,
    Giver,
    Reader,
    file_kind,
    named,
    nothing_there,
    own_case,
    steps_of,
    task_views,
)
from api.house import House, TheHouse
from api.uploads import Upload, taking_an_upload, uploaded
from db.commands.command import Ask
from db.commands.finding import File, keep_evidence
from db.queries.delegate import desk
from db.queries.delegate import findings as queries
from db.queries.people import names_of
from domain.finding.commands import RequestPostponement
from domain.finding.states import FindingState
from domain.people import Actor
from domain.turn import Turn, turn_of

router = APIRouter()
POSTPONEMENT = {"until": "2027-04-30", "reason": "L’éditeur ne livre le correctif qu’en avril."}


class PlanView(BaseModel):
    """A plan that we proposed, and what the auditor said of it."""

    version: int
    plan: str
    proposed_by: str
    proposed_at: datetime
    accepted: bool | None
    decided_at: datetime | None
    reason: str | None = Field(description="why it was sent back")


class EvidenceView(BaseModel):
    """A file of the evidence; what one of us has brought is read under `/evidence/{id}`."""

    id: UUID
    name: str
    media_type: str
    size: int
    sha256: str
    round: int
    delivered_by: str = Field(description="a colleague by name; `insurer` where an auditor brought it")
    added_at: datetime


class RoundView(BaseModel):
    """Evidence that was delivered, and what was said of it."""

    round: int
    delivered_by: str
    delivered_at: datetime
    comment: str | None
    confirmed_at: datetime | None
    refused_at: datetime | None
    reason: str | None = Field(description="why it was refused")


class PostponementView(BaseModel):
    """Another date that was asked for."""

    until: date
    reason: str
    asked_by: str
    asked_at: datetime
    status: str
    decided_at: datetime | None
    refusal: str | None


class DelegateFindingLine(BaseModel):
    """One of our findings in a list."""

    reference: str = Field(examples=["CST-2026-000001"])
    subject: str
    contract: str
    risk: str
    state: str
    label: str
    due_on: date
    accepted_until: date | None = Field(description="the risk is accepted until then: the due day does not count")
    overdue: bool
    to_act: Turn = Field(description="who is to act: we, the insurer, or nobody while it rests")
    audit: str | None = Field(examples=["AUD-2026-000001"])
    number: int | None


class DelegateFinding(DelegateFindingLine):
    """One of our findings."""

    words: str
    origin: str
    piece: str | None
    agreed_on: date
    latest_on: date = Field(description="the last day that its risk allows; a later date was validated by somebody")
    round: int
    postponements: int
    carried_to: str | None = Field(description="the later audit that follows it")
    steps_done: list[str]
    steps_to_come: list[str]
    plans: list[PlanView]
    evidence: list[EvidenceView]
    rounds: list[RoundView]
    requests: list[PostponementView]
    deadlines: list[DeadlineView]
    tasks: list[DelegateTask]


class DelegateFindings(BaseModel):
    """Our findings, those due first first."""

    findings: list[DelegateFindingLine]


@router.get("/findings")
def findings(
    house: TheHouse, _actor: Reader, ended: Annotated[bool, Query(description="those that have ended too")] = False
) -> DelegateFindings:
    """Our findings that are open, those due first first."""
    with house.sessions() as session:
        return DelegateFindings(findings=finding_lines(session, house, ended=ended))


def finding_lines(session: Session, house: House, *, ended: bool = False) -> list[DelegateFindingLine]:
    """The delegate's findings, in a list."""
    today = house.today()
    return [DelegateFindingLine(**_line(row, today)) for row in queries.listed(session, ended=ended)]


@router.get("/findings/{reference}")
def finding(
    reference: str, house: TheHouse, actor: Reader, language: Annotated[Literal["fr", "en"], Query()] = "fr"
) -> DelegateFinding:
    """One of our findings: what is to be put right, by when and why that day, what was said, what comes next."""
    with house.reading() as session:
        return finding_view(session, house, reference, actor, language)


def finding_view(session: Session, house: House, reference: str, actor: Actor, language: str = "fr") -> DelegateFinding:
    """A finding as it is told to its delegate. Raises HTTPException 404."""
    row = queries.one(session, reference)
    if row is None:
        raise nothing_there(reference)
    done, to_come = steps_of("finding", row.state)
    same = ("words", "origin", "piece", "agreed_on", "latest_on", "round", "postponements", "carried_to")
    return DelegateFinding(
        **_line(row, house.today()),
        **{name: getattr(row, name) for name in same},
        steps_done=list(done),
        steps_to_come=list(to_come),
        **_said(session, row.case_id),
        deadlines=[deadline_view(one, language) for one in desk.deadlines(session, row.case_id)],
        tasks=task_views(desk.tasks_on(session, row.case_id, actor), actor, house.now()),
    )


def _line(row: Row[*tuple[Any, ...]], today: date) -> dict[str, Any]:
    state = FindingState(row.state)
    return {
        **{name: getattr(row, name) for name in ("reference", "subject", "contract", "risk", "due_on", "number")},
        "accepted_until": row.accepted_until,
        "state": state,
        "label": state.label,
        "overdue": state in FindingState.with_the_delegate() and row.due_on < today,
        "to_act": turn_of(rests=state in FindingState.resting(), asked=row.asked),
        "audit": row.audit_reference,
    }


def _said(session: Session, finding_id: UUID) -> dict[str, Any]:
    """Plans, evidence, rounds and requests; of the insurer's people no name."""
    plans, files = queries.plans(session, finding_id), queries.evidence(session, finding_id)
    rounds, asked = queries.rounds(session, finding_id), queries.postponements(session, finding_id)
    people = {one.proposed_by for one in plans} | {one.delivered_by for one in (*files, *rounds)}
    names = names_of(session, people | {one.asked_by for one in asked})
    return {
        "plans": [_told(PlanView, one, names, "proposed_by") for one in plans],
        "evidence": [_told(EvidenceView, one, names, "delivered_by") for one in files],
        "rounds": [_told(RoundView, one, names, "delivered_by") for one in rounds],
        "requests": [_told(PostponementView, one, names, "asked_by") for one in asked],
    }


def _told(view: type[BaseModel], row: Row[*tuple[Any, ...]], names: Mapping[UUID, str], who: str) -> BaseModel:
    return view(**{name: getattr(row, name) for name in view.model_fields} | {who: named(getattr(row, who), names)})


@router.post(
    "/findings/{reference}/evidence",
    response_model=CommandView,
    responses=LATER,
    openapi_extra=taking_an_upload({}, {"file": "(the bytes of rapprochement.pdf)"}),
)
async def add_evidence(reference: str, request: Request, house: TheHouse, actor: Giver, key: Key = None) -> Response:
    """Add a file to the evidence: a form with `file`. The same bytes again change nothing; when all are there, complete
    the task to deliver the evidence.

    It is PDF, JPEG, PNG, XLSX, DOCX or CSV by its content, and its name says so. It is kept sealed.
    """
    case = await house.transact(lambda session: own_case(session, reference, "finding"))
    file = evidence_in(await uploaded(request), actor)
    ask = ask_to_add(file, key_or_new(key), case.id)
    return await give(house, case.id, ask, actor, lambda session, id_: keep_file(session, case.id, id_, file))


def evidence_in(upload: Upload, actor: Actor) -> File:
    """The file that came in a form. Raises Invalid for what a delegate may not deliver."""
    name, kind = file_kind(upload)
    return File(name, kind, sha256(upload.content).hexdigest(), upload.content, actor.id)


def ask_to_add(file: File, key: str, case_id: UUID) -> Ask:
    """The command that makes it the finding's."""
    return Ask("add_evidence", {"name": file.name, "sha256": file.sha256}, key, case_id=case_id)


def keep_file(session: Session, finding_id: UUID, file_id: UUID, file: File) -> None:
    """Keep it beside its command, while evidence is awaited; otherwise the command alone is kept, and refused with its
    reason.
    """
    if desk.state_of(session, finding_id) == FindingState.PLANNED:
        keep_evidence(session, finding_id, file_id, file)


@router.post("/findings/{reference}/postponement", response_model=CommandView, responses=LATER)
async def ask_for_postponement(
    reference: str,
    asked: Annotated[RequestPostponement, Body(examples=[POSTPONEMENT])],
    house: TheHouse,
    actor: Giver,
    key: Key = None,
) -> Response:
    """Ask for a later date, with the reason: somebody of the insurer decides."""
    case = await house.transact(lambda session: own_case(session, reference, "finding"))
    ask = Ask("request_postponement", asked.model_dump(mode="json"), key_or_new(key), case_id=case.id)
    return await give(house, case.id, ask, actor)


@router.post("/findings/{reference}/withdraw-request", response_model=CommandView, responses=LATER)
async def withdraw_request(reference: str, house: TheHouse, actor: Giver, key: Key = None) -> Response:
    """What I asked for is no longer needed."""
    case = await house.transact(lambda session: own_case(session, reference, "finding"))
    return await give(house, case.id, Ask("withdraw_request", {}, key_or_new(key), case_id=case.id), actor)
