"""A command on an audit, given by a form: on to where it is shown, or the same page again with what is wrong."""

from asyncio import to_thread
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.responses import Response

from api.audits import seen_audit
from api.commands import Beside, carry_out, key_or_new
from api.house import House
from api.pages.form import FormView, mistaken, refused_by, status_of
from api.pages.said import said_of
from api.pages.show import go_to
from api.pages.typed import KEY, Typed
from api.pages.visit import Visit
from db.commands.command import Ask
from db.commands.draft import forget_draft
from domain.audit.commands import CASE_COMMANDS
from domain.refusals import Refusal

STEPS = "AuditState"
"""The vocabulary that refusals speak in: steps of other procedures have the same names."""
Shown = Callable[[FormView | None, int], Response]
"""The page with a form that was sent, or with a new one; and a status."""


@dataclass(frozen=True)
class Sent:
    """A form that was sent: who sends it, on which audit, from which address, and where they go on."""

    request: Request
    reference: str
    visit: Visit
    house: House
    address: str
    typed: Typed
    then: str = ""

    @property
    def onwards(self) -> str:
        """Where it is shown what was done."""
        return self.then or f"/audits/{self.reference}"


async def give(sent: Sent, kind: str, said: Mapping[str, Any], shown: Shown) -> Response:
    """Give a command of this kind, with what the form says."""

    async def done() -> Response:
        form = CASE_COMMANDS[kind].model_validate(said)
        return await carried_out(sent, Ask(kind, form.model_dump(mode="json"), key_of(sent)), shown)

    return await or_shown(sent, done, shown)


async def or_shown(sent: Sent, doing: Callable[[], Awaitable[Response]], shown: Shown) -> Response:
    """Do it; with what is wrong, the page again."""
    try:
        return await doing()
    except (Refusal, ValidationError, RequestValidationError) as error:
        form = mistaken(sent.address, sent.typed, error, sent.visit.words, STEPS)
        return await to_thread(shown, form, status_of(error))


async def carried_out(sent: Sent, ask: Ask, shown: Shown, beside: Beside | None = None) -> Response:
    """Carry a command out, forget the draft, go on."""
    house, visit = sent.house, sent.visit
    case_id = await house.transact(lambda session: seen_audit(session, sent.reference, visit.actor)[1].id)
    done = await carry_out(house, case_id, Ask(ask.kind, ask.body, ask.key, case_id=case_id), visit.actor, beside)
    if done.refusal is not None:
        form = refused_by(sent.address, sent.typed, done.refusal, visit.words, STEPS)
        return await to_thread(shown, form, done.refusal.status)
    await house.transact(lambda session: forget_draft(session, visit.actor.id, sent.address))
    return go_to(sent.onwards, await said_of(house, done, ask.kind))


def key_of(sent: Sent) -> str:
    """The form's own key: a double click is one command."""
    return key_or_new(sent.typed[KEY][:100])
