"""Audits of delegates: plan one, list them, read one, give commands on it."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Body, Depends, HTTPException, Query, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from sqlalchemy import Row, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from api.audit_views import AuditLine, AuditView, audit_line, audit_view
from api.auth import Allowed
from api.commands import LATER, CommandView, Key, give, key_or_new
from api.delegates import AuditReader
from api.house import House, TheHouse
from db.catalogue_file import load_catalogue
from db.commands.audit_plan import plan_audit
from db.commands.command import Ask, already_received
from db.models import Case, CommandRow
from db.queries import audit_lists
from db.queries.audit_lists import WantedAudits
from domain.audit.commands import (
    AddRecommendation,
    AddStrength,
    Cancel,
    ChangeRecommendation,
    DropRecommendation,
    DropStrength,
    EndAnswers,
    EndDelivery,
    FixMeeting,
    NoteAnalysis,
    Plan,
)
from domain.audit.states import AuditState
from domain.audit.words import AuditDomain
from domain.forms import Form
from domain.people import Actor
from domain.permissions import Action
from faultpoints import fault_point
from tracing.parts import chosen_id, part, say_command

router = APIRouter(tags=["audits"])
Planner = Annotated[Actor, Depends(Allowed(Action.PLAN_AUDIT))]
Writer = Annotated[Actor, Depends(Allowed(Action.WRITE_AUDIT))]

PLAN = {
    "delegate": "ARMOR",
    "contracts": ["COL-2019-014"],
    "themes": ["memberships", "contributions", "benefits"],
    "launch_at": "2027-01-18T10:00:00+01:00",
    "place": "Salle des Goémons, Brest",
}
MEETING = {"meeting": "restitution", "at": "2027-05-10T14:00:00+02:00", "place": "Visioconférence"}
NOTE = {
    "piece": "tariff-table",
    "conformity": "2",
    "up_to_date": "3",
    "relevance": "3",
    "presentation": "not_applicable",
    "comment": "Le barème de janvier manque.",
}
RECOMMENDATION = {
    "risk": "high",
    "words": "Rapprocher chaque mois le compte dédié, par une autre personne.",
    "expected_on": "2027-06-30",
    "piece": "bank-reconciliation",
}


class CataloguePieceView(BaseModel):
    """A piece that can be asked for."""

    id: str
    number: int
    domain: AuditDomain
    label: dict[str, str]
    checked_for: dict[str, str]
    lists_people: bool


class CatalogueView(BaseModel):
    """The pieces that can be asked for, as of now."""

    version: str
    pieces: list[CataloguePieceView]


class AuditPage(BaseModel):
    """Some audits, the newest first; `next` is the cursor of the following ones."""

    audits: list[AuditLine]
    next: str | None


@router.get("/audits/catalogue")
def catalogue(_actor: AuditReader) -> CatalogueView:
    """The pieces that a delegate can be asked for, and what each is checked for."""
    now = load_catalogue()
    return CatalogueView(
        version=now.version,
        pieces=[
            CataloguePieceView(
                id=piece.id,
                number=piece.number,
                domain=piece.domain,
                label={"fr": piece.label.fr, "en": piece.label.en},
                checked_for={"fr": piece.checked_for.fr, "en": piece.checked_for.en},
                lists_people=piece.lists_people,
            )
            for piece in now.asked(AuditDomain)
        ],
    )


@router.post("/audits", status_code=201, response_model=AuditView)
async def plan(
    asked: Annotated[Plan, Body(examples=[PLAN])], house: TheHouse, actor: Planner, key: Key = None
) -> Response:
    """Plan the yearly audit of a delegate. Answered 201 even while the engine is down: its tasks open later."""
    case_id = await plan_and_deliver(house, asked, key_or_new(key), actor)
    view = await house.transact(lambda session: _view(session, house, case_id, actor))
    return JSONResponse(view.model_dump(mode="json"), 201, headers={"Location": f"/api/v1/audits/{view.reference}"})


async def plan_and_deliver(house: House, asked: Plan, key: str, actor: Actor) -> UUID:
    """Plan an audit and ask for its launch meeting; its case. Raises Invalid, AuditedAlready."""
    ask = Ask("register", asked.model_dump(mode="json"), key, id=chosen_id())
    with part("keep", {"echeance.command.kind": ask.kind}) as told:
        kept = await house.transact(lambda session: _keep(session, house, asked, ask, actor))
        say_command(told, *kept)
    fault_point("audit_kept")
    await house.delivery.deliver(*kept, house.patience)
    fault_point("audit_decided")
    return kept[0]


def _keep(session: Session, house: House, asked: Plan, ask: Ask, actor: Actor) -> tuple[UUID, UUID]:
    """Plan it; the same request again, or twice at once, is the same audit."""
    known = already_received(session, actor, ask)
    if known is None:
        try:
            with session.begin_nested():
                case = plan_audit(session, asked, ask, actor, house.now(), house.book, load_catalogue())
        except IntegrityError:
            known = already_received(session, actor, ask)
            if known is None:
                raise
        else:
            known = session.scalars(select(CommandRow).where(CommandRow.case_id == case.id)).one()
    return known.case_id, known.id


def _view(session: Session, house: House, case_id: UUID, actor: Actor) -> AuditView:
    reference = session.get_one(Case, case_id).reference
    return audit_view(session, house, seen_audit(session, reference, actor), actor)


@router.get("/audits")
def audits(
    house: TheHouse,
    _actor: AuditReader,
    delegate: Annotated[str | None, Query(max_length=20)] = None,
    year: Annotated[int | None, Query(ge=2000, le=2200)] = None,
    state: AuditState | None = None,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> AuditPage:
    """The audits, the newest first."""
    with house.sessions() as session:
        rows = audit_lists.listed(session, WantedAudits(delegate, year, state, cursor, limit))
    lines = [AuditLine(**audit_line(*row)) for row in rows[:limit]]
    return AuditPage(audits=lines, next=audit_lists.next_page(rows, limit))


@router.get("/audits/{reference}")
def audit(reference: str, house: TheHouse, actor: AuditReader) -> AuditView:
    """One audit: its pieces and files, the analysis, the report, the restitution, its findings."""
    with house.reading() as session:
        return audit_view(session, house, seen_audit(session, reference, actor), actor)


def seen_audit(session: Session, reference: str, actor: Actor) -> Row[*tuple[Any, ...]]:
    """The audit, its case and its delegate's name, for whoever may see it: a delegate's people, their own.

    404 otherwise, so that existence does not leak.
    """
    found = audit_lists.one(session, reference)
    if found is None or actor.delegate not in (None, found[0].delegate):
        raise HTTPException(404, f"You can see no audit {reference[:40]!r}.")
    return found


def case_of(session: Session, reference: str, actor: Actor) -> UUID:
    """The case of an audit, for whoever may see it. Raises HTTPException 404."""
    case_id: UUID = seen_audit(session, reference, actor)[1].id
    return case_id


async def on_audit(house: House, reference: str, kind: str, form: Form, actor: Actor, key: str | None) -> Response:
    """Give a command on an audit."""
    case_id = await house.transact(lambda session: case_of(session, reference, actor))
    ask = Ask(kind, form.model_dump(mode="json"), key_or_new(key), case_id=case_id)
    return await give(house, case_id, ask, actor)


@router.post("/audits/{reference}/meetings", response_model=CommandView, responses=LATER)
async def fix_meeting(
    reference: str,
    asked: Annotated[FixMeeting, Body(examples=[MEETING])],
    house: TheHouse,
    actor: Annotated[Actor, Depends(Allowed(Action.FIX_MEETING))],
    key: Key = None,
) -> Any:
    """Fix a meeting, or move it."""
    return await on_audit(house, reference, "fix_meeting", asked, actor, key)


@router.post("/audits/{reference}/end-delivery", response_model=CommandView, responses=LATER)
async def end_delivery(
    reference: str,
    asked: Annotated[EndDelivery, Body(examples=[{"reason": "Deux pièces n’existent pas."}])],
    house: TheHouse,
    actor: Annotated[Actor, Depends(Allowed(Action.END_DELIVERY))],
    key: Key = None,
) -> Any:
    """End the delivery: what has not come is missing, and becomes a finding."""
    return await on_audit(house, reference, "end_delivery", asked, actor, key)


@router.post("/audits/{reference}/analysis", response_model=CommandView, responses=LATER)
async def note_analysis(
    reference: str,
    asked: Annotated[NoteAnalysis, Body(examples=[NOTE])],
    house: TheHouse,
    actor: Writer,
    key: Key = None,
) -> Any:
    """Grade a piece on the four criteria."""
    return await on_audit(house, reference, "note_analysis", asked, actor, key)


@router.post("/audits/{reference}/strengths", response_model=CommandView, responses=LATER)
async def add_strength(
    reference: str,
    asked: Annotated[AddStrength, Body(examples=[{"words": "Une équipe stable et formée."}])],
    house: TheHouse,
    actor: Writer,
    key: Key = None,
) -> Any:
    """Write down something that the delegate does well."""
    return await on_audit(house, reference, "add_strength", asked, actor, key)


@router.post("/audits/{reference}/strengths/drop", response_model=CommandView, responses=LATER)
async def drop_strength(
    reference: str,
    asked: Annotated[DropStrength, Body(examples=[{"number": 1}])],
    house: TheHouse,
    actor: Writer,
    key: Key = None,
) -> Any:
    """Take a strength out of the report again."""
    return await on_audit(house, reference, "drop_strength", asked, actor, key)


@router.post("/audits/{reference}/recommendations", response_model=CommandView, responses=LATER)
async def add_recommendation(
    reference: str,
    asked: Annotated[AddRecommendation, Body(examples=[RECOMMENDATION])],
    house: TheHouse,
    actor: Writer,
    key: Key = None,
) -> Any:
    """Recommend something, with its risk and the day by which it is expected."""
    return await on_audit(house, reference, "add_recommendation", asked, actor, key)


@router.post("/audits/{reference}/recommendations/change", response_model=CommandView, responses=LATER)
async def change_recommendation(
    reference: str,
    asked: Annotated[ChangeRecommendation, Body(examples=[{"number": 1, **RECOMMENDATION}])],
    house: TheHouse,
    actor: Writer,
    key: Key = None,
) -> Any:
    """Write a recommendation anew, under its number."""
    return await on_audit(house, reference, "change_recommendation", asked, actor, key)


@router.post("/audits/{reference}/recommendations/drop", response_model=CommandView, responses=LATER)
async def drop_recommendation(
    reference: str,
    asked: Annotated[DropRecommendation, Body(examples=[{"number": 1, "reason": "Fait double emploi."}])],
    house: TheHouse,
    actor: Writer,
    key: Key = None,
) -> Any:
    """Take a recommendation out of the report again, with the reason."""
    return await on_audit(house, reference, "drop_recommendation", asked, actor, key)


@router.post("/audits/{reference}/end-answers", response_model=CommandView, responses=LATER)
async def end_answers(
    reference: str,
    asked: Annotated[EndAnswers, Body(examples=[{"reason": "Relancé trois fois, sans réponse."}])],
    house: TheHouse,
    actor: Annotated[Actor, Depends(Allowed(Action.END_ANSWERS))],
    key: Key = None,
) -> Any:
    """Go on without the delegate's answers, from the day after their date on: neither accepted nor disputed."""
    return await on_audit(house, reference, "end_answers", asked, actor, key)


@router.post("/audits/{reference}/cancel", response_model=CommandView, responses=LATER)
async def cancel(
    reference: str,
    asked: Annotated[Cancel, Body(examples=[{"reason": "Convention résiliée.", "findings": "keep"}])],
    house: TheHouse,
    actor: Annotated[Actor, Depends(Allowed(Action.CANCEL_AUDIT))],
    key: Key = None,
) -> Any:
    """Cancel the audit; where findings are open, say whether they are kept or cancelled with it."""
    return await on_audit(house, reference, "cancel", asked, actor, key)
