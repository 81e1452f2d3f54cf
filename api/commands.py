"""Give a command: keep it, deliver it, tell what became of it. The one way of every procedure and page."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Header, HTTPException, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.auth import Allowed
from api.errors import Problem, answer, as_problem
from api.house import House, TheHouse
from db.commands.command import Ask, receive_once
from db.models import Case, CommandRow
from domain.commands import CommandStatus
from domain.people import Actor
from domain.permissions import Action
from faultpoints import fault_point
from tracing.parts import chosen_id, part, say_command

router = APIRouter(tags=["commands"])
Beside = Callable[[Session, UUID], None]
"""What is kept in the same transaction as a command, under its id; the second time it is the first."""

Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        max_length=200,
        description="The same key again gives the first answer again; without one, every request is a new command.",
    ),
]


class CommandView(BaseModel):
    """A command and what became of it."""

    id: UUID
    case: str = Field(examples=["REC-2026-000001"])
    kind: str = Field(examples=["approve"])
    status: CommandStatus
    state: str = Field(description="where the case stands now", examples=["drafted"])
    received_at: datetime
    link: str
    refusal: Problem | None = Field(None, description="why it is not carried out: rule and remedy")


LATER: dict[int | str, dict[str, Any]] = {
    202: {"model": CommandView, "description": "Kept, and carried out later: the link tells what became of it"}
}
"""What every command can also answer, while the engine is slow or away."""


def key_or_new(key: str | None) -> str:
    """The key that was given, or one that nobody has used."""
    return key or f"once-{secrets.token_urlsafe(16)}"


async def give(house: House, case_id: UUID, ask: Ask, actor: Actor, beside: Beside | None = None) -> Response:
    """Keep a command on a case, deliver it, answer with its outcome, or with 202 and a link while it waits."""
    return _answer(await carry_out(house, case_id, ask, actor, beside))


async def carry_out(house: House, case_id: UUID, ask: Ask, actor: Actor, beside: Beside | None = None) -> CommandView:
    """Keep a command on a case and deliver it; what became of it: applied, refused, or still waiting."""
    case_id, command_id = await keep(house, case_id, ask, actor, beside)
    await house.delivery.deliver(case_id, command_id, house.patience)
    fault_point("command_decided")
    return await house.transact(lambda session: told(session, command_id, actor))


async def carry_out_all(house: House, case_id: UUID, asks: Sequence[Ask], actor: Actor) -> list[CommandView]:
    """Keep several commands on a case, all of them or none, and deliver them in their order; what became of each.

    Once one has to wait, those after it wait as well: nobody waits here for each of them.
    """

    def keeping(session: Session) -> list[UUID]:
        return [receive_once(session, case_id, replace(ask, id=chosen_id()), actor, house.now())[1] for ask in asks]

    views: list[CommandView] = []
    kept = await house.transact(keeping)
    for command_id in kept:
        if not views or views[-1].status != CommandStatus.RECEIVED:
            await house.delivery.deliver(case_id, command_id, house.patience)
        views.append(await house.transact(partial(told, command_id=command_id, actor=actor)))
    return views


async def keep(house: House, case_id: UUID, ask: Ask, actor: Actor, beside: Beside | None = None) -> tuple[UUID, UUID]:
    """Keep a command on a case, and what comes with it: from here it cannot be lost. Its case and id."""
    with part("keep", {"echeance.command.kind": ask.kind}) as span:
        received = await house.transact(_keeping(house, case_id, replace(ask, id=chosen_id()), actor, beside))
        say_command(span, *received)
    fault_point("command_kept")
    return received


def _keeping(
    house: House, case_id: UUID, ask: Ask, actor: Actor, beside: Beside | None
) -> Callable[[Session], tuple[UUID, UUID]]:
    def keeping(session: Session) -> tuple[UUID, UUID]:
        received = receive_once(session, case_id, ask, actor, house.now())
        if beside is not None:
            beside(session, received[1])
        return received

    return keeping


def _answer(view: CommandView) -> Response:
    if view.refusal is not None:
        return answer(view.refusal)
    waiting = view.status == CommandStatus.RECEIVED
    headers = {"Location": view.link} if waiting else None
    return JSONResponse(view.model_dump(mode="json"), 202 if waiting else 200, headers=headers)


def told(session: Session, command_id: UUID, actor: Actor) -> CommandView:
    """A command of this person's, as it is told. Raises HTTPException 404: they have given none like it."""
    columns = (CommandRow.id, CommandRow.kind, CommandRow.status, CommandRow.at, CommandRow.refusal)
    wanted = select(*columns, Case.reference, Case.state).join(Case, Case.id == CommandRow.case_id)
    row = session.execute(wanted.where(CommandRow.id == command_id, CommandRow.actor_id == actor.id)).one_or_none()
    if row is None:
        raise HTTPException(404, "You have given no such command.")
    space = "/delegate" if actor.delegate is not None else ""
    return CommandView(
        id=row.id,
        case=row.reference,
        kind=row.kind,
        status=CommandStatus(row.status),
        state=row.state,
        received_at=row.at,
        link=f"/api/v1{space}/commands/{row.id}",
        refusal=as_problem(row.refusal) if row.refusal is not None else None,
    )


@router.get("/commands/{command_id}")
def command(
    command_id: UUID, house: TheHouse, actor: Annotated[Actor, Depends(Allowed(Action.READ_OWN_COMMANDS))]
) -> CommandView:
    """What became of a command that I gave: applied, still waiting, or refused, and why."""
    with house.sessions() as session:
        return told(session, command_id, actor)
