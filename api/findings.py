"""Findings: open one that came from elsewhere, list them, read one, its evidence, and the commands on it."""

from hashlib import sha256
from typing import Annotated, Any, Literal
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Body, Depends, HTTPException, Query, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from sqlalchemy import Row, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from api.attachments import BINARY
from api.auth import Allowed
from api.commands import LATER, CommandView, Key, give, key_or_new
from api.errors import Problem
from api.finding_views import FindingPage, FindingView, finding_line, finding_view
from api.house import House, TheHouse
from api.uploads import Upload, taking_an_upload, uploaded
from db.commands.command import Ask, already_received
from db.commands.finding import File, keep_evidence, register_finding
from db.models import Case, CommandRow
from db.queries import finding_lists
from db.queries.finding import content_of, evidence_of
from db.queries.finding_lists import WantedFindings
from domain.finding.commands import Cancel, OpenFinding, RequestPostponement, RequestRiskAcceptance
from domain.finding.states import FindingState
from domain.finding.words import RiskLevel
from domain.people import Actor
from domain.permissions import Action
from domain.uploads import DELEGATE_FILES, media_type, plain_name
from faultpoints import fault_point
from tracing.parts import chosen_id, part, say_command

router = APIRouter(tags=["findings"])
Reader = Annotated[Actor, Depends(Allowed(Action.READ_FINDINGS))]
Language = Annotated[Literal["fr", "en"], Query(description="of the sentences")]

EXAMPLE = {
    "delegate": "ARMOR",
    "contract": "COL-2019-014",
    "subject": "Contrôle des bordereaux de cotisations",
    "words": "Le contrôle mensuel des bordereaux n’est pas formalisé.",
    "risk": "high",
    "agreed_on": "2026-11-23",
    "due_on": "2027-01-15",
}
POSTPONEMENT = {"until": "2027-03-31", "reason": "Le prestataire informatique livre en mars."}
RISK_ACCEPTANCE = {"until": "2027-12-31", "reason": "Le contrat prend fin cette année."}
CANCEL = {"reason": "Le contrat est résilié."}
_CONTENT: dict[int | str, dict[str, Any]] = {
    200: {"content": dict.fromkeys(sorted(DELEGATE_FILES), BINARY)},
    410: {"model": Problem, "description": "The key of the case has been erased, and with it the evidence."},
}


@router.post("/findings", status_code=201, response_model=FindingView)
async def open_one(
    asked: Annotated[OpenFinding, Body(examples=[EXAMPLE])],
    house: TheHouse,
    actor: Annotated[Actor, Depends(Allowed(Action.OPEN_FINDING))],
    key: Key = None,
) -> Response:
    """Open a finding that came from elsewhere than an audit. Answered 201 even while the engine is down: its delegate
    is then asked later.

    The same key is the same finding. A date that is later than the risk allows is refused: ask for a postponement.
    """
    case_id = await open_and_deliver(house, asked, key_or_new(key), actor)
    view = await house.transact(lambda session: _opened(session, house, case_id, actor))
    return JSONResponse(view.model_dump(mode="json"), 201, headers={"Location": f"/api/v1/findings/{view.reference}"})


async def open_and_deliver(house: House, asked: OpenFinding, key: str, actor: Actor) -> UUID:
    """Open a finding and have its delegate asked; its case. Raises Invalid."""
    ask = Ask("register", asked.model_dump(mode="json"), key, id=chosen_id())
    with part("keep", {"echeance.command.kind": ask.kind}) as told:
        kept = await house.transact(lambda session: _keep(session, house, asked, ask, actor))
        say_command(told, *kept)
    fault_point("finding_kept")
    await house.delivery.deliver(*kept, house.patience)
    fault_point("finding_decided")
    return kept[0]


def _keep(session: Session, house: House, asked: OpenFinding, ask: Ask, actor: Actor) -> tuple[UUID, UUID]:
    """Open it; the same request again, or twice at once, is the same finding."""
    known = already_received(session, actor, ask)
    if known is None:
        try:
            with session.begin_nested():
                case = register_finding(session, asked, ask, actor, house.now(), house.book)
        except IntegrityError:
            known = already_received(session, actor, ask)
            if known is None:
                raise
        else:
            known = session.scalars(select(CommandRow).where(CommandRow.case_id == case.id)).one()
    return known.case_id, known.id


def _opened(session: Session, house: House, case_id: UUID, actor: Actor) -> FindingView:
    return finding_view(session, seen_finding(session, house, session.get_one(Case, case_id).reference, actor))


@router.get("/findings")
def findings(
    house: TheHouse,
    _actor: Reader,
    delegate: Annotated[str | None, Query(max_length=20)] = None,
    risk: RiskLevel | None = None,
    state: FindingState | None = None,
    audit: Annotated[str | None, Query(max_length=40, description="the audit that made it, or follows it now")] = None,
    overdue: Annotated[bool | None, Query(description="only those that are, or only the others")] = None,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> FindingPage:
    """The findings, the earliest due first."""
    wanted = WantedFindings(delegate, risk, state, audit, overdue, cursor, limit)
    with house.sessions() as session:
        rows = finding_lists.listed(session, wanted, house.now())
    some = [finding_line(row) for row in rows[:limit]]
    return FindingPage(findings=some, next=finding_lists.next_page(rows, limit))


@router.get("/findings/{reference}")
def finding(reference: str, house: TheHouse, actor: Reader, language: Language = "fr") -> FindingView:
    """Everything on the file of one finding."""
    with house.reading() as session:
        return finding_view(session, seen_finding(session, house, reference, actor), language)


def seen_finding(session: Session, house: House, reference: str, actor: Actor) -> Row[*tuple[Any, ...]]:
    """The finding with this reference, if the actor may see it; 404 otherwise, so that existence does not leak."""
    row = finding_lists.visible_finding(session, reference, actor, house.now())
    if row is None:
        raise HTTPException(404, f"You can see no finding {reference[:40]!r}.")
    return row


def case_of(session: Session, house: House, reference: str, actor: Actor) -> UUID:
    """The case of a finding, for whoever may see it. Raises HTTPException 404."""
    case_id: UUID = seen_finding(session, house, reference, actor).FindingRow.case_id
    return case_id


@router.post(
    "/findings/{reference}/evidence",
    response_model=CommandView,
    responses=LATER,
    openapi_extra=taking_an_upload({}, {"file": "(the bytes of bordereau.xlsx)"}),
)
async def add_evidence(
    reference: str,
    request: Request,
    house: TheHouse,
    actor: Annotated[Actor, Depends(Allowed(Action.ADD_EVIDENCE))],
    key: Key = None,
) -> Any:
    """A file shows that it is put right: a form with `file`. It is kept sealed; the same file twice is one.

    It is PDF, JPEG, PNG, XLSX, DOCX or CSV by its content, and its name says so. Whoever brings it neither verifies nor
    confirms.
    """
    case_id = await house.transact(lambda session: case_of(session, house, reference, actor))
    file = file_in(await uploaded(request), actor)
    ask = Ask("add_evidence", {"name": file.name, "sha256": file.sha256}, key_or_new(key), case_id=case_id)
    return await give(house, case_id, ask, actor, lambda session, id_: keep_evidence(session, case_id, id_, file))


def file_in(upload: Upload, actor: Actor) -> File:
    """The file that came in a form. Raises Invalid for what a delegate does not deliver."""
    name = plain_name(upload.name)
    kind = media_type(upload.content, name, DELEGATE_FILES)
    return File(name, kind, sha256(upload.content).hexdigest(), upload.content, actor.id)


@router.get("/findings/{reference}/evidence/{evidence_id}", response_class=Response, responses=_CONTENT)
def evidence(reference: str, evidence_id: UUID, house: TheHouse, actor: Reader) -> Response:
    """The file as it came, byte for byte; 410 once its case's key has been erased."""
    return kept_evidence(house, reference, evidence_id, actor)


def kept_evidence(house: House, reference: str, evidence_id: UUID, actor: Actor) -> Response:
    """A piece of evidence, for whoever may see its finding. Raises HTTPException 404, or Erased."""
    with house.sessions() as session:
        finding_id = case_of(session, house, reference, actor)
        row = evidence_of(session, finding_id, evidence_id)
        if row is None:
            raise HTTPException(404, "The finding has no such evidence.")
        content = content_of(session, row)
    named = f"attachment; filename*=UTF-8''{quote(row.name, safe='')}"
    return Response(content, media_type=row.media_type, headers={"Content-Disposition": named})


@router.post("/findings/{reference}/request-postponement", response_model=CommandView, responses=LATER)
async def request_postponement(
    reference: str,
    asked: Annotated[RequestPostponement, Body(examples=[POSTPONEMENT])],
    house: TheHouse,
    actor: Annotated[Actor, Depends(Allowed(Action.REQUEST_POSTPONEMENT))],
    key: Key = None,
) -> Any:
    """Ask for a later date, with the reason: somebody else decides."""
    return await on_finding(house, reference, "request_postponement", asked, actor, key)


@router.post("/findings/{reference}/request-risk-acceptance", response_model=CommandView, responses=LATER)
async def request_risk_acceptance(
    reference: str,
    asked: Annotated[RequestRiskAcceptance, Body(examples=[RISK_ACCEPTANCE])],
    house: TheHouse,
    actor: Annotated[Actor, Depends(Allowed(Action.REQUEST_RISK_ACCEPTANCE))],
    key: Key = None,
) -> Any:
    """Ask that the risk be accepted until a day, with the reason: two people of the direction decide."""
    return await on_finding(house, reference, "request_risk_acceptance", asked, actor, key)


@router.post("/findings/{reference}/withdraw-request", response_model=CommandView, responses=LATER)
async def withdraw_request(
    reference: str,
    house: TheHouse,
    actor: Annotated[Actor, Depends(Allowed(Action.WITHDRAW_REQUEST))],
    key: Key = None,
) -> Any:
    """What was asked for is no longer needed."""
    return await on_finding(house, reference, "withdraw_request", None, actor, key)


@router.post("/findings/{reference}/cancel", response_model=CommandView, responses=LATER)
async def cancel(
    reference: str,
    asked: Annotated[Cancel, Body(examples=[CANCEL])],
    house: TheHouse,
    actor: Annotated[Actor, Depends(Allowed(Action.CANCEL_FINDING))],
    key: Key = None,
) -> Any:
    """The finding has lost its object, with the reason: nothing more is asked of anybody."""
    return await on_finding(house, reference, "cancel", asked, actor, key)


async def on_finding(
    house: House, reference: str, kind: str, asked: BaseModel | None, actor: Actor, key: str | None
) -> Response:
    """Give a command on a finding that the actor may see."""
    case_id = await house.transact(lambda session: case_of(session, house, reference, actor))
    body = asked.model_dump(mode="json") if asked else {}
    return await give(house, case_id, Ask(kind, body, key_or_new(key), case_id=case_id), actor)
