"""A command given by a form, the same way on every page: on to where it is shown, or the page again with what is wrong.

`give` is for a form that is typed, `or_shown_with_file` for one with a file in it. A form that asks for more is made of
the same two parts as these: `or_shown` and `carried_out`.
"""

from asyncio import to_thread
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.responses import Response

from api.commands import Beside, CommandView, carry_out, key_or_new
from api.house import House
from api.pages.form import FormView, mistaken, refused_by, status_of
from api.pages.said import Nothing, said_of
from api.pages.show import go_to
from api.pages.typed import KEY, Typed
from api.pages.uploaded import sent_with_file
from api.pages.visit import Visit
from api.pages.words import Words
from api.uploads import Upload
from db.commands.command import Ask
from db.commands.draft import forget_draft
from db.queries.journal import has_changed_nothing
from domain.forms import Form
from domain.refusals import Invalid, Refusal

Shown = Callable[[FormView | None, int], Response]
"""The page with a form that was sent, or with a new one; and a status."""
Mistaken = Callable[[str, Typed, Exception, Words, str], FormView]
"""The form again, with what is wrong beside its fields, in the vocabulary of these steps."""
Done = str | Callable[[CommandView], str]
"""Names what is told of a command that was carried out; or how what became of it names that."""


@dataclass(frozen=True)
class Sent:
    """A form that was sent: by whom, on which case, what was typed, to which address; its page, and where they go on.

    `steps` is the vocabulary that refusals speak in: steps of several procedures have the same names. `mistaken` tells
    what is wrong with it, `nothing` whether the command found all as it asks.
    """

    visit: Visit
    house: House
    case_id: UUID
    address: str
    typed: Typed
    shown: Shown
    onwards: str
    steps: str = ""
    mistaken: Mistaken = mistaken
    nothing: Nothing | None = has_changed_nothing

    @property
    def key(self) -> str:
        """The form's own key: a double click is one command."""
        return key_or_new(self.typed[KEY][:100])


async def give(sent: Sent, kind: str, form: type[Form], said: Mapping[str, Any], done: Done) -> Response:
    """Give a command of this kind, with what the form says."""

    async def doing() -> Response:
        asked = form.model_validate(said)
        ask = Ask(kind, asked.model_dump(mode="json"), sent.key, case_id=sent.case_id)
        return await carried_out(sent, ask, done)

    return await or_shown(sent, doing)


async def or_shown_with_file(
    sent: Sent, request: Request, lacking: Invalid, doing: Callable[[Sent, Upload], Awaitable[Response]]
) -> Response:
    """Do it with the file that is in the form, which is read first; with what is wrong, the page again."""

    async def reading() -> Response:
        typed, upload = await sent_with_file(request, sent.visit, lacking)
        read = replace(sent, typed=typed)
        return await or_shown(read, lambda: doing(read, upload))

    return await or_shown(sent, reading)


async def or_shown(sent: Sent, doing: Callable[[], Awaitable[Response]]) -> Response:
    """Do it; with what is wrong, the page again."""
    try:
        return await doing()
    except (Refusal, ValidationError, RequestValidationError) as error:
        form = sent.mistaken(sent.address, sent.typed, error, sent.visit.words, sent.steps)
        return await to_thread(sent.shown, form, status_of(error))


async def carried_out(sent: Sent, ask: Ask, done: Done, beside: Beside | None = None) -> Response:
    """Carry a command out, forget the draft, go on; or the page again, with why it was refused."""
    house, visit = sent.house, sent.visit
    told = await carry_out(house, sent.case_id, ask, visit.actor, beside)
    if told.refusal is not None:
        form = refused_by(sent.address, sent.typed, told.refusal, visit.words, sent.steps)
        return await to_thread(sent.shown, form, told.refusal.status)
    await house.transact(lambda session: forget_draft(session, visit.actor.id, sent.address))
    return go_to(sent.onwards, await said_of(house, told, done if isinstance(done, str) else done(told), sent.nothing))
