"""A command on an operation, given by a form: on to where it is shown, or the same page again with what is wrong."""

from asyncio import to_thread
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.responses import Response

from api.backlog import seen_operation
from api.commands import carry_out, key_or_new
from api.house import House
from api.pages.form import FormView, mistaken, refused_by, status_of
from api.pages.said import said_of
from api.pages.show import go_to
from api.pages.typed import KEY, Typed
from api.pages.visit import Visit
from db.commands.command import Ask
from db.commands.draft import forget_draft
from domain.backlog.commands import CASE_COMMANDS
from domain.refusals import Refusal

STEPS = "BacklogState"
"""The vocabulary that refusals speak in."""
Shown = Callable[[FormView | None, int], Response]
"""The page with a form that was sent, or with a new one; and a status."""


@dataclass(frozen=True)
class Sent:
    """A form that was sent: who sends it, on which operation, from which address, where they go on, being told what."""

    request: Request
    reference: str
    visit: Visit
    house: House
    address: str
    typed: Typed
    then: str
    said: str


async def give(sent: Sent, kind: str, said: Mapping[str, Any], shown: Shown) -> Response:
    """Give a command of this kind, with what the form says."""
    house, visit = sent.house, sent.visit
    try:
        form = CASE_COMMANDS[kind].model_validate(said)
        case_id = await house.transact(lambda session: seen_operation(session, sent.reference).Case.id)
        ask = Ask(kind, form.model_dump(mode="json"), key_or_new(sent.typed[KEY][:100]), case_id=case_id)
        done = await carry_out(house, case_id, ask, visit.actor)
    except (Refusal, ValidationError, RequestValidationError) as error:
        wrong = mistaken(sent.address, sent.typed, error, visit.words, STEPS)
        return await to_thread(shown, wrong, status_of(error))
    if done.refusal is not None:
        wrong = refused_by(sent.address, sent.typed, done.refusal, visit.words, STEPS)
        return await to_thread(shown, wrong, done.refusal.status)
    await house.transact(lambda session: forget_draft(session, visit.actor.id, sent.address))
    return go_to(sent.then, await said_of(house, done, sent.said))
