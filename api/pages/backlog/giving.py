"""A command on an operation, given by a form: on to where it is shown, or the same page again with what is wrong."""

from asyncio import to_thread
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.responses import Response

from api.backlog import seen_operation
from api.commands import carry_out, key_or_new
from api.house import House
from api.pages.backlog.plan_form import STEPS, plan_mistaken
from api.pages.form import FormView, refused_by, status_of
from api.pages.said import said_of
from api.pages.show import go_to
from api.pages.typed import KEY, Typed
from api.pages.visit import Visit
from db.commands.command import Ask
from db.commands.draft import forget_draft
from domain.backlog.commands import CASE_COMMANDS
from domain.refusals import Refusal

Shown = Callable[[FormView | None, int], Response]
"""The page with a form that was sent, or with a new one; and a status."""


@dataclass(frozen=True)
class Sent:
    """A form that was sent: who sends it, on which operation, from which address, and where they go on."""

    reference: str
    visit: Visit
    house: House
    address: str
    typed: Typed
    onwards: str


async def give(sent: Sent, kind: str, said: Mapping[str, Any], done: str, shown: Shown) -> Response:
    """Give a command of this kind, with what the form says; `done` names what is told of it."""
    house, visit = sent.house, sent.visit
    try:
        asked = CASE_COMMANDS[kind].model_validate(said)
        case_id = await house.transact(lambda session: seen_operation(session, sent.reference).OperationRow.case_id)
        ask = Ask(kind, asked.model_dump(mode="json"), key_or_new(sent.typed[KEY][:100]), case_id=case_id)
        told = await carry_out(house, case_id, ask, visit.actor)
    except (Refusal, ValidationError, RequestValidationError) as error:
        form = plan_mistaken(sent.address, sent.typed, error, visit.words)
        return await to_thread(shown, form, status_of(error))
    if told.refusal is not None:
        form = refused_by(sent.address, sent.typed, told.refusal, visit.words, STEPS)
        return await to_thread(shown, form, told.refusal.status)
    await house.transact(lambda session: forget_draft(session, visit.actor.id, sent.address))
    return go_to(sent.onwards, await said_of(house, told, done))
