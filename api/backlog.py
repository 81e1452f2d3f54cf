"""Backlog operations: propose one, list them, read one, and the commands on it."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Body, Depends, HTTPException, Query, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from sqlalchemy import Row, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from api.auth import Allowed
from api.backlog_views import (
    OperationPage,
    OperationView,
    as_read_by,
    operation_line,
    operation_view,
    with_estimate,
)
from api.commands import LATER, CommandView, Key, give, key_or_new
from api.house import House, TheHouse
from db.commands.backlog import propose_operation
from db.commands.command import Ask, already_received
from db.models import Case, CommandRow
from db.queries import backlog_lists
from db.queries.backlog_lists import WantedOperations
from domain.backlog.commands import (
    AddSessions,
    Cancel,
    CorrectAttendance,
    PreparePay,
    ProposeOperation,
    Replan,
    RequestExtension,
    Stop,
)
from domain.backlog.states import BacklogState
from domain.people import Actor
from domain.permissions import Action
from faultpoints import fault_point
from tracing.parts import chosen_id, part, say_command

router = APIRouter(tags=["backlog operations"])
Reader = Annotated[Actor, Depends(Allowed(Action.READ_OPERATIONS))]
Language = Annotated[Literal["fr", "en"], Query(description="of the sentences")]

SITUATION = {
    "as_of": "2026-11-20",
    "stock": 6200,
    "inflow": "300",
    "minutes": "12",
    "staff": "12",
    "hours": "7",
    "absence": "0.40",
    "standard": "5",
}
SATURDAY = {
    "day": "2026-12-05",
    "hours": [{"starts_at": "08:30", "ends_at": "12:30"}, {"starts_at": "13:15", "ends_at": "16:15"}],
    "places": 40,
    "no_show": "0.10",
}
PLAN = {"starts_on": "2026-11-30", "budget_cents": 4_000_000, "situation": SITUATION, "sessions": [SATURDAY]}
PROPOSAL = {
    "activity": "benefits-mail",
    "pole": "benefits",
    "objective": "Revenir sous cinq jours de traitement avant les fêtes.",
    "put_aside": ["contract-changes"],
    **PLAN,
}
REASON = {"reason": "Le stock est redescendu de lui-même."}
CORRECTION = {"session": 1, "login": "claire.morvan", "minutes": 390, "reason": "Partie une demi-heure plus tôt."}
EXTENSION = {"until": "2027-01-22", "reason": "Les deux dernières semaines ont manqué de volontaires."}
LEAVES = {"paid_leave": [{"login": "claire.morvan", "days": ["2026-12-04"]}]}


@router.post("/backlog", status_code=201, response_model=OperationView)
async def propose(
    asked: Annotated[ProposeOperation, Body(examples=[PROPOSAL])],
    house: TheHouse,
    actor: Annotated[Actor, Depends(Allowed(Action.PROPOSE_OPERATION))],
    key: Key = None,
) -> Response:
    """Propose an operation. Answered 201 even while the engine is down: the directors are then asked later.

    The same key is the same operation. A session on a day or at hours at which nobody may work is refused, with the
    rule, and so is a budget that does not cover every place (`beyond_budget`). Others on the same activity whose days
    overlap are named in `beside`. Whoever proposes it does not approve it.
    """
    case_id = await propose_and_deliver(house, asked, key_or_new(key), actor)
    view = await house.transact(lambda session: _proposed(session, house, case_id, actor))
    return JSONResponse(view.model_dump(mode="json"), 201, headers={"Location": f"/api/v1/backlog/{view.reference}"})


async def propose_and_deliver(house: House, asked: ProposeOperation, key: str, actor: Actor) -> UUID:
    """Keep an operation and have the directors asked; its case. Raises Invalid, AgainstLabourLaw."""
    ask = Ask("register", asked.model_dump(mode="json"), key, id=chosen_id())
    with part("keep", {"echeance.command.kind": ask.kind}) as told:
        kept = await house.transact(lambda session: _keep(session, house, asked, ask, actor))
        say_command(told, *kept)
    fault_point("operation_kept")
    await house.delivery.deliver(*kept, house.patience)
    fault_point("operation_decided")
    return kept[0]


def _keep(session: Session, house: House, asked: ProposeOperation, ask: Ask, actor: Actor) -> tuple[UUID, UUID]:
    """Propose it; the same request again, or twice at once, is the same operation."""
    known = already_received(session, actor, ask)
    if known is None:
        try:
            with session.begin_nested():
                case = propose_operation(session, asked, ask, actor, house.now(), house.book)
        except IntegrityError:
            known = already_received(session, actor, ask)
            if known is None:
                raise
        else:
            known = session.scalars(select(CommandRow).where(CommandRow.case_id == case.id)).one()
    return known.case_id, known.id


def _proposed(session: Session, house: House, case_id: UUID, actor: Actor) -> OperationView:
    return _view(session, house, session.get_one(Case, case_id).reference, actor)


def _view(session: Session, house: House, reference: str, actor: Actor, language: Language = "fr") -> OperationView:
    found = seen_operation(session, reference)
    view = operation_view(session, found, language)
    return as_read_by(with_estimate(session, view, house.book.version(found.Case.policy), actor), actor)


@router.get("/backlog")
def operations(
    house: TheHouse,
    _actor: Reader,
    activity: Annotated[str | None, Query(max_length=60)] = None,
    state: BacklogState | None = None,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> OperationPage:
    """The operations, the newest first."""
    with house.sessions() as session:
        rows = backlog_lists.listed(session, WantedOperations(activity, state, cursor, limit))
    some = [operation_line(row) for row in rows[:limit]]
    return OperationPage(operations=some, next=backlog_lists.next_page(rows, limit))


@router.get("/backlog/{reference}")
def operation(reference: str, house: TheHouse, actor: Reader, language: Language = "fr") -> OperationView:
    """Everything on the file of one operation: plan, sessions with who signed up, each day's point, pay versions."""
    with house.reading() as session:
        return _view(session, house, reference, actor, language)


def seen_operation(session: Session, reference: str) -> Row[*tuple[Any, ...]]:
    """The operation with this reference. Raises HTTPException 404."""
    row = backlog_lists.one(session, reference)
    if row is None:
        raise HTTPException(404, f"You can see no operation {reference[:40]!r}.")
    return row


def case_of(session: Session, reference: str) -> UUID:
    """The case of an operation. Raises HTTPException 404."""
    case_id: UUID = seen_operation(session, reference).OperationRow.case_id
    return case_id


@router.post("/backlog/{reference}/replan", response_model=CommandView, responses=LATER)
async def replan(
    reference: str,
    asked: Annotated[Replan, Body(examples=[PLAN])],
    house: TheHouse,
    actor: Annotated[Actor, Depends(Allowed(Action.REPLAN_OPERATION))],
    key: Key = None,
) -> Any:
    """Another plan, while the directors have it: what they have approved is void, and both are asked anew."""
    return await on_operation(house, reference, "replan", asked, actor, key)


@router.post("/backlog/{reference}/cancel", response_model=CommandView, responses=LATER)
async def cancel(
    reference: str,
    asked: Annotated[Cancel, Body(examples=[REASON])],
    house: TheHouse,
    actor: Annotated[Actor, Depends(Allowed(Action.CANCEL_OPERATION))],
    key: Key = None,
) -> Any:
    """The operation is given up before it has begun, with the reason."""
    return await on_operation(house, reference, "cancel", asked, actor, key)


@router.post("/backlog/{reference}/stop", response_model=CommandView, responses=LATER)
async def stop(
    reference: str,
    asked: Annotated[Stop, Body(examples=[REASON])],
    house: TheHouse,
    actor: Annotated[Actor, Depends(Allowed(Action.STOP_OPERATION))],
    key: Key = None,
) -> Any:
    """A running operation ends before its time, with the reason; what was worked is paid."""
    return await on_operation(house, reference, "stop", asked, actor, key)


@router.post("/backlog/{reference}/sessions", response_model=CommandView, responses=LATER)
async def add_sessions(
    reference: str,
    asked: Annotated[AddSessions, Body(examples=[{"sessions": [SATURDAY]}])],
    house: TheHouse,
    actor: Annotated[Actor, Depends(Allowed(Action.ADD_SESSIONS))],
    key: Key = None,
) -> Any:
    """More sessions, open to volunteers at once."""
    return await on_operation(house, reference, "add_sessions", asked, actor, key)


@router.post("/backlog/{reference}/correct-attendance", response_model=CommandView, responses=LATER)
async def correct_attendance(
    reference: str,
    asked: Annotated[CorrectAttendance, Body(examples=[CORRECTION])],
    house: TheHouse,
    actor: Annotated[Actor, Depends(Allowed(Action.CORRECT_ATTENDANCE))],
    key: Key = None,
) -> Any:
    """Somebody worked longer or shorter than it was entered: a pay file that is not validated yet is void."""
    return await on_operation(house, reference, "correct_attendance", asked, actor, key)


@router.post("/backlog/{reference}/request-extension", response_model=CommandView, responses=LATER)
async def request_extension(
    reference: str,
    asked: Annotated[RequestExtension, Body(examples=[EXTENSION])],
    house: TheHouse,
    actor: Annotated[Actor, Depends(Allowed(Action.REQUEST_EXTENSION))],
    key: Key = None,
) -> Any:
    """Ask for a later end: the general director decides."""
    return await on_operation(house, reference, "request_extension", asked, actor, key)


@router.post("/backlog/{reference}/prepare-pay", response_model=CommandView, responses=LATER)
async def prepare_pay(
    reference: str,
    asked: Annotated[PreparePay, Body(examples=[LEAVES])],
    house: TheHouse,
    actor: Annotated[Actor, Depends(Allowed(Action.PREPARE_PAY))],
    key: Key = None,
) -> Any:
    """While the operation is running: the pay file of what was worked up to now, for the payroll of the month."""
    return await on_operation(house, reference, "prepare_pay", asked, actor, key)


async def on_operation(
    house: House, reference: str, kind: str, asked: BaseModel, actor: Actor, key: str | None
) -> Response:
    """Give a command on an operation."""
    case_id = await house.transact(lambda session: case_of(session, reference))
    ask = Ask(kind, asked.model_dump(mode="json"), key_or_new(key), case_id=case_id)
    return await give(house, case_id, ask, actor)
