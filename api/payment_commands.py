"""What is given on a batch without a task: it is stopped before it leaves, or concluded when the bank does not say."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Body, Depends
from sqlalchemy.orm import Session

from api.auth import Allowed
from api.commands import LATER, CommandView, Key, give, key_or_new
from api.house import TheHouse
from api.payments import one_batch
from db.commands.command import Ask
from domain.payment.commands import Conclude, Stop
from domain.people import Actor
from domain.permissions import Action

router = APIRouter(tags=["payments"])
STOP = {"reason": "Le lot contient un paiement signalé ce matin."}
CONCLUDE = {"bank_did": "executed", "evidence": "Relevé du 27 novembre, opération 4711 : 12 345,67 € débités."}


def case_of(session: Session, reference: str) -> UUID:
    """The case of a batch. Raises HTTPException 404."""
    case_id: UUID = one_batch(session, reference).case_id
    return case_id


@router.post("/payments/{reference}/stop", response_model=CommandView, responses=LATER)
async def stop(
    reference: str,
    form: Annotated[Stop, Body(examples=[STOP])],
    house: TheHouse,
    actor: Annotated[Actor, Depends(Allowed(Action.STOP_PAYMENT))],
    key: Key = None,
) -> Any:
    """Keep a released batch from going to the bank: its claims can be paid by another.

    By one of those who have released it, or the operations director, while nothing of its file can be with the bank.
    """
    case_id = await house.transact(lambda session: case_of(session, reference))
    return await give(
        house, case_id, Ask("stop", form.model_dump(mode="json"), key_or_new(key), case_id=case_id), actor
    )


@router.post("/payments/{reference}/conclude", response_model=CommandView, responses=LATER)
async def conclude(
    reference: str,
    form: Annotated[Conclude, Body(examples=[CONCLUDE])],
    house: TheHouse,
    actor: Annotated[Actor, Depends(Allowed(Action.CONCLUDE_PAYMENT))],
    key: Key = None,
) -> Any:
    """Say what the bank really did with the lines that it has not answered for. A second person has to confirm it."""
    case_id = await house.transact(lambda session: case_of(session, reference))
    ask = Ask("conclude", form.model_dump(mode="json"), key_or_new(key), case_id=case_id)
    return await give(house, case_id, ask, actor)
